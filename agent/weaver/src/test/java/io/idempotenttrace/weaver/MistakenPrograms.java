package io.idempotenttrace.weaver;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.TraceId;
import io.idempotenttrace.Unhashed;

/** Methods whose annotations say what they can't mean. */
final class MistakenPrograms {

    private MistakenPrograms() {}

    @IdempotentTrace(ttl = "tomorrow")
    static void wrongTtl(@IdempotencyKey String key, @Unhashed Runnable body) {
        body.run();
    }

    @IdempotentTrace(lease = "1 day")
    static void wrongLease(@IdempotencyKey String key, @Unhashed Runnable body) {
        body.run();
    }

    @IdempotentTrace
    static void wrongKey(@IdempotencyKey("id") String key, @Unhashed Runnable body) {
        body.run();
    }

    @IdempotentTrace(exclude = "sentAt")
    static void wrongExclude(@IdempotencyKey String key, @Unhashed Runnable body) {
        body.run();
    }

    @IdempotentTrace
    @TraceId
    static int wrongTraceId(@IdempotencyKey String key, @Unhashed Runnable body) {
        body.run();
        return 1;
    }
}
