package io.idempotenttrace.chaos.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs one world for each of many seeds, on as many threads as it is told. It speaks in maps and texts alone: with a planted bug, all of this
 * package and of the agent's core is loaded a second time.
 */
public final class Simulation {

    private final Map<String, Integer> counts = new TreeMap<>();
    private long seeds;
    private long calls;
    private long faults;
    private long duplicates;
    private long events;
    private Outcome failed;
    private Throwable broken;

    private Simulation() {}

    /**
     * Runs seeds until one fails.
     *
     * @param first the first seed
     * @param number how many, one after the other
     * @param threads how many worlds at a time
     * @return the totals, by the names of the program's last line; {@code counts}, a map of how often each fault and verdict was; where a
     *         property is violated, {@code property} and {@code story}, a list of lines
     */
    public static Map<String, Object> run(long first, long number, int threads) {
        Simulation simulation = new Simulation();
        AtomicLong next = new AtomicLong(first);
        AtomicReference<Long> failing = new AtomicReference<>();
        List<Thread> lanes = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread lane = new Thread(() -> simulation.live(next, first + number, failing), "lane-" + i);
            lanes.add(lane);
            lane.start();
        }
        for (Thread lane : lanes) {
            try {
                lane.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return simulation.result(first);
    }

    /** Lives the worlds of the next seeds, up to the first that fails: all smaller ones are lived, whichever thread is faster. */
    private void live(AtomicLong next, long end, AtomicReference<Long> failing) {
        try (Lane lane = new Lane()) {
            for (long seed = next.getAndIncrement(); seed < end; seed = next.getAndIncrement()) {
                Long known = failing.get();
                if (known != null && known < seed) {
                    return;
                }
                Outcome outcome = Outcome.of(Plan.of(seed), lane, /* told= */ false);
                if (outcome.failed()) {
                    failing.accumulateAndGet(
                            seed, (one, other) -> one == null ? other : Long.valueOf(Math.min(one, other)));
                }
                add(outcome);
            }
        } catch (Throwable fault) {
            synchronized (this) {
                broken = fault;
            }
            failing.set(Long.MIN_VALUE);
        }
    }

    private synchronized void add(Outcome outcome) {
        seeds++;
        calls += outcome.calls();
        duplicates += outcome.duplicates();
        events += outcome.events();
        outcome.counts().forEach((what, times) -> {
            counts.merge(what, times, Integer::sum);
            faults += what.startsWith(World.FAULT) ? times : 0;
        });
        if (outcome.failed()
                && (failed == null || outcome.plan().seed() < failed.plan().seed())) {
            failed = outcome;
        }
    }

    private Map<String, Object> result(long first) {
        if (broken != null) {
            throw new IllegalStateException(broken);
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("seeds", seeds);
        result.put("calls", calls);
        result.put("faults", faults);
        result.put("duplicates", duplicates);
        result.put("events", events);
        for (Property property : Property.values()) {
            result.put(property.label, 0);
        }
        result.put("seed", failed == null ? first : failed.plan().seed());
        result.put("counts", counts);
        if (failed != null) {
            Violation violation = failed.violation();
            failed.violations()
                    .forEach(each -> result.merge(each.property().label, 1, (a, b) -> (Integer) a + (Integer) b));
            result.put("property", violation.number());
            try (Lane lane = new Lane()) {
                result.put("story", story(Shrinker.shrunk(lane, failed)));
            }
        }
        return result;
    }

    private List<String> story(Outcome told) {
        List<String> lines = new ArrayList<>();
        Plan plan = told.plan();
        lines.add("seed " + plan.seed() + ": " + plan.workers() + " workers, "
                + plan.messages().size() + " messages, "
                + plan.faults().size() + " faults are enough (planned were "
                + failed.plan().workers() + ", "
                + failed.plan().messages().size() + " and "
                + failed.plan().faults().size() + ")");
        lines.addAll(told.lines());
        lines.add("broken: [" + told.violation().number() + "] "
                + told.violation().what());
        return lines;
    }

    /** A number that tells all that happens in the world of that seed. */
    public static long hash(long seed) {
        try (Lane lane = new Lane()) {
            return Outcome.of(Plan.of(seed), lane, /* told= */ false).hash();
        }
    }
}
