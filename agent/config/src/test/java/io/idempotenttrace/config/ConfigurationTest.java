package io.idempotenttrace.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {

    @TempDir
    private Path folder;

    private static Configuration load(String argument, Map<String, String> properties, Map<String, String> environment)
            throws ConfigurationException {
        Properties all = new Properties();
        all.putAll(properties);
        return new ConfigurationLoader(all, environment).load(argument);
    }

    private static List<String> problems(String argument) {
        return assertThrows(ConfigurationException.class, () -> load(argument, Map.of(), Map.of()))
                .problems();
    }

    @Test
    void theAgentArgumentWinsOverPropertyEnvironmentFileAndDefault() throws Exception {
        Path file = Files.writeString(
                folder.resolve("trace.properties"), "tenant=of-file\nttl=1h\nlease=11s\nin-progress-wait=12s\n");
        Configuration configuration = load(
                "tenant=of-argument,config-file=" + file,
                Map.of("idempotent.trace.tenant", "of-property", "idempotent.trace.ttl", "2h"),
                Map.of(
                        "IDEMPOTENT_TRACE_TENANT",
                        "of-environment",
                        "IDEMPOTENT_TRACE_TTL",
                        "3h",
                        "IDEMPOTENT_TRACE_LEASE",
                        "22s"));
        assertEquals("of-argument", configuration.text(Setting.TENANT));
        assertEquals(2 * 3_600_000L, configuration.millis(Setting.TTL));
        assertEquals(22_000, configuration.millis(Setting.LEASE));
        assertEquals(12_000, configuration.millis(Setting.IN_PROGRESS_WAIT));
        assertEquals(300_000, configuration.millis(Setting.FAILED_TTL));
    }

    @Test
    void aScopeHasItsOwnValueAndTheOthersHaveTheCommonOne() throws Exception {
        Configuration configuration = load("ttl=2h,scope.com.example.Spans.emit.ttl=90s", Map.of(), Map.of());
        assertEquals(90_000, configuration.millis(Setting.TTL, "com.example.Spans.emit"));
        assertEquals(7_200_000, configuration.millis(Setting.TTL, "com.example.Other.emit"));
    }

    @Test
    void aClassOrPackageHasItsOwnValue() throws Exception {
        Configuration configuration = Configuration.fromMap(load(
                        "type.com.example.Span.unseen-fields=hash,type.com.example.unseen-fields=ignore",
                        Map.of("idempotent.trace.type.com.example.Outer$Inner.unseen-fields", "refuse"),
                        Map.of())
                .toMap());
        assertEquals(
                Map.of("com.example.Span", "hash", "com.example", "ignore", "com.example.Outer$Inner", "refuse"),
                configuration.ofTypes(Setting.UNSEEN_FIELDS));
        assertEquals("refuse", configuration.text(Setting.UNSEEN_FIELDS, "com.example"));
        ConfigurationException refusal = assertThrows(
                ConfigurationException.class, () -> load("type.com.example.Span.ttl=2h", Map.of(), Map.of()));
        assertTrue(refusal.getMessage().contains("'type.com.example.Span.ttl'"), refusal.getMessage());
    }

    @Test
    void settingsSurviveTheWayToAnotherClassLoader() throws Exception {
        Configuration there = Configuration.fromMap(
                load("ttl=2h,scope.a.ttl=3h", Map.of(), Map.of()).toMap());
        assertEquals(7_200_000, there.millis(Setting.TTL));
        assertEquals(10_800_000, there.millis(Setting.TTL, "a"));
    }

    @Test
    void aUrlOfSeveralHostsNeedsNoQuotes() throws Exception {
        String url = "redis-sentinel://:pw@a:26379,b:26379,c:26379/0#main";
        Configuration configuration = load("redis-url=" + url + ",tenant=t", Map.of(), Map.of());
        assertEquals(url, configuration.text(Setting.REDIS_URL));
        assertEquals("t", configuration.text(Setting.TENANT));
    }

    @Test
    void theEnvironmentsRedisUrlIsReadWhereNoneIsSet() throws Exception {
        assertEquals(
                "redis://env",
                load("", Map.of(), Map.of("REDIS_URL", "redis://env")).text(Setting.REDIS_URL));
        assertEquals(
                "redis://own",
                load("redis-url=redis://own", Map.of(), Map.of("REDIS_URL", "redis://env"))
                        .text(Setting.REDIS_URL));
    }

    @Test
    void autoIsRedisWithAUrlAndMemoryWithout() throws Exception {
        assertTrue(load("redis-url=redis://h", Map.of(), Map.of()).usesRedis());
        assertFalse(load("", Map.of(), Map.of()).usesRedis());
        assertFalse(load("redis-url=redis://h,store=memory", Map.of(), Map.of()).usesRedis());
    }

    @Test
    void anUnknownNameIsNamedWithItsSourceAndANeighbour() {
        List<String> problems = problems("redis-ulr=redis://:hunter2@host");
        assertEquals(1, problems.size());
        assertTrue(
                problems.get(0).contains("'redis-ulr'")
                        && problems.get(0).contains("agent argument")
                        && problems.get(0).contains("did you mean 'redis-url'?"),
                problems.get(0));
        assertFalse(problems.get(0).contains("hunter2"), problems.get(0));
    }

    @Test
    void unknownNamesOfPropertiesEnvironmentAndFileAreFoundToo() throws IOException {
        Path file = Files.writeString(folder.resolve("trace.properties"), "tenent=x\n");
        ConfigurationException wrong = assertThrows(
                ConfigurationException.class,
                () -> load(
                        "config-file=" + file,
                        Map.of("idempotent.trace.mod", "off"),
                        Map.of("IDEMPOTENT_TRACE_STOR", "memory")));
        assertEquals(3, wrong.problems().size(), wrong.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mode=on",
                "mode=",
                "ttl=0s",
                "ttl=500ms",
                "ttl=-1h",
                "ttl=24",
                "ttl=PT",
                "lease=0ms",
                "lease=soon",
                "max-result-bytes=0",
                "max-result-bytes=1e3",
                "max-result-bytes=99999999999",
                "memory-max-records=-1",
                "redis-url=host:6379",
                "redis-url=redis://",
                "redis-url=redis://a b",
                "store=redis",
                "config-file=/no/such/file",
                "scope.x.tenant=t",
                "tenant"
            })
    void aBadValueIsOneProblem(String argument) {
        assertEquals(1, problems(argument).size());
    }

    @Test
    void aBadUrlIsNotRepeated() {
        assertFalse(problems("redis-url=http://:hunter2@host").get(0).contains("hunter2"));
    }

    @Test
    void exitIsAskedForByItsSetting() {
        assertTrue(
                assertThrows(ConfigurationException.class, () -> load("on-config-error=exit,ttl=x", Map.of(), Map.of()))
                        .exitRequested());
    }

    @ParameterizedTest
    @EnumSource(Setting.class)
    void everyDefaultIsAllowedAndEveryMeaningIsThere(Setting setting) {
        assertTrue(setting.kind().accepts(setting.defaultValue(), setting.allowed())
                || setting.defaultValue().isEmpty());
        assertFalse(setting.meaning().isEmpty());
        assertEquals(setting, Setting.byKey(setting.key()));
    }

    @ParameterizedTest
    @CsvSource({
        "500ms,500",
        "90s,90000",
        "15m,900000",
        "24h,86400000",
        "7d,604800000",
        "PT24H,86400000",
        "PT0.5S,500",
        "0s,0",
        "s,-1",
        "1w,-1",
        "1.5h,-1",
        "PT-1H,-1",
        "99999999999999999999s,-1",
        "999999999d,-1"
    })
    void durationsAreReadAsWritten(String text, long millis) {
        assertEquals(millis, Durations.parseMillis(text));
    }
}
