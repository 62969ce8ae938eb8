package io.idempotenttrace.core.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.core.store.Claims;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.testkit.Await;
import io.idempotenttrace.testkit.FaultCount;
import io.idempotenttrace.testkit.FaultCount.Answer;
import io.idempotenttrace.testkit.TestRedis;
import org.junit.jupiter.api.Test;

/** A claim that a replica does not have yet is forgotten when that replica is promoted; {@code wait-replicas} does not run its body. */
class WaitReplicasIT {

    private final FaultCount count = new FaultCount();

    private static IdempotencyStore open(TestRedis redis, int replicas) {
        return IdempotencyStores.open(Configuration.defaults()
                .with(Setting.REDIS_URL, redis.url())
                .with(Setting.WAIT_REPLICAS, Integer.toString(replicas))
                .with(Setting.WAIT_REPLICAS_TIMEOUT, "200ms")
                .with(Setting.COMMAND_TIMEOUT, "30s"));
    }

    private Worker worker(TestRedis redis, int replicas, OnStoreFailure onStoreFailure, long patienceMillis) {
        return new Worker(open(redis, replicas), Worker.policy(onStoreFailure, 600_000, 5_000), count, patienceMillis);
    }

    /** As when its machine dies with what the primary has not sent yet. */
    private static void cutOff(TestRedis primary, TestRedis replica) {
        replica.call("REPLICAOF", "NO", "ONE");
        Await.until(
                "the primary has no replica",
                () -> primary.info("replication", "connected_slaves").equals("0"));
    }

    @Test
    void aClaimThatTooFewReplicasHaveIsAStoreFailure() {
        try (TestRedis primary = TestRedis.start("--repl-diskless-sync-delay", "0");
                TestRedis replica = TestRedis.start("--replicaof", "127.0.0.1", Integer.toString(primary.port()));
                Worker strict = worker(primary, 1, OnStoreFailure.THROW, 60_000);
                Worker lenient = worker(primary, 1, OnStoreFailure.PROCEED, 0);
                Worker careless = worker(primary, 0, OnStoreFailure.THROW, 60_000);
                Worker promoted = worker(replica, 0, OnStoreFailure.THROW, 60_000)) {
            Await.until(
                    "the replica follows",
                    () -> replica.info("replication", "master_link_status").equals("up"));
            // The primary counts it only when it has acknowledged its first copy; until then claims are refused and
            // redelivered.
            assertEquals(Answer.RAN, strict.deliver("acknowledged"));
            Await.until(
                    "the replica has the completion",
                    () -> "completed"
                            .equals(replica.call(
                                    "HGET", Worker.id("acknowledged").redisKey(), "status")));
            cutOff(primary, replica);

            IdempotencyStoreException refused = assertThrows(
                    IdempotencyStoreException.class,
                    () -> strict.guard.admit(
                            Claims.request(Worker.id("refused"), "a".repeat(64)),
                            Worker.policy(OnStoreFailure.THROW, 600_000, 5_000)));
            assertTrue(
                    refused.getMessage().contains("0 of 1 replicas")
                            && refused.getMessage().contains("wait-replicas"),
                    refused.getMessage());
            assertEquals(Answer.RAN, lenient.deliver("unguarded"));
            assertEquals(1, lenient.unguarded());
            assertEquals(Answer.RAN, careless.deliver("forgotten"));
            assertEquals(0, careless.unguarded());

            // The promoted replica knows what it acknowledged, and no more: without the setting the body runs again.
            assertEquals(Answer.DUPLICATE, promoted.deliver("acknowledged"));
            assertEquals(Answer.RAN, promoted.deliver("refused"));
            assertEquals(1, count.bodiesOf("refused"));
            assertEquals(Answer.RAN, promoted.deliver("forgotten"));
            assertEquals(2, count.bodiesOf("forgotten"));
        }
    }
}
