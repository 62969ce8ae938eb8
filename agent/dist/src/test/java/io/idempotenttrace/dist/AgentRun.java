package io.idempotenttrace.dist;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Forks JVMs with the packed agent, and with a class path that holds nothing of it. */
public final class AgentRun {

    public static final Path AGENT = Path.of(System.getProperty("agent.jar"));
    static final Path ANNOTATIONS = Path.of(System.getProperty("annotations.jar"));
    private static final String APPS =
            Path.of("target", "test-classes").toAbsolutePath().toString();

    private AgentRun() {}

    /** The test's own classes and the annotations. */
    public static String classPath() {
        return APPS + File.pathSeparator + ANNOTATIONS;
    }

    /**
     * A JVM that ends soon.
     *
     * @param argument the agent's argument; null to run without it
     */
    static ForkedJvm.Builder of(Jdks.Jdk jdk, String argument, Class<?> app, String... more) {
        ForkedJvm.Builder builder = ForkedJvm.on(jdk).shortLived();
        if (argument != null) {
            builder.agent(AGENT, argument);
        }
        String extra = more.length == 0 ? "" : File.pathSeparator + String.join(File.pathSeparator, more);
        return builder.main(APPS + File.pathSeparator + ANNOTATIONS + extra, app.getName());
    }

    /** The lines of stderr that are not the agent's. */
    static List<String> foreign(ForkedJvm.Result result) {
        return result.err().stream()
                .filter(line -> !line.startsWith("idempotent-trace: "))
                .collect(Collectors.toList());
    }
}
