package io.idempotenttrace.core.guard;

import io.idempotenttrace.DuplicateTraceException;
import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.OnConflict;
import io.idempotenttrace.OnDuplicate;
import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.TraceInProgressException;
import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.Update;
import io.idempotenttrace.core.store.Verdict;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Decides, for each call, whether its body runs. Safe for use by many threads; one for each process.
 *
 * <p>Calls of this process with the same key and payload meet in a map: one of them claims, the others wait for its end, so
 * N threads cost one claim. Calls of other processes meet in the store.
 */
public final class Guard {

    private final ConcurrentHashMap<RecordId, RunningCall> running = new ConcurrentHashMap<>();
    private final ThreadLocal<RunningCall> innermost = new ThreadLocal<>();
    private final OwnerTokens ownerTokens = new OwnerTokens();
    private final GuardedStore store;
    private final LeaseRenewal leases;
    private final CallCounters counters;
    private final GuardLog log;
    private final boolean enforcing;

    /**
     * @param store where records live
     * @param fallback records of this process, for while the store is away; null where the store is itself in this process
     * @param enforcing false to run every body and only count and log the verdicts ({@code mode=observe})
     */
    public Guard(IdempotencyStore store, IdempotencyStore fallback, boolean enforcing, CallCounters counters, GuardLog log) {
        this.store = new GuardedStore(store, fallback, log);
        this.leases = new LeaseRenewal(running.values(), store);
        this.enforcing = enforcing;
        this.counters = counters;
        this.log = log;
    }

    /**
     * Admits one call. Where the answer is a {@link RunningCall}, the caller ends it with {@link #completed} or
     * {@link #failed} on the same thread.
     *
     * @param hash the payload's hash
     * @param form the canonical form that was hashed
     * @param digests the digests of the payload's members; empty where not wanted
     * @param traceId the trace id known before the body; empty where there is none
     * @throws io.idempotenttrace.IdempotencyException where the policy refuses the call
     */
    public Admission admit(RecordId id, String hash, String form, String digests, String traceId, CallPolicy policy) {
        for (RunningCall outer = innermost.get(); outer != null; outer = outer.outer) {
            if (outer.claim.id().equals(id)) {
                return Admission.UNGUARDED;
            }
        }
        Claim claim = new Claim(id, hash, form, traceId, ownerTokens.next(), policy.ttlMillis(), policy.failedTtlMillis(),
                policy.leaseMillis(), digests);
        Admission admission = enforcing ? claim(claim, policy) : observe(claim, policy);
        if (admission instanceof RunningCall own) {
            own.outer = innermost.get();
            innermost.set(own);
        }
        return admission;
    }

    private Admission claim(Claim claim, CallPolicy policy) {
        RunningCall mine = new RunningCall(claim);
        long deadline = 0;
        while (true) {
            RunningCall other = running.putIfAbsent(claim.id(), mine);
            boolean follows = other != null && other != mine && other.hasPayloadOf(claim)
                    && policy.onInProgress() == OnInProgress.WAIT;
            if (follows) {
                deadline = deadline != 0 ? deadline : deadlineOf(policy);
                Admission.Stored answer = awaitEndOf(other, claim, deadline);
                if (answer != null) {
                    return duplicate(answer, claim, policy);
                }
                continue;
            }
            ClaimResult answer;
            try {
                answer = store.check(mine, policy.onStoreFailure() == OnStoreFailure.PROCEED);
            } catch (IdempotencyStoreException e) {
                withdraw(mine, null);
                return withoutStore(e, claim, policy);
            } catch (RuntimeException | Error e) {
                withdraw(mine, null);
                throw e;
            }
            if (answer.verdict() == Verdict.NEW) {
                return own(mine, policy);
            }
            if (answer.verdict() == Verdict.IN_PROGRESS && policy.onInProgress() == OnInProgress.WAIT) {
                deadline = deadline != 0 ? deadline : deadlineOf(policy);
                awaitOtherProcess(mine, answer, deadline);
                continue;
            }
            Admission.Stored stored = new Admission.Stored(answer.traceId(), answer.result(), false);
            withdraw(mine, answer.verdict() == Verdict.DUPLICATE ? stored : null);
            return switch (answer.verdict()) {
                case DUPLICATE -> duplicate(stored, claim, policy);
                case CONFLICT -> conflict(answer, claim, policy);
                default -> inProgress(answer, claim, policy);
            };
        }
    }

    /** The verdicts of a call that runs in any case. It waits for nobody. */
    private Admission observe(Claim claim, CallPolicy policy) {
        RunningCall mine = new RunningCall(claim);
        Verdict verdict;
        try {
            verdict = store.check(mine, /* mayProceed= */ true).verdict();
        } catch (IdempotencyStoreException e) {
            counters.count(Ending.UNGUARDED);
            return Admission.UNGUARDED;
        }
        if (verdict == Verdict.NEW) {
            return own(mine, policy);
        }
        counters.count(switch (verdict) {
            case DUPLICATE -> Ending.DUPLICATE;
            case CONFLICT -> Ending.CONFLICT;
            default -> Ending.IN_PROGRESS;
        });
        log.sayOnceAPeriod(GuardLog.Occasion.OBSERVED, "observed " + verdict + " for " + named(claim)
                + "; its body runs all the same (mode=observe)");
        return Admission.UNGUARDED;
    }

    private Admission own(RunningCall mine, CallPolicy policy) {
        // A call that did not wait may own the key while an older one is still in the map, without a claim.
        running.put(mine.claim.id(), mine);
        leases.cover(policy.leaseMillis());
        return mine;
    }

    /** The body returned. */
    public void completed(RunningCall call, Completion completion) {
        leaveThread(call);
        counters.count(call.unguarded ? Ending.UNGUARDED : Ending.NEW);
        String traceId = completion.traceId().isEmpty() ? call.claim.traceId() : completion.traceId();
        try {
            if (store.complete(call, completion) == Update.REFUSED) {
                PendingUpdates.sayRanTwice(log, call.claim);
            }
        } finally {
            withdraw(call, new Admission.Stored(traceId, completion.result(), false));
        }
    }

    /** The body threw. */
    public void failed(RunningCall call, Throwable thrown) {
        leaveThread(call);
        counters.count(Ending.FAILED);
        try {
            store.fail(call, String.valueOf(thrown));
        } finally {
            withdraw(call, null);
        }
    }

    /** Waits until what could not be written is written, at most that long; at the stop of the JVM. */
    public void flush(long maxMillis) {
        store.flush(maxMillis);
    }

    /** Bodies end in the reverse order of their begin; a call that a body never ended must not stay behind. */
    private void leaveThread(RunningCall call) {
        if (call.outer == null) {
            innermost.remove();
        } else {
            innermost.set(call.outer);
            call.outer = null;
        }
    }

    /** Takes the call out of the map, then lets those go on who wait for it: they must not meet it again. */
    private void withdraw(RunningCall call, Admission.Stored answer) {
        call.granted = false;
        running.remove(call.claim.id(), call);
        call.end(answer);
    }

    private static long deadlineOf(CallPolicy policy) {
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(policy.inProgressWaitMillis());
    }

    /** What the other call left for its waiters; null if this one has to claim for itself. */
    private Admission.Stored awaitEndOf(RunningCall other, Claim claim, long deadline) {
        try {
            if (other.awaitEnd(deadline - System.nanoTime())) {
                return other.answer();
            }
        } catch (InterruptedException e) {
            throw interrupted(claim);
        }
        throw gaveUp(claim, "a call of this process", "");
    }

    private void awaitOtherProcess(RunningCall mine, ClaimResult answer, long deadline) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        try {
            if (left > 0) {
                store.awaitChange(mine, Math.max(1, Math.min(left, answer.leaseRemainingMillis())));
                return;
            }
        } catch (InterruptedException e) {
            withdraw(mine, null);
            throw interrupted(mine.claim);
        } catch (RuntimeException e) {
            // The next claim finds out whether the store is away.
            return;
        }
        withdraw(mine, null);
        throw gaveUp(mine.claim, answer.holder().isEmpty() ? "another worker" : answer.holder(), answer.traceId());
    }

    private Admission duplicate(Admission.Stored stored, Claim claim, CallPolicy policy) {
        counters.count(Ending.DUPLICATE);
        if (policy.onDuplicate() == OnDuplicate.THROW) {
            throw new DuplicateTraceException("duplicate of a completed call: " + named(claim)
                    + ". Its body ran before; acknowledge the message (on-duplicate=throw)", claim.id().tenant(), claim.id().key(),
                    nullIfEmpty(stored.traceId()), null);
        }
        return stored;
    }

    private Admission conflict(ClaimResult answer, Claim claim, CallPolicy policy) {
        counters.count(Ending.CONFLICT);
        if (policy.onConflict() == OnConflict.PROCEED) {
            return Admission.UNGUARDED;
        }
        if (policy.onConflict() == OnConflict.SKIP) {
            return new Admission.Stored(answer.traceId(), null, false);
        }
        throw new PayloadConflictException("conflict: " + named(claim) + " was used with another payload (hash "
                + abbreviated(answer.hash()) + ", now " + abbreviated(claim.hash()) + "). The body did not run. Send a new key for"
                + " a new payload, or exclude volatile fields from the hash", claim.id().tenant(), claim.id().key(),
                nullIfEmpty(answer.traceId()), answer.digests());
    }

    private Admission inProgress(ClaimResult answer, Claim claim, CallPolicy policy) {
        if (policy.onInProgress() == OnInProgress.SKIP) {
            counters.count(Ending.IN_PROGRESS);
            return new Admission.Stored(answer.traceId(), null, true);
        }
        throw gaveUp(claim, answer.holder().isEmpty() ? "another call" : answer.holder(), answer.traceId());
    }

    private Admission withoutStore(IdempotencyStoreException failure, Claim claim, CallPolicy policy) {
        if (policy.onStoreFailure() == OnStoreFailure.PROCEED) {
            counters.count(Ending.UNGUARDED);
            return Admission.UNGUARDED;
        }
        counters.count(Ending.FAILED);
        throw new IdempotencyStoreException(failure.getMessage() + ". The body for " + named(claim)
                + " did not run (on-store-failure=throw); retry later", claim.id().tenant(), claim.id().key(), null, failure);
    }

    private TraceInProgressException gaveUp(Claim claim, String holder, String traceId) {
        counters.count(Ending.IN_PROGRESS);
        return new TraceInProgressException("in progress: " + named(claim) + " is held by " + holder
                + ". The body did not run; do not acknowledge the message, retry it later", claim.id().tenant(), claim.id().key(),
                nullIfEmpty(traceId), null);
    }

    private TraceInProgressException interrupted(Claim claim) {
        Thread.currentThread().interrupt();
        counters.count(Ending.IN_PROGRESS);
        return new TraceInProgressException("interrupted while waiting for the call that holds " + named(claim)
                + ". The body did not run; do not acknowledge the message, retry it later", claim.id().tenant(), claim.id().key(),
                null, null);
    }

    private static String named(Claim claim) {
        RecordId id = claim.id();
        return "key '" + id.key() + "' of tenant '" + id.tenant() + "'" + (id.scope() == null ? "" : " in scope '" + id.scope() + "'");
    }

    private static String abbreviated(String hash) {
        return hash.length() > 12 ? hash.substring(0, 12) + "..." : hash;
    }

    private static String nullIfEmpty(String text) {
        return text.isEmpty() ? null : text;
    }
}
