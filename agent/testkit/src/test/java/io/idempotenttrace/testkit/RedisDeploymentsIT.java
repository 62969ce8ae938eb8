package io.idempotenttrace.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The servers that fault tests rely on do what those tests believe of them. */
class RedisDeploymentsIT {

    @Test
    @Tag("matrix")
    void aClusterMovesSlotsAndReplacesADeadPrimary() {
        try (RedisCluster cluster = RedisCluster.start()) {
            int slot = RedisCluster.slot("foo");
            assertEquals(12182, slot);
            TestRedis from = cluster.primaryOf("foo");
            TestRedis to = cluster.otherPrimary(from);
            from.call("SET", "foo", "bar");
            cluster.beginMove(slot, from, to);
            assertEquals("bar", from.call("GET", "foo"));
            cluster.moveKeys(slot, from, to);
            assertTrue(refusal(from, "GET", "foo").startsWith("ASK 12182"));
            assertTrue(refusal(to, "GET", "foo").startsWith("MOVED 12182"));
            cluster.endMove(slot, from, to);
            assertEquals("bar", to.call("GET", "foo"));
            assertTrue(refusal(from, "GET", "foo").startsWith("MOVED 12182"));
            assertEquals(to, cluster.primaryOf("foo"));

            TestRedis replica = cluster.replicaOf("foo");
            Await.until(
                    "the replica has the key",
                    () -> "1".equals(replica.call("DBSIZE").toString()));
            to.kill();
            assertEquals(replica, cluster.awaitPrimaryOtherThan(to, "foo"));
            Await.until("the new primary answers", () -> "bar".equals(replica.call("GET", "foo")));
            to.restart();
            cluster.awaitWhole();
        }
    }

    private static String refusal(TestRedis redis, String... command) {
        return assertThrows(UncheckedIOException.class, () -> redis.call(command))
                .getCause()
                .getMessage();
    }

    @Test
    void sentinelsReplaceADeadPrimary() {
        try (RedisSentinel set = RedisSentinel.start(2)) {
            TestRedis former = set.primary();
            former.kill();
            TestRedis next = set.awaitPrimaryOtherThan(former);
            assertNotSame(former, next);
            assertEquals("OK", next.call("SET", "foo", "bar"));
        }
    }
}
