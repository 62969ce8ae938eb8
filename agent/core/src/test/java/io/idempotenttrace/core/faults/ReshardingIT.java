package io.idempotenttrace.core.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.faults.PlainStore.Flaw;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.testkit.Await;
import io.idempotenttrace.testkit.FaultCount;
import io.idempotenttrace.testkit.RedisCluster;
import io.idempotenttrace.testkit.TestRedis;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A Cluster moves the slot of all the keys to and fro while calls run: some are redirected by ASK, some by MOVED. */
class ReshardingIT {

    /** The part in braces alone chooses the slot. */
    private static final String SAME_SLOT = "{same}";

    private static final int KEYS = 600;
    private static final int MOVES = 6;

    private FaultCount count = new FaultCount();
    private volatile int moves;
    private volatile boolean begun;

    private long unguardedWhileMoving(
            RedisCluster cluster, Supplier<IdempotencyStore> stores, String prefix, int keys, long patience) {
        count = new FaultCount();
        moves = 0;
        begun = false;
        int slot = RedisCluster.slot(SAME_SLOT);
        try (Crew crew = new Crew(
                2,
                () -> new Worker(
                        stores.get(), Worker.policy(OnStoreFailure.THROW, 600_000, 30_000), count, patience))) {
            crew.work(
                    8,
                    3,
                    Crew.keys(prefix + SAME_SLOT, keys),
                    () -> {
                        if (moves < MOVES && count.keys() >= keys * (moves + 1) / (MOVES + 2)) {
                            moves++;
                            TestRedis from = cluster.primaryOf(SAME_SLOT);
                            TestRedis to = cluster.otherPrimary(from);
                            int known = count.keys();
                            cluster.beginMove(slot, from, to);
                            cluster.moveKeys(slot, from, to);
                            begun = true;
                            // Half-way: keys that are not there yet are asked for at their new place.
                            Await.until("some calls more", () -> count.keys() > known || count.keys() == keys);
                            cluster.moveKeys(slot, from, to);
                            cluster.endMove(slot, from, to);
                        }
                    },
                    (worker, key) -> {
                        Crew.pauseWhile(() -> !begun && count.keys() >= keys / 2);
                        worker.deliver(key);
                    });
            return crew.workers().stream().mapToLong(Worker::unguarded).sum();
        }
    }

    @Test
    void everyBodyRunsOnceWhereverItsSlotIs() {
        try (RedisCluster cluster = RedisCluster.start(RedisCluster.NOBODY_DIES)) {
            assertEquals(
                    0,
                    unguardedWhileMoving(
                            cluster,
                            () -> IdempotencyStores.open(
                                    Configuration.defaults().with(Setting.REDIS_URL, cluster.url())),
                            "k",
                            KEYS,
                            60_000));
            assertEquals("keys=600 LOST=0 DUP=0 DUPID=0 STUCK=0 BADCONFLICT=0", count.toString());
            // As many as the calls left time for.
            assertTrue(moves > 0, "no slot moved while calls ran");

            int port = cluster.primaryOf(SAME_SLOT).port();
            unguardedWhileMoving(cluster, () -> new PlainStore(port, Flaw.NONE, 1000), "mutant", 24, 300);
            assertTrue(count.stuck() > 0, () -> "a client that follows no redirection: " + count);
        }
    }
}
