package io.idempotenttrace.core.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.faults.PlainStore.Flaw;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.core.store.RecordStatus;
import io.idempotenttrace.testkit.Await;
import io.idempotenttrace.testkit.FaultCount;
import io.idempotenttrace.testkit.FaultCount.Answer;
import io.idempotenttrace.testkit.TcpProxy;
import io.idempotenttrace.testkit.TestRedis;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A Redis that runs every command, and answers five seconds later. */
@Isolated
class SlowRedisIT {

    private static final long ANSWERS_AFTER_MILLIS = 5_000;
    private static final int CALLS = 200;
    private static final long TIMEOUT_MILLIS = 300;

    @Test
    void callsDoNotWaitForItAndTheirClaimsHoldNoKey() {
        FaultCount count = new FaultCount();
        try (TestRedis redis = TestRedis.start();
                TcpProxy proxy = TcpProxy.to(redis);
                Worker worker = new Worker(
                        IdempotencyStores.open(Configuration.defaults()
                                .with(Setting.REDIS_URL, proxy.url())
                                .with(Setting.COMMAND_TIMEOUT, TIMEOUT_MILLIS + "ms")),
                        Worker.policy(OnStoreFailure.PROCEED, 600_000, 5_000),
                        count,
                        5_000)) {
            int[] first = {0};
            // A machine that pauses for longer than the time limit lets a call run unguarded, once.
            Await.until("keys are guarded", () -> {
                long unguarded = worker.unguarded();
                worker.deliver("before" + first[0]++);
                return worker.unguarded() == unguarded;
            });
            long warm = worker.unguarded();
            proxy.delayReplies(ANSWERS_AFTER_MILLIS);
            long begun = System.nanoTime();
            for (int i = 0; i < CALLS; i++) {
                assertEquals(Answer.RAN, worker.deliver("while" + i));
            }
            long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
            // The first few wait for the command time-out each, then nobody does.
            assertTrue(took < CALLS * TIMEOUT_MILLIS / 3, CALLS + " calls took " + took + " ms");
            assertEquals(warm + CALLS, worker.unguarded());
            assertTrue(worker.said().contains("command-timeout"), worker.said());
            System.out.println("Redis answers after 5 s: " + CALLS + " calls took " + took + " ms");

            proxy.heal();
            proxy.cutAll();
            int[] tries = {0};
            Await.until("new keys are guarded again", () -> {
                long before = worker.unguarded();
                worker.deliver("after" + tries[0]++);
                return worker.unguarded() == before;
            });
            // Their claims did reach Redis: another worker must neither wait for them nor run them again.
            try (Worker other = new Worker(
                    new PlainStore(redis.port(), Flaw.NONE, 5_000),
                    Worker.policy(OnStoreFailure.THROW, 600_000, 30_000),
                    count,
                    30_000)) {
                for (int i = 0; i < CALLS; i++) {
                    String key = "while" + i;
                    Await.until(
                            key + " is completed",
                            () -> other.store
                                            .status(Worker.id(key))
                                            .orElseThrow()
                                            .status()
                                    == RecordStatus.COMPLETED);
                    assertEquals(Answer.DUPLICATE, other.deliver(key));
                }
            }
            assertEquals(0, count.lost() + count.dup() + count.stuck() + count.badConflict(), count::toString);
        }
    }
}
