package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.TraceConflictException;
import javax.management.openmbean.CompositeData;

/** Calls of which one has each ending, and one that holds its key until the program is stopped. */
public final class FiguresProgram {

    private FiguresProgram() {}

    @IdempotentTrace(scope = "orders")
    private static void emit(@IdempotencyKey String key, String payload) {}

    @IdempotentTrace(scope = "orders")
    private static void hold(@IdempotencyKey String key) throws Exception {
        System.out.println("jmx: " + scopes());
        Thread.sleep(Long.MAX_VALUE);
    }

    private static String scopes() throws Exception {
        StringBuilder text = new StringBuilder();
        for (CompositeData scope : (CompositeData[]) AgentMBeanClient.get("Scopes")) {
            text.append(scope.get("scope")).append(" new=").append(scope.get("new"));
            text.append(" duplicate=").append(scope.get("duplicate"));
            text.append(" conflict=").append(scope.get("conflict"));
            text.append(" unguarded=").append(scope.get("unguarded"));
            text.append(" held=").append(scope.get("heldClaims"));
        }
        return text.toString();
    }

    public static void main(String[] arguments) throws Exception {
        emit("a", "payload");
        emit("b", "payload");
        emit("a", "payload");
        try {
            emit("a", "other");
        } catch (TraceConflictException expected) {
            emit("", "payload");
        }
        hold("c");
    }
}
