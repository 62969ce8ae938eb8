/**
 * What the people who operate a fleet ask of the records in Redis, and do to them: look at one, list and count them, let one go, erase them,
 * and examine the server. Reads without claims, so that to look changes nothing; what it changes, it notes in the audit log.
 *
 * <p>Knows {@code store}, {@code store.redis} and {@code redisclient}, and reads no settings: {@code open} makes an
 * {@link io.idempotenttrace.core.operate.OperatedStore} of them.
 */
@NullMarked
package io.idempotenttrace.core.operate;

import org.jspecify.annotations.NullMarked;
