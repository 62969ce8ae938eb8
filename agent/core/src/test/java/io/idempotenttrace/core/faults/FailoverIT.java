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
import io.idempotenttrace.testkit.RedisDeployment;
import io.idempotenttrace.testkit.RedisSentinel;
import io.idempotenttrace.testkit.TestRedis;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A primary dies, or is taken for dead, while sixteen threads of two workers emit. Replication is not waited for by default: what
 * the replica did not have yet when it was promoted may run again, and nothing else may.
 */
@Tag("matrix")
class FailoverIT {

    private static final int KEYS = 900;
    private static final long LEASE = 5_000;
    private static final long PATIENCE = 60_000;
    private static final String KEY_OF_THE_FAULT = Worker.id("k0").redisKey();

    private static final Runnable NOTHING_MORE = () -> {};

    private final Set<String> begunBefore = ConcurrentHashMap.newKeySet();
    private FaultCount count = new FaultCount();
    private volatile boolean begun;
    private volatile boolean failed;

    private static IdempotencyStore real(RedisDeployment redis) {
        return IdempotencyStores.open(Configuration.defaults().with(Setting.REDIS_URL, redis.url()));
    }

    private static IdempotencyStore acknowledged(RedisDeployment redis) {
        return IdempotencyStores.open(
                Configuration.defaults().with(Setting.REDIS_URL, redis.url()).with(Setting.WAIT_REPLICAS, "1"));
    }

    private void emit(Supplier<IdempotencyStore> stores, Runnable fault, Runnable afterwards) {
        emit(stores, KEYS, PATIENCE, fault, afterwards);
    }

    /**
     * Every key is delivered three times to each worker; the fault comes when a third of the keys is known.
     *
     * @param afterwards what is to be waited for until the failover is over, while calls run
     */
    private void emit(Supplier<IdempotencyStore> stores, int keys, long patience, Runnable fault, Runnable afterwards) {
        count = new FaultCount();
        begunBefore.clear();
        begun = false;
        failed = false;
        try (Crew crew = new Crew(
                2,
                () -> new Worker(stores.get(), Worker.policy(OnStoreFailure.THROW, LEASE, 10_000), count, patience))) {
            crew.work(
                    8,
                    3,
                    Crew.keys("k", keys),
                    () -> {
                        if (!begun && count.keys() >= keys / 3) {
                            fault.run();
                            begun = true;
                            afterwards.run();
                            failed = true;
                        }
                    },
                    (worker, key) -> {
                        Crew.pauseWhile(() -> !begun && count.keys() >= keys / 2);
                        worker.deliver(key, () -> {
                            if (!failed) {
                                begunBefore.add(key);
                            }
                        });
                    });
            assertEquals(0, crew.workers().stream().mapToLong(Worker::unguarded).sum());
        }
    }

    private void nothingIsLostAndOnlyWhatWasNotReplicatedRepeats(String scenario) {
        System.out.println(scenario + ": " + count);
        assertEquals(0, count.lost() + count.stuck() + count.badConflict(), count::toString);
        Set<String> unexplained = count.duplicated();
        unexplained.removeAll(begunBefore);
        assertEquals(Set.of(), unexplained, "bodies ran twice that began after the failover");
    }

    @Test
    void aClustersPrimaryIsKilled() {
        try (RedisCluster cluster = RedisCluster.start()) {
            emit(() -> real(cluster), () -> cluster.primaryOf(KEY_OF_THE_FAULT).kill(), NOTHING_MORE);
            nothingIsLostAndOnlyWhatWasNotReplicatedRepeats("primary of a Cluster killed");
        }
    }

    @Test
    void aClustersPrimaryIsKilledWhereEveryClaimWaitsForAReplica() {
        try (RedisCluster cluster = RedisCluster.start()) {
            TestRedis former = cluster.primaryOf(KEY_OF_THE_FAULT);
            emit(() -> acknowledged(cluster), former::kill, () -> {
                cluster.awaitPrimaryOtherThan(former, KEY_OF_THE_FAULT);
                // The promoted one had no replica left to acknowledge a claim.
                former.restart();
            });
            nothingIsLostAndOnlyWhatWasNotReplicatedRepeats("primary of a Cluster killed, wait-replicas=1");
        }
    }

    @Test
    void aPrimaryThatSentinelsWatchIsKilled() {
        try (RedisSentinel set = RedisSentinel.start(2)) {
            emit(() -> real(set), () -> set.primary().kill(), NOTHING_MORE);
            nothingIsLostAndOnlyWhatWasNotReplicatedRepeats("primary watched by Sentinels killed");

            // A client that knows one server: its keys stay undecided.
            TestRedis known = set.primary();
            emit(
                    () -> new PlainStore(known.port(), Flaw.NONE, 1000),
                    /* keys= */ 30,
                    /* patience= */ 300,
                    known::kill,
                    NOTHING_MORE);
            assertTrue(count.stuck() > 0, count::toString);
        }
    }

    /** It goes on as if nothing had been, until the Sentinels tell it: what it takes meanwhile is lost with it. */
    @Test
    void aPrimaryThatWasOnlyPausedComesBackAsReplica() {
        try (RedisSentinel set = RedisSentinel.start(1)) {
            TestRedis former = set.primary();
            emit(() -> real(set), former::pause, () -> {
                set.awaitPrimaryOtherThan(former);
                former.resume();
                Await.until(
                        "the former primary is a replica", () -> "slave".equals(former.info("replication", "role")));
            });
            nothingIsLostAndOnlyWhatWasNotReplicatedRepeats("paused primary demoted");
        }
    }
}
