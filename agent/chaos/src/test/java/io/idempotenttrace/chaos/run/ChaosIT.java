package io.idempotenttrace.chaos.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program as people start it. */
class ChaosIT {

    private static final Path PROGRAM = Path.of(System.getProperty("chaos.jar"));
    private static final String AGENT = System.getProperty("agent.jar");

    @TempDir
    private Path folder;

    private ForkedJvm.Result chaos(String... arguments) {
        return ForkedJvm.on(Jdks.newest()).jar(PROGRAM, arguments).run();
    }

    /** Calls are refused while the store can't be asked, so that a busy machine makes a run slower and excuses nothing. */
    private ForkedJvm.Result run(String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("run", "--agent", AGENT, "--seed", "1", "--on-store-failure", "throw"));
        arguments.addAll(List.of(more));
        return chaos(arguments.toArray(new String[0]));
    }

    private static void assertHolds(ForkedJvm.Result result) {
        assertEquals(0, result.exitCode(), result::toString);
        assertTrue(result.lastOut().startsWith("{\"calls\":"), result::toString);
        assertTrue(result.lastOut().contains("\"unexplained\":0,\"stuck\":0,"), result::toString);
    }

    @Test
    @Tag("matrix")
    void aShortRunHoldsAndItsHistoryIsJudgedAlike() throws Exception {
        Path history = folder.resolve("history.jsonl");
        ForkedJvm.Result run = run("--minutes", "0.01", "--phases", "scripts", "--history", history.toString());
        assertHolds(run);
        ForkedJvm.Result check = chaos("check", history.toString());
        assertEquals(0, check.exitCode(), check::toString);
        assertEquals(run.lastOut(), check.lastOut());
        List<String> lines = Files.readAllLines(history);
        Files.write(history, lines.subList(0, lines.size() - 1));
        ForkedJvm.Result cut = chaos("check", history.toString());
        assertEquals(2, cut.exitCode(), cut::toString);
        assertTrue(cut.lastErr().contains("cut off"), cut::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"claim-ignores-payload", "foreign-result"})
    @Tag("matrix")
    void aPlantedBugIsFound(String mutant) {
        ForkedJvm.Result run = run("--minutes", "1", "--mutant", mutant);
        assertEquals(1, run.exitCode(), run::toString);
    }

    @Test
    @Tag("matrix")
    void twoMinutesHold() {
        assertHolds(run("--minutes", "1.5"));
    }

    @Test
    void refusesArgumentsByName() {
        ForkedJvm.Result mutant = run("--mutant", "no-such-mutant");
        assertEquals(2, mutant.exitCode(), mutant::toString);
        assertTrue(mutant.lastErr().contains("no-such-mutant"), mutant::toString);
    }

    /** Too short to tell whether something grows: what is shown is that it calls, samples and reports. */
    @Test
    @Tag("matrix")
    void aSoakCallsAndSamples() throws Exception {
        ForkedJvm.Result soak = chaos(
                "soak",
                "--agent",
                AGENT,
                "--store",
                "redis",
                "--minutes",
                "0.1",
                "--every-seconds",
                "1",
                "--report",
                folder.toString());
        assertTrue(
                soak.lastOut().matches("\\{\"store\":\"redis\",\"seconds\":\\d+,\"calls\":[1-9]\\d*,.*"),
                soak::toString);
        assertTrue(soak.lastErr().matches(".* new=[1-9].* duplicate=[1-9].* unguarded=0 store=redis"), soak::toString);
        assertTrue(Files.readString(folder.resolve("report.md")).contains("| live heap MiB |"));
        assertTrue(Files.readString(folder.resolve("plot.svg")).contains("<polyline"));
    }
}
