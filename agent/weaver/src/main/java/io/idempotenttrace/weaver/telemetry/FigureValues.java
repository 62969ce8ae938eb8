package io.idempotenttrace.weaver.telemetry;

import io.idempotenttrace.core.figures.Metric;
import io.idempotenttrace.core.guard.GuardFigures;
import io.idempotenttrace.core.guard.TimeHistogram;
import io.idempotenttrace.weaver.application.EngineRights;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The values of all metrics, as meters read them one by one: a snapshot serves all that are read within a moment. Safe for use by many
 * threads, and throws nothing.
 */
final class FigureValues {

    private static final long KEPT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Supplier<@Nullable GuardFigures> figures;
    private final Consumer<Throwable> failures;
    /** Guarded by this, as below. */
    private Map<Metric, List<Metric.Sample>> kept = Map.of();

    private long keptSince = System.nanoTime() - KEPT_NANOS;

    /**
     * @param figures null where there is no guard
     * @param failures what kept a value from being read
     */
    FigureValues(Supplier<@Nullable GuardFigures> figures, Consumer<Throwable> failures) {
        this.figures = figures;
        this.failures = failures;
    }

    /** What the metric has now; none while there is no guard, or where nothing can be read. Called by threads of the application. */
    List<Metric.Sample> samples(Metric metric) {
        try {
            return EngineRights.get(() -> read(metric));
        } catch (Throwable fault) {
            failed(fault);
            return List.of();
        }
    }

    private synchronized List<Metric.Sample> read(Metric metric) {
        long now = System.nanoTime();
        if (now - keptSince >= KEPT_NANOS) {
            GuardFigures read = figures.get();
            Map<Metric, List<Metric.Sample>> all = new EnumMap<>(Metric.class);
            for (Metric each : Metric.values()) {
                all.put(each, read == null ? List.of() : each.samples(read));
            }
            kept = all;
            keptSince = now;
        }
        return kept.getOrDefault(metric, List.of());
    }

    /** A value could not be read, or not be handed over. Throws nothing. */
    void failed(Throwable fault) {
        try {
            failures.accept(fault);
        } catch (Throwable again) {
            // Nothing is left to say it with.
        }
    }

    /** One value of a metric, by its labels. */
    Reading reading(Metric metric, List<String> labels) {
        return new Reading(metric, labels);
    }

    /** What one meter reads; held by the engine, since Micrometer holds it weakly. */
    final class Reading {

        private final Metric metric;
        private final List<String> labels;

        private Reading(Metric metric, List<String> labels) {
            this.metric = metric;
            this.labels = labels;
        }

        private Metric.@Nullable Sample sample() {
            for (Metric.Sample sample : samples(metric)) {
                if (sample.labels().equals(labels)) {
                    return sample;
                }
            }
            return null;
        }

        double value() {
            Metric.Sample sample = sample();
            return sample == null ? 0 : sample.value();
        }

        /** Null but for a histogram. */
        TimeHistogram.@Nullable Snapshot histogram() {
            Metric.Sample sample = sample();
            return sample == null ? null : sample.histogram();
        }
    }
}
