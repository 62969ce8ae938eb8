package io.idempotenttrace.weaver.telemetry;

import io.idempotenttrace.core.figures.Metric;
import io.idempotenttrace.core.guard.TimeHistogram;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The metrics as asynchronous instruments of the application's global OpenTelemetry, read when its reader wants them. OpenTelemetry has no
 * asynchronous histogram: one is told its new values before the first instrument is read. Nothing is done before the application, or
 * OpenTelemetry's agent, has set the global instance, since asking for it earlier would keep it from being set.
 */
final class OpenTelemetryMeters {

    private static final String API = "io.opentelemetry.api.";
    private static final String METRICS = API + "metrics.";

    private OpenTelemetryMeters() {}

    /** Whether the global instance is set. Versions before 1.57 don't tell, but have it in a field. */
    static boolean isSet(Class<?> global) throws Throwable {
        try {
            return (Boolean) LibraryClass.call(global.getMethod("isSet"), null);
        } catch (NoSuchMethodException older) {
            Field field = global.getDeclaredField("globalOpenTelemetry");
            field.setAccessible(true);
            return field.get(null) != null;
        }
    }

    /** Makes all instruments, once for each global instance. Runs code of the application's. */
    static void register(Class<?> global, FigureValues values) throws Throwable {
        Object meter = LibraryClass.call(global.getMethod("getMeter", String.class), null, "io.idempotenttrace");
        List<Histogram> histograms = new ArrayList<>();
        for (Metric metric : Metric.values()) {
            if (metric.kind() == Metric.Kind.HISTOGRAM) {
                histograms.add(histogram(global, meter, metric));
            }
        }
        Consumer<Object> before = measurement -> tell(histograms, values);
        for (Metric metric : Metric.values()) {
            if (metric.kind() != Metric.Kind.HISTOGRAM) {
                register(global, meter, metric, before.andThen(callback(global, metric, values)));
                before = measurement -> {};
            }
        }
    }

    /** One of OpenTelemetry's. */
    private record Histogram(
            Metric metric, Object histogram, Method record, Labels labels, Map<List<String>, ToldHistogram> told) {}

    private static Histogram histogram(Class<?> global, Object meter, Metric metric) throws Throwable {
        Class<?> type = OpenTelemetryApi.beside(global, METRICS + "DoubleHistogramBuilder");
        Object builder = LibraryClass.call(
                OpenTelemetryApi.beside(global, METRICS + "Meter").getMethod("histogramBuilder", String.class),
                meter,
                metric.dottedName());
        builder = LibraryClass.call(type.getMethod("setDescription", String.class), builder, metric.help());
        builder = LibraryClass.call(type.getMethod("setUnit", String.class), builder, unit(metric));
        try {
            builder = LibraryClass.call(
                    type.getMethod("setExplicitBucketBoundariesAdvice", List.class),
                    builder,
                    Arrays.stream(TimeHistogram.boundsSeconds()).boxed().toList());
        } catch (NoSuchMethodException older) {
            // Before 1.32: count and sum are right, and the bounds are those that OpenTelemetry takes for milliseconds.
        }
        Labels labels = new Labels(global);
        Method record = OpenTelemetryApi.beside(global, METRICS + "DoubleHistogram")
                .getMethod("record", double.class, labels.type);
        return new Histogram(
                metric, LibraryClass.call(type.getMethod("build"), builder), record, labels, new ConcurrentHashMap<>());
    }

    /** Called by threads of the application. */
    private static void tell(List<Histogram> histograms, FigureValues values) {
        try {
            for (Histogram histogram : histograms) {
                for (Metric.Sample sample : values.samples(histogram.metric())) {
                    TimeHistogram.Snapshot counted = sample.histogram();
                    if (counted != null) {
                        Object labels = histogram.labels().of(histogram.metric(), sample);
                        histogram
                                .told()
                                .computeIfAbsent(sample.labels(), scope -> new ToldHistogram())
                                .tell(
                                        counted,
                                        nanos -> LibraryClass.call(
                                                histogram.record(), histogram.histogram(), nanos / 1e9, labels));
                    }
                }
            }
        } catch (Throwable fault) {
            values.failed(fault);
        }
    }

    /** As UCUM writes it. */
    private static String unit(Metric metric) {
        return switch (metric.unit()) {
            case "seconds" -> "s";
            case "bytes" -> "By";
            default -> "";
        };
    }

    private static void register(Class<?> global, Object meter, Metric metric, Consumer<Object> callback)
            throws Throwable {
        boolean gauge = metric.kind() == Metric.Kind.GAUGE;
        Class<?> meterType = OpenTelemetryApi.beside(global, METRICS + "Meter");
        Class<?> type =
                OpenTelemetryApi.beside(global, METRICS + (gauge ? "DoubleGaugeBuilder" : "LongCounterBuilder"));
        Object builder = LibraryClass.call(
                meterType.getMethod(gauge ? "gaugeBuilder" : "counterBuilder", String.class),
                meter,
                metric.dottedName());
        if (!gauge) {
            builder = LibraryClass.call(type.getMethod("ofDoubles"), builder);
            type = OpenTelemetryApi.beside(global, METRICS + "DoubleCounterBuilder");
        }
        builder = LibraryClass.call(type.getMethod("setDescription", String.class), builder, metric.help());
        builder = LibraryClass.call(type.getMethod("setUnit", String.class), builder, unit(metric));
        Object unused = LibraryClass.call(type.getMethod("buildWithCallback", Consumer.class), builder, callback);
    }

    /** Called by threads of the application. */
    private static Consumer<Object> callback(Class<?> global, Metric metric, FigureValues values)
            throws ReflectiveOperationException {
        Labels labels = new Labels(global);
        Method record = OpenTelemetryApi.beside(global, METRICS + "ObservableDoubleMeasurement")
                .getMethod("record", double.class, labels.type);
        return measurement -> {
            try {
                for (Metric.Sample sample : values.samples(metric)) {
                    LibraryClass.call(record, measurement, sample.value(), labels.of(metric, sample));
                }
            } catch (Throwable fault) {
                values.failed(fault);
            }
        };
    }

    /** Makes OpenTelemetry's attributes of a sample's labels. */
    private static final class Labels {

        private final Class<?> type;
        private final Method newBuilder;
        private final Method put;
        private final Method build;

        Labels(Class<?> global) throws ReflectiveOperationException {
            type = OpenTelemetryApi.beside(global, API + "common.Attributes");
            newBuilder = type.getMethod("builder");
            Class<?> builder = OpenTelemetryApi.beside(global, API + "common.AttributesBuilder");
            put = builder.getMethod("put", String.class, String.class);
            build = builder.getMethod("build");
        }

        Object of(Metric metric, Metric.Sample sample) throws Throwable {
            Object labels = LibraryClass.call(newBuilder, null);
            for (int i = 0; i < sample.labels().size(); i++) {
                LibraryClass.call(
                        put, labels, metric.labels().get(i), sample.labels().get(i));
            }
            return LibraryClass.call(build, labels);
        }
    }
}
