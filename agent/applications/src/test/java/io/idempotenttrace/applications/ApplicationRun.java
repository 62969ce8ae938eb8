package io.idempotenttrace.applications;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.TestRedis;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/** What the forked applications share: the packed agent, its argument, and what it may say. */
final class ApplicationRun {

    static final Path AGENT = Path.of(System.getProperty("agent.jar")).normalize();
    static final Path ANNOTATIONS = Path.of(System.getProperty("annotations.jar"));
    static final String MEMORY = "store=memory";

    private static final String AGENT_LINE = "idempotent-trace: ";

    private ApplicationRun() {}

    /** The agent's argument for the tests' Redis, with a tenant that nobody else has. */
    static String redis() {
        return TestRedis.shared().settings() + ",tenant=applications-" + UUID.randomUUID();
    }

    /**
     * The JVM ended well; stderr has the agent's first line, the given ones, and its exit line, and nothing besides: no warning
     * of the JVM, of the application or of its container.
     *
     * @param counts of the exit line, such as {@code new=1 duplicate=1 conflict=0 in-progress=0 failed=0 unguarded=0}
     */
    static void assertGuarded(ForkedJvm.Result result, String argument, String counts, String... between) {
        assertEquals(0, result.exitCode(), result::toString);
        List<String> expected = expected(argument, counts, between);
        assertEquals(expected, normalised(result.err()), result::toString);
    }

    /** The same, beside an agent that has lines of its own. */
    static void assertGuardedBesideOthers(ForkedJvm.Result result, String argument, String counts) {
        assertEquals(0, result.exitCode(), result::toString);
        List<String> ours = result.err().stream()
                .filter(line -> line.startsWith(AGENT_LINE))
                .collect(Collectors.toList());
        assertEquals(expected(argument, counts), normalised(ours), result::toString);
    }

    private static List<String> expected(String argument, String counts, String... between) {
        String store = argument.equals(MEMORY) ? "memory" : "redis";
        List<String> lines = new ArrayList<>();
        lines.add(AGENT_LINE + "version=X store=" + store + " mode=enforce");
        lines.addAll(List.of(between));
        lines.add(AGENT_LINE + counts + " store=" + store);
        return lines;
    }

    /** Without the version, and without what the tests' Redis deserves to be warned of, which comes when the connection is up. */
    private static List<String> normalised(List<String> lines) {
        return lines.stream()
                .filter(line -> !line.contains("keeps nothing on disk"))
                .map(line -> line.replaceFirst("version=\\S+", "version=X"))
                .collect(Collectors.toList());
    }
}
