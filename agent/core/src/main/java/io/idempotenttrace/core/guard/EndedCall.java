package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.guard.CallCounters.Ending;
import org.jspecify.annotations.Nullable;

/**
 * What became of one call.
 *
 * @param method null where a program has made the call by itself
 * @param scope of its record; null where the key is shared
 * @param tenant null for a call without record, which had no key or no hash, or whose end nobody sees
 * @param key null as the tenant is
 * @param reason why the body ran unguarded; null where it did not
 * @param traceId of the record that answered, or of the call itself where its body ran; empty where there is none
 * @param waitedMillis how long it waited for another call with its key
 * @param storeNanos how long a store in another process took to answer its claim; 0 where it was not asked
 * @param attempt how often the record was claimed, this call included; 0 where that is not known
 */
public record EndedCall(
        @Nullable String method,
        @Nullable String scope,
        @Nullable String tenant,
        @Nullable String key,
        Ending ending,
        @Nullable UnguardedReason reason,
        String traceId,
        long waitedMillis,
        long storeNanos,
        long attempt) {}
