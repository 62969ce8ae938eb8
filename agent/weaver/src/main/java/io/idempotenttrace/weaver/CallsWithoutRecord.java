package io.idempotenttrace.weaver;

import io.idempotenttrace.core.guard.CallCounters;
import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.guard.Guard;
import io.idempotenttrace.core.guard.UnguardedReason;
import org.jspecify.annotations.Nullable;

/** Counts and tells of the calls of one method that get no record: they lack a key or a hash, or nobody sees their end. */
final class CallsWithoutRecord {

    private final Guard guard;
    private final CallCounters counters;
    private final @Nullable String scope;

    /** @param scope that their records would have; null for a key that is shared with every other writer */
    CallsWithoutRecord(Guard guard, CallCounters counters, @Nullable String scope) {
        this.guard = guard;
        this.counters = counters;
        this.scope = scope;
    }

    /** The body runs. */
    void countUnguarded(UnguardedReason reason) {
        counters.countUnguarded(reason);
        guard.tellWithoutRecord(counters, scope, Ending.UNGUARDED, reason);
    }

    /** The call is refused. */
    void countRefused() {
        counters.count(Ending.FAILED);
        guard.tellWithoutRecord(counters, scope, Ending.FAILED, /* reason= */ null);
    }
}
