package io.idempotenttrace.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    void pointersAreSeparatedBySemicolons() throws Exception {
        Configuration configuration = load(
                "exclude=/at,scope.com.acme.A.b.exclude=/at; /items/*/by,scope.com.acme.A.b.include=/id;/body|json,null-members=drop,"
                        + "scope.com.acme.A.b.null-members=keep",
                Map.of(),
                Map.of());
        assertEquals(List.of("/at"), PointerList.parse(configuration.text(Setting.EXCLUDE, "other")));
        assertEquals(
                List.of("/at", "/items/*/by"), PointerList.parse(configuration.text(Setting.EXCLUDE, "com.acme.A.b")));
        assertEquals(
                List.of("/id", "/body|json"), PointerList.parse(configuration.text(Setting.INCLUDE, "com.acme.A.b")));
        assertEquals(List.of(), PointerList.parse(configuration.text(Setting.INCLUDE)));
        assertEquals("keep", configuration.text(Setting.NULL_MEMBERS, "com.acme.A.b"));
        assertEquals("drop", configuration.text(Setting.NULL_MEMBERS, "other"));
    }

    @ParameterizedTest
    @CsvSource({
        "at,must begin",
        "/a;at,must begin",
        "/a~,must be followed",
        "/a~3jsonb,must be followed",
        "/body|json,all that a text holds",
        "|json,must begin"
    })
    void whatIsNoPointerIsRefused(String value, String reason) {
        String problem = problems("scope.s.exclude=" + value).toString();
        assertTrue(problem.contains("scope.s.exclude") && problem.contains(reason), problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a~0~1~2", "/a~3json", "/a~3json|json/b", "|json/a", "/", "/a/*"})
    void everyPointerToAPlaceIsAllowed(String value) throws Exception {
        assertEquals(value, load("exclude=" + value, Map.of(), Map.of()).text(Setting.EXCLUDE));
    }

    @Test
    void theRecordScopeIsOfOneScopeAlone() throws Exception {
        Configuration configuration = load("scope.com.acme.New.m.record-scope=com.acme.Old.m", Map.of(), Map.of());
        assertEquals("com.acme.Old.m", configuration.recordScope("com.acme.New.m"));
        assertEquals("other", configuration.recordScope("other"));
        assertEquals("com.acme.New.m", configuration.settingScope("com.acme.Old.m"));
        assertEquals("other", configuration.settingScope("other"));
        Configuration copy = Configuration.fromMap(configuration.toMap());
        assertEquals("com.acme.New.m", copy.settingScope("com.acme.Old.m"));
        assertTrue(copy.isRecordScope("com.acme.Old.m"));
        assertFalse(copy.isRecordScope("com.acme.New.m"));
        for (String wrong : List.of("record-scope=a", "scope.*shared*.record-scope=a")) {
            assertTrue(problems(wrong).toString().contains("write scope.<scope>.record-scope"), wrong);
        }
        assertTrue(problems("scope.a.record-scope=*shared*").toString().contains("allowed is a scope"));
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tenant=acme, on-store-failure=throw",
                "tenant=acme ,on-store-failure =throw",
                " tenant = acme ,\ton-store-failure = throw ",
                "tenant=acme,\n  on-store-failure=throw",
                "redis-url=redis://h:1, tenant=acme, on-store-failure=throw"
            })
    void blanksAroundCommasAndNamesDoNotCount(String argument) throws Exception {
        Configuration configuration = load(argument, Map.of(), Map.of());
        assertEquals("acme", configuration.text(Setting.TENANT));
        assertEquals("throw", configuration.text(Setting.ON_STORE_FAILURE));
    }

    @Test
    void aCommaInAValueIsAPartOfIt() throws Exception {
        assertEquals(
                "a, b c, d", load("tenant=a, b c, d,ttl=1h", Map.of(), Map.of()).text(Setting.TENANT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"tenant=acme,ttl=1h,", ",tenant=acme,ttl=1h", "tenant=acme,,ttl=1h , ", "tenant=acme, ,ttl=1h,,"
            })
    void aCommaTooManyIsNoPartOfAValue(String argument) throws Exception {
        Configuration configuration = load(argument, Map.of(), Map.of());
        assertEquals("acme", configuration.text(Setting.TENANT));
        assertEquals(3_600_000, configuration.millis(Setting.TTL));
    }

    @Test
    void aCommaAtTheEndOfASecretStays() throws Exception {
        String secret = "s3cret-s3cret-s3cret,";
        assertEquals(secret, load("hash-secret=" + secret, Map.of(), Map.of()).text(Setting.HASH_SECRET));
    }

    @Test
    void aNameThatIsGivenTwiceIsRefusedUnlessItSaysTheSame() throws Exception {
        assertEquals(
                List.of("setting 'ttl' stands twice in the agent argument, with two values; leave one out"),
                problems("ttl=1h,tenant=a,ttl=2h"));
        assertEquals(1, problems("scope.a.b.ttl=1h,scope.a.b.ttl=2h").size());
        assertEquals(
                3_600_000,
                load("ttl=1h,scope.a.ttl=2h,ttl=1h", Map.of(), Map.of()).millis(Setting.TTL));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis-url=redis://:abc,S3cr3t=x@localhost:1",
                "redis-ur=redis://:abc,S3cr3t=x@localhost:1",
                "redis-url=redis://:abc,ttl=S3cr3t@localhost:1",
                "hash-secret=abc,S3cr3t=x",
                "hash-secret=abc,tenant=a,S3cr3t.ttl.S3cr3t=x",
                "hash-secrets=abc,S3cr3t=x"
            })
    void whatMayBeAPartOfAPasswordIsNotRepeated(String argument) {
        String problems = problems(argument).toString();
        assertFalse(problems.contains("S3cr3t"), problems);
    }

    @Test
    void aMisspeltNameIsRepeatedBehindAUrlToo() {
        assertTrue(problems("redis-url=redis://h:1,leese=1m").toString().contains("'leese'"));
        assertTrue(problems("store=memory,colour=red").toString().contains("'colour'"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "S3cr3tPassw0rd",
                "s3cr3tpassw0rd",
                "S3cr3tPassw0rd abc",
                "s3cr3tpassw0rd: abc",
                "UzNjcjN0UGFzc3cwcmQ=",
                "UzNjcjN0UGFzc3cwcm==",
                "S3cr3tPassw0rd=abc",
                "s3cr3tpassw0rd="
            })
    void theFileOfAPasswordIsNotRepeated(String line) throws IOException {
        Path file = Files.writeString(folder.resolve("password"), "# one\\\n\n" + line + "\n");
        List<String> problems = problems("config-file=" + file);
        assertEquals(
                List.of("line 3 is no name=value of a setting in the file '" + file
                        + "'; java -jar idempotent-trace-agent.jar settings lists those that there are"),
                problems);
    }

    @Test
    void anUnknownNameOfAFileIsRepeated() throws IOException {
        Path file = Files.writeString(folder.resolve("settings"), "colour = \\\n  red\nLeese=1m\n");
        String problems = problems("config-file=" + file).toString();
        assertTrue(problems.contains("unknown setting 'colour'"), problems);
        assertTrue(problems.contains("unknown setting 'Leese'"), problems);
    }

    @Test
    void aFileMayBeginWithAByteOrderMark() throws Exception {
        Path file = Files.writeString(folder.resolve("marked"), "\ufefftenant=acme\n");
        assertEquals("acme", load("config-file=" + file, Map.of(), Map.of()).text(Setting.TENANT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "on-store-failure=proceed,on-store-failure=throw",
                "on-stor-failure=throw",
                "onStoreFailure=throw",
                "on-store-failure=Throw",
                "on-store-failure=trow",
                "on-store-failure=throw;store=memory",
                "scope.com.acme.A.b.on-store-failure=THROW",
                "ttl=x, on-store-failure=throw"
            })
    void whatIsMeantToRefuseIsNotOpenedByAMistake(String argument) {
        ConfigurationException refused =
                assertThrows(ConfigurationException.class, () -> load(argument, Map.of(), Map.of()));
        assertEquals("throw", Objects.requireNonNull(refused.unready()).text(Setting.ON_STORE_FAILURE), argument);
    }

    @ParameterizedTest
    @ValueSource(strings = {"on-store-failure=proced", "on-store-failure=x", "tll=1h"})
    void anotherMistakeRefusesNothing(String argument) {
        assertNull(assertThrows(ConfigurationException.class, () -> load(argument, Map.of(), Map.of()))
                .unready());
    }

    @Test
    void aVariableThatIsMeantToRefuseIsNotIgnored() {
        ConfigurationException refused = assertThrows(
                ConfigurationException.class,
                () -> load("", Map.of(), Map.of("IDEMPOTENT_TRACE_ON_STORE_FAILUR", "throw")));
        assertEquals("throw", Objects.requireNonNull(refused.unready()).text(Setting.ON_STORE_FAILURE));
        assertTrue(refused.getMessage().contains("did you mean 'on-store-failure'"), refused::getMessage);
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
    void unknownNamesOfPropertiesAndFileAreErrorsToo() throws IOException {
        Path file = Files.writeString(folder.resolve("trace.properties"), "tenent=x\n");
        ConfigurationException wrong = assertThrows(
                ConfigurationException.class,
                () -> load(
                        "config-file=" + file,
                        Map.of("idempotent.trace.mod", "off"),
                        Map.of("IDEMPOTENT_TRACE_STOR", "memory")));
        assertEquals(2, wrong.problems().size(), wrong.getMessage());
    }

    /** A Service of Kubernetes with the name idempotent-trace-redis fills the environment of each container with these. */
    @Test
    void whatKubernetesPutsIntoTheEnvironmentIsNamedAndIgnored() throws Exception {
        Configuration configuration = load(
                "",
                Map.of(),
                Map.of(
                        "IDEMPOTENT_TRACE_REDIS_SERVICE_HOST", "10.0.0.1",
                        "IDEMPOTENT_TRACE_REDIS_SERVICE_PORT", "6379",
                        "IDEMPOTENT_TRACE_REDIS_PORT", "tcp://10.0.0.1:6379",
                        "IDEMPOTENT_TRACE_REDIS_PORT_6379_TCP", "tcp://10.0.0.1:6379",
                        "IDEMPOTENT_TRACE_LEASSE", "s3cret",
                        "IDEMPOTENT_TRACE_X\u001b[31m\nforged", "x",
                        "IDEMPOTENT_TRACE_TTL", "60s"));
        assertEquals(60_000, configuration.millis(Setting.TTL));
        assertEquals(
                1, configuration.notes().size(), () -> configuration.notes().toString());
        String note = configuration.notes().get(0);
        assertTrue(note.contains("'IDEMPOTENT_TRACE_LEASSE' (did you mean 'lease'?)"), note);
        assertTrue(note.contains("'IDEMPOTENT_TRACE_REDIS_PORT' (did you mean 'redis-url'?)"), note);
        assertTrue(note.contains("'IDEMPOTENT_TRACE_REDIS_SERVICE_HOST'"), note);
        assertTrue(note.contains("IDEMPOTENT_TRACE_X\\u001b[31m\\nforged"), note);
        assertFalse(note.contains("s3cret") || note.contains("tcp://"), note);
    }

    @Test
    void ofVeryManyUnknownVariablesSomeAreNamed() throws Exception {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < 500; i++) {
            environment.put("IDEMPOTENT_TRACE_" + "X".repeat(1000) + i, "x");
        }
        String note = load("", Map.of(), environment).notes().get(0);
        assertTrue(note.endsWith(" and 480 more") && note.length() < 6000, note);
    }

    @Test
    void anEmptyValueIsNotSetSoThatTheNextSourceCounts() throws Exception {
        Path file = Files.writeString(folder.resolve("trace.properties"), "lease=\nttl= 7s \ntenant =\t\n");
        Configuration configuration = load(
                "lease=,mode= ,redis-url=,scope.a.ttl=,config-file= " + file + " ",
                Map.of("idempotent.trace.lease", " ", "idempotent.trace.in-progress-wait", " 5s\n"),
                Map.of(
                        "IDEMPOTENT_TRACE_LEASE", "\t9s ",
                        "IDEMPOTENT_TRACE_STORE", "",
                        "IDEMPOTENT_TRACE_MODE", "  ",
                        "IDEMPOTENT_TRACE_FAILED_TTL", " 60s \n",
                        "REDIS_URL", " redis://env "));
        assertEquals(9_000, configuration.millis(Setting.LEASE));
        assertEquals(5_000, configuration.millis(Setting.IN_PROGRESS_WAIT));
        assertEquals(60_000, configuration.millis(Setting.FAILED_TTL));
        assertEquals(7_000, configuration.millis(Setting.TTL, "a"));
        assertEquals("enforce", configuration.text(Setting.MODE));
        assertEquals("auto", configuration.text(Setting.STORE));
        assertEquals("default", configuration.text(Setting.TENANT));
        assertEquals("redis://env", configuration.text(Setting.REDIS_URL));
        assertEquals(List.of(), configuration.notes());
    }

    @Test
    void aSecretThatIsGivenEmptyIsRefusedByNameButForTheEnvironment() throws Exception {
        String problem = problems("hash-secret= ").get(0);
        assertTrue(problem.contains("'hash-secret'") && problem.contains("is empty"), problem);
        Configuration configuration = load("", Map.of(), Map.of("IDEMPOTENT_TRACE_HASH_SECRET", " "));
        assertEquals("", configuration.text(Setting.HASH_SECRET));
        assertTrue(
                configuration.notes().get(0).contains("IDEMPOTENT_TRACE_HASH_SECRET is empty"),
                () -> configuration.notes().toString());
        assertEquals(
                List.of(),
                load("hash-secret=sixteen-bytes-or-more", Map.of(), Map.of("IDEMPOTENT_TRACE_HASH_SECRET", ""))
                        .notes());
    }

    @Test
    void aBadValueIsPrintedInOneLineAndCut() {
        String problem = problems("lease=\u001b[31m\ny" + "9".repeat(3000)).get(0);
        assertTrue(problem.contains("'\\u001b[31m\\ny99"), problem);
        assertTrue(problem.length() < 500, problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mode=on",
                "hash-secret=",
                "hash-secret= ",
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

    @Test
    void theLongestDurationIsNamedWhereOneIsRefused() {
        assertEquals(Durations.parseMillis("P365000D"), Durations.parseMillis(Durations.LONGEST));
        assertEquals(-1, Durations.parseMillis("365001d"));
        for (String setting : List.of("ttl", "lease", "log-period", "in-progress-wait", "max-hold")) {
            String problem = problems(setting + "=292471208d").toString();
            assertTrue(problem.contains("PT24H, and at most " + Durations.LONGEST), problem);
        }
    }

    @Test
    void thePrefixOfNamesHasNothingThatMeansSomethingInThem() {
        for (String right : List.of("idem", "Fleet-1", "a.b_c", "x".repeat(64))) {
            assertTrue(Setting.KEY_PREFIX.kind().accepts(right, ""), right);
        }
        for (String wrong : List.of("", "a:b", "{a}", "a b", "a*", "\u00fc", "x".repeat(65))) {
            assertFalse(Setting.KEY_PREFIX.kind().accepts(wrong, ""), wrong);
        }
    }
}
