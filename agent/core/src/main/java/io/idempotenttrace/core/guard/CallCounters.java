package io.idempotenttrace.core.guard;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Counts each call once, by how it ended. Calls of a method are counted by counters of its own, which are a part of these: a call costs one
 * addition, and the sum is made when somebody asks. Those of a method know its scope, so that the sums by scope cost a call nothing.
 * Safe for use by many threads.
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
    private static final UnguardedReason[] REASONS = UnguardedReason.values();

    /** An application has far fewer guarded methods; the calls of what comes after them are counted together. */
    private static final int MOST_PARTS = 4096;

    /** A method has one of these for each scope that its class's loaders give it, which is one but for odd cases. */
    private record Part(@Nullable String method, @Nullable String scope) {

        // Not left to the compiler, see RecordId.

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Part that
                    && Objects.equals(method, that.method)
                    && Objects.equals(scope, that.scope);
        }

        @Override
        public int hashCode() {
            return Objects.hashCode(method) * 31 + Objects.hashCode(scope);
        }
    }

    /** By ending; that of UNGUARDED stays empty, since such calls are counted by reason. */
    private final LongAdder[] counts;

    private final LongAdder[] unguarded;
    private final @Nullable String name;
    private final MeasuredScopes scopes;
    private final ScopeFigures figures;
    private final ConcurrentHashMap<Part, CallCounters> parts;
    /** Null where nobody hears of the calls. */
    private final @Nullable CallListener listener;

    public CallCounters() {
        this(null, new MeasuredScopes());
    }

    private CallCounters(@Nullable String name, MeasuredScopes scopes) {
        this(name, scopes, scopes.unknown());
    }

    private CallCounters(@Nullable String name, MeasuredScopes scopes, ScopeFigures figures) {
        this.name = name;
        this.scopes = scopes;
        this.figures = figures;
        this.counts = adders(ENDINGS.length);
        this.unguarded = adders(REASONS.length);
        this.parts = new ConcurrentHashMap<>();
        this.listener = null;
    }

    private CallCounters(CallCounters same, CallListener listener) {
        this.name = same.name;
        this.scopes = same.scopes;
        this.figures = same.figures;
        this.counts = same.counts;
        this.unguarded = same.unguarded;
        this.parts = same.parts;
        this.listener = listener;
    }

    /** The same counters, for calls of which that one hears. Of others that count here it does not. */
    public CallCounters heardBy(CallListener hears) {
        return new CallCounters(this, hears);
    }

    @Nullable
    CallListener listener() {
        return listener;
    }

    private static LongAdder[] adders(int size) {
        LongAdder[] adders = new LongAdder[size];
        for (int i = 0; i < size; i++) {
            adders[i] = new LongAdder();
        }
        return adders;
    }

    /**
     * The counters of that method. A class that is loaded again goes on with those of before.
     *
     * @param scope of its records; null where their keys are shared
     */
    public CallCounters of(String method, @Nullable String scope) {
        return part(new Part(method, scope));
    }

    /** The counters of calls that a program makes by itself, with records of that scope. */
    CallCounters ofScope(@Nullable String scope) {
        return part(new Part(null, scope));
    }

    private CallCounters part(Part part) {
        CallCounters known = parts.get(part);
        if (known == null && parts.size() < MOST_PARTS) {
            known = parts.computeIfAbsent(part, made -> new CallCounters(made.method, scopes, scopes.of(made.scope)));
        }
        return known == null ? this : known;
    }

    /** The method whose calls are counted here; null for all, and where a program makes them by itself. */
    @Nullable
    String name() {
        return name;
    }

    /** What else is measured of the scope that the calls belong to. */
    ScopeFigures figures() {
        return figures;
    }

    MeasuredScopes scopes() {
        return scopes;
    }

    /** The counters of each method that has some, by name. */
    public SortedMap<String, CallCounters> parts() {
        SortedMap<String, CallCounters> byMethod = new TreeMap<>();
        for (Map.Entry<Part, CallCounters> part : parts.entrySet()) {
            String method = part.getKey().method;
            if (method != null) {
                byMethod.merge(method, part.getValue(), CallCounters::sum);
            }
        }
        return byMethod;
    }

    /** New counters that go on with neither. */
    private CallCounters sum(CallCounters other) {
        CallCounters sum = new CallCounters(name, scopes, figures);
        for (CallCounters one : List.of(this, other)) {
            for (int i = 0; i < counts.length; i++) {
                sum.counts[i].add(one.counts[i].sum());
            }
            for (int i = 0; i < unguarded.length; i++) {
                sum.unguarded[i].add(one.unguarded[i].sum());
            }
        }
        return sum;
    }

    /** These and those of each part: together they are all. */
    List<CallCounters> leaves() {
        List<CallCounters> leaves = new ArrayList<>(parts.values());
        leaves.add(this);
        return leaves;
    }

    /** @param ending not UNGUARDED, which has a reason */
    public void count(Ending ending) {
        counter(ending).increment();
    }

    /** Counts a body that ran without a claim that other processes see. */
    public void countUnguarded(UnguardedReason reason) {
        counter(reason).increment();
    }

    /**
     * Takes up calls that were counted elsewhere.
     *
     * @param ending not UNGUARDED, which has a reason
     */
    public void add(Ending ending, long calls) {
        counter(ending).add(calls);
    }

    /** Takes up bodies that were counted elsewhere. */
    public void addUnguarded(UnguardedReason reason, long bodies) {
        counter(reason).add(bodies);
    }

    public long get(Ending ending) {
        long sum = getHere(ending);
        for (CallCounters part : parts.values()) {
            sum += part.getHere(ending);
        }
        return sum;
    }

    /** Without those of the parts. */
    long getHere(Ending ending) {
        if (ending != Ending.UNGUARDED) {
            return counter(ending).sum();
        }
        long sum = 0;
        for (LongAdder ofReason : unguarded) {
            sum += ofReason.sum();
        }
        return sum;
    }

    /** Without those of the parts. */
    long getHere(UnguardedReason reason) {
        return counter(reason).sum();
    }

    @SuppressWarnings("EnumOrdinal") // The array is made for the values as they are, and goes nowhere.
    private LongAdder counter(Ending ending) {
        if (ending == Ending.UNGUARDED) {
            throw new IllegalArgumentException(ending + " needs a reason");
        }
        return counts[ending.ordinal()];
    }

    @SuppressWarnings("EnumOrdinal") // As above.
    private LongAdder counter(UnguardedReason reason) {
        return unguarded[reason.ordinal()];
    }

    /** How many calls ended how, those of the parts too. */
    public Map<Ending, Long> byEnding() {
        Map<Ending, Long> counts = new EnumMap<>(Ending.class);
        for (Ending ending : ENDINGS) {
            counts.put(ending, get(ending));
        }
        return counts;
    }

    /** {@code new=1 duplicate=2 conflict=0 in-progress=0 failed=0 unguarded=0} */
    public static String text(Map<Ending, Long> counts) {
        return counts.entrySet().stream()
                .map(count -> count.getKey().label + '=' + count.getValue())
                .collect(Collectors.joining(" "));
    }

    @Override
    public String toString() {
        return text(byEnding());
    }
}
