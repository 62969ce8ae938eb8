package io.idempotenttrace.weaver;

import io.idempotenttrace.agent.TelemetryClasses;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.guard.GuardFigures;
import io.idempotenttrace.core.guard.GuardLog;
import io.idempotenttrace.weaver.telemetry.ApplicationMeters;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Has meters made in the libraries that the application loads, whether a guarded method was called or not: who watches an idle process sees
 * that it is guarded. Accepts the loaders of classes with guarded methods. Safe for use by many threads.
 */
final class MeterLibraries implements Consumer<ClassLoader> {

    private final boolean micrometer;
    private final boolean openTelemetry;
    private final AnnotatedClasses seen;
    private final Supplier<@Nullable GuardFigures> figures;
    private final GuardLog log;
    /** Made for the first library in which there may be meters: most applications have none when the engine starts. */
    private @Nullable ApplicationMeters meters;

    /** @param seen the classes whose loaders may see a library that comes later */
    MeterLibraries(
            Configuration configuration,
            AnnotatedClasses seen,
            Supplier<@Nullable GuardFigures> figures,
            GuardLog log) {
        this.micrometer = configuration.text(Setting.MICROMETER).equals("auto");
        this.openTelemetry = configuration.text(Setting.OPENTELEMETRY).equals("auto");
        this.seen = seen;
        this.figures = figures;
        this.log = log;
        if (micrometer || openTelemetry) {
            // No lambda: the first one of a JVM takes longer than the class.
            TelemetryClasses.onNoted(new Runnable() {
                @Override
                public void run() {
                    lookAgain();
                }
            });
        }
    }

    /** On the thread that loads a class of such a library. */
    private void lookAgain() {
        try {
            if (areWanted()) {
                seen.loaders().forEach(this);
            }
        } catch (Throwable fault) {
            log.sayOnce("the metrics are told to the application's libraries from its first guarded call on (" + fault
                    + ")");
        }
    }

    @Override
    public void accept(ClassLoader loader) {
        if (areWanted()) {
            meters().met(loader);
        }
    }

    private boolean areWanted() {
        return micrometer && TelemetryClasses.isLoaded(TelemetryClasses.MICROMETER)
                || openTelemetry
                        && (TelemetryClasses.isLoaded(TelemetryClasses.OPENTELEMETRY_GLOBAL)
                                || TelemetryClasses.isLoaded(
                                        TelemetryClasses.OPENTELEMETRY_AGENT + TelemetryClasses.OPENTELEMETRY_GLOBAL));
    }

    /** Under a lock that nobody holds for long, since whoever loads a class comes here. */
    private synchronized ApplicationMeters meters() {
        ApplicationMeters made = meters;
        if (made == null) {
            made = new ApplicationMeters(figures, micrometer, openTelemetry, log);
            meters = made;
        }
        return made;
    }
}
