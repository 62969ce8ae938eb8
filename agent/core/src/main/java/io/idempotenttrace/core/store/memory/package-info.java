/**
 * The store whose records live in the memory of one process: the same verdicts as the scripts of {@code store.redis}, bounded and
 * expiring. Knows no Redis and no settings.
 */
@NullMarked
package io.idempotenttrace.core.store.memory;

import org.jspecify.annotations.NullMarked;
