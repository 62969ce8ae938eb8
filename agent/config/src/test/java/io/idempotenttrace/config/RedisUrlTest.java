package io.idempotenttrace.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisUrlTest {

    private static Configuration load(String argument, String redisUrl) throws ConfigurationException {
        return new ConfigurationLoader(new Properties(), Map.of("REDIS_URL", redisUrl)).load(argument);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "redis://h redis://h",
                "redis://h:6379/2 redis://h:6379/2",
                "REDIS://h redis://h",
                "valkey://u:p%40@h:6379/1 redis://u:p%40@h:6379/1",
                "valkeys://h rediss://h",
                "valkey-cluster://a,b redis-cluster://a,b",
                "redis://[::1]:6379 redis://[::1]:6379",
                "redis://h?db=3 redis://h/3",
                "redis://h/1?socket_timeout=5&decode_responses=True redis://h/1",
                "redis-sentinel://:pw@a:26379,b:26379/0#main redis-sentinel://:pw@a:26379,b:26379/0#main",
                "redis-sentinel://a?sentinelMasterId=main redis-sentinel://a#main",
                "redis-cluster://u:p@a:1,b:2 redis-cluster://u:p@a:1,b:2"
            })
    void whatItSaysIsSaidInTheStoresOwnForm(String text, String url) {
        RedisUrl read = RedisUrl.of(text);
        assertNull(read.problem(), text);
        assertEquals(url, read.url());
    }

    @ParameterizedTest
    @ValueSource(strings = {" redis://h", "redis://h\n", "\tredis://h \r\n"})
    void blanksAndLineEndsAroundItDoNotCount(String text) throws Exception {
        assertEquals("redis://h", load("", text).text(Setting.REDIS_URL));
        assertEquals("redis://h", load("redis-url=" + text, "").text(Setting.REDIS_URL));
    }

    @Test
    void blanksAloneAreNoUrl() throws Exception {
        assertFalse(load("", " \n").usesRedis());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://u:hun@ter2@h",
                "redis://u:hun/ter2@h:6379",
                "redis://u:hun?ter2@h",
                "redis://u:hun#ter2@h/0",
                "redis://u:hun%ter2@h",
                "redis://u:hun^ter2@h",
                "redis://hun/ter2@h",
                "redis-sentinel://:hun/ter2@a,b#main"
            })
    void aPasswordThatIsNotPercentEncodedIsRefusedWithThatAdvice(String text) {
        String problem = RedisUrl.of(text).problem();
        assertNotNull(problem, text);
        assertTrue(problem.contains("percent-encode"), problem);
        assertFalse(problem.contains("hun") || problem.contains("ter2"), problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"unix:///var/run/redis.sock", "redis+unix:///s", "redis-socket:///s", "/var/run/redis.sock"})
    void unixSocketsAreRefusedByName(String text) {
        assertTrue(RedisUrl.of(text).problem().contains("Unix socket"), text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis-cluster://[::1]:1,b:2",
                "redis-sentinel://:hunter2@a,[fe80::2]:2/0#main",
                "redis-cluster://[::1],[::2]"
            })
    void severalHostsWithAnAddressInBracketsAreRefusedByName(String text) {
        String problem = RedisUrl.of(text).problem();
        assertNotNull(problem, text);
        assertTrue(problem.startsWith("has several hosts and an IPv6 address among them"), problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host:6379",
                "http://:hunter2@h",
                "redis://",
                "redis://u:hunter2@",
                "redis://h:0",
                "redis://h:hunter2",
                "redis://h:70000",
                "redis://h/hunter2",
                "redis://a b",
                "redis://h#hunter2",
                "redis-sentinel://a:26379",
                "redis://h,",
                "redis://h?password=hunter2",
                "redis://h?ssl=true",
                "redis://h?ssl_cert_reqs=hunter2",
                "rediss://h?tls_hunter2=1"
            })
    void whatIsWrongIsSaidWithoutWhatMayBeASecret(String text) {
        String problem = RedisUrl.of(text).problem();
        assertNotNull(problem, text);
        assertFalse(problem.contains("hunter2") && !text.contains("tls_hunter2"), problem);
    }

    @ParameterizedTest
    @CsvSource({
        "ssl_cert_reqs=none,none",
        "ssl_cert_reqs=CERT_NONE,none",
        "ssl_cert_reqs=required,full",
        "ssl_cert_reqs=optional,full",
        "ssl_check_hostname=False,ca",
        "verifyPeer=CA,ca",
        "ssl_cert_reqs=required&ssl_check_hostname=false,ca",
        "ssl_check_hostname=no&ssl_cert_reqs=required,ca",
        "ssl_check_hostname=no&ssl_cert_reqs=none,none"
    })
    void theCheckOfCertificatesIsReadAsRedisPyWritesIt(String query, String verification) throws Exception {
        assertEquals(verification, load("", "rediss://h?" + query).text(Setting.REDIS_VERIFY_PEER));
    }

    @Test
    void filesOfCertificatesAreRead() throws Exception {
        // None of them is there, which does not change how they are named.
        Configuration read = assertThrows(
                        ConfigurationException.class,
                        () -> load("", "rediss://h?ssl_ca_certs=/a%20b/ca.pem&ssl_certfile=/c.pem&ssl_keyfile=/k.pem"))
                .unready();
        assertNotNull(read);
        assertEquals("/a b/ca.pem", read.text(Setting.REDIS_CA_FILE));
        assertEquals("/c.pem", read.text(Setting.REDIS_CERT_FILE));
        assertEquals("/k.pem", read.text(Setting.REDIS_KEY_FILE));
    }

    @Test
    void aSettingWinsOverAParameter() throws Exception {
        assertEquals(
                "full",
                load("redis-verify-peer=full", "rediss://h?ssl_cert_reqs=none").text(Setting.REDIS_VERIFY_PEER));
    }

    @Test
    void aParameterWithoutEffectIsNamed() throws Exception {
        Configuration read = load("", "redis://h?pool_size=5");
        assertEquals(List.of("the parameter 'pool_size' of the Redis URL has no effect on the agent"), read.notes());
    }

    @Test
    void aBadUrlIsOneProblemThatNamesItsSource() {
        List<String> problems = assertThrows(ConfigurationException.class, () -> load("", "redis://u:a/b@h"))
                .problems();
        assertEquals(1, problems.size(), problems::toString);
        assertTrue(
                problems.get(0)
                        .startsWith(
                                "setting 'redis-url' in the environment variable REDIS_URL (its value is not shown:"),
                problems::toString);
    }
}
