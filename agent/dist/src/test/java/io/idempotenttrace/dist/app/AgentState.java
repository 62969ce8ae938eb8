package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import javax.management.openmbean.CompositeData;

/** Prints what operators see of the agent before a guarded class is loaded, while it is called, and after the mode was switched. */
public final class AgentState {

    private AgentState() {}

    /** Apart, so that it is loaded later than the program. */
    private static final class Emitter {

        @IdempotentTrace
        static void emit(@IdempotencyKey String key) {
            System.out.println("body");
        }
    }

    public static void main(String[] arguments) throws Exception {
        print("before");
        for (int i = 0; i < Integer.parseInt(arguments.length == 0 ? "1" : arguments[0]); i++) {
            Emitter.emit("k" + i);
        }
        print("then");
        for (CompositeData part : (CompositeData[]) AgentMBeanClient.get("Background")) {
            System.out.println("part " + part.get("name") + " alive=" + part.get("alive") + " failures="
                    + part.get("failures") + " since=" + ((Long) part.get("lastRoundMillis") > 0) + " "
                    + part.get("lastFailure"));
        }
        AgentMBeanClient.setMode("observe");
        print("observing");
        AgentMBeanClient.setMode("off");
        print("off");
    }

    private static void print(String when) throws Exception {
        System.out.println(when + ": " + AgentMBeanClient.get("State"));
    }
}
