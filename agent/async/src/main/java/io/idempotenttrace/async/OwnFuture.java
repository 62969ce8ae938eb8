package io.idempotenttrace.async;

import java.util.concurrent.CompletableFuture;

/** An application's own subclass of CompletableFuture. */
public final class OwnFuture extends CompletableFuture<String> {

    @Override
    @SuppressWarnings("unchecked")
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return (CompletableFuture<U>) new OwnFuture();
    }

    static OwnFuture of(CompletableFuture<String> source) {
        OwnFuture own = new OwnFuture();
        source.whenComplete((value, failure) -> {
            if (failure == null) {
                own.complete(value);
            } else {
                own.completeExceptionally(failure);
            }
        });
        own.whenComplete((value, failure) -> {
            if (own.isCancelled()) {
                source.cancel(true);
            } else if (failure != null) {
                source.completeExceptionally(failure);
            }
        });
        return own;
    }
}
