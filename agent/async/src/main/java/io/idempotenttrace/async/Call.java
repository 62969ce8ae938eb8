package io.idempotenttrace.async;

import java.util.concurrent.CompletableFuture;

/**
 * One call of an emitter that has been begun.
 *
 * @param outcome ends with what the caller gets: the value, the list of all, or the failure
 * @param cancel as the caller cancels it
 */
record Call(CompletableFuture<Object> outcome, Runnable cancel) {}
