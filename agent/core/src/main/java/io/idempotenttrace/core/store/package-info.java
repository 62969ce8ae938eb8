/**
 * The contract of a store: the records of idempotent calls, and the atomic steps on one: claim, complete, fail, renew, delete, look.
 * Knows neither of its implementations, which know it: {@code store.memory} and {@code store.redis}.
 */
@NullMarked
package io.idempotenttrace.core.store;

import org.jspecify.annotations.NullMarked;
