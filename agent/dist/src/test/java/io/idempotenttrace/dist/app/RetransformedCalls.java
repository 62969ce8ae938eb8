package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;

/** Calls a guarded method while {@link OtherAgent} retransforms its class again and again. */
public final class RetransformedCalls {

    private static final int ROUNDS = 20;

    private RetransformedCalls() {}

    public static void main(String[] arguments) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            emit("before-" + round);
            OtherAgent.retransform(RetransformedCalls.class);
            emit("before-" + round);
            emit("after-" + round);
            emit("after-" + round);
        }
        emitInside("inside");
        emitInside("inside");
    }

    @IdempotentTrace
    private static void emit(@IdempotencyKey String key) {
        System.out.println("body");
    }

    /** Its own class changes under a body that runs. */
    @IdempotentTrace
    private static void emitInside(@IdempotencyKey String key) throws Exception {
        OtherAgent.retransform(RetransformedCalls.class);
        System.out.println("body");
    }
}
