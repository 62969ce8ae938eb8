package io.idempotenttrace.core.guard;

import java.util.concurrent.atomic.LongAdder;

/**
 * What is measured of the calls of one scope, besides how they end, which {@link CallCounters} count. Whoever asks for a snapshot makes the
 * sums; a call of a store in this process that waits for nobody pays nothing. Safe for use by many threads.
 */
final class ScopeFigures {

    private final String scope;
    /** Of calls that have waited for another call with their key, in this process or in another one. */
    private final TimeHistogram waits = new TimeHistogram();

    private final TimeHistogram[] storeTimes = new TimeHistogram[StoreStep.values().length];
    private final LongAdder storeFailures = new LongAdder();
    private final LongAdder cacheHits = new LongAdder();
    private final LongAdder lateRenewals = new LongAdder();

    /** @param scope its name, for people and dashboards */
    ScopeFigures(String scope) {
        this.scope = scope;
        for (int i = 0; i < storeTimes.length; i++) {
            storeTimes[i] = new TimeHistogram();
        }
    }

    String scope() {
        return scope;
    }

    /** A call has waited so long for another one, whatever it got then. */
    void waited(long nanos) {
        waits.record(nanos);
    }

    /** A store in another process has answered. */
    void answered(StoreStep step, long nanos) {
        storeTime(step).record(nanos);
    }

    /** The store has not answered a claim. */
    void unanswered() {
        storeFailures.increment();
    }

    /** A duplicate was answered by what this process knows, without a command to the store. */
    void cacheHit() {
        cacheHits.increment();
    }

    /** Of a lease most was over before it was renewed. */
    void lateRenewal() {
        lateRenewals.increment();
    }

    TimeHistogram.Snapshot waits() {
        return waits.snapshot();
    }

    TimeHistogram.Snapshot storeTimes(StoreStep step) {
        return storeTime(step).snapshot();
    }

    long storeFailures() {
        return storeFailures.sum();
    }

    long cacheHits() {
        return cacheHits.sum();
    }

    long lateRenewals() {
        return lateRenewals.sum();
    }

    @SuppressWarnings("EnumOrdinal") // The array is made for the values as they are, and goes nowhere.
    private TimeHistogram storeTime(StoreStep step) {
        return storeTimes[step.ordinal()];
    }
}
