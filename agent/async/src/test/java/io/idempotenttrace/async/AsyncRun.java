package io.idempotenttrace.async;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import java.nio.file.Path;

/** Starts the applications with the packed agent. */
final class AsyncRun {

    private static final Path AGENT = Path.of(System.getProperty("agent.jar"));

    private AsyncRun() {}

    static ForkedJvm.Builder of(Jdks.Jdk jdk, String settings, Class<?> app, String... arguments) {
        return ForkedJvm.on(jdk)
                // The collector's threads would take the cores from those that are tested.
                .jvm("-XX:+UseSerialGC")
                .agent(AGENT, settings)
                .main(System.getProperty("application.classpath"), app.getName(), arguments);
    }
}
