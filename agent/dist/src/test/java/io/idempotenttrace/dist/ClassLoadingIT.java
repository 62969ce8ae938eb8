package io.idempotenttrace.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.dist.app.LoadingStorm;
import io.idempotenttrace.dist.app.OneAtATime;
import io.idempotenttrace.dist.app.UnannotatedProgram;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MatrixTest;
import io.idempotenttrace.testkit.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Inside a class load an agent can deadlock or recurse: it does neither under many threads, and most classes cost no other one. */
class ClassLoadingIT {

    private static final int CLASSES = 450;
    private static final int ROUNDS = 2;
    /** How many JVMs the profile matrix starts: the engine starts once in each, amid the first round. */
    private static final int FORKS = 3;

    @TempDir
    private Path folder;

    static Stream<Jdks.Jdk> jdks() {
        return Jdks.all().stream();
    }

    @MatrixTest
    @MethodSource("jdks")
    void manyThreadsLoadClassesThatNeedEachOther(Jdks.Jdk jdk) throws IOException {
        compile(jdk);
        for (int fork = 1; fork <= FORKS; fork++) {
            long begun = System.nanoTime();
            ForkedJvm.Result result = ForkedJvm.on(jdk)
                    .agent(AgentRun.AGENT, "store=memory")
                    .main(
                            AgentRun.classPath(),
                            LoadingStorm.class.getName(),
                            folder.resolve("classes").toString(),
                            Integer.toString(CLASSES),
                            Integer.toString(ROUNDS))
                    .run();
            System.out.println(
                    jdk + ": " + result.lastOut() + " in " + (System.nanoTime() - begun) / 1_000_000 + " ms");
            assertEquals(0, result.exitCode(), result::toString);
            assertEquals("loaded " + 16 * CLASSES * ROUNDS + " failures 0", result.lastOut(), result::toString);
            // Each call of an annotated class, and one of its initialiser: one body for each class and round.
            int annotated = CLASSES / 3;
            assertTrue(
                    result.lastErr()
                            .contains(" new=" + annotated * ROUNDS * 2 + " duplicate=" + annotated * ROUNDS * 15
                                    + " conflict=0 in-progress=0 failed=0 unguarded=0 "),
                    result::toString);
            assertEquals(List.of(), AgentRun.foreign(result), result::toString);
        }
    }

    /** Each class extends one, implements another and initialises a third, all of lower numbers: a cycle would deadlock by itself. */
    private void compile(Jdks.Jdk jdk) throws IOException {
        StringBuilder source =
                new StringBuilder("package storm;\n\nimport io.idempotenttrace.*;\n\npublic class Storm {\n");
        for (int i = 0; i < CLASSES; i++) {
            boolean annotated = i % 3 == 0;
            source.append("    public static class C")
                    .append(i)
                    .append(i == 0 ? "" : " extends C" + (i - 1) / 2)
                    .append(" {\n")
                    .append("        public static final int NUMBER = ")
                    .append(i == 0 ? "Integer.parseInt(\"0\")" : "C" + (i - 1) * 2 / 3 + ".NUMBER * 0 + " + i)
                    .append(";\n");
            if (annotated) {
                source.append("        static { atStart(\"start\" + NUMBER + C")
                        .append(i)
                        .append(".class.hashCode()); }\n")
                        .append("        @IdempotentTrace(scope = \"start")
                        .append(i)
                        .append("\") private static void atStart(@IdempotencyKey String key) { }\n")
                        .append("        @IdempotentTrace(scope = \"call")
                        .append(i)
                        .append("\") ");
            }
            source.append("        public static int call(")
                    .append(annotated ? "@IdempotencyKey " : "")
                    .append("String key) { return NUMBER; }\n")
                    .append("    }\n");
        }
        source.append("}\n");
        Path file = Files.writeString(folder.resolve("Storm.java"), source);
        ForkedJvm.Result compiled = ForkedJvm.on(jdk)
                .shortLived()
                .jvm(
                        "-m",
                        "jdk.compiler/com.sun.tools.javac.Main",
                        "-d",
                        folder.resolve("classes").toString(),
                        "-cp",
                        AgentRun.classPath(),
                        file.toString())
                .run();
        assertEquals(0, compiled.exitCode(), compiled::toString);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aClassWithoutAnnotationMakesNoOtherClassLoad(Jdks.Jdk jdk) throws IOException {
        Set<String> more = loadedWithTheAgentAlone(jdk);
        // What the JVM's own threads load where two of them meet, on a busy machine, is not there each time.
        for (int again = 0; again < 4 && !more.isEmpty(); again++) {
            more.retainAll(loadedWithTheAgentAlone(jdk));
        }
        assertEquals(Set.of(), more, "loaded after the program began, with the agent alone");
    }

    private Set<String> loadedWithTheAgentAlone(Jdks.Jdk jdk) throws IOException {
        Set<String> without = new TreeSet<>(loaded(jdk, null));
        List<String> with = loaded(jdk, "store=memory");
        assertTrue(
                with.stream()
                        .noneMatch(name -> name.startsWith("io.idempotenttrace.weaver.")
                                || name.startsWith("io.idempotenttrace.core.")),
                with::toString);
        int main = with.indexOf(UnannotatedProgram.class.getName());
        // Up to its end: the agent's exit line comes behind it.
        Set<String> more =
                new TreeSet<>(with.subList(main, with.indexOf(UnannotatedProgram.class.getName() + "$Last")));
        assertTrue(more.size() > 100, more::toString);
        more.removeAll(without);
        // Where a table of the JVM grows, with some hundred classes more or less.
        more.remove("java.util.concurrent.ConcurrentHashMap$ForwardingNode");
        return more;
    }

    /** The engine starts while the first annotated class is loaded, and what it starts with asks the system loader for services. */
    @ParameterizedTest
    @MethodSource("jdks")
    void aSystemLoaderThatLoadsOneClassAtATimeKeepsNobodyWaiting(Jdks.Jdk jdk) {
        for (String store : List.of("store=memory", TestRedis.shared().settings())) {
            ForkedJvm.Result result = ForkedJvm.on(jdk)
                    .agent(AgentRun.AGENT, store)
                    .jvm("-Djava.system.class.loader=" + OneAtATime.Loader.class.getName())
                    .main(AgentRun.classPath(), OneAtATime.class.getName(), "on-" + jdk)
                    .run();
            assertEquals(0, result.exitCode(), result::toString);
            // The JVM says on stdout what it does not share with such a loader.
            assertEquals(
                    1,
                    result.out().stream()
                            .filter(line -> line.equals("emitted by one-at-a-time"))
                            .count(),
                    result::toString);
            assertTrue(
                    result.lastErr().contains(" new=1 duplicate=1 conflict=0 in-progress=0 failed=0 unguarded=0 "),
                    result::toString);
        }
    }

    /** The names of all classes that the JVM loads, in their order, but for hidden ones, whose names are made up in each run. */
    private List<String> loaded(Jdks.Jdk jdk, String argument) throws IOException {
        Path log = folder.resolve("loaded-" + argument + ".log");
        ForkedJvm.Result result = AgentRun.of(jdk, argument, UnannotatedProgram.class)
                .jvm("-Xlog:class+load:file=" + log + ":none")
                .run();
        assertEquals(0, result.exitCode(), result::toString);
        return Files.readAllLines(log).stream()
                .filter(line -> line.contains(" source: "))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .filter(name -> !name.contains("/0x") && !name.contains("$$Lambda") && !name.contains("$Proxy"))
                .collect(Collectors.toList());
    }
}
