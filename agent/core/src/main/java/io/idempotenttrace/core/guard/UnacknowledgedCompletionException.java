package io.idempotenttrace.core.guard;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.store.RecordId;

/** A body has run, its caller asked that the store acknowledges that (completion=sync), and the store has not. */
public final class UnacknowledgedCompletionException extends IdempotencyStoreException {

    private static final long serialVersionUID = 1L;

    UnacknowledgedCompletionException(RecordId id, IdempotencyStoreException failure) {
        super(
                "the body for " + id.forPeople() + " ran, and its completion is not acknowledged ("
                        + failure.getMessage()
                        + "); it is sent when the store is back. Do not acknowledge the message: a redelivery to this process is answered,"
                        + " one to another may run the body again (on-store-failure=throw, completion=sync)",
                id.tenant(),
                id.key(),
                null,
                failure);
    }
}
