/**
 * The store of records in Redis: one Lua script for each step, the calls of these scripts, the memory of completed records, and the
 * messages that wake waiting calls. It reaches Redis through package {@code redisclient} alone and knows no type of the client behind it.
 */
@NullMarked
package io.idempotenttrace.core.store.redis;

import org.jspecify.annotations.NullMarked;
