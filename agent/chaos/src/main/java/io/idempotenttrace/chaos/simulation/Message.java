package io.idempotenttrace.chaos.simulation;

import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.OnStoreFailure;

/**
 * A message that a queue delivers until it is acknowledged.
 *
 * @param key which of the world's keys it has
 * @param payload which of the key's payloads
 * @param asyncCall whether the call that it makes holds no thread while it waits
 * @param atNanos when it is first delivered
 * @param bodyNanos how long its body runs
 * @param failures how often its body fails before it succeeds
 * @param failsForGood whether its body ends by a failure that no retry changes
 * @param again how often it is delivered besides, as queues do
 */
record Message(
        int number,
        int key,
        int payload,
        OnStoreFailure onStoreFailure,
        OnInProgress onInProgress,
        boolean asyncCompletion,
        boolean asyncCall,
        long atNanos,
        long bodyNanos,
        int failures,
        boolean failsForGood,
        int again) {

    /** The same at another time, with a body of another length. */
    Message at(long time, long length) {
        return with(key, onStoreFailure, onInProgress, time, length, failures, again);
    }

    Message ofKey(int other) {
        return with(other, onStoreFailure, onInProgress, atNanos, bodyNanos, failures, again);
    }

    /** The same with a body that fails so often before it succeeds. */
    Message failing(int times) {
        return with(key, onStoreFailure, onInProgress, atNanos, bodyNanos, times, again);
    }

    /** The same with a body that may run without a claim. */
    Message proceeding(OnInProgress where) {
        return with(key, OnStoreFailure.PROCEED, where, atNanos, bodyNanos, failures, again);
    }

    Message deliveredOnceLess() {
        return with(key, onStoreFailure, onInProgress, atNanos, bodyNanos, failures, again - 1);
    }

    private Message with(
            int ofKey,
            OnStoreFailure withoutStore,
            OnInProgress whileHeld,
            long time,
            long length,
            int failing,
            int deliveredAgain) {
        return new Message(
                number,
                ofKey,
                payload,
                withoutStore,
                whileHeld,
                asyncCompletion,
                asyncCall,
                time,
                length,
                failing,
                failsForGood,
                deliveredAgain);
    }

    @Override
    public String toString() {
        return "m" + number;
    }
}
