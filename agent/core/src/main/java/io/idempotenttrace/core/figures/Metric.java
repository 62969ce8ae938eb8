package io.idempotenttrace.core.figures;

import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.guard.GuardFigures;
import io.idempotenttrace.core.guard.GuardFigures.OfScope;
import io.idempotenttrace.core.guard.StoreStep;
import io.idempotenttrace.core.guard.TimeHistogram;
import io.idempotenttrace.core.guard.UnguardedReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Every metric there is. The page for Prometheus, the meters of Micrometer and OpenTelemetry and the table in agent/docs/observability.md
 * come from here. Their labels are bounded: at most 200 scopes and what stands for the others, and a few words each.
 */
@SuppressWarnings("ImmutableEnumChecker") // The lists can't be changed, and the functions have no state.
public enum Metric {
    CALLS(
            "calls",
            Kind.COUNTER,
            "",
            "Guarded calls by how they ended, each counted once: new, duplicate, conflict, in-progress, failed or unguarded",
            List.of("scope", "verdict"),
            figures -> perScope(figures, (scope, into) -> {
                for (Map.Entry<Ending, Long> calls : scope.calls().entrySet()) {
                    into.add(value(
                            calls.getValue(), scope.scope(), calls.getKey().label()));
                }
            })),
    UNGUARDED(
            "unguarded",
            Kind.COUNTER,
            "",
            "Bodies that ran without a claim that other processes see, by the reason: store, no-key, unhashable, unobservable, unguardable,"
                    + " switched-off or agent",
            List.of("scope", "reason"),
            figures -> perScope(figures, (scope, into) -> {
                for (Map.Entry<UnguardedReason, Long> bodies : scope.unguarded().entrySet()) {
                    into.add(value(
                            bodies.getValue(), scope.scope(), bodies.getKey().label()));
                }
            })),
    WAIT(
            "wait",
            Kind.HISTOGRAM,
            "seconds",
            "How long calls have waited for another call with their key, only of those that had to",
            List.of("scope"),
            figures -> perScope(figures, (scope, into) -> {
                if (scope.waits().count() > 0) {
                    into.add(new Sample(List.of(scope.scope()), 0, scope.waits()));
                }
            })),
    STORE(
            "store",
            Kind.HISTOGRAM,
            "seconds",
            "How long Redis took for its answers, by what it was asked: claim, complete, fail or renew",
            List.of("scope", "step"),
            figures -> perScope(figures, (scope, into) -> {
                for (Map.Entry<StoreStep, TimeHistogram.Snapshot> times :
                        scope.storeTimes().entrySet()) {
                    if (times.getValue().count() > 0) {
                        into.add(
                                new Sample(List.of(scope.scope(), times.getKey().label()), 0, times.getValue()));
                    }
                }
            })),
    STORE_FAILURES(
            "store.failures",
            Kind.COUNTER,
            "",
            "Claims that Redis did not answer",
            List.of("scope"),
            figures -> ofScopes(figures, OfScope::storeFailures)),
    CACHE_HITS(
            "cache.hits",
            Kind.COUNTER,
            "",
            "Duplicates that were answered without a command to Redis",
            List.of("scope"),
            figures -> ofScopes(figures, OfScope::cacheHits)),
    LATE_RENEWALS(
            "late.renewals",
            Kind.COUNTER,
            "",
            "Leases of which two thirds were over before they were renewed",
            List.of("scope"),
            figures -> ofScopes(figures, OfScope::lateRenewals)),
    HELD(
            "held.claims",
            Kind.GAUGE,
            "",
            "Calls that own their keys now",
            List.of("scope"),
            figures -> ofScopes(figures, OfScope::held)),
    OLDEST_HELD(
            "oldest.held",
            Kind.GAUGE,
            "seconds",
            "How long the oldest of them has owned its key; 0 where there is none",
            List.of("scope"),
            figures -> ofScopes(figures, OfScope::oldestHeldSeconds)),
    GUARDING(
            "guarding",
            Kind.GAUGE,
            "",
            "1 where calls are guarded by the store; 0 where bodies run unguarded or calls are refused, as by mode=observe and while Redis is"
                    + " away",
            figures -> figures.guarding() ? 1 : 0),
    SHARED_STORE(
            "shared.store",
            Kind.GAUGE,
            "",
            "1 where keys are claimed in Redis, which all processes share; 0 where in the memory of this process, which no other one sees",
            figures -> figures.sharedStore() ? 1 : 0),
    STORE_AWAY(
            "store.away",
            Kind.GAUGE,
            "",
            "Parts of Redis to which no calls are sent, since they did not answer: the circuit breaker is open; 0 or 1, or nodes of a Cluster",
            GuardFigures::partsAway),
    PENDING_UPDATES(
            "pending.updates",
            Kind.GAUGE,
            "",
            "Completions and failures that wait for Redis",
            GuardFigures::pendingUpdates),
    PENDING("pending", Kind.GAUGE, "bytes", "What those take in memory, roughly", GuardFigures::pendingBytes),
    LOST_COMPLETIONS(
            "lost.completions",
            Kind.COUNTER,
            "",
            "Completions that were given up: their bodies ran, and a redelivery may run them again",
            GuardFigures::lostCompletions),
    UNACKNOWLEDGED_COMPLETIONS(
            "unacknowledged.completions",
            Kind.COUNTER,
            "",
            "Completions that Redis was to acknowledge before their calls returned, and did not",
            GuardFigures::unacknowledgedCompletions),
    REFUSED_COMPLETIONS(
            "refused.completions",
            Kind.COUNTER,
            "",
            "Completions that Redis refused, since another worker owned the key by then: their bodies ran twice, or do so at the next delivery where somebody released the key",
            GuardFigures::refusedCompletions),
    HELD_TOO_LONG(
            "held.too.long",
            Kind.COUNTER,
            "",
            "Calls that lost their key because they ran for longer than max-hold",
            GuardFigures::heldTooLong),
    RECORDS(
            "records",
            Kind.GAUGE,
            "bytes",
            "What the records take in memory that this process holds itself, roughly",
            GuardFigures::recordBytes),
    DROPPED_RECORDS(
            "dropped.records",
            Kind.COUNTER,
            "",
            "Completed ones of them that went before their time for lack of room",
            GuardFigures::droppedRecords),
    UNREADABLE_RESULTS(
            "unreadable.results",
            Kind.COUNTER,
            "",
            "Stored results that were met and could not be decrypted",
            GuardFigures::unreadableResults),
    NEWER_RECORDS(
            "newer.records",
            Kind.COUNTER,
            "",
            "Claims that met a record of a newer version of the agent",
            GuardFigures::newerRecords),
    UNTOLD_CALLS(
            "untold.calls",
            Kind.COUNTER,
            "",
            "Calls that a listener of the application, a span or a recording could not be told of",
            GuardFigures::untold);

    /** What a metric's values mean. */
    public enum Kind {
        COUNTER,
        GAUGE,
        HISTOGRAM
    }

    /**
     * One value.
     *
     * @param labels in the order of {@link #labels()}
     * @param histogram null but for a histogram, which has no single value
     */
    public record Sample(List<String> labels, double value, TimeHistogram.@Nullable Snapshot histogram) {}

    /** Adds what it reads of one scope. */
    private interface PerScope {
        void read(OfScope scope, List<Sample> into);
    }

    private final String name;
    private final Kind kind;
    private final String unit;
    private final String help;
    private final List<String> labels;
    private final Function<GuardFigures, List<Sample>> samples;

    Metric(String name, Kind kind, String unit, String help, ToDoubleFunction<GuardFigures> value) {
        this(name, kind, unit, help, List.of(), figures -> List.of(value(value.applyAsDouble(figures))));
    }

    Metric(
            String name,
            Kind kind,
            String unit,
            String help,
            List<String> labels,
            Function<GuardFigures, List<Sample>> samples) {
        this.name = name;
        this.kind = kind;
        this.unit = unit;
        this.help = help;
        this.labels = labels;
        this.samples = samples;
    }

    private static List<Sample> perScope(GuardFigures figures, PerScope reader) {
        List<Sample> all = new ArrayList<>();
        for (OfScope scope : figures.scopes()) {
            reader.read(scope, all);
        }
        return all;
    }

    private static List<Sample> ofScopes(GuardFigures figures, ToDoubleFunction<OfScope> value) {
        return perScope(figures, (scope, into) -> into.add(value(value.applyAsDouble(scope), scope.scope())));
    }

    private static Sample value(double value, String... labels) {
        return new Sample(List.of(labels), value, null);
    }

    /** With dots, as Micrometer and OpenTelemetry name it, and without its unit: {@code idempotent.trace.oldest.held}. */
    public String dottedName() {
        return "idempotent.trace." + name;
    }

    /** {@code seconds}, {@code bytes}, or empty where things are counted. */
    public String unit() {
        return unit;
    }

    /** As Prometheus names it: {@code idempotent_trace_oldest_held_seconds}, {@code idempotent_trace_calls_total}. */
    public String prometheusName() {
        return dottedName().replace('.', '_')
                + (unit.isEmpty() ? "" : '_' + unit)
                + (kind == Kind.COUNTER ? "_total" : "");
    }

    public Kind kind() {
        return kind;
    }

    /** What it tells, for people. */
    public String help() {
        return help;
    }

    /** The names of its labels; most are by scope. */
    public List<String> labels() {
        return labels;
    }

    /** Its values; a histogram without values has none. */
    public List<Sample> samples(GuardFigures figures) {
        return samples.apply(figures);
    }
}
