package io.idempotenttrace.core.guard;

import io.idempotenttrace.OnConflict;
import io.idempotenttrace.OnDuplicate;
import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.core.store.RecordTimes;
import org.jspecify.annotations.Nullable;

/**
 * What one method's calls get, with nothing left at DEFAULT.
 *
 * @param throwOnMissingKey whether a call without key is refused; else it runs unguarded
 * @param asyncCompletion whether a call returns before the store has acknowledged its completion
 * @param maxHoldMillis how long a running call keeps its key; 0 for as long as it runs
 * @param counters of the method; null where its calls are counted with all others
 * @param mode of its scope; null where that of all counts
 */
public record CallPolicy(
        RecordTimes times,
        long inProgressWaitMillis,
        OnDuplicate onDuplicate,
        OnInProgress onInProgress,
        OnConflict onConflict,
        OnStoreFailure onStoreFailure,
        boolean throwOnMissingKey,
        boolean asyncCompletion,
        long maxHoldMillis,
        @Nullable CallCounters counters,
        @Nullable ScopeMode mode) {

    /** Of calls that are counted with all others. */
    public CallPolicy(
            RecordTimes times,
            long inProgressWaitMillis,
            OnDuplicate onDuplicate,
            OnInProgress onInProgress,
            OnConflict onConflict,
            OnStoreFailure onStoreFailure,
            boolean throwOnMissingKey,
            boolean asyncCompletion,
            long maxHoldMillis) {
        this(
                times,
                inProgressWaitMillis,
                onDuplicate,
                onInProgress,
                onConflict,
                onStoreFailure,
                throwOnMissingKey,
                asyncCompletion,
                maxHoldMillis,
                null,
                null);
    }

    /** The same for calls that these count. */
    public CallPolicy countedBy(CallCounters ofMethod) {
        return with(ofMethod, mode);
    }

    /** The same for calls whose mode that is. */
    public CallPolicy inMode(ScopeMode ofScope) {
        return with(counters, ofScope);
    }

    /** The same for a call that must not wait for the one that holds its key. */
    CallPolicy withoutWait() {
        return new CallPolicy(
                times,
                /* inProgressWaitMillis= */ 0,
                onDuplicate,
                onInProgress,
                onConflict,
                onStoreFailure,
                throwOnMissingKey,
                asyncCompletion,
                maxHoldMillis,
                counters,
                mode);
    }

    private CallPolicy with(@Nullable CallCounters ofMethod, @Nullable ScopeMode ofScope) {
        return new CallPolicy(
                times,
                inProgressWaitMillis,
                onDuplicate,
                onInProgress,
                onConflict,
                onStoreFailure,
                throwOnMissingKey,
                asyncCompletion,
                maxHoldMillis,
                ofMethod,
                ofScope);
    }
}
