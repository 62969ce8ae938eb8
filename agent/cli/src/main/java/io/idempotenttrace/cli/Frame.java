package io.idempotenttrace.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What those see who watch, at one moment: of the fleet, and of what happened since the moment before.
 *
 * @param number of the moment, from 1 on
 * @param millis by the clock of this machine, since 1970
 * @param processes that were seen, by name
 * @param totals how many calls ended how, of all processes that were seen, since each began
 * @param perSecond the same in the last interval, by second
 * @param scopes that had calls, those with most of them in the last interval first
 * @param held the claims that are held, the oldest first
 * @param heldCalls how many there are in all
 * @param conflicts the last ones, the newest first
 * @param unguarded how many bodies ran unguarded, by reason
 * @param claims how long Redis took to answer claims in the last interval
 * @param waits how long calls waited for another one with their key, of those that were over in the last interval
 * @param storeFailures claims that the store did not answer, of all processes since they began
 * @param partsAway how many processes do not reach a part of the store now
 * @param pendingUpdates completions and failures that wait for the store
 * @param lostCompletions those that were given up
 */
record Frame(
        long number,
        long millis,
        List<OfProcess> processes,
        Map<String, Long> totals,
        Map<String, Double> perSecond,
        List<OfScope> scopes,
        List<Held> held,
        long heldCalls,
        List<Conflict> conflicts,
        Map<String, Long> unguarded,
        Times claims,
        Times waits,
        long storeFailures,
        long partsAway,
        long pendingUpdates,
        long lostCompletions) {

    /**
     * A process.
     *
     * @param state {@code runs}, {@code ended}, or {@code silent}: it tells nothing any more, and did not say that it ends
     */
    record OfProcess(String process, String version, String mode, String state, Map<String, Long> calls, long held) {

        Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("process", process);
            map.put("version", version);
            map.put("mode", mode);
            map.put("state", state);
            map.put("calls", calls);
            map.put("held", held);
            return map;
        }
    }

    /** A scope, of all processes together. */
    record OfScope(String scope, Map<String, Long> calls, Map<String, Double> perSecond, long held) {

        double rate() {
            return perSecond.values().stream().mapToDouble(each -> each).sum();
        }

        Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("scope", scope);
            map.put("calls", calls);
            map.put("perSecond", perSecond);
            map.put("held", held);
            return map;
        }
    }

    /** A claim that is held, and by which process. */
    record Held(String process, String tenant, @Nullable String scope, String key, long millis) {

        Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("process", process);
            map.put("tenant", tenant);
            map.put("scope", scope);
            map.put("key", key);
            map.put("millis", millis);
            return map;
        }
    }

    /** A conflict, with the members in which its payload differs, as far as they are known. */
    record Conflict(
            String process,
            long millis,
            String tenant,
            @Nullable String scope,
            String key,
            List<String> members) {

        Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("process", process);
            map.put("millis", millis);
            map.put("tenant", tenant);
            map.put("scope", scope);
            map.put("key", key);
            map.put("members", members);
            return map;
        }
    }

    /**
     * Times of an interval.
     *
     * @param count how many there were
     * @param p50 half of them took at most so many milliseconds; null where there were none, or it lies above all bounds
     */
    record Times(long count, @Nullable Double p50, @Nullable Double p99) {

        Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("count", count);
            map.put("p50Millis", p50);
            map.put("p99Millis", p99);
            return map;
        }
    }

    /** For programs: what {@code --json} prints and the page gets. */
    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("number", number);
        map.put("millis", millis);
        map.put("calls", totals);
        map.put("perSecond", perSecond);
        map.put("processes", processes.stream().map(OfProcess::toMap).toList());
        map.put("scopes", scopes.stream().map(OfScope::toMap).toList());
        map.put("held", held.stream().map(Held::toMap).toList());
        map.put("heldCalls", heldCalls);
        map.put("conflicts", conflicts.stream().map(Conflict::toMap).toList());
        map.put("unguarded", unguarded);
        map.put("claims", claims.toMap());
        map.put("waits", waits.toMap());
        map.put("storeFailures", storeFailures);
        map.put("partsAway", partsAway);
        map.put("pendingUpdates", pendingUpdates);
        map.put("lostCompletions", lostCompletions);
        return map;
    }
}
