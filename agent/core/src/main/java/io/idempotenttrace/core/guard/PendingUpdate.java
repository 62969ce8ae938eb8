package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.RecordBytes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the store is to be told of the end of a call.
 *
 * @param claim the call's; or where a grant is given back for a body that ran here, that body's
 * @param completion null for a failure, or where there is nothing but a claim to give back
 * @param error null for a completion, and where there is nothing but a claim to give back
 * @param givenBack a claim that the store should not have granted, to be given back first; null for most
 * @param unguarded whether it tells of a body that may have run without a claim of the store
 * @param deadlineNanos until when it is tried again; it is sent once in any case
 */
record PendingUpdate(
        Claim claim,
        @Nullable Completion completion,
        @Nullable String error,
        @Nullable Claim givenBack,
        boolean unguarded,
        long deadlineNanos) {

    /** What it takes besides its record. */
    private static final int UPDATE_BYTES = 256;

    /** Null where it tells of no completion. */
    @Nullable
    CompletedCall completedCall() {
        return completion == null ? null : new CompletedCall(claim, completion);
    }

    /** The same without what a body has left. */
    PendingUpdate onlyGivingBack() {
        Claim given = Objects.requireNonNull(givenBack, "givenBack");
        return new PendingUpdate(given, null, null, given, /* unguarded= */ false, deadlineNanos);
    }

    /** What it takes, roughly. */
    long bytes() {
        return UPDATE_BYTES
                + RecordBytes.of(claim)
                + (completion == null ? 0 : RecordBytes.of(completion))
                + RecordBytes.of(error);
    }

    /** One is equal to itself alone: two calls may tell the same. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
