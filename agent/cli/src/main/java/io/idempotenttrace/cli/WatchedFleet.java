package io.idempotenttrace.cli;

import io.idempotenttrace.cli.Frame.Conflict;
import io.idempotenttrace.cli.Frame.Held;
import io.idempotenttrace.cli.Frame.OfProcess;
import io.idempotenttrace.cli.Frame.OfScope;
import io.idempotenttrace.cli.Frame.Times;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes of the lines that processes tell, moment by moment, what those see who watch. Counts of a process grow from one of its lines to the
 * next; what a process that has ended, or tells nothing any more, has counted stays in the sums. Not for several threads.
 */
final class WatchedFleet {

    /** Longer than a process pauses between two lines, while it is not stopped. */
    static final long SILENT_MILLIS = 5_000;

    private static final int MOST_HELD = 20;
    private static final int MOST_CONFLICTS = 20;

    /** What is known of one process. */
    private static final class Seen {

        private ProcessLine last;
        /** The one before, to tell what has happened between; the same one where nothing was told since. */
        private ProcessLine before;

        private long changedMillis;

        private Seen(ProcessLine first, long millis) {
            last = first;
            before = first;
            changedMillis = millis;
        }

        private void take(ProcessLine next, long millis) {
            if (next.number() != last.number()) {
                // A smaller number is another process that got the same number from the machine.
                before = next.number() < last.number() ? next : last;
                last = next;
                changedMillis = millis;
            }
        }

        private String state(long millis) {
            return last.ended() ? "ended" : millis - changedMillis > SILENT_MILLIS ? "silent" : "runs";
        }

        /** How long the interval was, in seconds; 0 where nothing was told. */
        private double seconds() {
            return Math.max(0, last.millis() - before.millis()) / 1000.0;
        }
    }

    private final Map<String, Seen> processes = new TreeMap<>();
    /** The oldest first. */
    private final Set<Conflict> conflicts = new LinkedHashSet<>();

    private long frames;

    /** The processes that have told nothing for longer than that; they need not be asked for any more. */
    List<String> silentFor(long millis, long nowMillis) {
        return processes.entrySet().stream()
                .filter(entry -> nowMillis - entry.getValue().changedMillis > millis)
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * The next moment.
     *
     * @param lines what each process told last, by process
     * @param millis by the clock of this machine
     */
    Frame next(Map<String, String> lines, long millis) {
        processes.values().forEach(seen -> seen.before = seen.last);
        lines.forEach((process, json) -> {
            ProcessLine line = ProcessLine.of(json);
            if (line != null) {
                Seen seen = processes.get(process);
                if (seen == null) {
                    processes.put(process, new Seen(line, millis));
                } else {
                    seen.take(line, millis);
                }
                takeConflicts(process, line);
            }
        });
        return frame(millis);
    }

    private void takeConflicts(String process, ProcessLine line) {
        for (Object each : line.list("conflicts")) {
            Map<?, ?> told = ProcessLine.map(each);
            Conflict conflict = new Conflict(
                    process,
                    ProcessLine.whole(told.get("millis")),
                    ProcessLine.text(told.get("tenant"), "?"),
                    told.get("scope") instanceof String scope ? scope : null,
                    ProcessLine.text(told.get("key"), "?"),
                    told.get("members") instanceof List<?> members
                            ? members.stream().map(String::valueOf).toList()
                            : List.of());
            conflicts.add(conflict);
        }
        while (conflicts.size() > MOST_CONFLICTS) {
            conflicts.remove(conflicts.iterator().next());
        }
    }

    private Frame frame(long millis) {
        frames++;
        Map<String, Long> totals = new LinkedHashMap<>();
        Map<String, Double> rates = new LinkedHashMap<>();
        Map<String, Long> unguarded = new LinkedHashMap<>();
        List<OfProcess> all = new ArrayList<>();
        List<Held> held = new ArrayList<>();
        Interval claims = new Interval("claims");
        Interval waits = new Interval("waits");
        long heldCalls = 0;
        long partsAway = 0;
        long pending = 0;
        long failures = 0;
        long lost = 0;
        for (Map.Entry<String, Seen> entry : processes.entrySet()) {
            Seen seen = entry.getValue();
            ProcessLine line = seen.last;
            String state = seen.state(millis);
            boolean runs = state.equals("runs");
            Map<String, Long> calls = line.calls();
            add(totals, calls, Long::sum);
            add(rates, rates(calls, seen.before.calls(), seen.seconds()), Double::sum);
            add(unguarded, line.unguarded(), Long::sum);
            claims.add(seen);
            waits.add(seen);
            failures += line.count("storeFailures");
            lost += line.count("lostCompletions");
            long heldHere = runs ? line.count("heldCalls") : 0;
            heldCalls += heldHere;
            partsAway += runs && line.count("partsAway") > 0 ? 1 : 0;
            pending += runs ? line.count("pendingUpdates") : 0;
            if (runs) {
                line.list("held").forEach(each -> held.add(held(entry.getKey(), ProcessLine.map(each))));
            }
            all.add(new OfProcess(entry.getKey(), line.version(), line.mode(), state, calls, heldHere));
        }
        held.sort(Comparator.comparingLong(Held::millis).reversed());
        List<Conflict> newest = new ArrayList<>(conflicts);
        newest.sort(Comparator.comparingLong(Conflict::millis).reversed());
        return new Frame(
                frames,
                millis,
                all,
                totals,
                rates,
                scopes(),
                List.copyOf(held.subList(0, Math.min(MOST_HELD, held.size()))),
                heldCalls,
                newest,
                unguarded,
                claims.times(),
                waits.times(),
                failures,
                partsAway,
                pending,
                lost);
    }

    private static Held held(String process, Map<?, ?> told) {
        return new Held(
                process,
                ProcessLine.text(told.get("tenant"), "?"),
                told.get("scope") instanceof String scope ? scope : null,
                ProcessLine.text(told.get("key"), "?"),
                ProcessLine.whole(told.get("millis")));
    }

    private List<OfScope> scopes() {
        Map<String, OfScope> scopes = new TreeMap<>();
        for (Seen seen : processes.values()) {
            Map<String, Map<?, ?>> before = byScope(seen.before);
            byScope(seen.last).forEach((name, told) -> {
                Map<String, Long> calls = ProcessLine.counts(told.get("calls"));
                Map<String, Long> earlier =
                        ProcessLine.counts(ProcessLine.map(before.get(name)).get("calls"));
                OfScope one = new OfScope(
                        name,
                        calls,
                        rates(calls, earlier, seen.seconds()),
                        seen.last.ended() ? 0 : ProcessLine.whole(told.get("held")));
                scopes.merge(name, one, WatchedFleet::together);
            });
        }
        List<OfScope> sorted = new ArrayList<>(scopes.values());
        sorted.sort(Comparator.comparingDouble(OfScope::rate).reversed());
        return sorted;
    }

    private static Map<String, Map<?, ?>> byScope(ProcessLine line) {
        Map<String, Map<?, ?>> scopes = new LinkedHashMap<>();
        for (Object each : line.list("scopes")) {
            Map<?, ?> told = ProcessLine.map(each);
            scopes.put(ProcessLine.text(told.get("scope"), "?"), told);
        }
        return scopes;
    }

    private static OfScope together(OfScope one, OfScope other) {
        Map<String, Long> calls = new LinkedHashMap<>(one.calls());
        add(calls, other.calls(), Long::sum);
        Map<String, Double> rates = new LinkedHashMap<>(one.perSecond());
        add(rates, other.perSecond(), Double::sum);
        return new OfScope(one.scope(), calls, rates, one.held() + other.held());
    }

    private static <T> void add(Map<String, T> sums, Map<String, T> more, BinaryOperator<T> sum) {
        more.forEach((name, value) -> sums.merge(name, value, sum));
    }

    private static Map<String, Double> rates(Map<String, Long> now, Map<String, Long> before, double seconds) {
        Map<String, Double> rates = new LinkedHashMap<>();
        now.forEach((name, count) -> {
            long more = count - before.getOrDefault(name, 0L);
            rates.put(name, seconds > 0 ? Math.max(0, more) / seconds : 0.0);
        });
        return rates;
    }

    /** A histogram of what came in the interval, of all processes. */
    private static final class Interval {

        private final String name;
        private double[] bounds = new double[0];
        private long[] counts = new long[0];

        private Interval(String name) {
            this.name = name;
        }

        private void add(Seen seen) {
            long[] now = seen.last.counts(name);
            long[] earlier = seen.before.counts(name);
            if (counts.length == 0) {
                counts = new long[now.length];
                bounds = seen.last.boundsMillis();
            }
            // Another version of the agent may have other bounds; what can't be added is left out.
            if (now.length == counts.length && earlier.length == now.length) {
                for (int i = 0; i < now.length; i++) {
                    counts[i] += Math.max(0, now[i] - earlier[i]);
                }
            }
        }

        private Times times() {
            long all = 0;
            for (long count : counts) {
                all += count;
            }
            return new Times(all, quantile(all, 0.50), quantile(all, 0.99));
        }

        /** The bound below which that part of them lies; null where there are none, or it lies above the last. */
        private @Nullable Double quantile(long all, double part) {
            long below = 0;
            for (int i = 0; i < Math.min(bounds.length, counts.length); i++) {
                below += counts[i];
                if (all > 0 && below >= part * all) {
                    return bounds[i];
                }
            }
            return null;
        }
    }
}
