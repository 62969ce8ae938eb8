package io.idempotenttrace.core.guard;

import io.idempotenttrace.OnConflict;
import io.idempotenttrace.OnDuplicate;
import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.OnStoreFailure;

/**
 * What one method's calls get, with nothing left at DEFAULT.
 *
 * @param throwOnMissingKey whether a call without key is refused; else it runs unguarded
 */
public record CallPolicy(long ttlMillis, long failedTtlMillis, long leaseMillis, long inProgressWaitMillis,
        OnDuplicate onDuplicate, OnInProgress onInProgress, OnConflict onConflict, OnStoreFailure onStoreFailure,
        boolean throwOnMissingKey) {
}
