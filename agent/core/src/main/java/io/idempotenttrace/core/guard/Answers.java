package io.idempotenttrace.core.guard;

import io.idempotenttrace.DuplicateTraceException;
import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.OnConflict;
import io.idempotenttrace.OnDuplicate;
import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.TraceInProgressException;
import io.idempotenttrace.config.Printable;
import io.idempotenttrace.core.canonical.HashForm;
import io.idempotenttrace.core.failure.FinalFailure;
import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.RecordId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a call gets that does not own its key, by its policy: an admission or an exception. Each answer counts the call, and is noted for
 * those who ask what became of it.
 */
final class Answers {

    /** A call on another thread can't be told from the redelivery of a message. */
    private static final String MAY_BE_ITS_OWN =
            ". If that call waits for this one, as where a method calls itself to try again, neither ends: have its caller try again";

    private final Guard guard;
    private final RecordId id;
    private final String hash;
    private final CallPolicy policy;
    private final long waitedMillis;
    private final @Nullable RunningCall call;

    /**
     * @param waitedMillis how long the call has waited for its answer
     * @param call null for one that is answered without a claim
     */
    Answers(Guard guard, RecordId id, String hash, CallPolicy policy, long waitedMillis, @Nullable RunningCall call) {
        this.guard = guard;
        this.id = id;
        this.hash = hash;
        this.policy = policy;
        this.waitedMillis = waitedMillis;
        this.call = call;
    }

    /** @param traceId of the record that answers; empty where there is none */
    private void count(Ending ending, String traceId, String why) {
        if (guard.log.isDebug()) {
            guard.reports.debug(
                    policy,
                    id,
                    ending.label() + ", " + why
                            + (waitedMillis == 0 ? "" : ", after a wait of " + waitedMillis + " ms"));
        }
        count(ending, traceId);
    }

    private void count(Ending ending, String traceId) {
        guard.reports.count(ending, policy, id, traceId, waitedMillis, call);
    }

    Admission duplicate(Admission.Stored stored) {
        count(Ending.DUPLICATE, stored.traceId(), "its record is completed; its body does not run");
        String failure = FinalFailure.of(stored.result());
        if (failure != null) {
            throw new DuplicateTraceException(
                    "duplicate of a call whose failure is final: " + id.forPeople() + " failed with " + failure
                            + ". Its body does not run again; acknowledge the message, or send it to where failed ones go",
                    id.tenant(),
                    id.key(),
                    nullIfEmpty(stored.traceId()),
                    null);
        }
        if (policy.onDuplicate() == OnDuplicate.THROW) {
            throw new DuplicateTraceException(
                    "duplicate of a completed call: " + id.forPeople()
                            + ". Its body ran before; acknowledge the message (on-duplicate=throw)",
                    id.tenant(),
                    id.key(),
                    nullIfEmpty(stored.traceId()),
                    null);
        }
        return stored;
    }

    /** A call of the same transaction has run the body: what it left counts as long as the transaction does. */
    Admission duplicateInTransaction(Admission.Stored left) {
        count(Ending.DUPLICATE, left.traceId(), "a call of the same transaction has run its body");
        if (policy.onDuplicate() == OnDuplicate.THROW) {
            throw new DuplicateTraceException(
                    "duplicate of a call in the same transaction: " + id.forPeople()
                            + ". Its body ran before; do not acknowledge the message until the transaction has committed (on-duplicate=throw)",
                    id.tenant(),
                    id.key(),
                    nullIfEmpty(left.traceId()),
                    null);
        }
        return left;
    }

    /** The thread's own suspended transaction holds the key. It can't end while this call waits. */
    Admission heldBySuspendedTransaction(String traceId) {
        if (policy.onInProgress() == OnInProgress.SKIP) {
            count(Ending.IN_PROGRESS, traceId, "a suspended transaction of its thread holds the key");
            return new Admission.Stored(traceId, null, true);
        }
        throw gaveUp("a transaction of this thread that is suspended", traceId);
    }

    /** @param own how the call's hash was made: where the record's was made in another way, the call could not make that */
    Admission conflict(ClaimResult answer, HashForm own) {
        count(Ending.CONFLICT, answer.traceId(), "its record has another payload");
        if (policy.onConflict() == OnConflict.PROCEED) {
            return Admission.UNGUARDED;
        }
        if (policy.onConflict() == OnConflict.SKIP) {
            return new Admission.Stored(answer.traceId(), null, false);
        }
        String recordForm = answer.form();
        String incomparable = own.incomparableWith(recordForm);
        throw new PayloadConflictException(
                "conflict: " + id.forPeople() + " was used with another payload (hash "
                        + abbreviated(answer.hash()) + inForm(recordForm) + ", now " + abbreviated(hash)
                        + "). The body did not run."
                        + (incomparable.isEmpty()
                                ? " Send a new key for a new payload, or exclude volatile fields from the hash"
                                : incomparable),
                id,
                nullIfEmpty(answer.traceId()),
                recordForm,
                answer.digests());
    }

    Admission inProgress(ClaimResult answer) {
        if (policy.onInProgress() == OnInProgress.SKIP) {
            count(Ending.IN_PROGRESS, answer.traceId(), "another call holds the key; its body does not run");
            return new Admission.Stored(answer.traceId(), null, true);
        }
        throw gaveUp(answer);
    }

    Admission withoutStore(IdempotencyStoreException failure) {
        if (policy.onStoreFailure() == OnStoreFailure.PROCEED) {
            return unguarded();
        }
        count(Ending.FAILED, "", "the store did not answer and on-store-failure=throw; its body does not run");
        throw new IdempotencyStoreException(
                failure.getMessage() + ". The body for " + id.forPeople()
                        + " did not run (on-store-failure=throw); retry later",
                id.tenant(),
                id.key(),
                null,
                failure);
    }

    /** The body runs without a claim. */
    Admission unguarded() {
        guard.reports.debug(policy, id, "unguarded, the store did not answer; its body runs");
        guard.reports.countUnguarded(UnguardedReason.STORE, policy, id, waitedMillis, call);
        return Admission.UNGUARDED;
    }

    TraceInProgressException gaveUp(ClaimResult held) {
        return gaveUp(holder(held), held.traceId());
    }

    TraceInProgressException gaveUp(String holder, String traceId) {
        count(Ending.IN_PROGRESS, traceId, "another call holds the key; its body does not run");
        return new TraceInProgressException(
                "in progress: " + id.forPeople() + " is held by " + holder
                        + ". The body did not run; do not acknowledge the message, retry it later"
                        + (holder.startsWith(ClaimResult.OWN_PROCESS) ? MAY_BE_ITS_OWN : ""),
                id.tenant(),
                id.key(),
                nullIfEmpty(traceId),
                null);
    }

    TraceInProgressException interrupted() {
        count(Ending.IN_PROGRESS, "");
        return new TraceInProgressException(
                "interrupted while waiting for the call that holds " + id.forPeople()
                        + ". The body did not run; do not acknowledge the message, retry it later",
                id.tenant(),
                id.key(),
                null,
                null);
    }

    /** Who holds the record and since when, as far as it says: the fencing token is the time of the grant in microseconds. */
    private static String holder(ClaimResult held) {
        long sinceMillis = held.fence() > 0 ? held.fence() / 1000 : held.createdAtSeconds() * 1000;
        String holder = held.holder().isEmpty() ? "another worker" : held.holder();
        return sinceMillis > 0 ? holder + since(sinceMillis) : holder;
    }

    /** Empty where the JVM can't write a time any more, as after an end of the stack in the midst of its own classes. */
    private static String since(long millis) {
        try {
            return " since " + Instant.ofEpochMilli(millis);
        } catch (LinkageError e) {
            return "";
        }
    }

    /** The usual form goes without saying. */
    private static String inForm(String form) {
        return form.isEmpty() || form.equals(HashForm.DEFAULT.text())
                ? ""
                : " in the form '" + Printable.text(form) + "'";
    }

    private static String abbreviated(String hash) {
        return hash.length() > 12 ? hash.substring(0, 12) + "..." : hash;
    }

    private static @Nullable String nullIfEmpty(String text) {
        return text.isEmpty() ? null : text;
    }
}
