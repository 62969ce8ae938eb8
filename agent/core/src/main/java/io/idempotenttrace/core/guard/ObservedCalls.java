package io.idempotenttrace.core.guard;

import io.idempotenttrace.config.Printable;
import io.idempotenttrace.core.guard.CallCounters.Ending;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What {@code mode=observe} lets run that {@code mode=enforce} would not: counted by method and verdict, with a few keys, and the members in
 * which payloads differ. Whoever rolls the agent out reads from it whether keys and hashes are what they should be. A call that would have
 * run costs nothing here. Safe for use by many threads.
 */
public final class ObservedCalls {

    /** Enough to look some up, and little enough for a line. */
    private static final int EXAMPLES = 3;

    /** An application has far fewer guarded methods. */
    private static final int MOST_METHODS = 1000;

    private static final String WITHOUT_METHOD = "calls";

    private final ConcurrentHashMap<String, Map<Ending, Seen>> methods = new ConcurrentHashMap<>();

    /** The calls of one verdict. Guarded by the map that it is in. */
    private static final class Seen {

        private long calls;
        private final List<Example> examples = new ArrayList<>();
    }

    /**
     * A call that would not have run.
     *
     * @param members in which its payload differs from that of the record; empty where they are not known, or there is no conflict
     */
    public record Example(String key, List<String> members) {}

    /**
     * The calls of one verdict, of one method.
     *
     * @param examples the first few, each of another key
     */
    public record Observed(long calls, List<Example> examples) {}

    void add(@Nullable String method, Ending verdict, String key, List<String> members) {
        String name = method == null ? WITHOUT_METHOD : method;
        if (methods.size() >= MOST_METHODS && !methods.containsKey(name)) {
            return;
        }
        Map<Ending, Seen> ofMethod = methods.computeIfAbsent(name, unknown -> new EnumMap<>(Ending.class));
        synchronized (ofMethod) {
            Seen seen = ofMethod.computeIfAbsent(verdict, unknown -> new Seen());
            seen.calls++;
            if (seen.examples.size() < EXAMPLES
                    && seen.examples.stream().noneMatch(example -> example.key.equals(key))) {
                seen.examples.add(new Example(key, members));
            }
        }
    }

    /** The names of the methods that have some, sorted. */
    public List<String> methods() {
        return methods.keySet().stream().sorted().toList();
    }

    /** What was seen of that method, by verdict; empty where nothing was. */
    public Map<Ending, Observed> of(String method) {
        Map<Ending, Observed> all = new LinkedHashMap<>();
        Map<Ending, Seen> ofMethod = methods.get(method);
        if (ofMethod != null) {
            synchronized (ofMethod) {
                ofMethod.forEach(
                        (verdict, seen) -> all.put(verdict, new Observed(seen.calls, List.copyOf(seen.examples))));
            }
        }
        return all;
    }

    /**
     * One line for each method, for people, such as {@code observed com.acme.Emitter.emit(String): 3 bodies ran that mode=enforce would have
     * suppressed: duplicate=2 (keys 'a', 'b'), conflict=1 (key 'c' differs in amount)}.
     */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (String method : methods()) {
            Map<Ending, Observed> verdicts = of(method);
            long calls = verdicts.values().stream().mapToLong(Observed::calls).sum();
            List<String> each = new ArrayList<>();
            verdicts.forEach((verdict, observed) -> each.add(verdict.label() + '=' + observed.calls + " ("
                    + (observed.examples.size() == 1 ? "key " : "keys ") + described(observed.examples) + ')'));
            lines.add("observed " + method + ": " + calls + (calls == 1 ? " body" : " bodies")
                    + " ran that mode=enforce would have suppressed: " + String.join(", ", each));
        }
        return lines;
    }

    private static String described(List<Example> examples) {
        List<String> each = new ArrayList<>();
        for (Example example : examples) {
            each.add("'" + Printable.text(example.key) + "'"
                    + (example.members.isEmpty()
                            ? ""
                            : " differs in " + Printable.text(String.join(" and ", example.members))));
        }
        return String.join(", ", each);
    }
}
