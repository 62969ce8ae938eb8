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
import io.idempotenttrace.testkit.TestRedis;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Redis is killed and started again under the calls of two workers. */
class RestartIT {

    private static final String[] ALWAYS_ON_DISK = {"--appendonly", "yes", "--appendfsync", "always"};
    private static final int KEYS = 400;
    private static final int RESTARTS = 3;
    /** A claim whose answer is lost with the server holds its key so long. */
    private static final long LEASE = 10_000;

    private static final long PATIENCE = 60_000;

    private FaultCount count = new FaultCount();
    private long unguarded;
    private String said;
    private volatile int restarts;
    private volatile boolean away;

    private static IdempotencyStore real(TestRedis redis) {
        return IdempotencyStores.open(Configuration.defaults().with(Setting.REDIS_URL, redis.url()));
    }

    private static IdempotencyStore impatient(TestRedis redis) {
        return IdempotencyStores.open(
                Configuration.defaults().with(Setting.REDIS_URL, redis.url()).with(Setting.COMMAND_TIMEOUT, "300ms"));
    }

    /** Every key is delivered three times to each worker, in eight threads, while the server is killed and started again. */
    private void restartUnderLoad(
            Function<TestRedis, IdempotencyStore> stores,
            OnStoreFailure onStoreFailure,
            Consumer<Crew> whileAway,
            String... configuration) {
        count = new FaultCount();
        try (TestRedis redis = TestRedis.start(configuration);
                Crew crew = new Crew(
                        2,
                        () -> new Worker(
                                stores.apply(redis), Worker.policy(onStoreFailure, LEASE, 10_000), count, PATIENCE))) {
            restarts = 0;
            away = false;
            crew.work(
                    8,
                    3,
                    Crew.keys("k", KEYS),
                    () -> {
                        if (isToRestart(0)) {
                            redis.kill();
                            away = true;
                            whileAway.accept(crew);
                            redis.restart();
                            restarts++;
                            away = false;
                        }
                    },
                    (worker, key) -> {
                        Crew.pauseWhile(() -> !away && isToRestart(KEYS / 16));
                        worker.deliver(key);
                    });
            unguarded = crew.workers().stream().mapToLong(Worker::unguarded).sum();
            said = crew.workers().get(0).said();
        }
        System.out.println(restarts + " restarts, " + onStoreFailure + ", " + List.of(configuration) + ": " + count
                + " unguarded=" + unguarded);
    }

    /** @param overdueKeys how many keys ago the restart was to come */
    private boolean isToRestart(int overdueKeys) {
        return restarts < RESTARTS && count.keys() >= KEYS * (restarts + 1) / (RESTARTS + 1) + overdueKeys;
    }

    // [P3, P26]
    @Test
    void whatIsOnDiskIsNeitherLostNorRepeated() {
        restartUnderLoad(RestartIT::real, OnStoreFailure.THROW, crew -> {}, ALWAYS_ON_DISK);
        assertEquals(RESTARTS, restarts);
        assertEquals("keys=400 LOST=0 DUP=0 DUPID=0 STUCK=0 BADCONFLICT=0", count.toString(), () -> said);

        restartUnderLoad(
                redis -> new PlainStore(redis.port(), Flaw.NEVER_CONNECTS_AGAIN, 2000),
                OnStoreFailure.PROCEED,
                crew -> {},
                ALWAYS_ON_DISK);
        assertTrue(count.dup() > 0, () -> "in memory for ever after the first failure: " + count);
    }

    // [P3]
    @Test
    void whileItIsAwayBodiesGoOnAndOnlyThoseMayRepeat() {
        long[] before = {0};
        restartUnderLoad(
                RestartIT::impatient,
                OnStoreFailure.PROCEED,
                crew -> {
                    // Away until a body of each worker has run without it, or all have.
                    Await.until(
                            "calls go on",
                            () -> count.keys() == KEYS
                                    || crew.workers().stream().allMatch(worker -> worker.unguarded() > before[0]));
                    before[0] = crew.workers().stream()
                            .mapToLong(Worker::unguarded)
                            .max()
                            .orElseThrow();
                },
                ALWAYS_ON_DISK);
        assertEquals(0, count.lost() + count.stuck() + count.badConflict(), count::toString);
        assertTrue(unguarded > 0);
        assertTrue(
                count.dup() <= unguarded,
                () -> "each repetition is of a body that ran without the store: " + count + " unguarded=" + unguarded);
    }

    @Test
    void withoutDiskARestartForgetsAndNothingIsLost() {
        restartUnderLoad(RestartIT::real, OnStoreFailure.THROW, crew -> {});
        assertEquals(RESTARTS, restarts);
        assertEquals(0, count.lost() + count.stuck() + count.badConflict(), count::toString);
        // At most once more for each restart that came after the body.
        count.duplicated()
                .forEach(key -> assertTrue(count.bodiesOf(key) <= 1 + RESTARTS, key + ": " + count.bodiesOf(key)));
    }
}
