package io.idempotenttrace.core.guard;

import java.util.concurrent.atomic.LongAdder;

/** Counts each call once, by how it ended. Safe for use by many threads. */
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

    private final LongAdder[] counts = new LongAdder[ENDINGS.length];

    public CallCounters() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    public void count(Ending ending) {
        counter(ending).increment();
    }

    /** Takes up calls that were counted elsewhere. */
    public void add(Ending ending, long calls) {
        counter(ending).add(calls);
    }

    public long get(Ending ending) {
        return counter(ending).sum();
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
