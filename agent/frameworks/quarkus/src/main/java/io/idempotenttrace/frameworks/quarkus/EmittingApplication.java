package io.idempotenttrace.frameworks.quarkus;

import io.idempotenttrace.TraceConflictException;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import jakarta.inject.Inject;

/** Emits a span twice, and once with another payload. */
@QuarkusMain
public class EmittingApplication implements QuarkusApplication {

    @Inject
    Emitter emitter;

    @Override
    public int run(String... arguments) {
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
        return 0;
    }
}
