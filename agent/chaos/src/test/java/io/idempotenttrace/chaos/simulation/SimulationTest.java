package io.idempotenttrace.chaos.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The agent's own code in worlds that seeds decide: P1 to P32, as far as calls and Redis can tell. */
class SimulationTest {

    private static final long FEW = 300;
    private static final long MANY = 10_000;

    @Test
    void aSeedIsOneReplay() {
        for (long seed = 1; seed <= 10; seed++) {
            assertEquals(Simulation.hash(seed), Simulation.hash(seed), "seed " + seed + " had two stories");
        }
        assertNotEquals(Simulation.hash(1), Simulation.hash(2));
    }

    /** A call that stood still gives its claim up a moment before the reply is there, and runs its body unguarded. */
    @Test
    void theReplyToACommandThatWasGivenUpIsNotHeldAgainstItsCall() {
        Map<String, Object> result = Simulation.run(/* first= */ 40_153_861, /* number= */ 1, /* threads= */ 1);
        assertFalse(result.containsKey("property"), () -> String.valueOf(result.get("story")));
    }

    @Test
    void keepsItsPromisesInSomeWorlds() {
        keepsItsPromises(FEW);
    }

    @Test
    @Tag("matrix")
    void keepsItsPromisesInManyWorlds() {
        keepsItsPromises(MANY);
    }

    private static void keepsItsPromises(long worlds) {
        Map<String, Object> result =
                Simulation.run(1, worlds, Runtime.getRuntime().availableProcessors());
        assertFalse(result.containsKey("property"), () -> String.valueOf(result.get("story")));
        assertEquals(worlds, result.get("seeds"));
        Map<?, ?> counts = (Map<?, ?>) result.get("counts");
        for (Fault.Kind kind : Fault.Kind.values()) {
            met(counts, "fault " + kind.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        for (String verdict : new String[] {
            "claim granted",
            "claim granted again",
            "claim granted to the next",
            "claim duplicate",
            "claim in-progress",
            "claim conflict",
            "claim in-progress, newer",
            "completion applied",
            "completion gone",
            "completion refused",
            "failure applied",
            "renewal applied",
            "told to run guarded",
            "told to run unguarded",
            "completion given up",
            "told duplicate",
            "told duplicate of another kind of worker",
            "told duplicate of a worker with five fields",
            "stranger claims",
            "stranger acknowledges",
            "stranger completes",
            "stranger fails",
            "told conflict",
            "told in progress",
            "told refused",
            "lost message",
            "late command of a broken connection",
            "repeated command",
            "refused command",
            "replaced connection"
        }) {
            met(counts, verdict);
        }
    }

    /** What never happens is not checked. */
    private static void met(Map<?, ?> counts, String what) {
        assertTrue(counts.containsKey(what), () -> "no world had '" + what + "'; there were " + counts);
    }
}
