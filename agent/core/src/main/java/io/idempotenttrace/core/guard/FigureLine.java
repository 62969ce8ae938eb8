package io.idempotenttrace.core.guard;

import io.idempotenttrace.config.OneLineJson;
import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.guard.GuardFigures.HeldCall;
import io.idempotenttrace.core.guard.GuardFigures.OfScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a process as it tells them to those who watch the fleet: one line of JSON. All counts begin with the process, so that who
 * misses lines misses nothing. Members may be added; who reads it ignores those that it does not know.
 *
 * <pre>
 * process, version, mode     who tells it, and the mode of scopes that have none of their own
 * number                     of the line, from 1 on
 * millis                     by the process' clock, since 1970
 * ended                      whether it is the last one of the process
 * calls                      {new, duplicate, ...}: as its exit line has them
 * unguarded                  {reason: bodies}, those above 0
 * scopes                     [{scope, calls, held}]
 * held                       [{tenant, scope, key, method, millis}], the oldest first, and heldCalls: how many in all
 * bounds                     in seconds, of the histograms: how long something took at most; what follows the last took longer
 * waits, claims, completions {counts, seconds}: histograms
 * storeFailures, partsAway, pendingUpdates, lostCompletions
 * conflicts                  [{millis, method, tenant, scope, key, members}], those of the last seconds
 * </pre>
 */
final class FigureLine {

    private FigureLine() {}

    /**
     * What does not change.
     *
     * @param process host and pid
     * @param version of the agent
     */
    record Teller(String process, String version) {}

    static String of(
            Teller teller,
            long number,
            long nowMillis,
            boolean ended,
            Map<Ending, Long> counts,
            GuardFigures figures,
            GuardModes modes,
            List<RecentConflicts.Conflict> conflicts) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("process", teller.process);
        line.put("version", teller.version);
        line.put("mode", modes.all().mode().word());
        line.put("number", number);
        line.put("millis", nowMillis);
        line.put("ended", ended);
        line.put("calls", calls(counts));
        Map<String, Long> unguarded = new LinkedHashMap<>();
        List<Object> scopes = new ArrayList<>();
        TimeSums waits = new TimeSums();
        TimeSums claims = new TimeSums();
        TimeSums completions = new TimeSums();
        long held = 0;
        long storeFailures = 0;
        for (OfScope scope : figures.scopes()) {
            scope.unguarded().forEach((reason, bodies) -> {
                if (bodies > 0) {
                    unguarded.merge(reason.label(), bodies, Long::sum);
                }
            });
            scopes.add(scope(scope));
            waits.add(scope.waits());
            claims.add(scope.storeTimes().get(StoreStep.CLAIM));
            completions.add(scope.storeTimes().get(StoreStep.COMPLETE));
            held += scope.held();
            storeFailures += scope.storeFailures();
        }
        line.put("unguarded", unguarded);
        line.put("scopes", scopes);
        line.put("held", figures.oldestHeld().stream().map(FigureLine::held).toList());
        line.put("heldCalls", held);
        line.put("bounds", Arrays.stream(TimeHistogram.boundsSeconds()).boxed().toList());
        line.put("waits", waits.toMap());
        line.put("claims", claims.toMap());
        line.put("completions", completions.toMap());
        line.put("storeFailures", storeFailures);
        line.put("partsAway", figures.partsAway());
        line.put("pendingUpdates", figures.pendingUpdates());
        line.put("lostCompletions", figures.lostCompletions());
        line.put("conflicts", conflicts.stream().map(FigureLine::conflict).toList());
        return OneLineJson.of(line);
    }

    private static Map<String, Object> calls(Map<Ending, Long> counts) {
        Map<String, Object> calls = new LinkedHashMap<>();
        counts.forEach((ending, count) -> calls.put(ending.label(), count));
        return calls;
    }

    private static Map<String, Object> scope(OfScope scope) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("scope", scope.scope());
        one.put("calls", calls(scope.calls()));
        one.put("held", scope.held());
        return one;
    }

    private static Map<String, Object> held(HeldCall call) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("tenant", call.id().tenant());
        one.put("scope", call.id().scope());
        one.put("key", call.id().key());
        one.put("method", call.method());
        one.put("millis", call.heldMillis());
        return one;
    }

    private static Map<String, Object> conflict(RecentConflicts.Conflict conflict) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("millis", conflict.timeMillis());
        one.put("method", conflict.method());
        one.put("tenant", conflict.id().tenant());
        one.put("scope", conflict.id().scope());
        one.put("key", conflict.id().key());
        one.put("members", conflict.members());
        return one;
    }

    /** Histograms, added up. */
    private static final class TimeSums {

        private long[] counts = new long[0];
        private double seconds;

        void add(TimeHistogram.@Nullable Snapshot times) {
            if (times == null) {
                return;
            }
            if (counts.length == 0) {
                counts = new long[times.counts().length];
            }
            for (int i = 0; i < counts.length; i++) {
                counts[i] += times.counts()[i];
            }
            seconds += times.sumSeconds();
        }

        Map<String, Object> toMap() {
            List<Long> each = new ArrayList<>();
            for (long count : counts) {
                each.add(count);
            }
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("counts", each);
            map.put("seconds", seconds);
            return map;
        }
    }
}
