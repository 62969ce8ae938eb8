package io.idempotenttrace.core.guard;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts each call once, by how it ended. Calls of a method are counted by counters of its own, which are a part of these: a call costs one
 * addition, and the sum is made when somebody asks. Safe for use by many threads.
 */
public final class CallCounters {

    /** How a call ended. */
    public enum Ending {

        /** Its body ran as the owner of the key and returned. */
        NEW("new"),
        /** It was answered by a completed record, at once or after a wait. */
        DUPLICATE("duplicate"),
        /** Its key is recorded with another payload. */
        CONFLICT("conflict"),
        /** It gave up on a key that another call holds. */
        IN_PROGRESS("in-progress"),
        /** Its body threw, or it was refused because the store could not answer. */
        FAILED("failed"),
        /** Its body ran without a claim that other processes see. */
        UNGUARDED("unguarded");

        private final String label;

        Ending(String label) {
            this.label = label;
        }

        /** As the exit line names it, such as {@code in-progress}. */
        public String label() {
            return label;
        }

        /** The ending that the exit line names so. */
        public static Ending of(String label) {
            for (Ending ending : ENDINGS) {
                if (ending.label.equals(label)) {
                    return ending;
                }
            }
            throw new IllegalArgumentException("no call ends as '" + label + "'");
        }
    }

    private static final Ending[] ENDINGS = Ending.values();

    /** An application has far fewer guarded methods; the calls of what comes after them are counted together. */
    private static final int MOST_PARTS = 4096;

    private final LongAdder[] counts = new LongAdder[ENDINGS.length];
    private final @Nullable String name;
    private final ConcurrentHashMap<String, CallCounters> parts = new ConcurrentHashMap<>();

    public CallCounters() {
        this(null);
    }

    private CallCounters(@Nullable String name) {
        this.name = name;
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    /** The counters of that method. A class that is loaded again goes on with those of before. */
    public CallCounters of(String method) {
        CallCounters part = parts.get(method);
        if (part == null && parts.size() < MOST_PARTS) {
            part = parts.computeIfAbsent(method, name -> new CallCounters(name));
        }
        return part == null ? this : part;
    }

    /** The method whose calls are counted here; null for all. */
    @Nullable
    String name() {
        return name;
    }

    /** The counters of each method that has some, by name. */
    public SortedMap<String, CallCounters> parts() {
        return new TreeMap<>(parts);
    }

    public void count(Ending ending) {
        counter(ending).increment();
    }

    /** Takes up calls that were counted elsewhere. */
    public void add(Ending ending, long calls) {
        counter(ending).add(calls);
    }

    public long get(Ending ending) {
        long sum = counter(ending).sum();
        for (CallCounters part : parts.values()) {
            sum += part.get(ending);
        }
        return sum;
    }

    @SuppressWarnings("EnumOrdinal") // The array is made for the values as they are, and goes nowhere.
    private LongAdder counter(Ending ending) {
        return counts[ending.ordinal()];
    }

    /** {@code new=1 duplicate=2 conflict=0 in-progress=0 failed=0 unguarded=0} */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Ending ending : ENDINGS) {
            text.append(text.isEmpty() ? "" : " ")
                    .append(ending.label)
                    .append('=')
                    .append(get(ending));
        }
        return text.toString();
    }
}
