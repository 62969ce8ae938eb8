package io.idempotenttrace.core.guard;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.idempotenttrace.OnConflict;
import io.idempotenttrace.OnDuplicate;
import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.core.store.ClaimRequest;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.MemoryStore;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordTimes;
import io.idempotenttrace.core.store.memory.InMemoryIdempotencyStore;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** A guard whose store is in another process and may fail, with a clock that stands still but where a test lets time pass. */
abstract class GuardOfFickleStore {

    static final long DAY = TimeUnit.DAYS.toMillis(1);
    static final long LEASE = 30_000;
    static final RecordId ID = new RecordId("t", "s", "k");
    static final String HASH = "a".repeat(64);
    static final String OTHER = "b".repeat(64);
    static final RecordTimes TIMES = new RecordTimes(DAY, 300_000, LEASE);

    final TestClock clock = new TestClock();
    final InMemoryIdempotencyStore records = MemoryStore.of(1000, clock);
    final InMemoryIdempotencyStore fallback = MemoryStore.of(1000, clock);
    final FickleStore store = new FickleStore(records);
    final CallCounters counters = new CallCounters();
    final ByteArrayOutputStream said = new ByteArrayOutputStream();
    Guard guard = guard(GuardLimits.DEFAULT);

    final Guard guard(GuardLimits limits) {
        return guard(limits, fallback);
    }

    final Guard guard(GuardLimits limits, IdempotencyStore recordsOfOutage) {
        return guard(store, limits, recordsOfOutage);
    }

    final Guard guard(IdempotencyStore guarded, GuardLimits limits, IdempotencyStore recordsOfOutage) {
        return new Guard(
                guarded,
                recordsOfOutage,
                GuardMode.ENFORCE,
                limits,
                counters,
                new GuardLog(new PrintStream(said, true), 1),
                clock);
    }

    @AfterEach
    void close() {
        guard.close();
    }

    static CallPolicy policy(OnInProgress onInProgress, OnStoreFailure onStoreFailure) {
        return policy(onInProgress, onStoreFailure, /* asyncCompletion= */ false, /* maxHoldMillis= */ 0);
    }

    static CallPolicy policy(
            OnInProgress onInProgress, OnStoreFailure onStoreFailure, boolean asyncCompletion, long maxHoldMillis) {
        return new CallPolicy(
                TIMES,
                DAY,
                OnDuplicate.RETURN_STORED,
                onInProgress,
                OnConflict.THROW,
                onStoreFailure,
                /* throwOnMissingKey= */ false,
                asyncCompletion,
                maxHoldMillis);
    }

    final RunningCall own(ClaimRequest request, CallPolicy policy) {
        return assertInstanceOf(RunningCall.class, guard.admit(request, policy));
    }

    static Completion result(String json) {
        return new Completion("", json, "");
    }
}
