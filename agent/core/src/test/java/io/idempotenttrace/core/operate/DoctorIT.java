package io.idempotenttrace.core.operate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.operate.Finding.Result;
import io.idempotenttrace.testkit.Await;
import io.idempotenttrace.testkit.ClockShift;
import io.idempotenttrace.testkit.TestRedis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each wrong set-up is found, by its name and with a way out, and nothing else is; a Cluster's is found by {@link OperatedClusterIT}. */
class DoctorIT {

    private static final String[] GOOD = {"--appendonly", "yes"};

    private static List<Finding> doubts(String url) {
        return Examinations.findings(Configuration.defaults().with(Setting.REDIS_URL, url)).stream()
                .filter(finding -> finding.result() != Result.OK)
                .toList();
    }

    private static TestRedis good(String... besides) {
        List<String> all = new ArrayList<>(List.of(GOOD));
        all.addAll(List.of(besides));
        return TestRedis.start(all.toArray(new String[0]));
    }

    /** @param check the only one that is not well */
    private static void assertFound(Result result, String check, String words, String url) {
        List<Finding> doubts = doubts(url);
        assertEquals(1, doubts.size(), doubts.toString());
        assertEquals(check, doubts.get(0).check(), doubts.toString());
        assertEquals(result, doubts.get(0).result(), doubts.toString());
        assertTrue(doubts.get(0).message().contains(words), doubts.toString());
        assertFalse(doubts.get(0).fix().isEmpty());
    }

    @Test
    void aGoodServerIsWell() {
        try (TestRedis redis = good("--maxmemory", "100mb", "--maxmemory-policy", "noeviction")) {
            assertEquals(List.of(), doubts(redis.url()));
        }
    }

    @Test
    void anUnreachableServerIsFound() {
        try (TestRedis redis = good()) {
            redis.kill();
            assertFound(Result.FAIL, "reach", "can't be reached", redis.url());
        }
    }

    @Test
    void aWrongPasswordIsFoundAndNotRepeated() {
        try (TestRedis redis = good("--requirepass", "right")) {
            String wrong = redis.url().replace("://", "://:wr0ng@");
            assertFound(Result.FAIL, "login", "WRONGPASS", wrong);
            assertFound(Result.FAIL, "login", "NOAUTH", redis.url());
            assertFalse(doubts(wrong).toString().contains("wr0ng"));
            assertEquals(List.of(), doubts(redis.url().replace("://", "://:right@")));
        }
    }

    @Test
    void missingRightsAreFoundOneByOne() {
        try (TestRedis redis = good()) {
            String url = redis.url().replace("://", "://tracer:s3cret@");
            user(redis, "~idem:*", "&idem:*", "+@all", "-evalsha");
            List<String> lacked = doubts(url).stream().map(Finding::check).toList();
            assertTrue(lacked.contains("right +evalsha"), lacked.toString());
            assertTrue(List.of("right +evalsha", "scripts").containsAll(lacked), lacked.toString());
            user(redis, "~idem:*", "+@all");
            assertEquals(
                    List.of("right +publish", "right +subscribe &idem:*"),
                    doubts(url).stream().map(Finding::check).toList());
            user(redis, "~idem:*", "&idem:*", "+@all", "-info", "-config", "-memory");
            assertTrue(
                    doubts(url).stream().allMatch(finding -> finding.result() == Result.WARN),
                    doubts(url).toString());
            user(redis, "~other:*", "&idem:*", "+@all");
            Finding keys = doubts(url).get(0);
            assertTrue(
                    doubts(url).stream().anyMatch(finding -> "ACL SETUSER <user> ~idem:*".equals(finding.fix())),
                    keys.toString());
        }
    }

    private static void user(TestRedis redis, String... rights) {
        List<String> command =
                new ArrayList<>(List.of("ACL", "SETUSER", "tracer", "reset", "resetchannels", "on", ">s3cret"));
        command.addAll(List.of(rights));
        redis.call(command.toArray(new String[0]));
    }

    @Test
    void evictionIsFound() {
        try (TestRedis redis = good("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru")) {
            assertFound(Result.FAIL, "eviction", "allkeys-lru", redis.url());
            redis.call("CONFIG", "SET", "maxmemory", "0");
            assertFound(Result.WARN, "eviction", "allkeys-lru", redis.url());
        }
    }

    @Test
    void fullMemoryIsFound() {
        try (TestRedis redis = good()) {
            redis.call("CONFIG", "SET", "maxmemory", "500kb");
            List<Finding> doubts = doubts(redis.url());
            assertEquals(
                    List.of("writes", "memory"),
                    doubts.stream().map(Finding::check).toList(),
                    doubts.toString());
            assertTrue(doubts.get(0).message().contains("memory is full"), doubts.toString());
        }
    }

    @Test
    void nothingOnDiskIsFound() {
        try (TestRedis redis = TestRedis.start()) {
            assertFound(Result.WARN, "persistence", "nothing on disk", redis.url());
            redis.call("CONFIG", "SET", "save", "3600 1");
            assertEquals(List.of(), doubts(redis.url()));
        }
    }

    @Test
    void tooFewReplicasAndAReplicaAreFound() {
        try (TestRedis redis = good("--min-replicas-to-write", "1")) {
            assertEquals(
                    List.of("writes", "replicas"),
                    doubts(redis.url()).stream().map(Finding::check).toList());
            try (TestRedis replica = good("--replicaof", "127.0.0.1", Integer.toString(redis.port()))) {
                Await.until(
                        "the replica follows", () -> "up".equals(replica.info("replication", "master_link_status")));
                Await.until("it is near enough", () -> doubts(redis.url()).isEmpty());
                assertFound(Result.FAIL, "writes", "it is a replica", replica.url());
                redis.call("CONFIG", "SET", "min-replicas-to-write", "0");
                assertFound(Result.WARN, "replicas", "cut-off former primary", redis.url());
            }
        }
    }

    @Test
    void aClockThatIsOffIsFound(@TempDir Path folder) {
        ClockShift clock = ClockShift.in(folder);
        if (clock != null) {
            try (TestRedis redis = TestRedis.start(clock, GOOD)) {
                clock.set(Duration.ofMinutes(3));
                assertFound(Result.WARN, "clock", "ahead of", redis.url());
            }
        }
    }

    @Test
    void recordsOfOtherVersionsAndFormsAreFound() {
        try (TestRedis redis = good()) {
            for (String form : List.of("python", "jcs", "jcs", "python+nonulls")) {
                redis.call("HSET", "idem:t%:s:" + form, "hash", "a", "status", "completed", "form", form);
            }
            assertFound(Result.WARN, "forms", "1 of jcs, 2 of python", redis.url());
            redis.call("DEL", "idem:t%:s:jcs");
            assertEquals(List.of(), doubts(redis.url()));
            redis.call("HSET", "idem:%failed:{idem:t:k}", "hash", "a", "status", "failed", "v", "7");
            assertFound(Result.WARN, "record versions", "1 of 7", redis.url());
        }
    }
}
