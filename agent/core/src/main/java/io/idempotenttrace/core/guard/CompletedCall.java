package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.canonical.PayloadDigest;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.RecordBytes;
import io.idempotenttrace.core.store.Verdict;

/**
 * A call of this process whose body has ended well: this process can answer its redelivery by itself.
 *
 * @param claim what the call claimed
 * @param completion what its body left
 */
record CompletedCall(Claim claim, Completion completion) {

    /** What a claim of the same record gets for that payload: as from a store that has the completed record, DUPLICATE or CONFLICT. */
    ClaimResult answer(PayloadDigest payload) {
        boolean other = claim.conflictsWith(payload.form(), payload.hash());
        return new ClaimResult(
                other ? Verdict.CONFLICT : Verdict.DUPLICATE,
                claim.hash(),
                completion.traceIdOr(claim.traceId()),
                completion.result(),
                claim.digests(),
                /* attempt= */ 0,
                /* fence= */ 0,
                /* leaseRemainingMillis= */ 0,
                /* holder= */ "",
                /* createdAtSeconds= */ 0,
                other ? claim.form().text() : "");
    }

    /** What it takes, roughly. */
    long bytes() {
        return RecordBytes.of(claim) + RecordBytes.of(completion);
    }
}
