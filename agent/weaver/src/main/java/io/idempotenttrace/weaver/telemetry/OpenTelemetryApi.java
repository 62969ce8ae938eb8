package io.idempotenttrace.weaver.telemetry;

import io.idempotenttrace.agent.TelemetryClasses;
import org.jspecify.annotations.Nullable;

/**
 * Which copy of OpenTelemetry's API a class loader's calls are told to: that of OpenTelemetry's Java agent where that is there, which the
 * agent joins with the application's own; else the application's.
 */
final class OpenTelemetryApi {

    private OpenTelemetryApi() {}

    /** @param trigger which class has to be loaded; null where it is not */
    static @Nullable Class<?> loadedFor(ClassLoader loader, String trigger) {
        Class<?> ofAgent = LibraryClass.loadedByBoot(TelemetryClasses.OPENTELEMETRY_AGENT + trigger);
        return ofAgent != null ? ofAgent : LibraryClass.loadedFor(loader, trigger);
    }

    /** Another class of the same copy, by its usual name. */
    static Class<?> beside(Class<?> known, String name) throws ClassNotFoundException {
        boolean ofAgent = known.getName().startsWith(TelemetryClasses.OPENTELEMETRY_AGENT);
        return LibraryClass.beside(known, ofAgent ? TelemetryClasses.OPENTELEMETRY_AGENT + name : name);
    }
}
