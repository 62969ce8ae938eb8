package io.idempotenttrace.weaver.telemetry;

import io.idempotenttrace.agent.TelemetryClasses;
import io.idempotenttrace.core.guard.EndedCall;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** The application's own {@code CallVerdicts}, which its listeners are added to. One for each copy of that class, which holds it. */
final class ApplicationListeners {

    private static final MethodType MADE = MethodType.methodType(
            Object.class,
            String.class,
            String.class,
            String.class,
            String.class,
            String.class,
            String.class,
            String.class,
            long.class,
            long.class,
            long.class);

    private static final ClassValue<ApplicationListeners> OF_CLASS = new ClassValue<>() {
        @Override
        protected ApplicationListeners computeValue(Class<?> verdicts) {
            try {
                return new ApplicationListeners(
                        verdicts, LibraryClass.beside(verdicts, "io.idempotenttrace.CallVerdict"));
            } catch (ReflectiveOperationException | LinkageError other) {
                throw new IllegalStateException("a method of CallVerdicts is not there: " + other, other);
            }
        }
    };

    private final MethodHandle isHeard;
    private final MethodHandle make;
    private final MethodHandle tell;

    private ApplicationListeners(Class<?> verdicts, Class<?> verdict) throws ReflectiveOperationException {
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        isHeard = lookup.findStatic(verdicts, "isHeard", MethodType.methodType(boolean.class));
        make = lookup.findConstructor(verdict, MADE.changeReturnType(void.class))
                .asType(MADE);
        tell = lookup.findStatic(verdicts, "tell", MethodType.methodType(Throwable.class, verdict))
                .asType(MethodType.methodType(Throwable.class, Object.class));
    }

    /**
     * Those that the calls of a loader's classes are told to. Runs code of that class loader.
     *
     * @return null where the application has not used that class
     * @throws IllegalStateException if it is a version that lacks a method
     */
    static @Nullable ApplicationListeners seenBy(ClassLoader loader) {
        Class<?> verdicts = LibraryClass.loadedFor(loader, TelemetryClasses.CALL_VERDICTS);
        return verdicts == null ? null : OF_CLASS.get(verdicts);
    }

    boolean isHeard() throws Throwable {
        return (boolean) isHeard.invokeExact();
    }

    /** Returns what a listener threw; null where none did. */
    @Nullable
    Throwable tell(EndedCall call) throws Throwable {
        // Of exactly that type, as the handle wants it.
        String reason = call.reason() == null ? null : call.reason().label();
        String traceId = call.traceId().isEmpty() ? null : call.traceId();
        Object told = (Object) make.invokeExact(
                call.method(),
                call.scope(),
                call.tenant(),
                call.key(),
                call.ending().label(),
                reason,
                traceId,
                call.waitedMillis(),
                call.storeNanos(),
                call.attempt());
        return (Throwable) tell.invokeExact(told);
    }
}
