package io.idempotenttrace.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.dist.app.AskedProgram;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code explain}, {@code config} and {@code bundle} of the packed jar, for a process that runs and for classes that do not. */
@Tag("matrix")
class AskedIT {

    private static final String SETTINGS = "store=memory,warm-up=true,ttl=2h,hash-secret=planted-secret-of-some-length,"
            + "redis-url=redis://planted-user:planted-password@localhost:1/0";
    private static final String EMIT = AskedProgram.class.getName() + ".emit";

    @TempDir
    private Path folder;

    /** The JDK of the command, and that of the program: each in both parts, once. */
    static Stream<Arguments> jdks() {
        List<Jdks.Jdk> all = Jdks.all();
        return Stream.iterate(0, i -> i < all.size(), i -> i + 1)
                .map(i -> Arguments.of(all.get(i), all.get(all.size() - 1 - i)));
    }

    private ForkedJvm.Result command(Jdks.Jdk jdk, String... arguments) {
        return ForkedJvm.on(jdk)
                .shortLived()
                .folder(folder)
                .jar(AgentRun.AGENT, arguments)
                .run();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aRunningAgentTellsItsMethodsCountsSettingsAndNoSecret(Jdks.Jdk from, Jdks.Jdk to) throws IOException {
        try (ForkedJvm program = AgentRun.of(to, SETTINGS, AskedProgram.class).start()) {
            program.awaitOut("ready"::equals);
            String pid = Long.toString(program.pid());

            ForkedJvm.Result explained = command(from, "explain", "--json", pid);
            assertEquals(0, explained.exitCode(), explained::toString);
            assertEquals(List.of(), explained.err());
            assertEquals(2, explained.out().size(), explained::toString);
            String emit = explained.out().get(0);
            assertTrue(
                    emit.startsWith("{\"method\":\"" + EMIT + "\",\"scope\":\"" + EMIT
                            + "\",\"key\":\"key\",\"document\":{\"*\":\"String\"},\"problems\":[],\"guarded\":true,"),
                    emit);
            assertTrue(
                    emit.endsWith("\"counts\":{\"new\":1,\"duplicate\":1,\"conflict\":1,\"in-progress\":0,\"failed\":0,"
                            + "\"unguarded\":0}}"),
                    emit);
            assertTrue(
                    explained.out().get(1).contains("\"problems\":[{\"code\":\"unhashable-type\""),
                    explained::toString);
            ForkedJvm.Result strict = command(from, "explain", "--strict", pid);
            assertEquals(1, strict.exitCode());
            assertEquals(
                    "now: guarding (mode=enforce, store=memory)", strict.out().get(0), strict::toString);

            ForkedJvm.Result config = command(from, "config", "--json", pid);
            assertEquals(0, config.exitCode(), config::toString);
            assertTrue(
                    config.out().contains("{\"name\":\"ttl\",\"value\":\"2h\",\"source\":\"agent argument\"}"),
                    config::toString);
            assertTrue(
                    config.out()
                            .contains(
                                    "{\"name\":\"redis-url\",\"value\":\"redis://***@localhost:1/0\",\"source\":\"agent"
                                            + " argument\"}"),
                    config::toString);
            assertFalse(config.toString().contains("planted"), config::toString);

            Map<String, String> bundle = bundle(from, pid, "hidden.zip");
            assertEquals(
                    List.of(
                            "background.jsonl",
                            "config.jsonl",
                            "counts.json",
                            "methods.jsonl",
                            "store.json",
                            "threads.txt",
                            "verdicts.jsonl",
                            "versions.json"),
                    List.copyOf(bundle.keySet()));
            bundle.forEach((name, text) -> assertFalse(text.contains("planted"), name + ": " + text));
            assertTrue(
                    bundle.get("verdicts.jsonl").contains("\"verdict\":\"conflict\"")
                            && bundle.get("verdicts.jsonl").contains("\"key\":\"sha256:"),
                    bundle::toString);
            assertTrue(bundle.get("counts.json").contains("\"new\":1,\"duplicate\":1"), bundle::toString);
            assertTrue(bundle.get("methods.jsonl").contains("unhashable-type"), bundle::toString);
            assertTrue(bundle.get("versions.json").contains("\"java\":\"" + to.version() + '"'), bundle::toString);
            Map<String, String> shown = bundle(from, pid, "shown.zip", "--show-keys");
            assertTrue(shown.get("verdicts.jsonl").contains("\"key\":\"planted-key\""), shown::toString);
            assertFalse(shown.toString().contains("planted-payload"), shown::toString);

            ForkedJvm.Result again = command(from, "bundle", pid, "--out", "shown.zip");
            assertEquals(1, again.exitCode());
            assertTrue(again.lastErr().contains("'shown.zip' is there already"), again::toString);
            program.stop();
            // Nothing was printed there for being asked.
            assertEquals(List.of(), AgentRun.foreign(program.await()));
        }
    }

    private Map<String, String> bundle(Jdks.Jdk jdk, String pid, String file, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("bundle", pid, "--out", file));
        arguments.addAll(List.of(more));
        ForkedJvm.Result result = command(jdk, arguments.toArray(new String[0]));
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals(List.of(file), result.out());
        Map<String, String> entries = new TreeMap<>();
        try (InputStream in = Files.newInputStream(folder.resolve(file));
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return entries;
    }

    @Test
    void aProcessThatCantBeAskedIsNamedWithTheReason() throws IOException {
        Jdks.Jdk jdk = Jdks.newest();
        assertFailed(command(jdk, "explain", "2147483646"), "there is no process 2147483646");
        Process other = new ProcessBuilder("sleep", "300").start();
        try {
            assertFailed(
                    command(jdk, "config", Long.toString(other.pid())),
                    "process " + other.pid() + " lets nobody ask: it is no JVM, or ");
            assertTrue(other.isAlive(), "it was ended");
        } finally {
            other.destroy();
        }
        try (ForkedJvm program = ForkedJvm.on(jdk)
                .main(AgentRun.classPath(), AskedWithoutAgent.class.getName())
                .start()) {
            program.awaitOut("ready"::equals);
            assertFailed(
                    command(jdk, "bundle", Long.toString(program.pid())),
                    "process " + program.pid()
                            + " runs without the agent. Put it in: java -jar idempotent-trace-agent.jar" + " attach "
                            + program.pid());
        }
        try (ForkedJvm program =
                AgentRun.of(jdk, "mode=off", AskedWithoutAgent.class).start()) {
            program.awaitOut("ready"::equals);
            assertFailed(
                    command(jdk, "explain", Long.toString(program.pid())),
                    "the agent in process " + program.pid() + " can't be asked: it was started with mode=off");
        }
    }

    private static void assertFailed(ForkedJvm.Result result, String beginning) {
        assertEquals(1, result.exitCode(), result::toString);
        assertEquals(1, result.err().size(), result::toString);
        assertTrue(result.lastErr().startsWith("idempotent-trace: " + beginning), result::toString);
        assertEquals(List.of(), result.out(), result::toString);
    }

    /** A program that is not guarded. */
    public static final class AskedWithoutAgent {

        private AskedWithoutAgent() {}

        public static void main(String[] arguments) throws InterruptedException {
            System.out.println("ready");
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void classesThatDoNotRunAreExplainedByThePackedJar(Jdks.Jdk from, Jdks.Jdk ignored) {
        ForkedJvm.Result explained = command(from, "explain", AgentRun.classPath());
        assertEquals(0, explained.exitCode(), explained::toString);
        assertTrue(explained.out().contains(EMIT + "(String, Map)"), explained::toString);
        ForkedJvm.Result bare = command(from);
        assertEquals(0, bare.exitCode(), bare::toString);
        assertTrue(bare.out().get(0).endsWith(" runs a method's body once per idempotency key."), bare::toString);
    }
}
