package io.idempotenttrace.frameworks.micronaut;

import io.idempotenttrace.TraceConflictException;
import io.micronaut.context.ApplicationContext;

/** Emits a span twice, and once with another payload. */
public final class EmittingApplication {

    private EmittingApplication() {}

    public static void main(String[] arguments) {
        try (ApplicationContext context = ApplicationContext.run()) {
            Emitter emitter = context.getBean(Emitter.class);
            String first = emitter.emit("span", "payload");
            boolean same = first.equals(emitter.emit("span", "payload"));
            String other;
            try {
                other = emitter.emit("span", "other payload");
            } catch (TraceConflictException e) {
                other = "conflict";
            }
            System.out.println("bodies " + emitter.bodies() + ", the same " + same + ", " + other + ", intercepted "
                    + TimedInterceptor.CALLS);
        }
    }
}
