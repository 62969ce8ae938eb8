package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.redisclient.RedisFailure;
import io.idempotenttrace.core.store.MissingRightException;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RefusedStepException;
import org.jspecify.annotations.Nullable;

/**
 * Why a step does not count though it was made: it is not where the settings want it.
 *
 * @param message for people, behind the name of the step: "was acknowledged by ..."
 */
record Shortfall(String message, @Nullable Throwable cause) {

    /** Nothing is missing. */
    static final Shortfall NONE = new Shortfall("", null);

    boolean isNothing() {
        return message.isEmpty();
    }

    /** Of a claim: the store as a whole is well, so other calls go on to ask it. */
    IdempotencyStoreException ofClaim(RecordId id) {
        String text = "the claim " + message;
        return cause != null && RedisFailure.isMissingRight(cause)
                ? new MissingRightException(text, id.tenant(), id.key(), null, cause)
                : new RefusedStepException(text, id.tenant(), id.key(), null, cause);
    }

    /** Of a completion: it was written and may be sent again. */
    IdempotencyStoreException ofCompletion(RecordId id) {
        return new IdempotencyStoreException("the completion " + message, id.tenant(), id.key(), null, cause);
    }
}
