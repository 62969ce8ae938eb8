package io.idempotenttrace.core.store;

/**
 * How long what a call claims is kept; one object for all calls of a policy.
 *
 * @param ttlMillis how long the record lives; at least 1,000, kept in whole seconds
 * @param failedTtlMillis how long a failed record lives; at least 1,000, kept in whole seconds
 * @param leaseMillis how long the claim is held without a renewal; above 0
 */
public record RecordTimes(long ttlMillis, long failedTtlMillis, long leaseMillis) {
}
