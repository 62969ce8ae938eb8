package io.idempotenttrace.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.idempotenttrace.dist.app.AgentState;
import io.idempotenttrace.dist.app.ClassPathProbe;
import io.idempotenttrace.dist.app.FewRights;
import io.idempotenttrace.dist.app.GuardedCalls;
import io.idempotenttrace.dist.app.GuardedPayload;
import io.idempotenttrace.dist.app.Unguardable;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MatrixTest;
import io.idempotenttrace.testkit.TestRedis;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the agent says when something is wrong, and that the application runs all the same. */
class StartupIT {

    @TempDir
    private Path folder;

    static Stream<Jdks.Jdk> jdks() {
        return Jdks.all().stream();
    }

    static Stream<Jdks.Jdk> newestJdk() {
        return Stream.of(Jdks.newest());
    }

    static Stream<Jdks.Jdk> olderJdks() {
        return Jdks.older().stream();
    }

    private static ForkedJvm.Result probe(String argument) {
        return AgentRun.of(Jdks.newest(), argument, ClassPathProbe.class).run();
    }

    private static long bodies(ForkedJvm.Result result) {
        return result.out().stream().filter("body"::equals).count();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis-ulr=redis://:hunter2@host",
                "mode=enforced",
                "ttl=0s",
                "redis-url=http://:hunter2@host",
                "store=redis",
                "nonsense"
            })
    void aWrongSettingIsOneLineAndTheApplicationRunsWithoutTheAgent(String argument) {
        ForkedJvm.Result result = probe(argument);
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals(2, bodies(result), result::toString);
        assertEquals(2, result.err().size(), result::toString);
        assertTrue(result.err().get(0).endsWith("The application runs without the agent."), result::toString);
        assertTrue(result.lastErr().contains(" unguarded=unknown store=none mode=off reason="), result::toString);
        assertFalse(result.toString().contains("hunter2"), result::toString);
    }

    @Test
    void theEnvironmentThatKubernetesFillsDoesNotSwitchTheAgentOff() {
        ForkedJvm.Result result = AgentRun.of(Jdks.newest(), "store=memory", ClassPathProbe.class)
                .environment("IDEMPOTENT_TRACE_REDIS_PORT", "tcp://10.0.0.1:6379")
                .environment("IDEMPOTENT_TRACE_REDIS_SERVICE_HOST", "10.0.0.1")
                .environment("IDEMPOTENT_TRACE_LEASE", "")
                .environment("IDEMPOTENT_TRACE_TTL", " 60s \n")
                .run();
        assertEquals(1, bodies(result), result::toString);
        assertEquals(3, result.err().size(), result::toString);
        assertTrue(
                result.err().get(1).contains("'IDEMPOTENT_TRACE_REDIS_PORT' (did you mean 'redis-url'?)"),
                result::toString);
        assertTrue(result.lastErr().contains("new=1 duplicate=1 "), result::toString);
    }

    @Test
    void aWrongSettingEndsTheJvmWhereThatIsAskedFor() {
        ForkedJvm.Result result = probe("ttl=0s,on-config-error=exit");
        assertEquals(1, result.exitCode(), result::toString);
        assertEquals(0, bodies(result), result::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis-password-file",
                "redis-ca-file",
                "redis-cert-file",
                "redis-key-file",
                "hash-secret-file",
                "result-key-file",
                "config-file"
            })
    void aFileThatASettingNamesEndsTheJvmTooBeforeTheApplicationBegins(String setting) {
        ForkedJvm.Result result = probe("on-config-error=exit," + setting + "=" + folder);
        assertEquals(1, result.exitCode(), result::toString);
        assertEquals(0, bodies(result), result::toString);
        assertTrue(
                result.err().get(0).contains("setting '" + setting + "': the file '" + folder + "' is a directory"),
                result::toString);
    }

    @Test
    void withoutThatTheFileIsTheReasonAtTheExit() {
        ForkedJvm.Result result = probe("hash-secret-file=/no/such/file");
        assertEquals(0, result.exitCode(), result::toString);
        assertTrue(
                result.err().stream()
                        .anyMatch(line ->
                                line.contains("setting 'hash-secret-file': the file '/no/such/file' is not there;")),
                result::toString);
        assertTrue(result.lastErr().contains("hash-secret-file"), result::toString);
    }

    // [P27, P28]
    @ParameterizedTest
    @MethodSource("newestJdk")
    void withAnUnreachableRedisBodiesRunUnguardedButForDuplicatesOfThisProcess(Jdks.Jdk jdk) {
        TestRedis gone = TestRedis.start();
        gone.kill();
        ForkedJvm.Result result = AgentRun.of(
                        jdk, "redis-url=redis://user:hunter2@127.0.0.1:" + gone.port(), ClassPathProbe.class)
                .run();
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals(1, bodies(result), result::toString);
        assertEquals(4, result.err().size(), result::toString);
        assertTrue(result.err().get(1).contains("127.0.0.1:" + gone.port() + " can't be reached"), result::toString);
        assertTrue(
                result.err()
                        .get(2)
                        .contains("completions: pending=1 lost=0 unacknowledged=0 refused=0; the store does not know"),
                result::toString);
        assertTrue(
                result.lastErr().endsWith(" duplicate=1 conflict=0 in-progress=0 failed=0 unguarded=1 store=redis"),
                result::toString);
        assertFalse(result.toString().contains("hunter2"), result::toString);
    }

    @MatrixTest
    @MethodSource("olderJdks")
    void withAnUnreachableRedisBodiesRunUnguardedButForDuplicatesOfThisProcessOnOlderJdks(Jdks.Jdk jdk) {
        withAnUnreachableRedisBodiesRunUnguardedButForDuplicatesOfThisProcess(jdk);
    }

    @Test
    @Tag("matrix")
    void aRedisThatWantsAnotherPasswordIsOneLineThatTellsWhereToGiveIt() {
        try (TestRedis redis = TestRedis.start("--requirepass", "s3cret")) {
            for (String url : List.of(redis.url(), "redis://:hunter2@127.0.0.1:" + redis.port())) {
                ForkedJvm.Result result = probe("command-timeout=30s,connect-timeout=30s,redis-url=" + url);
                assertEquals(1, bodies(result), result::toString);
                // The second but last tells of the completion, which that Redis did not take.
                assertEquals(4, result.err().size(), result::toString);
                assertTrue(result.err().get(1).contains("give user and password in redis-url"), result::toString);
                assertTrue(result.lastErr().contains("unguarded=1 "), result::toString);
                assertFalse(
                        result.toString().contains("hunter2")
                                || result.toString().contains("s3cret"),
                        result::toString);
            }
            ForkedJvm.Result right = probe(
                    "command-timeout=30s,connect-timeout=30s,redis-url=redis://:s3cret@127.0.0.1:" + redis.port());
            assertTrue(right.lastErr().contains("new=1 duplicate=1 "), right::toString);
            assertFalse(right.toString().contains("s3cret"), right::toString);
        }
    }

    // [P26]
    @Test
    void onStoreFailureThrowRefusesTheCallWithTheApplicationsOwnException() {
        TestRedis gone = TestRedis.start();
        gone.kill();
        ForkedJvm.Result result = probe("on-store-failure=throw,redis-url=redis://127.0.0.1:" + gone.port());
        assertEquals(1, result.exitCode(), result::toString);
        assertEquals(0, bodies(result), result::toString);
        assertTrue(
                result.err().stream()
                        .anyMatch(line -> line.contains("io.idempotenttrace.IdempotencyStoreException")
                                && line.contains("did not run")),
                result::toString);
    }

    @Test
    void withoutUrlOneLineSaysWhatMemoryDoesNotCover() {
        ForkedJvm.Result result = probe("");
        assertEquals(3, result.err().size(), result::toString);
        assertTrue(result.err().get(1).contains("records live in this process alone"), result::toString);
        assertEquals(
                "idempotent-trace: new=1 duplicate=1 conflict=0 in-progress=0 failed=0 unguarded=0 store=memory",
                result.lastErr());
    }

    @Test
    void everyMethodThatCantBeGuardedIsReportedByName() {
        ForkedJvm.Result result =
                AgentRun.of(Jdks.newest(), "store=memory", Unguardable.class).run();
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals(12, result.out().size(), result::toString);
        for (String method : List.of(
                "Base.withoutBody has no body",
                "later returns java.util.concurrent.Callable, whose code runs",
                "wrongTtl runs unguarded: its ttl 'tomorrow'",
                "wrongPointer runs unguarded: 'id' is no JSON Pointer",
                "wrongTraceId runs unguarded: it is annotated with @TraceId but returns int",
                "parameter 'in' can't be hashed at ''")) {
            assertEquals(
                    1,
                    result.err().stream().filter(line -> line.contains(method)).count(),
                    method + " in " + result);
        }
        assertTrue(result.lastErr().contains(" unguarded=10 "), result::toString);
    }

    /** [P26] That a method can't be guarded is no way around the policy. */
    @Test
    void whereThePolicyIsToRefuseNoMethodThatCantBeGuardedRuns() {
        ForkedJvm.Result result = AgentRun.of(
                        Jdks.newest(), "store=memory,on-store-failure=throw,on-unobservable=throw", Unguardable.class)
                .run();
        assertEquals(0, result.exitCode(), result::toString);
        List<String> bodies = result.out().stream()
                .filter(line -> line.startsWith("body "))
                .distinct()
                .toList();
        assertEquals(List.of("body withoutBody"), bodies, result::toString);
        assertTrue(result.lastErr().contains(" failed=10 unguarded=0 "), result::toString);
        assertTrue(
                result.err().stream()
                        .anyMatch(
                                line -> line.contains(
                                        "wrongTtl can't be guarded, and its calls are refused (on-store-failure=throw): its ttl 'tomorrow'")),
                result::toString);
    }

    @ParameterizedTest
    @MethodSource("newestJdk")
    void whatTheAgentReadsOfAPayloadIsNoCall(Jdks.Jdk jdk) {
        ForkedJvm.Result result =
                AgentRun.of(jdk, "store=memory", GuardedPayload.class).run();
        assertEquals(List.of("body", "true", "name"), result.out(), result::toString);
        assertEquals(
                "idempotent-trace: new=2 duplicate=1 conflict=0 in-progress=0 failed=0 unguarded=0 store=memory",
                result.lastErr(),
                result::toString);
    }

    @MatrixTest
    @MethodSource("olderJdks")
    void whatTheAgentReadsOfAPayloadIsNoCallOnOlderJdks(Jdks.Jdk jdk) {
        whatTheAgentReadsOfAPayloadIsNoCall(jdk);
    }

    @Test
    void observeRunsEveryBodyAndCountsWhatItWouldHaveDone() {
        ForkedJvm.Result result = probe("store=memory,mode=observe");
        assertEquals(2, bodies(result), result::toString);
        assertEquals(
                "idempotent-trace: new=1 duplicate=1 conflict=0 in-progress=0 failed=0 unguarded=0 store=memory",
                result.lastErr());
    }

    @ParameterizedTest
    @MethodSource("newestJdk")
    void operatorsSeeItsStateAndItsPartsThatWorkAside(Jdks.Jdk jdk) {
        ForkedJvm.Result result =
                AgentRun.of(jdk, "store=memory", AgentState.class).run();
        assertTrue(
                result.out()
                        .containsAll(List.of(
                                "before: starting",
                                "then: guarding",
                                "observing: unguarded: mode=observe, every body runs",
                                "off: off")),
                result::toString);
        assertTrue(
                result.out().stream()
                        .anyMatch(line ->
                                line.startsWith("part idempotent-trace-lease ") && line.contains(" failures=0 ")),
                result::toString);
        assertEquals(List.of(), AgentRun.foreign(result), result::toString);
    }

    @MatrixTest
    @MethodSource("olderJdks")
    void operatorsSeeItsStateAndItsPartsThatWorkAsideOnOlderJdks(Jdks.Jdk jdk) {
        operatorsSeeItsStateAndItsPartsThatWorkAside(jdk);
    }

    @Test
    void theStateTellsThatRedisIsAway() {
        TestRedis gone = TestRedis.start();
        gone.kill();
        ForkedJvm.Result result = ForkedJvm.on(Jdks.newest())
                .shortLived()
                .agent(AgentRun.AGENT, "redis-url=redis://user:hunter2@127.0.0.1:" + gone.port())
                .main(AgentRun.classPath(), AgentState.class.getName(), "5")
                .run();
        assertTrue(
                result.out().stream()
                        .anyMatch(line ->
                                line.startsWith("then: unguarded: ") && line.contains("127.0.0.1:" + gone.port())),
                result::toString);
        assertTrue(
                result.out().stream().anyMatch(line -> line.startsWith("part idempotent-trace-probe alive=true ")),
                result::toString);
        assertFalse(result.toString().contains("hunter2"), result::toString);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void theAgentGivenTwiceCountsOnce(Jdks.Jdk jdk) {
        ForkedJvm.Result result = AgentRun.of(jdk, "store=memory", ClassPathProbe.class)
                .agent(AgentRun.AGENT, "store=memory")
                .run();
        assertEquals(1, bodies(result), result::toString);
        assertTrue(
                result.err().contains("idempotent-trace: the agent was given twice; the first one counts"),
                result::toString);
        assertTrue(result.lastErr().contains("new=1 duplicate=1 "), result::toString);
    }

    @Test
    void aRenamedJarWorks() throws IOException {
        Path renamed = Files.copy(AgentRun.AGENT, folder.resolve("my agent+1.jar"));
        ForkedJvm.Result result = AgentRun.of(Jdks.newest(), null, ClassPathProbe.class)
                .agent(renamed, "store=memory")
                .run();
        assertEquals(1, bodies(result), result::toString);
    }

    /** Its classes must not get on the boot path together with those of the application. */
    @ParameterizedTest
    @MethodSource("newestJdk")
    void aJarThatTheAgentWasCopiedIntoIsRefusedWithOneLine(Jdks.Jdk jdk) throws IOException {
        Path uber = folder.resolve("uber.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, ClassPathProbe.class.getName());
        manifest.getMainAttributes().putValue("Premain-Class", "io.idempotenttrace.agent.IdempotentTraceAgent");
        manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
        try (JarFile agent = new JarFile(AgentRun.AGENT.toFile());
                JarOutputStream out = new JarOutputStream(Files.newOutputStream(uber), manifest)) {
            for (JarEntry entry : Collections.list(agent.entries())) {
                if (!entry.isDirectory() && !entry.getName().startsWith("META-INF/")) {
                    out.putNextEntry(new JarEntry(entry.getName()));
                    agent.getInputStream(entry).transferTo(out);
                }
            }
            String probe = ClassPathProbe.class.getName().replace('.', '/') + ".class";
            out.putNextEntry(new JarEntry(probe));
            Files.copy(Path.of("target", "test-classes").resolve(probe), out);
        }
        ForkedJvm.Result result = ForkedJvm.on(jdk)
                .shortLived()
                .agent(uber, "store=memory")
                .jar(uber)
                .run();
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals(2, bodies(result), result::toString);
        assertEquals(2, result.err().size(), result::toString);
        assertTrue(
                result.lastErr().contains(" mode=off reason=java.lang.IllegalStateException: " + uber),
                result::toString);
        assertTrue(
                result.err()
                        .get(0)
                        .contains(uber + " is not the agent's own jar, its classes were copied into it; use"
                                + " idempotent-trace-agent.jar as it is"),
                result::toString);
        // Beside the agent's own jar the copy does no harm.
        ForkedJvm.Result beside = ForkedJvm.on(jdk)
                .shortLived()
                .agent(AgentRun.AGENT, "store=memory")
                .jar(uber)
                .run();
        assertEquals(1, bodies(beside), beside::toString);
    }

    @MatrixTest
    @MethodSource("olderJdks")
    void aJarThatTheAgentWasCopiedIntoIsRefusedWithOneLineOnOlderJdks(Jdks.Jdk jdk) throws IOException {
        aJarThatTheAgentWasCopiedIntoIsRefusedWithOneLine(jdk);
    }

    @Test
    void theAnnotationsNeedNotBeThereAtRunTime() {
        // The application's own classes alone; none of them catches our exceptions.
        ForkedJvm.Result result = ForkedJvm.on(Jdks.newest())
                .shortLived()
                .agent(AgentRun.AGENT, "store=memory")
                .main(Path.of("target", "test-classes").toAbsolutePath().toString(), ClassPathProbe.class.getName())
                .run();
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals(1, bodies(result), result::toString);
    }

    @Test
    void theJdksOwnToolsAreLeftAlone() {
        Jdks.Jdk jdk = Jdks.newest();
        ForkedJvm.Result result = ForkedJvm.on(jdk)
                .shortLived()
                .agent(AgentRun.AGENT, "store=memory")
                .main("." + File.pathSeparator, "none")
                .start()
                .await();
        assertTrue(
                result.err().stream().anyMatch(line -> line.startsWith("idempotent-trace: version=")),
                result::toString);
        ForkedJvm.Result tool = ForkedJvm.on(jdk)
                .shortLived()
                .agent(AgentRun.AGENT, "store=memory")
                .jvm("-m", "jdk.compiler/com.sun.tools.javac.Main", "-version")
                .run();
        assertEquals(List.of(), tool.err(), tool::toString);
    }

    /** The rights of the application's code are few there; the agent's own are those of the JVM. */
    @ParameterizedTest
    @CsvSource({"idempotent-trace-agent.jar,memory", "agent-1.jar,redis"})
    void aSecurityManagerLetsTheAgentDoItsWork(String name, String store) throws IOException {
        Jdks.Jdk jdk = Jdks.all().get(0);
        assumeTrue(jdk.version() < 24, "no JDK below 24 is on this machine; later ones have no security manager");
        Path jar = Files.copy(AgentRun.AGENT, folder.resolve(name));
        String argument = store.equals("memory")
                ? "store=memory"
                : TestRedis.shared().settings() + ",tenant=" + UUID.randomUUID();
        ForkedJvm.Result result = AgentRun.of(jdk, null, FewRights.class)
                .agent(jar, argument)
                .jvm("-Djava.security.manager")
                .run();
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals(List.of("bodies 4", "curious body"), result.out(), result::toString);
        assertTrue(
                result.lastErr()
                        .startsWith(
                                "idempotent-trace: new=4 duplicate=4 conflict=0 in-progress=0 failed=0 unguarded=1 "),
                result::toString);
    }

    /** The JVM's own code opens such a jar; Java code has no name for it. */
    @ParameterizedTest
    @MethodSource("jdks")
    void aPathOutsideOfTheLocalesCharsetIsFound(Jdks.Jdk jdk) throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "only Linux has other names for open files");
        Path program = Files.createDirectories(folder.resolve("bin")).resolve("java");
        // By a shell, since this JVM may lack the letters as well.
        Files.writeString(
                program,
                "#!/bin/sh\nmkdir -p '" + folder + "/größe дом'\ncp '" + AgentRun.AGENT + "' '" + folder
                        + "/größe дом/idempotent-trace-agent.jar'\nexec '" + jdk.java() + "' '-javaagent:" + folder
                        + "/größe дом/idempotent-trace-agent.jar=store=memory' \"$@\"\n");
        assertTrue(program.toFile().setExecutable(true));
        ForkedJvm.Result result = AgentRun.of(new Jdks.Jdk(jdk.version(), folder), null, ClassPathProbe.class)
                .environment("LC_ALL", "C")
                .run();
        assertEquals(1, bodies(result), result::toString);
        assertTrue(result.lastErr().contains("new=1 duplicate=1 "), result::toString);
    }

    @Test
    void anEngineThatCantStartIsToldAtTheExit() {
        // An image without java.xml, which Jackson needs.
        ForkedJvm.Result result = AgentRun.of(Jdks.newest(), "store=memory", ClassPathProbe.class)
                .jvm("--limit-modules", "java.base,java.instrument")
                .run();
        assertEquals(2, bodies(result), result::toString);
        assertTrue(
                result.lastErr()
                        .contains(" failed=0 unguarded=2 store=memory mode=off reason=the engine could not start ("),
                result::toString);
        assertTrue(result.lastErr().contains("--add-modules java.xml"), result::toString);
    }

    @ParameterizedTest
    @MethodSource("newestJdk")
    void wovenCodePassesTheVerifier(Jdks.Jdk jdk) {
        ForkedJvm.Result result = AgentRun.of(jdk, "store=memory", GuardedCalls.class)
                .jvm(
                        "-XX:+UnlockDiagnosticVMOptions",
                        "-XX:+BytecodeVerificationLocal",
                        "-XX:+BytecodeVerificationRemote")
                .run();
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals(List.of(), AgentRun.foreign(result), result::toString);
    }

    @MatrixTest
    @MethodSource("olderJdks")
    void wovenCodePassesTheVerifierOnOlderJdks(Jdks.Jdk jdk) {
        wovenCodePassesTheVerifier(jdk);
    }
}
