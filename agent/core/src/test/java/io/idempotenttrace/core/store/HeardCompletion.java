package io.idempotenttrace.core.store;

import java.util.concurrent.CompletableFuture;

/** A completion that remembers how it ended. */
public record HeardCompletion(Claim claim, Completion completion, CompletableFuture<Update> end)
        implements PendingCompletion {

    public HeardCompletion(Claim claim, Completion completion) {
        this(claim, completion, new CompletableFuture<>());
    }

    @Override
    public void ended(Update update, Throwable failure) {
        boolean first = failure != null ? end.completeExceptionally(failure) : end.complete(update);
        if (!first) {
            throw new IllegalStateException("ended twice: " + claim.id().key());
        }
    }
}
