package io.idempotenttrace.applications.devtools;

import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/** Emits, and stays until its classes change; its second generation emits the same and more, and ends. */
@Configuration
@EnableAutoConfiguration
public class RestartedApplication {

    /** In the JVM, since a restart begins with new classes. */
    private static final String GENERATION = "application.generation";

    public static void main(String[] arguments) {
        SpringApplication.run(RestartedApplication.class, arguments);
        int generation = Integer.getInteger(GENERATION, 0) + 1;
        System.setProperty(GENERATION, Integer.toString(generation));

        AtomicInteger bodies = new AtomicInteger();
        RestartedEmitter emitter = new RestartedEmitter(bodies);
        emitter.emit("of-both", "payload");
        emitter.emit("of-both", "payload");
        emitter.emit("of-generation-" + generation, "payload");
        emitter.emit("of-generation-" + generation, "payload");
        System.out.println("generation " + generation + " bodies " + bodies + " under "
                + RestartedEmitter.class.getClassLoader().getClass().getSimpleName() + ", "
                + emitter.conflict("of-both"));
        if (generation == 2) {
            System.exit(0);
        }
    }
}
