package io.idempotenttrace.chaos.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.chaos.mutants.Mutant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** The simulator finds each planted bug within {@link #SEEDS}, and tells the same story of it each time. */
class MutantsInSimulationTest {

    private static final long SEEDS = 6000;

    /** One of a script, one of a class, and one that takes a reply that is lost. */
    @ParameterizedTest
    @EnumSource(names = {"FAILED_COUNTS_AS_DONE", "OPEN_WHEN_CLOSED", "RESEND_IS_A_STRANGER"})
    void someAreFound(Mutant mutant) {
        isFound(mutant);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("matrix")
    void allAreFound(Mutant mutant) {
        Map<String, Object> found = isFound(mutant);
        long seed = (Long) found.get("seed");
        assertEquals(
                found.get("story"),
                SimulateCommand.run(mutant, seed, 1, /* threads= */ 1).get("story"));
    }

    /** The commands that the page gives, up to the story. */
    @Test
    void thePagesCommandsFindWhatTheyPromise() throws IOException {
        Matcher commands =
                Pattern.compile("chaos\\.jar simulate (.*--mutant .*)").matcher(Files.readString(Path.of("README.md")));
        int found = 0;
        for (; commands.find(); found++) {
            String[] arguments = commands.group(1).split(" ");
            assertEquals(1, new CommandLine(new SimulateCommand()).execute(arguments), commands.group());
        }
        assertEquals(2, found);
    }

    private static Map<String, Object> isFound(Mutant mutant) {
        Map<String, Object> found =
                SimulateCommand.run(mutant, 1, SEEDS, Runtime.getRuntime().availableProcessors());
        assertTrue(
                found.containsKey("property"),
                () -> "the planted bug " + mutant.title() + " was not found with " + SEEDS + " seeds");
        List<?> story = (List<?>) found.get("story");
        assertTrue(story.size() > 3, () -> "the story has only " + story);
        return found;
    }
}
