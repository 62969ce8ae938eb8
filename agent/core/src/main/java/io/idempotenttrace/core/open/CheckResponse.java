package io.idempotenttrace.core.open;

import io.idempotenttrace.core.failure.FinalFailure;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The store's answer to {@link IdempotentCalls#check(String, Object)}. Exactly one of {@link #isNew()}, {@link #isDuplicate()},
 * {@link #isInProgress()} and {@link #isConflict()} is true. Where it is new, the response also stands for the claim: hand it to
 * {@code markCompleted}, {@code markFailed} or {@code renew}.
 *
 * <p>Immutable, and safe for use by many threads: the thread that completes a call may be another one than that which checked it.
 */
public final class CheckResponse {

    private final Claim claim;
    private final ClaimResult answer;
    private final List<String> differingMembers;

    CheckResponse(Claim claim, ClaimResult answer, List<String> differingMembers) {
        this.claim = claim;
        this.answer = answer;
        this.differingMembers = differingMembers;
    }

    Claim claim() {
        return claim;
    }

    RecordId id() {
        return claim.id();
    }

    Verdict verdict() {
        return answer.verdict();
    }

    /** {@return whether the caller holds the key now, and is to do the work: the key was free, or its last owner failed or lost its lease} */
    public boolean isNew() {
        return answer.verdict() == Verdict.NEW;
    }

    /** {@return whether the same payload was completed before: the work must not be done again} */
    public boolean isDuplicate() {
        return answer.verdict() == Verdict.DUPLICATE;
    }

    /**
     * {@return whether another caller holds the key for the same payload and has not ended} The work must not be done here, and may yet fail there.
     * Check again later, and acknowledge no message before.
     */
    public boolean isInProgress() {
        return answer.verdict() == Verdict.IN_PROGRESS;
    }

    /** {@return whether the key was used with another payload: the work must not be done under this key} */
    public boolean isConflict() {
        return answer.verdict() == Verdict.CONFLICT;
    }

    /** {@return the tenant of the record; never null} */
    public String tenant() {
        return claim.id().tenant();
    }

    /** {@return the idempotency key, without tenant and scope; never null} */
    public String key() {
        return claim.id().key();
    }

    /** {@return the hash of the caller's payload, 64 lower-case hex digits; never null} */
    public String hash() {
        return claim.hash();
    }

    /** {@return the hash that the record holds, hex; where the call is new, the caller's own. Null where another worker's record has none} */
    public @Nullable String storedHash() {
        return answer.hash();
    }

    /** {@return the trace id that the record holds; null where there is none} */
    public @Nullable String storedTraceId() {
        return answer.traceId() == null || answer.traceId().isEmpty() ? null : answer.traceId();
    }

    /** {@return the result that a completed record holds, as JSON; null where there is none} */
    public @Nullable String storedResult() {
        return FinalFailure.of(answer.result()) == null ? answer.result() : null;
    }

    /**
     * {@return type and message of the failure with which the agent completed the record since no retry would change it
     * ({@code replayFailures}); null where there is none}
     */
    public @Nullable String storedFailure() {
        return FinalFailure.of(answer.result());
    }

    /** {@return how often the record was claimed, a new call's claim included; 1 for the first time, 0 where the store does not say} */
    public long attempt() {
        return answer.attempt();
    }

    /**
     * {@return the fencing token of the last grant} It grows with every grant of the record, so that a sink can refuse what a former owner still
     * sends; 0 where the store does not say.
     */
    public long fence() {
        return answer.fence();
    }

    /** {@return who holds a key that is in progress, for people: host, process id, version and thread; null where unknown} */
    public @Nullable String holder() {
        return answer.holder() == null || answer.holder().isEmpty() ? null : answer.holder();
    }

    /** {@return what is left of the holder's lease while the key is in progress; else zero} */
    public Duration leaseRemaining() {
        return Duration.ofMillis(answer.leaseRemainingMillis());
    }

    /** {@return when a record that is in progress was first written, in whole seconds by the clock of the store; null where unknown} */
    public @Nullable Instant createdAt() {
        return answer.createdAtSeconds() == 0 ? null : Instant.ofEpochSecond(answer.createdAtSeconds());
    }

    /**
     * {@return in which members a conflicting payload differs from the recorded one} As JSON Pointers, or a phrase for members that only the
     * record has, or that are not known; empty where none is known, or the call is no conflict. Records in Redis say so only where the
     * setting {@code hash-secret} is set.
     */
    public List<String> differingMembers() {
        return differingMembers;
    }

    /** Why a conflict could not be compared, and what to do; empty where it was compared. */
    String incomparable() {
        String why = claim.form().incomparableWith(answer.form());
        return why.isEmpty() ? "" : "." + why;
    }

    /** The verdict and the key, without payload. */
    @Override
    public String toString() {
        return answer.verdict() + " for key '" + key() + "' of tenant '" + tenant() + "'";
    }
}
