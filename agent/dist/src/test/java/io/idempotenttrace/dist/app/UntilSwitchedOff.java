package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;

/** Runs until an operator switches the agent off. */
public final class UntilSwitchedOff {

    private UntilSwitchedOff() {}

    public static void main(String[] arguments) throws Exception {
        emit("k");
        System.out.println("ready " + AgentMBeanClient.get("Mode"));
        while (!AgentMBeanClient.get("Mode").equals("off")) {
            Thread.sleep(10);
        }
    }

    @IdempotentTrace
    private static void emit(@IdempotencyKey String key) {
        System.out.println("body");
    }
}
