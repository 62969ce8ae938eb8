package io.idempotenttrace.core.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.faults.PlainStore.Flaw;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.testkit.FaultCount;
import io.idempotenttrace.testkit.FaultCount.Answer;
import io.idempotenttrace.testkit.TestRedis;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody empties Redis, or its script cache, at any time. */
class ForgottenDataIT {

    private static final int KEYS = 300;

    private static TestRedis redis;

    private FaultCount count = new FaultCount();

    @BeforeAll
    static void startRedis() {
        redis = TestRedis.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @BeforeEach
    void empty() {
        redis.call("FLUSHALL");
    }

    private static IdempotencyStore real() {
        return IdempotencyStores.open(Configuration.defaults()
                .with(Setting.REDIS_URL, redis.url())
                .with(Setting.COMMAND_TIMEOUT, "30s")
                .with(Setting.CONNECT_TIMEOUT, "30s"));
    }

    private static IdempotencyStore plain(Flaw flaw) {
        return new PlainStore(redis.port(), flaw, 10_000);
    }

    private Crew crew(Supplier<IdempotencyStore> stores) {
        count = new FaultCount();
        return new Crew(
                2,
                () -> new Worker(stores.get(), Worker.policy(OnStoreFailure.PROCEED, 600_000, 30_000), count, 30_000));
    }

    /** Every key is delivered three times to two workers of eight threads each while something is done to Redis in a loop. */
    private long unguardedAfter(Supplier<IdempotencyStore> stores, String prefix, Runnable again) {
        try (Crew crew = crew(stores)) {
            crew.work(8, 3, Crew.keys(prefix, KEYS), again);
            return crew.workers().stream().mapToLong(Worker::unguarded).sum();
        }
    }

    private static void forgetScripts() {
        redis.call("SCRIPT", "FLUSH");
    }

    @Test
    void scriptsThatAreForgottenAllTheTimeAreSentAgain() {
        assertEquals(0, unguardedAfter(ForgottenDataIT::real, "k", ForgottenDataIT::forgetScripts));
        assertEquals("keys=300 LOST=0 DUP=0 DUPID=0 STUCK=0 BADCONFLICT=0", count.toString());

        assertEquals(0, unguardedAfter(() -> plain(Flaw.NONE), "control", ForgottenDataIT::forgetScripts));
        assertEquals("keys=300 LOST=0 DUP=0 DUPID=0 STUCK=0 BADCONFLICT=0", count.toString());

        assertTrue(unguardedAfter(() -> plain(Flaw.SCRIPTS_LOADED_ONCE), "mutant", ForgottenDataIT::forgetScripts) > 0);
        assertTrue(count.dup() > 0, () -> "without the scripts every worker runs every body: " + count);
    }

    private void aRecordVanishesInItsBody(Supplier<IdempotencyStore> stores, String key) {
        try (Crew crew = crew(stores)) {
            Worker owner = crew.workers().get(0);
            assertEquals(Answer.RAN, owner.deliver(key, () -> redis.call("FLUSHALL")));
            owner.guard.flush(30_000);
            crew.workers().get(1).deliver(key);
        }
    }

    // [P22]
    @Test
    void aRecordThatVanishesWhileItsBodyRunsIsRestoredByItsCompletion() {
        aRecordVanishesInItsBody(ForgottenDataIT::real, "k");
        assertEquals("keys=1 LOST=0 DUP=0 DUPID=0 STUCK=0 BADCONFLICT=0", count.toString());
        assertTrue((Long) redis.call("TTL", Worker.id("k").redisKey()) > 86_000);

        aRecordVanishesInItsBody(() -> plain(Flaw.NONE), "control");
        assertEquals("keys=1 LOST=0 DUP=0 DUPID=0 STUCK=0 BADCONFLICT=0", count.toString());

        aRecordVanishesInItsBody(() -> plain(Flaw.COMPLETION_BY_PLAIN_HSET), "mutant");
        assertEquals(1, count.dup(), () -> "a ghost without hash tells nothing of the body that ran: " + count);
    }

    /** A flush takes what is known of bodies that ran: each may run once more for it, and never for another reason. */
    // [P3]
    @Test
    void flushedAtAnyTimeEveryKeyStillGetsItsBodyAndEachRepetitionIsAFlushs() {
        AtomicLong clock = new AtomicLong();
        ConcurrentLinkedQueue<long[]> flushes = new ConcurrentLinkedQueue<>();
        Map<String, List<Long>> starts = new ConcurrentHashMap<>();
        try (Crew crew = crew(ForgottenDataIT::real)) {
            crew.work(
                    8,
                    3,
                    Crew.keys("k", KEYS),
                    () -> {
                        long begun = clock.incrementAndGet();
                        redis.call("FLUSHALL");
                        flushes.add(new long[] {begun, clock.incrementAndGet()});
                    },
                    (worker, key) -> {
                        // Not later than the claim, and not earlier than it by more than this call.
                        long called = clock.incrementAndGet();
                        worker.deliver(
                                key,
                                () -> starts.computeIfAbsent(
                                                key, absent -> Collections.synchronizedList(new ArrayList<>()))
                                        .addAll(List.of(called, clock.incrementAndGet())));
                    });
            assertEquals(0, crew.workers().stream().mapToLong(Worker::unguarded).sum());
        }
        assertEquals(0, count.lost() + count.stuck() + count.badConflict(), count::toString);
        for (String key : count.duplicated()) {
            List<Long> bodies = starts.get(key);
            for (int i = 2; i < bodies.size(); i += 2) {
                // The one that claimed first may have begun its body last: its thread had to wait for a core.
                long called = Math.min(bodies.get(i - 2), bodies.get(i));
                long begun = bodies.get(i + 1);
                assertTrue(
                        flushes.stream().anyMatch(flush -> flush[1] > called && flush[0] < begun),
                        "the body of " + key + " ran again without a flush in between");
            }
        }
        System.out.println("FLUSHALL in a loop (" + flushes.size() + " times): " + count);
    }
}
