package io.idempotenttrace.weaver.telemetry;

import io.idempotenttrace.core.figures.Metric;
import io.idempotenttrace.weaver.telemetry.FigureValues.Reading;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * The metrics as meters of Micrometer's global registry, to which Spring Boot, Quarkus and Micronaut bind the application's own. Each meter
 * reads when the registry is read. A histogram is a timer with count and sum; Micrometer takes no buckets that somebody else has filled.
 * Used by one thread.
 */
final class MicrometerMeters {

    private static final String PACKAGE = "io.micrometer.core.instrument.";

    /** By name and labels. Micrometer holds what it reads weakly. */
    private final Map<String, Reading> registered = new HashMap<>();

    /** Makes meters for what has come since the last time. Runs code of the application's. */
    void register(Class<?> metrics, FigureValues values) throws Throwable {
        for (Metric metric : Metric.values()) {
            for (Metric.Sample sample : values.samples(metric)) {
                String name = metric.name() + sample.labels();
                if (!registered.containsKey(name)) {
                    Reading reading = values.reading(metric, sample.labels());
                    register(metrics, metric, sample.labels(), reading);
                    registered.put(name, reading);
                }
            }
        }
    }

    private static void register(Class<?> metrics, Metric metric, List<String> labels, Reading reading)
            throws Throwable {
        Object builder = builder(metrics, metric, reading);
        Class<?> type = builder.getClass();
        LibraryClass.call(type.getMethod("tags", String[].class), builder, (Object) tags(metric, labels));
        LibraryClass.call(type.getMethod("description", String.class), builder, metric.help());
        if (!metric.unit().isEmpty() && metric.kind() != Metric.Kind.HISTOGRAM) {
            LibraryClass.call(type.getMethod("baseUnit", String.class), builder, metric.unit());
        }
        Object registry = metrics.getField("globalRegistry").get(null);
        LibraryClass.call(
                type.getMethod("register", LibraryClass.beside(metrics, PACKAGE + "MeterRegistry")), builder, registry);
    }

    private static Object builder(Class<?> metrics, Metric metric, Reading reading) throws Throwable {
        ToDoubleFunction<Reading> value = Reading::value;
        if (metric.kind() == Metric.Kind.HISTOGRAM) {
            ToLongFunction<Reading> count = Reading::count;
            ToDoubleFunction<Reading> seconds = Reading::seconds;
            return LibraryClass.call(
                    LibraryClass.beside(metrics, PACKAGE + "FunctionTimer")
                            .getMethod(
                                    "builder",
                                    String.class,
                                    Object.class,
                                    ToLongFunction.class,
                                    ToDoubleFunction.class,
                                    TimeUnit.class),
                    null,
                    metric.dottedName(),
                    reading,
                    count,
                    seconds,
                    TimeUnit.SECONDS);
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
