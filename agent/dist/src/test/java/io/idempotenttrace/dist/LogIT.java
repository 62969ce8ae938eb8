package io.idempotenttrace.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.dist.app.AskedOnce;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.slf4j.impl.SimpleLogger;

/** Where the agent's lines go, and how they are written. */
class LogIT {

    private static final Class<?> APP = AskedOnce.class;

    @TempDir
    private Path folder;

    private static ForkedJvm.Result run(String settings) {
        return AgentRun.of(Jdks.newest(), "store=memory," + settings, APP).run();
    }

    @Test
    void linesGoToAFileAsJsonWithWhatBecameOfEachCall() throws IOException {
        Path file = folder.resolve("agent.log");
        Files.writeString(file, "before\n");
        ForkedJvm.Result result = run("log=" + file + ",log-format=json,log-level=debug");
        assertEquals(List.of(), result.err(), result::toString);
        List<String> lines = Files.readAllLines(file);
        assertEquals("before", lines.get(0), "it is appended to");
        for (String line : lines.subList(1, lines.size())) {
            assertTrue(
                    line.matches(
                            "\\{\"time\":\"[0-9T:.-]+Z\",\"level\":\"(debug|info|warn)\",\"logger\":\"idempotent-trace\","
                                    + "\"process\":\\d+,\"message\":\".*\"}"),
                    line);
        }
        String all = String.join("\n", lines);
        String call = APP.getName() + ".emit(String, String): key 'k' of tenant 'default' in scope '" + APP.getName()
                + ".emit': ";
        for (String what : List.of(
                call + "new, claimed in memory; its body runs",
                call + "its body ended; counted as new",
                call + "duplicate, its record is completed; its body does not run",
                call + "conflict, its record has another payload")) {
            assertTrue(
                    lines.stream().anyMatch(line -> line.contains("\"level\":\"debug\"") && line.contains(what)),
                    what + " in " + all);
        }
        assertTrue(lines.get(lines.size() - 1).contains("new=1 duplicate=1 conflict=1 "), all);
    }

    @Test
    void whatWentWellIsLeftOutOnDemand() {
        ForkedJvm.Result result = run("log-level=warn");
        assertEquals(List.of(), result.err(), result::toString);
    }

    @Test
    void aFileThatCantBeOpenedIsSaidOnStderr() {
        ForkedJvm.Result result = run("log=" + folder.resolve("none").resolve("agent.log"));
        assertTrue(
                result.err().get(0).startsWith("idempotent-trace: setting 'log': the file can't be opened ("),
                result::toString);
        assertTrue(result.lastErr().contains("new=1 duplicate=1 conflict=1 "), result::toString);
    }

    @Test
    void anApplicationWithoutSlf4jIsTold() {
        ForkedJvm.Result result = run("log=slf4j");
        assertTrue(
                result.err().stream().anyMatch(line -> line.contains("sees no SLF4J, so lines go to stderr")),
                result::toString);
        assertTrue(result.lastErr().contains("new=1 duplicate=1 conflict=1 "), result::toString);
    }

    @Test
    void theApplicationsSlf4jGetsTheLinesOnceItsFirstGuardedMethodIsCalled() throws URISyntaxException {
        ForkedJvm.Result result = AgentRun.of(
                        Jdks.newest(),
                        "store=memory,log=slf4j,log-level=debug",
                        APP,
                        jarOf(LoggerFactory.class),
                        jarOf(SimpleLogger.class))
                .jvm("-Dorg.slf4j.simpleLogger.defaultLogLevel=debug", "-Dorg.slf4j.simpleLogger.logFile=System.out")
                .run();
        assertTrue(
                result.out()
                        .contains("[main] DEBUG io.idempotenttrace - " + APP.getName()
                                + ".emit(String, String): key 'k' of tenant 'default' in scope '" + APP.getName()
                                + ".emit': duplicate, its record is completed; its body does not run"),
                result::toString);
        assertTrue(
                result.out().stream()
                        .anyMatch(line -> line.contains(" INFO io.idempotenttrace - new=1 duplicate=1 conflict=1 ")),
                result::toString);
        assertEquals(2, result.err().size(), "the start, before there was a call, and the end: " + result);
        assertTrue(result.err().get(0).startsWith("idempotent-trace: version="), result::toString);
        assertTrue(result.lastErr().startsWith("idempotent-trace: new=1 duplicate=1 conflict=1 "), result::toString);
    }

    private static String jarOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }
}
