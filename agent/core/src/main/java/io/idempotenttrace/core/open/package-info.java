/**
 * What a user of this library meets: {@link io.idempotenttrace.core.open.IdempotencyStores#open()} gives
 * {@link io.idempotenttrace.core.open.IdempotentCalls}, whose {@code check} gives a {@link io.idempotenttrace.core.open.CheckResponse};
 * {@link io.idempotenttrace.core.open.Payloads} writes and hashes canonical JSON.
 *
 * <pre>{@code
 * IdempotentCalls calls = IdempotencyStores.open();           // as REDIS_URL and the settings say; close it at the end
 *
 * void onMessage(Span span) {
 *     calls.run(span.id(), span, () -> emit(span));           // claims, runs, renews the lease, completes
 * }
 * }</pre>
 *
 * <p>Opens what the settings ask for, for the agent too.
 * The only package of this module that reads {@link io.idempotenttrace.config.Configuration}; the others are given values.
 */
@NullMarked
package io.idempotenttrace.core.open;

import org.jspecify.annotations.NullMarked;
