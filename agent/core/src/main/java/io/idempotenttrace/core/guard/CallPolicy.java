package io.idempotenttrace.core.guard;

import io.idempotenttrace.OnConflict;
import io.idempotenttrace.OnDuplicate;
import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.core.store.RecordTimes;

/**
 * What one method's calls get, with nothing left at DEFAULT.
 *
 * @param throwOnMissingKey whether a call without key is refused; else it runs unguarded
 * @param asyncCompletion whether a call returns before the store has acknowledged its completion
 * @param maxHoldMillis how long a running call keeps its key; 0 for as long as it runs
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
        long maxHoldMillis) {}
