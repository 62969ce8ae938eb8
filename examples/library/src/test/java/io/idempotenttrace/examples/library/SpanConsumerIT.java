package io.idempotenttrace.examples.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.TestRedis;
import java.io.File;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The example as a program, with what the library needs on its class path and nothing else: neither picocli nor Jackson. */
class SpanConsumerIT {

    private static final String EMITTED = "emitted span-";
    /** Parts of the paths of what is needed: this example, modules of the project, and, for Redis, the client and what it runs on. */
    private static final List<String> IN_MEMORY = List.of(
            "/library/",
            "/core/",
            "/config/",
            "/annotations/",
            "idempotent-trace-core",
            "idempotent-trace-config",
            "idempotent-trace-annotations");

    private static final List<String> OF_REDIS =
            List.of("/lettuce-core", "/netty-", "/reactor-core", "/reactive-streams", "/caffeine", "/redis-authx-core");

    static Stream<Jdks.Jdk> jdks() {
        return Jdks.all().stream();
    }

    private static String classPath(List<String> needed) {
        String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("test-classes") && !entry.contains("testkit"))
                .filter(entry -> needed.stream().anyMatch(entry.replace(File.separatorChar, '/')::contains))
                .filter(entry -> !entry.contains("jackson") && !entry.contains("picocli"))
                .collect(Collectors.joining(File.pathSeparator));
        assertTrue(classPath.contains("library") && classPath.contains("config"), classPath);
        return classPath;
    }

    private static ForkedJvm.Builder example(Jdks.Jdk jdk, List<String> needed) {
        return ForkedJvm.on(jdk).shortLived().main(classPath(needed), SpanConsumer.class.getName());
    }

    private static void assertEachOnce(ForkedJvm.Result result, int emitted) {
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals(
                emitted,
                result.out().stream()
                        .filter(line -> line.startsWith(EMITTED))
                        .distinct()
                        .count(),
                result::toString);
        assertEquals("deliveries=9 emitted=" + emitted, result.lastOut(), result::toString);
        assertTrue(
                result.out().stream().anyMatch(line -> line.startsWith("refused CONFLICT for key 'span-1'")),
                result::toString);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void emitsEachSpanOnceInMemory(Jdks.Jdk jdk) {
        ForkedJvm.Result result = example(jdk, IN_MEMORY).run();
        assertEachOnce(result, 3);
        assertEquals(1, result.err().size(), result::toString);
        assertTrue(result.lastErr().startsWith("idempotent-trace: no Redis URL is known"), result::toString);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void emitsEachSpanOnceInAllProcessesOfOneRedis(Jdks.Jdk jdk) {
        List<String> needed =
                Stream.concat(IN_MEMORY.stream(), OF_REDIS.stream()).toList();
        ForkedJvm.Builder example = example(jdk, needed)
                .environment("REDIS_URL", TestRedis.shared().url())
                .environment("IDEMPOTENT_TRACE_COMMAND_TIMEOUT", "30s")
                .environment("IDEMPOTENT_TRACE_CONNECT_TIMEOUT", "30s")
                .environment("IDEMPOTENT_TRACE_TENANT", UUID.randomUUID().toString());
        assertEachOnce(example.run(), 3);
        assertEachOnce(example.run(), 0);
    }
}
