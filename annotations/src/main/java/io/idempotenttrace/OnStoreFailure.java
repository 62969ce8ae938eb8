package io.idempotenttrace;

/** What a call gets that the store can't answer for: it is down, slow or refuses; or the arguments can't be hashed. */
public enum OnStoreFailure {

    /** As configured by {@code on-store-failure}; {@link #PROCEED} where nothing is. */
    DEFAULT,

    /**
     * The body runs unguarded, is counted and logged. Duplicates inside this process are still caught while the store is
     * away.
     */
    PROCEED,

    /** {@link IdempotencyStoreException}; the body does not run. */
    THROW
}
