package io.idempotenttrace.weaver.telemetry;

import io.idempotenttrace.core.figures.Metric;
import io.idempotenttrace.core.guard.TimeHistogram;
import io.idempotenttrace.weaver.telemetry.FigureValues.Reading;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * The metrics as meters of Micrometer's global registry, to which Spring Boot, Quarkus and Micronaut bind the application's own. Each meter
 * reads when the registry is read. A histogram is a timer with buckets, which is told the new values at each look: what was counted before
 * there was a registry goes to the first one. Used by one thread.
 */
final class MicrometerMeters {

    private static final String PACKAGE = "io.micrometer.core.instrument.";

    private static final Duration[] BOUNDS = Arrays.stream(TimeHistogram.boundsNanos())
            .mapToObj(Duration::ofNanos)
            .toArray(Duration[]::new);

    /** By name and labels. Micrometer holds what it reads weakly. */
    private final Map<String, Reading> registered = new HashMap<>();

    private final List<Timer> timers = new ArrayList<>();

    /** A timer of Micrometer's, and the histogram of which it is told. Its registry holds it; the engine must not, when the application goes. */
    private record Timer(WeakReference<Object> timer, Reading reading, ToldHistogram told) {}

    /** Makes meters for what has come since the last time, and tells timers what they were not told yet. Runs code of the application's. */
    void look(Class<?> metrics, FigureValues values) throws Throwable {
        Object registry = metrics.getField("globalRegistry").get(null);
        register(metrics, registry, values);
        Set<?> bound = (Set<?>) LibraryClass.call(registry.getClass().getMethod("getRegistries"), registry);
        if (!bound.isEmpty()) {
            tellTimers(metrics);
        }
    }

    private void tellTimers(Class<?> metrics) throws Throwable {
        Method record = LibraryClass.beside(metrics, PACKAGE + "Timer").getMethod("record", long.class, TimeUnit.class);
        for (Timer timer : timers) {
            TimeHistogram.Snapshot counted = timer.reading().histogram();
            Object meter = timer.timer().get();
            if (counted != null && meter != null) {
                timer.told().tell(counted, nanos -> LibraryClass.call(record, meter, nanos, TimeUnit.NANOSECONDS));
            }
        }
    }

    private void register(Class<?> metrics, Object registry, FigureValues values) throws Throwable {
        for (Metric metric : Metric.values()) {
            for (Metric.Sample sample : values.samples(metric)) {
                String name = metric.name() + sample.labels();
                if (!registered.containsKey(name)) {
                    Reading reading = values.reading(metric, sample.labels());
                    Object meter = register(metrics, registry, metric, sample.labels(), reading);
                    registered.put(name, reading);
                    if (metric.kind() == Metric.Kind.HISTOGRAM) {
                        timers.add(new Timer(new WeakReference<>(meter), reading, new ToldHistogram()));
                    }
                }
            }
        }
    }

    private static Object register(
            Class<?> metrics, Object registry, Metric metric, List<String> labels, Reading reading) throws Throwable {
        Object builder = builder(metrics, metric, reading);
        Class<?> type = builder.getClass();
        LibraryClass.call(type.getMethod("tags", String[].class), builder, (Object) tags(metric, labels));
        LibraryClass.call(type.getMethod("description", String.class), builder, metric.help());
        if (!metric.unit().isEmpty() && metric.kind() != Metric.Kind.HISTOGRAM) {
            LibraryClass.call(type.getMethod("baseUnit", String.class), builder, metric.unit());
        }
        return LibraryClass.call(
                type.getMethod("register", LibraryClass.beside(metrics, PACKAGE + "MeterRegistry")), builder, registry);
    }

    private static Object builder(Class<?> metrics, Metric metric, Reading reading) throws Throwable {
        ToDoubleFunction<Reading> value = Reading::value;
        if (metric.kind() == Metric.Kind.HISTOGRAM) {
            Object builder = LibraryClass.call(
                    LibraryClass.beside(metrics, PACKAGE + "Timer").getMethod("builder", String.class),
                    null,
                    metric.dottedName());
            try {
                return LibraryClass.call(
                        builder.getClass().getMethod("serviceLevelObjectives", Duration[].class), builder, (Object)
                                BOUNDS);
            } catch (NoSuchMethodException older) {
                // Before 1.5: count and sum alone.
                return builder;
            }
        }
        String type = metric.kind() == Metric.Kind.COUNTER ? "FunctionCounter" : "Gauge";
        return LibraryClass.call(
                LibraryClass.beside(metrics, PACKAGE + type)
                        .getMethod("builder", String.class, Object.class, ToDoubleFunction.class),
                null,
                metric.dottedName(),
                reading,
                value);
    }

    private static String[] tags(Metric metric, List<String> labels) {
        String[] tags = new String[labels.size() * 2];
        for (int i = 0; i < labels.size(); i++) {
            tags[2 * i] = metric.labels().get(i);
            tags[2 * i + 1] = labels.get(i);
        }
        return tags;
    }
}
