package io.idempotenttrace.benchmarks.program;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How often Redis has run each command, and for how long, by INFO commandstats. */
record CommandCounts(Map<String, Long> calls, Map<String, Long> micros) {

    private static final Pattern LINE = Pattern.compile("cmdstat_([^:]+):calls=(\\d+),usec=(\\d+)");
    /** What our scripts call inside of Redis: it does not travel. */
    private static final Set<String> IN_SCRIPTS =
            Set.of("hmget", "hset", "hdel", "time", "expire", "del", "hgetall", "pttl", "publish", "spublish");
    /** What this program asks for its own sake. */
    private static final Set<String> OWN = Set.of("info", "config|resetstat", "script|load", "flushall");

    static CommandCounts of(String commandStats) {
        Map<String, Long> calls = new HashMap<>();
        Map<String, Long> micros = new HashMap<>();
        for (Matcher line = LINE.matcher(commandStats); line.find(); ) {
            calls.put(line.group(1), Long.parseLong(line.group(2)));
            micros.put(line.group(1), Long.parseLong(line.group(3)));
        }
        return new CommandCounts(calls, micros);
    }

    /** @param scripts whether all that was sent are our scripts */
    long sentSince(CommandCounts before, boolean scripts) {
        return calls.entrySet().stream()
                .filter(each -> !OWN.contains(each.getKey()) && !(scripts && IN_SCRIPTS.contains(each.getKey())))
                .mapToLong(each -> each.getValue() - before.calls.getOrDefault(each.getKey(), 0L))
                .sum();
    }

    /** What our scripts took of Redis since then. */
    long scriptMicrosSince(CommandCounts before) {
        return micros.getOrDefault("evalsha", 0L)
                - before.micros.getOrDefault("evalsha", 0L)
                + micros.getOrDefault("eval", 0L)
                - before.micros.getOrDefault("eval", 0L);
    }
}
