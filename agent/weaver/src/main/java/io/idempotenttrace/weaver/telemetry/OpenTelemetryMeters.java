package io.idempotenttrace.weaver.telemetry;

import io.idempotenttrace.core.figures.Metric;
import io.idempotenttrace.core.guard.TimeHistogram;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * The metrics as asynchronous instruments of the application's global OpenTelemetry, read when its reader wants them. A histogram is two
 * counters, {@code .count} and {@code .time}: OpenTelemetry has no asynchronous histogram. Nothing is done before the application, or
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
        for (Metric metric : Metric.values()) {
            if (metric.kind() == Metric.Kind.HISTOGRAM) {
                register(global, meter, metric, ".count", "", values, sample -> {
                    TimeHistogram.Snapshot histogram = sample.histogram();
                    return histogram == null ? 0 : histogram.count();
                });
                register(global, meter, metric, ".time", "s", values, sample -> {
                    TimeHistogram.Snapshot histogram = sample.histogram();
                    return histogram == null ? 0 : histogram.sumSeconds();
                });
            } else {
                register(global, meter, metric, "", unit(metric), values, Metric.Sample::value);
            }
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

    private static void register(
            Class<?> global,
            Object meter,
            Metric metric,
            String suffix,
            String unit,
            FigureValues values,
            ToDoubleFunction<Metric.Sample> value)
            throws Throwable {
        boolean gauge = metric.kind() == Metric.Kind.GAUGE;
        Class<?> meterType = OpenTelemetryApi.beside(global, METRICS + "Meter");
        Class<?> type =
                OpenTelemetryApi.beside(global, METRICS + (gauge ? "DoubleGaugeBuilder" : "LongCounterBuilder"));
        Object builder = LibraryClass.call(
                meterType.getMethod(gauge ? "gaugeBuilder" : "counterBuilder", String.class),
                meter,
                metric.dottedName() + suffix);
        if (!gauge) {
            builder = LibraryClass.call(type.getMethod("ofDoubles"), builder);
            type = OpenTelemetryApi.beside(global, METRICS + "DoubleCounterBuilder");
        }
        builder = LibraryClass.call(type.getMethod("setDescription", String.class), builder, metric.help());
        builder = LibraryClass.call(type.getMethod("setUnit", String.class), builder, unit);
        Object unused = LibraryClass.call(
                type.getMethod("buildWithCallback", Consumer.class), builder, callback(global, metric, values, value));
    }

    /** Called by threads of the application. */
    private static Consumer<Object> callback(
            Class<?> global, Metric metric, FigureValues values, ToDoubleFunction<Metric.Sample> value)
            throws ReflectiveOperationException {
        Class<?> attributes = OpenTelemetryApi.beside(global, API + "common.Attributes");
        Class<?> attributesBuilder = OpenTelemetryApi.beside(global, API + "common.AttributesBuilder");
        Method newBuilder = attributes.getMethod("builder");
        Method put = attributesBuilder.getMethod("put", String.class, String.class);
        Method build = attributesBuilder.getMethod("build");
        Method record = OpenTelemetryApi.beside(global, METRICS + "ObservableDoubleMeasurement")
                .getMethod("record", double.class, attributes);
        return measurement -> {
            try {
                for (Metric.Sample sample : values.samples(metric)) {
                    Object labels = LibraryClass.call(newBuilder, null);
                    for (int i = 0; i < sample.labels().size(); i++) {
                        LibraryClass.call(
                                put,
                                labels,
                                metric.labels().get(i),
                                sample.labels().get(i));
                    }
                    LibraryClass.call(
                            record, measurement, value.applyAsDouble(sample), LibraryClass.call(build, labels));
                }
            } catch (Throwable fault) {
                values.failed(fault);
            }
        };
    }
}
