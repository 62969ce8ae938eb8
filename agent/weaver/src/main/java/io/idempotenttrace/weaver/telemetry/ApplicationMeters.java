package io.idempotenttrace.weaver.telemetry;

import io.idempotenttrace.agent.TelemetryClasses;
import io.idempotenttrace.core.background.BackgroundLoop;
import io.idempotenttrace.core.guard.GuardFigures;
import io.idempotenttrace.core.guard.GuardLog;
import io.idempotenttrace.weaver.application.ApplicationCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes meters of what is counted, in the Micrometer and the OpenTelemetry that the classes of guarded methods see. It looks for them from
 * time to time, on a thread of its own, which is there only if the application has loaded one of the two. A scope that comes later gets its
 * meters at the next look. Safe for use by many threads.
 */
public final class ApplicationMeters {

    /** Far from the start of an application, which it would slow down, and often enough for who waits for the first values. */
    private static final long FIRST_LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long LOOK_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final FigureValues values;
    private final boolean micrometer;
    private final boolean openTelemetry;
    private final GuardLog log;
    private final Set<ClassLoader> met = Collections.newSetFromMap(Collections.synchronizedMap(new WeakHashMap<>()));
    /** By the library's own class, which several loaders may share; used by the loop's thread alone, as those below. */
    private final Map<Class<?>, MicrometerMeters> inMicrometer = new WeakHashMap<>();

    private final Set<Class<?>> inOpenTelemetry = Collections.newSetFromMap(new WeakHashMap<>());
    private final Set<Class<?>> broken = Collections.newSetFromMap(new WeakHashMap<>());
    private final BackgroundLoop loop = new BackgroundLoop("idempotent-trace-meters", this::look);
    private volatile long firstLookNanos;

    /**
     * @param figures null where there is no guard
     * @param micrometer whether to look for Micrometer
     * @param openTelemetry whether to look for OpenTelemetry
     */
    public ApplicationMeters(
            Supplier<@Nullable GuardFigures> figures, boolean micrometer, boolean openTelemetry, GuardLog log) {
        this.values = new FigureValues(figures, this::unread);
        this.micrometer = micrometer;
        this.openTelemetry = openTelemetry;
        this.log = log;
    }

    /** Methods of that loader are guarded, and a library by which somebody watches may have come since it was met last. */
    public void met(ClassLoader loader) {
        if (firstLookNanos == 0) {
            firstLookNanos = System.nanoTime() + FIRST_LOOK_NANOS;
        }
        met.add(loader);
        loop.wake();
    }

    /** One round. */
    private long look() {
        long early = firstLookNanos - System.nanoTime();
        if (early > 0) {
            return early;
        }
        List<ClassLoader> loaders;
        synchronized (met) {
            loaders = new ArrayList<>(met);
        }
        boolean some = false;
        for (ClassLoader loader : loaders) {
            some |= micrometer && ApplicationCode.read(() -> toMicrometer(loader));
            some |= openTelemetry && ApplicationCode.read(() -> toOpenTelemetry(loader));
        }
        return some ? LOOK_EVERY_NANOS : BackgroundLoop.END;
    }

    /** Whether to look again. */
    private boolean toMicrometer(ClassLoader loader) {
        Class<?> metrics = LibraryClass.loadedFor(loader, TelemetryClasses.MICROMETER);
        if (metrics == null || broken.contains(metrics)) {
            return false;
        }
        try {
            MicrometerMeters meters = inMicrometer.get(metrics);
            if (meters == null) {
                meters = new MicrometerMeters();
                inMicrometer.put(metrics, meters);
            }
            meters.look(metrics, values);
            return true;
        } catch (Throwable failure) {
            return isBroken(metrics, "Micrometer", "micrometer", failure);
        }
    }

    private boolean toOpenTelemetry(ClassLoader loader) {
        Class<?> global = OpenTelemetryApi.loadedFor(loader, TelemetryClasses.OPENTELEMETRY_GLOBAL);
        if (global == null || broken.contains(global) || inOpenTelemetry.contains(global)) {
            return false;
        }
        try {
            if (OpenTelemetryMeters.isSet(global)) {
                inOpenTelemetry.add(global);
                OpenTelemetryMeters.register(global, values);
                return false;
            }
            return true;
        } catch (Throwable failure) {
            return isBroken(global, "OpenTelemetry", "opentelemetry", failure);
        }
    }

    private boolean isBroken(Class<?> library, String name, String setting, Throwable failure) {
        broken.add(library);
        log.say("the metrics can't be told to the application's " + name + " (" + failure
                + "); calls are guarded all the same. A version of it that the agent does not know may be the cause; "
                + setting + "=off leaves it alone");
        return false;
    }

    private void unread(Throwable failure) {
        ApplicationCode.run(() -> log.sayOnceAPeriod(
                GuardLog.Occasion.UNTOLD,
                "meters",
                "a meter of the application could not read its value (" + failure + ")"));
    }
}
