/** Records in Redis: one Lua script for each step. The only package that knows the Redis client. */
package io.idempotenttrace.core.store.redis;
