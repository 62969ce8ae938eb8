package io.idempotenttrace.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.config.Configuration;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An engine that can't start: what is printed then, once, and at the exit. */
class StartTest {

    @TempDir
    private Path folder;

    private final PrintStream before = System.err;
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void listen() {
        System.setErr(new PrintStream(err, true));
    }

    @AfterEach
    void restore() {
        System.setErr(before);
    }

    private static EngineHost host(File jar) {
        return new EngineHost(() -> jar, Map.of(), "enforce");
    }

    private String exitLine(EngineHost host) {
        err.reset();
        new ExitLine(host, "memory", null).run();
        return err.toString().trim();
    }

    @Test
    void withoutAnAnnotatedClassTheExitLineCountsNothing() {
        assertEquals(
                "idempotent-trace: new=0 duplicate=0 conflict=0 in-progress=0 failed=0 unguarded=0 store=memory",
                exitLine(host(folder.resolve("none.jar").toFile())));
    }

    @Test
    void anAgentThatCouldNotStartSaysWhyAtTheExit() {
        new ExitLine("unknown setting 'stroe'").run();
        assertEquals(
                "idempotent-trace: new=0 duplicate=0 conflict=0 in-progress=0 failed=0 unguarded=unknown store=none mode=off"
                        + " reason=unknown setting 'stroe'",
                err.toString().trim());
    }

    @Test
    void aJarThatIsGoneIsTheReason() {
        EngineHost host = host(folder.resolve("none.jar").toFile());
        assertNull(host.engine());
        assertTrue(
                host.failure().startsWith("the engine could not start (")
                        && host.failure().contains("none.jar"),
                host::failure);
        assertEquals(
                "idempotent-trace: " + host.failure()
                        + "; until it can, calls of annotated methods are refused (on-store-failure=throw), or their bodies run"
                        + " unguarded (proceed)",
                err.toString().trim());
        assertTrue(
                exitLine(host).endsWith("unguarded=0 store=memory mode=off reason=" + host.failure()), err::toString);
    }

    @Test
    void aFailedStartIsTriedAgainAndItsReasonSaidOnce() {
        int[] tries = new int[1];
        EngineHost host = new EngineHost(
                () -> {
                    tries[0]++;
                    throw new IOException("not readable");
                },
                Map.of(),
                "enforce");
        assertNull(host.engine());
        assertNull(host.engine());
        assertEquals(2, tries[0]);
        assertEquals(1, err.toString().lines().count(), err::toString);
    }

    @Test
    void aJarThatHoldsNoEngineIsTheReason() throws IOException {
        File jar = folder.resolve("application.jar").toFile();
        try (OutputStream file = Files.newOutputStream(jar.toPath());
                JarOutputStream entries = new JarOutputStream(file)) {
            entries.putNextEntry(new ZipEntry("some.txt"));
        }
        EngineHost host = host(jar);
        assertNull(host.engine());
        assertTrue(
                host.failure().contains("is not the agent's own jar (its classes were copied into it?)"),
                host::failure);
    }

    @Test
    void aModeThatIsNoneIsRefusedAndAKnownOneKept() {
        EngineHost host = host(folder.resolve("none.jar").toFile());
        assertEquals(
                "mode 'on' is none of enforce, observe, off, default",
                assertThrows(IllegalArgumentException.class, () -> host.setMode(null, "on", "me"))
                        .getMessage());
        assertEquals("enforce", host.mode());
        host.setMode(null, "observe", "me");
        assertEquals("observe", host.mode());
    }

    @Test
    void countsAreZeroBeforeTheEngineHasStarted() {
        AgentControl control =
                new AgentControl(host(folder.resolve("none.jar").toFile()), Configuration.defaults(), "1");
        assertEquals(0, control.getNew());
        assertEquals(0, control.getUnguarded());
        assertEquals("memory", control.getStore());
        assertEquals(0, control.getBackground().length);
    }

    @Test
    void theStateTellsWhyNothingIsGuarded() {
        EngineHost host = host(folder.resolve("none.jar").toFile());
        AgentControl control = new AgentControl(host, Configuration.defaults(), "1");
        assertEquals("starting", control.getState());
        host.engine();
        assertTrue(control.getState().startsWith("unguarded: the engine could not start ("), control::getState);
        host.setMode(null, "off", "me");
        assertEquals("off", control.getState());
    }
}
