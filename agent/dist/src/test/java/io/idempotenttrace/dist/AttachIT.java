package io.idempotenttrace.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.dist.app.RunningProgram;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MatrixTest;
import io.idempotenttrace.testkit.Pairs;
import io.idempotenttrace.testkit.TestRedis;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code java -jar idempotent-trace-agent.jar attach PID}, to a program whose annotated methods are loaded, compiled and running. */
@Tag("matrix")
class AttachIT {

    /** Since Java 21 the JVM prints a warning of its own when an agent is attached to it, but not with this flag. */
    private static final String ALLOWED = "-XX:+EnableDynamicAgentLoading";

    /** The JVM's as well, where it shares classes, for every agent that has classes for the boot loader. */
    private static final String SHARING =
            "warning: Sharing is only supported for boot loader classes because bootstrap classpath has";

    @TempDir
    private Path folder;

    static Stream<Jdks.Jdk> jdks() {
        return Jdks.all().stream();
    }

    /** The JDK of the command, and that of the program. */
    private static List<Arguments> everyTwoJdks() {
        return Pairs.all(Jdks.all(), Jdks.all());
    }

    private static List<String> stores() {
        return List.of("store=memory", TestRedis.shared().settings());
    }

    /** The JDKs of command and program, and the program's store. */
    static Stream<Arguments> someJdksAndStores() {
        return Pairs.crossSection(everyTwoJdks(), stores()).stream().map(AttachIT::flat);
    }

    static Stream<Arguments> otherJdksAndStores() {
        return Pairs.others(everyTwoJdks(), stores()).stream().map(AttachIT::flat);
    }

    private static Arguments flat(Arguments jdksAndStore) {
        Object[] jdks = ((Arguments) jdksAndStore.get()[0]).get();
        return Arguments.of(jdks[0], jdks[1], jdksAndStore.get()[1]);
    }

    /** With both compilers of the JVM: what they have compiled must be taken back. */
    private static ForkedJvm program(Jdks.Jdk jdk, String... flags) {
        return ForkedJvm.on(jdk)
                .main(AgentRun.classPath(), RunningProgram.class.getName())
                .jvm(flags)
                .start();
    }

    private static ForkedJvm.Result attach(Jdks.Jdk jdk, String... arguments) {
        return ForkedJvm.on(jdk)
                .shortLived()
                .jar(
                        AgentRun.AGENT,
                        Stream.concat(Stream.of("attach"), Stream.of(arguments)).toArray(String[]::new))
                .run();
    }

    @ParameterizedTest
    @MethodSource("someJdksAndStores")
    void aRunningProgramIsGuardedFromThenOn(Jdks.Jdk from, Jdks.Jdk to, String store) {
        // Compiled in the foreground: when it is ready, the loop and what it calls are.
        try (ForkedJvm program = program(to, ALLOWED, "-XX:-BackgroundCompilation")) {
            program.awaitOut("ready"::equals);
            String pid = Long.toString(program.pid());
            ForkedJvm.Result attached = attach(from, pid, store + ",tenant=attach-" + UUID.randomUUID());
            assertEquals(0, attached.exitCode(), attached::toString);
            assertEquals(
                    List.of("the agent runs in " + pid + " now; what it has to say is on that process' stderr"),
                    attached.out());
            assertEquals(List.of(), attached.err());

            ForkedJvm.Result result = program.await();
            assertEquals(0, result.exitCode(), result::toString);
            assertEquals(
                    List.of("ready", "bodies of another key: 1", "the call that ran returned", "counted by JMX: true"),
                    result.out(),
                    result::toString);
            assertTrue(
                    result.err()
                            .contains(
                                    "idempotent-trace: loaded before the agent: 1 annotated class; calls that begin from now on"
                                            + " are guarded"),
                    result::toString);
            assertTrue(
                    result.lastErr().contains(" new=2 ")
                            && result.lastErr().contains(" conflict=0 in-progress=0 failed=0 unguarded=0 "),
                    result::toString);
            assertTrue(AgentRun.foreign(result).stream().allMatch(line -> line.contains(SHARING)), result::toString);
        }
    }

    @MatrixTest
    @MethodSource("otherJdksAndStores")
    void aRunningProgramIsGuardedWithTheOtherStore(Jdks.Jdk from, Jdks.Jdk to, String store) {
        aRunningProgramIsGuardedFromThenOn(from, to, store);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aWrongSettingIsSaidOnBothSidesAndTheNextAttachSucceeds(Jdks.Jdk jdk) {
        try (ForkedJvm program = program(jdk, ALLOWED)) {
            program.awaitOut("ready"::equals);
            String pid = Long.toString(program.pid());
            // The program is running: it is not ended, whatever is asked for.
            ForkedJvm.Result wrong = attach(jdk, pid, "ttl=0s,on-config-error=exit");
            assertFailed(wrong, 1, "the agent does not run in " + pid + ": ");
            assertTrue(wrong.lastErr().contains("ttl"), wrong::toString);
            program.awaitErr(
                    line -> line.contains("ttl") && line.endsWith(". The application runs without the agent."));

            ForkedJvm.Result right = attach(jdk, pid, "store=memory");
            assertEquals(0, right.exitCode(), right::toString);
            assertEquals(0, program.await().exitCode());
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void anAgentThatIsThereAlreadyStays(Jdks.Jdk jdk) {
        try (ForkedJvm program = AgentRun.of(jdk, "store=memory,mode=observe", RunningProgram.class)
                .jvm(ALLOWED)
                .start()) {
            program.awaitOut("ready"::equals);
            String pid = Long.toString(program.pid());
            assertFailed(attach(jdk, pid, "store=memory"), 1, "the agent runs in " + pid + " already");
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void whatCantBeAttachedToIsNamedWithTheReason(Jdks.Jdk jdk) throws IOException {
        assertFailed(attach(jdk), 2, "wrong arguments; write attach PID [name=value,...]");
        assertFailed(attach(jdk, "worker"), 2, "wrong arguments; ");
        assertFailed(attach(jdk, "1", "store=memory", "mode=off"), 2, "wrong arguments; ");
        assertFailed(attach(jdk, "2147483646"), 1, "there is no process 2147483646");
        Process other = new ProcessBuilder("sleep", "300").start();
        try {
            ForkedJvm.Result refused = attach(jdk, Long.toString(other.pid()));
            assertFailed(refused, 1, "process " + other.pid() + " lets nothing attach: it is no JVM, or ");
            // The JDK's own text has the command line of the process.
            assertTrue(!refused.lastErr().contains("sleep"), refused::toString);
            assertTrue(other.isAlive(), "it was ended");
        } finally {
            other.destroy();
        }
        try (ForkedJvm program = program(jdk, "-XX:+DisableAttachMechanism")) {
            program.awaitOut("ready"::equals);
            assertFailed(
                    attach(jdk, Long.toString(program.pid())),
                    1,
                    "process " + program.pid() + " lets nothing attach: ");
        }
        try (ForkedJvm program = program(jdk, "-XX:-EnableDynamicAgentLoading")) {
            program.awaitOut("ready"::equals);
            assertFailed(attach(jdk, Long.toString(program.pid())), 1, "the JVM " + program.pid() + " did not load ");
        }
    }

    /** Only root can start a command as somebody else. */
    @ParameterizedTest
    @MethodSource("jdks")
    void anotherUsersProcessIsNamedWithTheReason(Jdks.Jdk jdk) throws Exception {
        Assumptions.assumeTrue(
                System.getProperty("user.name").equals("root") && Files.isExecutable(Path.of("/usr/bin/setpriv")));
        try (ForkedJvm program = program(jdk)) {
            program.awaitOut("ready"::equals);
            Path jar = Files.copy(
                    AgentRun.AGENT, Files.createTempFile("agent", ".jar"), StandardCopyOption.REPLACE_EXISTING);
            jar.toFile().setReadable(true, /* ownerOnly= */ false);
            Process command = new ProcessBuilder(
                            "/usr/bin/setpriv",
                            "--reuid=65534",
                            "--clear-groups",
                            jdk.java().toString(),
                            "-jar",
                            jar.toString(),
                            "attach",
                            Long.toString(program.pid()))
                    .redirectErrorStream(true)
                    .start();
            String said = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Files.delete(jar);
            assertEquals(1, command.waitFor(), said);
            assertTrue(
                    said.startsWith("idempotent-trace: process " + program.pid()
                            + " can't be reached (Operation not permitted); run this"
                            + " command as the user of that process"),
                    said);
            assertEquals(1, said.lines().count(), said);
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void anImageWithoutTheModuleSaysSo(Jdks.Jdk jdk) throws Exception {
        Path image = folder.resolve("image");
        Process link = new ProcessBuilder(
                        jdk.home().resolve("bin").resolve("jlink").toString(),
                        "-J-XX:TieredStopAtLevel=1",
                        "--add-modules",
                        "java.instrument,java.xml",
                        "--output",
                        image.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(link.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, link.waitFor(), said);
        assertFailed(
                attach(
                        new Jdks.Jdk(jdk.version(), image),
                        Long.toString(ProcessHandle.current().pid())),
                1,
                "this Java has no module jdk.attach; run the command with the java of a JDK");
    }

    @Test
    void theCommandExplainsItself() {
        ForkedJvm.Result help = attach(Jdks.newest(), "--help");
        assertEquals(0, help.exitCode(), help::toString);
        assertFalse(help.out().isEmpty());
        assertEquals(List.of(), help.err());
    }

    private static void assertFailed(ForkedJvm.Result result, int status, String beginning) {
        assertEquals(status, result.exitCode(), result::toString);
        assertEquals(1, result.err().size(), result::toString);
        assertTrue(result.lastErr().startsWith("idempotent-trace: " + beginning), result::toString);
        assertEquals(List.of(), result.out(), result::toString);
    }
}
