package io.idempotenttrace.applications.modules;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.TraceConflictException;
import java.util.concurrent.atomic.AtomicInteger;

/** Emits a span twice, and once with another payload. */
public final class ModuleMain {

    private static final AtomicInteger BODIES = new AtomicInteger();

    private ModuleMain() {}

    public static void main(String[] arguments) {
        emit("span", "payload");
        emit("span", "payload");
        System.out.println("bodies " + BODIES + ", " + conflict() + ", loader "
                + ModuleMain.class.getClassLoader().getClass().getSimpleName());
    }

    private static String conflict() {
        try {
            emit("span", "other payload");
            return "no conflict";
        } catch (TraceConflictException e) {
            return "conflict";
        }
    }

    @IdempotentTrace
    private static void emit(@IdempotencyKey String id, String payload) {
        BODIES.incrementAndGet();
    }
}
