package io.idempotenttrace.core.faults;

import io.idempotenttrace.IdempotencyException;
import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.OnConflict;
import io.idempotenttrace.OnDuplicate;
import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.TraceConflictException;
import io.idempotenttrace.TraceInProgressException;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.core.guard.Admission;
import io.idempotenttrace.core.guard.CallCounters;
import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.guard.CallPolicy;
import io.idempotenttrace.core.guard.Guard;
import io.idempotenttrace.core.guard.GuardLimits;
import io.idempotenttrace.core.guard.GuardLog;
import io.idempotenttrace.core.guard.GuardMode;
import io.idempotenttrace.core.guard.RunningCall;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.core.store.Claims;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordTimes;
import io.idempotenttrace.testkit.FaultCount;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A process that consumes messages, as far as it can be had inside one JVM: a guard and a store of its own. A message whose call
 * is refused is redelivered, until its time is over.
 */
final class Worker implements AutoCloseable {

    static final String TENANT = "faults";
    private static final String HASH = "a".repeat(64);

    final IdempotencyStore store;
    final Guard guard;
    final CallCounters counters = new CallCounters();
    private final CallPolicy policy;
    private final FaultCount count;
    private final long patienceMillis;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    /** @param patienceMillis how long a message is redelivered */
    Worker(IdempotencyStore store, CallPolicy policy, FaultCount count, long patienceMillis) {
        this.store = store;
        this.policy = policy;
        this.count = count;
        this.patienceMillis = patienceMillis;
        this.guard = new Guard(
                store,
                IdempotencyStores.inMemory(Configuration.defaults(), warning -> {}),
                GuardMode.ENFORCE,
                GuardLimits.DEFAULT,
                counters,
                new GuardLog(new PrintStream(said, true), 1));
    }

    /** Waits for a call in progress, and writes its completion before it returns. */
    static CallPolicy policy(OnStoreFailure onStoreFailure, long leaseMillis, long inProgressWaitMillis) {
        return policy(onStoreFailure, leaseMillis, inProgressWaitMillis, /* asyncCompletion= */ false);
    }

    /** As the other one, but may return before its completion is written. */
    static CallPolicy policy(
            OnStoreFailure onStoreFailure, long leaseMillis, long inProgressWaitMillis, boolean asyncCompletion) {
        return new CallPolicy(
                new RecordTimes(86_400_000, 300_000, leaseMillis),
                inProgressWaitMillis,
                OnDuplicate.RETURN_STORED,
                OnInProgress.WAIT,
                OnConflict.THROW,
                onStoreFailure,
                false,
                asyncCompletion,
                /* maxHoldMillis= */ 0);
    }

    static RecordId id(String key) {
        return new RecordId(TENANT, "scope", key);
    }

    /** What a body does besides leaving its line. */
    @FunctionalInterface
    interface Body {

        void run() throws Exception;
    }

    FaultCount.Answer deliver(String key) {
        return deliver(key, () -> {});
    }

    /** Delivers the message of that key, again and again while the call is refused. */
    FaultCount.Answer deliver(String key, Body body) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
        while (true) {
            try {
                return call(key, body);
            } catch (TraceConflictException e) {
                return answered(key, FaultCount.Answer.CONFLICT, "");
            } catch (TraceInProgressException | IdempotencyStoreException e) {
                if (System.nanoTime() - deadline >= 0) {
                    return answered(key, FaultCount.Answer.UNDECIDED, "");
                }
                pause(20);
            } catch (IdempotencyException e) {
                throw new AssertionError("an answer that no policy of the scenario asks for", e);
            }
        }
    }

    private FaultCount.Answer call(String key, Body body) {
        Admission admission = guard.admit(Claims.request(id(key), HASH), policy);
        if (admission instanceof Admission.Stored stored) {
            return answered(key, FaultCount.Answer.DUPLICATE, stored.traceId());
        }
        String traceId = UUID.randomUUID().toString();
        RunningCall running = admission instanceof RunningCall owned ? owned : null;
        try {
            count.body(key, traceId);
            body.run();
        } catch (Exception e) {
            throw new AssertionError("the body of " + key + " failed", e);
        }
        if (running != null) {
            guard.completed(running, new Completion(traceId, null, ""));
        }
        return answered(key, FaultCount.Answer.RAN, traceId);
    }

    private FaultCount.Answer answered(String key, FaultCount.Answer answer, String traceId) {
        count.answer(key, answer, traceId);
        return answer;
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted between two deliveries", e);
        }
    }

    long unguarded() {
        return counters.get(Ending.UNGUARDED);
    }

    /** What the guard wrote for people. */
    String said() {
        return said.toString();
    }

    @Override
    public void close() {
        store.close();
    }
}
