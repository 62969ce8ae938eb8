package io.idempotenttrace.chaos.simulation;

import java.util.List;
import java.util.Map;

/**
 * What one world came to.
 *
 * @param hash of all that happened: the same seed has the same
 * @param lines the story, where it was wanted
 */
record Outcome(
        Plan plan,
        int calls,
        int duplicates,
        int events,
        long hash,
        Map<String, Integer> counts,
        List<Violation> violations,
        List<String> lines) {

    static Outcome of(Plan plan, Lane lane, boolean told) {
        World world = new World(plan, lane, told);
        world.run();
        return new Outcome(
                plan,
                world.calls,
                world.oracle.duplicates,
                world.scheduler.events(),
                world.story.hash(),
                world.counts,
                world.oracle.violations(),
                world.story.lines());
    }

    boolean failed() {
        return !violations.isEmpty();
    }

    /** The first broken promise, after which the others may be its consequences. */
    Violation violation() {
        return violations.get(0);
    }
}
