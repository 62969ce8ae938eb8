package io.idempotenttrace.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.dist.app.ClassPathProbe;
import io.idempotenttrace.dist.app.GuardedCalls;
import io.idempotenttrace.dist.app.OtherAgent;
import io.idempotenttrace.dist.app.RetransformedCalls;
import io.idempotenttrace.dist.app.Unlinkable;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Classes that another agent loaded before ours, and classes that it retransforms later. */
class LoadedClassesIT {

    @TempDir
    private Path folder;

    static Stream<Jdks.Jdk> jdks() {
        return Jdks.all().stream();
    }

    static Stream<Arguments> everyJdkAndOrder() {
        return jdks().flatMap(jdk -> Stream.of(Arguments.of(jdk, "ours first"), Arguments.of(jdk, "ours last")));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void classesThatAnotherAgentLoadedEarlierAreGuarded(Jdks.Jdk jdk) throws IOException {
        String loaded = ClassPathProbe.class.getName() + ':' + GuardedCalls.class.getName();
        ForkedJvm.Result result = ForkedJvm.on(jdk)
                .shortLived()
                .agent(AgentJar.of(OtherAgent.class, folder), loaded)
                .agent(AgentRun.AGENT, "store=memory")
                .main(AgentRun.classPath(), ClassPathProbe.class.getName())
                .run();
        assertEquals(1, bodies(result), result::toString);
        assertEquals(
                "idempotent-trace: loaded before the agent: 2 annotated classes; calls that begin from now on are guarded",
                result.err().get(1),
                result::toString);
        assertTrue(result.lastErr().contains(" new=1 duplicate=1 "), result::toString);
        assertEquals(List.of(), AgentRun.foreign(result), result::toString);
    }

    /** Nothing to do, nothing to say: the engine starts with the first annotated class, as ever. */
    @ParameterizedTest
    @MethodSource("jdks")
    void whereNothingWasLoadedNothingIsSaid(Jdks.Jdk jdk) {
        ForkedJvm.Result result =
                AgentRun.of(jdk, "store=memory", ClassPathProbe.class).run();
        assertEquals(2, result.err().size(), result::toString);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void oneThatTheJvmRefusesIsNamedAndDoesNotStopTheOthers(Jdks.Jdk jdk) throws IOException {
        Path broken = folder.resolve("broken");
        String classFile = Unlinkable.class.getName().replace('.', '/') + ".class";
        Files.createDirectories(broken.resolve(classFile).getParent());
        Files.copy(Path.of("target", "test-classes").resolve(classFile), broken.resolve(classFile));
        Path probe = Path.of("target", "test-classes").toAbsolutePath();
        String probeFile = ClassPathProbe.class.getName().replace('.', '/') + ".class";
        Files.copy(probe.resolve(probeFile), broken.resolve(probeFile));

        String loaded = Unlinkable.class.getName() + ':' + ClassPathProbe.class.getName();
        ForkedJvm.Result result = ForkedJvm.on(jdk)
                .shortLived()
                .agent(AgentJar.of(OtherAgent.class, folder), loaded)
                .agent(AgentRun.AGENT, "store=memory")
                .main(broken + File.pathSeparator + AgentRun.ANNOTATIONS, ClassPathProbe.class.getName())
                .run();
        assertEquals(1, bodies(result), result::toString);
        List<String> said = new ArrayList<>(result.err().subList(1, result.err().size() - 1));
        // A newer JVM refuses it before the agent sees that it is annotated; it can't run either way.
        said.removeIf(line -> line.startsWith("idempotent-trace: " + Unlinkable.class.getName()
                        + " was loaded before the agent and could not be woven (")
                && line.endsWith("; its annotated methods run unguarded until the JVM is started with -javaagent"));
        assertEquals(
                List.of(
                        "idempotent-trace: loaded before the agent: 1 annotated class; calls that begin from now on are guarded"),
                said,
                result::toString);
    }

    /** The JVM gives all transformers the class as it was compiled, so the guard is written once. */
    @ParameterizedTest
    @MethodSource("everyJdkAndOrder")
    void aClassThatAnotherAgentRetransformsIsWovenOnce(Jdks.Jdk jdk, String order) throws IOException {
        Path other = AgentJar.of(OtherAgent.class, folder);
        ForkedJvm.Builder jvm = ForkedJvm.on(jdk).shortLived();
        if (order.equals("ours first")) {
            jvm.agent(AgentRun.AGENT, "store=memory").agent(other, "");
        } else {
            jvm.agent(other, "").agent(AgentRun.AGENT, "store=memory");
        }
        ForkedJvm.Result result = jvm.main(AgentRun.classPath(), RetransformedCalls.class.getName())
                .run();
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals(41, bodies(result), result::toString);
        assertEquals(
                "idempotent-trace: new=41 duplicate=41 conflict=0 in-progress=0 failed=0 unguarded=0 store=memory",
                result.lastErr());
        assertEquals(2, result.err().size(), result::toString);
    }

    private static long bodies(ForkedJvm.Result result) {
        return result.out().stream().filter("body"::equals).count();
    }
}
