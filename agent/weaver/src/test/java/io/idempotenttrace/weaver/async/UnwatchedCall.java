package io.idempotenttrace.weaver.async;

import java.util.concurrent.CompletableFuture;

/** A call that keeps nothing of what it is told, and whose completion is handed over at once. */
final class UnwatchedCall implements SubscribedCall {

    private final Answer answer;
    private final boolean later;

    /** @param later whether what it is asked for comes on another thread */
    UnwatchedCall(Answer answer, boolean later) {
        this.answer = answer;
        this.later = later;
    }

    private <T> CompletableFuture<T> future(T value) {
        return later ? CompletableFuture.supplyAsync(() -> value) : CompletableFuture.completedFuture(value);
    }

    @Override
    public CompletableFuture<Answer> admitted() {
        return future(answer);
    }

    @Override
    public void item(Object item) {
        // Not kept.
    }

    @Override
    public CompletableFuture<Object> completedWith(Object item) {
        return future(item);
    }

    @Override
    public CompletableFuture<Object> completed() {
        return completedWith(null);
    }

    @Override
    public void failed(Throwable failure) {
        // Nothing is to be told.
    }

    @Override
    public void cancelled() {
        // Nothing is to be told.
    }
}
