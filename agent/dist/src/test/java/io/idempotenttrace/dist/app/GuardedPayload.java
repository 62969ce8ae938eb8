package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;

/** A payload that is itself guarded: what the agent reads of it, to hash it and to store it, is no call. */
public final class GuardedPayload {

    private static int reads;

    @IdempotentTrace(scope = "getter", onDuplicate = io.idempotenttrace.OnDuplicate.THROW)
    public String getName() {
        reads++;
        return "name";
    }

    /** Hashes the payload, which has this very method. */
    @IdempotentTrace(scope = "check")
    public static boolean check(GuardedPayload payload) {
        return true;
    }

    public boolean isChecked() {
        return check(this);
    }

    @IdempotentTrace(scope = "emit")
    private static GuardedPayload emit(@IdempotencyKey String key, GuardedPayload payload) {
        System.out.println("body");
        return payload;
    }

    public static void main(String[] arguments) {
        emit("k", new GuardedPayload());
        emit("k", new GuardedPayload());
        System.out.println(reads > 1);
        System.out.println(new GuardedPayload().getName());
    }
}
