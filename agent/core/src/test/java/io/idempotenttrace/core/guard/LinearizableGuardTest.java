package io.idempotenttrace.core.guard;

import io.idempotenttrace.IdempotencyException;
import io.idempotenttrace.OnConflict;
import io.idempotenttrace.OnDuplicate;
import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.Claims;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordTimes;
import io.idempotenttrace.core.store.memory.InMemoryIdempotencyStore;
import io.idempotenttrace.testkit.Linearizable;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The running calls of a process, and the updates that wait for the store, under threads that meet at one record. */
class LinearizableGuardTest {

    static final CallPolicy POLICY = new CallPolicy(
            new RecordTimes(60_000, 60_000, 60_000),
            /* inProgressWaitMillis= */ 30_000,
            OnDuplicate.RETURN_STORED,
            OnInProgress.WAIT,
            OnConflict.THROW,
            OnStoreFailure.THROW,
            false,
            /* asyncCompletion= */ false,
            /* maxHoldMillis= */ 0);

    private static final AtomicLong KEYS = new AtomicLong();

    private final Guard guard = new Guard(
            new InMemoryIdempotencyStore(1_000_000, 1 << 28, 1000, warning -> {}),
            null,
            GuardMode.ENFORCE,
            GuardLimits.DEFAULT,
            new CallCounters(),
            new GuardLog(new PrintStream(PrintStream.nullOutputStream()), 1000));

    /** What a call gets of a key that nobody else uses. */
    private String call(RecordId id, boolean fails) {
        try {
            Admission admission = guard.admit(Claims.request(id, "a".repeat(64)), POLICY);
            if (admission instanceof RunningCall running) {
                if (fails) {
                    guard.failed(running, "the body");
                    return "failed";
                }
                guard.completed(running, new Completion("trace", null, ""));
                return "ran";
            }
            return "stored";
        } catch (IdempotencyException refused) {
            return refused.getClass().getSimpleName();
        }
    }

    @Test
    void aKeyHasOneBodyAndItsDuplicatesComeAfterIt() throws Exception {
        Linearizable.of(() -> new RecordId("tenant", "scope", "k" + KEYS.incrementAndGet()))
                .step("call", id -> call(id, /* fails= */ false))
                .step("call again", id -> call(id, /* fails= */ false))
                .step("call whose body fails", id -> call(id, /* fails= */ true))
                .check(/* scenarios= */ 30, /* runs= */ 10, /* each= */ 2, /* seed= */ 28);
    }

    private static PendingUpdate update(String key) {
        Claim claim = Claims.forAMinute(new RecordId("tenant", "scope", key));
        return new PendingUpdate(claim, new Completion(key, null, ""), null, null, false, Long.MAX_VALUE);
    }

    @Test
    void updatesThatWaitAreNeitherLostNorDoubled() throws Exception {
        PendingUpdate first = update("a");
        PendingUpdate other = update("b");
        long room = first.bytes() + other.bytes() - 1;
        RecordId id = first.claim().id();
        Linearizable.of(() -> new WaitingUpdates(room))
                .step("add", waiting -> waiting.add(first))
                .step("add another", waiting -> waiting.add(other))
                .step("has", waiting -> waiting.has(id))
                .step("knows", waiting -> waiting.completed(id) != null)
                .step("take", waiting -> waiting.take(8, away -> false).size())
                .step("is written", waiting -> {
                    waiting.settled(first);
                    return "";
                })
                .step("forget", waiting -> {
                    waiting.forgetEnds(id);
                    return "";
                })
                .step("bytes", WaitingUpdates::bytes)
                .step("size", WaitingUpdates::size)
                .check(/* scenarios= */ 40, /* runs= */ 10, /* each= */ 2, /* seed= */ 29);
    }
}
