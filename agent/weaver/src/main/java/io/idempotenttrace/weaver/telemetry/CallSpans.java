package io.idempotenttrace.weaver.telemetry;

import io.idempotenttrace.agent.TelemetryClasses;
import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.guard.EndedCall;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The current span of OpenTelemetry gets what was decided for a call: attributes, and where the body did not run and the record's trace id
 * is one of OpenTelemetry's, a link to that trace. One for each copy of the API, held by a class of it.
 */
final class CallSpans {

    private static final String TRACE = "io.opentelemetry.api.trace.";
    private static final Pattern TRACE_ID = Pattern.compile("(?!0{32})[0-9a-f]{32}");
    private static final int SPAN_ID_LENGTH = 16;
    private static final String NO_SPAN_ID = "0".repeat(SPAN_ID_LENGTH);

    private static final ClassValue<CallSpans> OF_CONTEXT = new ClassValue<>() {
        @Override
        protected CallSpans computeValue(Class<?> context) {
            try {
                return new CallSpans(OpenTelemetryApi.beside(context, TRACE + "Span"));
            } catch (ReflectiveOperationException | LinkageError other) {
                throw new IllegalStateException("a method of OpenTelemetry's spans is not there: " + other, other);
            }
        }
    };

    private final Class<?> span;
    private final MethodHandle current;
    private final MethodHandle isRecording;
    private final MethodHandle setText;
    private final MethodHandle setNumber;
    /** Made for the first call that needs it, since the application may never have used those classes. */
    private volatile @Nullable MethodHandle addLink;

    private CallSpans(Class<?> span) throws ReflectiveOperationException {
        this.span = span;
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        current = lookup.findStatic(span, "current", MethodType.methodType(span))
                .asType(MethodType.methodType(Object.class));
        isRecording = lookup.findVirtual(span, "isRecording", MethodType.methodType(boolean.class))
                .asType(MethodType.methodType(boolean.class, Object.class));
        setText = lookup.findVirtual(span, "setAttribute", MethodType.methodType(span, String.class, String.class))
                .asType(MethodType.methodType(Object.class, Object.class, String.class, String.class));
        setNumber = lookup.findVirtual(span, "setAttribute", MethodType.methodType(span, String.class, long.class))
                .asType(MethodType.methodType(Object.class, Object.class, String.class, long.class));
    }

    /**
     * Those of the copy of the API by which the loader's calls are seen. Runs code of the application's class loader.
     *
     * @return null where nobody has asked that copy for the current context: then there is no current span
     * @throws IllegalStateException if it is a version that lacks a method
     */
    static @Nullable CallSpans seenBy(ClassLoader loader) {
        Class<?> context = OpenTelemetryApi.loadedFor(loader, TelemetryClasses.OPENTELEMETRY_CONTEXT);
        return context == null ? null : OF_CONTEXT.get(context);
    }

    boolean isRecording() throws Throwable {
        Object span = (Object) current.invokeExact();
        return (boolean) isRecording.invokeExact(span);
    }

    void tell(EndedCall call) throws Throwable {
        Object span = (Object) current.invokeExact();
        if (!(boolean) isRecording.invokeExact(span)) {
            return;
        }
        set(span, "idempotent_trace.verdict", call.ending().label());
        set(span, "idempotent_trace.method", call.method());
        set(span, "idempotent_trace.scope", call.scope());
        set(span, "idempotent_trace.tenant", call.tenant());
        set(
                span,
                "idempotent_trace.reason",
                call.reason() == null ? null : call.reason().label());
        set(span, "idempotent_trace.wait_ms", call.waitedMillis());
        set(span, "idempotent_trace.store_ns", call.storeNanos());
        set(span, "idempotent_trace.attempt", call.attempt());
        boolean suppressed = call.ending() == Ending.DUPLICATE
                || call.ending() == Ending.CONFLICT
                || call.ending() == Ending.IN_PROGRESS;
        if (suppressed && !call.traceId().isEmpty()) {
            set(span, "idempotent_trace.stored_trace_id", call.traceId());
            if (TRACE_ID.matcher(call.traceId()).matches()) {
                link(span, call.traceId());
            }
        }
    }

    private void set(Object span, String name, @Nullable String value) throws Throwable {
        if (value != null) {
            Object unused = (Object) setText.invokeExact(span, name, value);
        }
    }

    private void set(Object span, String name, long value) throws Throwable {
        if (value != 0) {
            Object unused = (Object) setNumber.invokeExact(span, name, value);
        }
    }

    /** The record has no span's id, and OpenTelemetry drops a link without one: the end of the trace's id stands for it. */
    private void link(Object span, String traceId) throws Throwable {
        MethodHandle link = addLink;
        if (link == null) {
            link = linking();
            addLink = link;
        }
        String spanId = traceId.substring(SPAN_ID_LENGTH);
        if (spanId.equals(NO_SPAN_ID)) {
            spanId = traceId.substring(0, SPAN_ID_LENGTH);
        }
        Object unused = (Object) link.invokeExact(span, traceId, spanId);
    }

    /** {@code (Object span, String traceId, String spanId) -> Object}. In versions before 1.37 a span that has begun takes no links. */
    private MethodHandle linking() throws Throwable {
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        Class<?> context = OpenTelemetryApi.beside(span, TRACE + "SpanContext");
        MethodHandle addLink;
        try {
            addLink = lookup.findVirtual(span, "addLink", MethodType.methodType(span, context));
        } catch (NoSuchMethodException older) {
            MethodHandle nothing = MethodHandles.constant(Object.class, null);
            return MethodHandles.dropArguments(nothing, 0, Object.class, String.class, String.class);
        }
        Class<?> flags = OpenTelemetryApi.beside(span, TRACE + "TraceFlags");
        Class<?> state = OpenTelemetryApi.beside(span, TRACE + "TraceState");
        MethodHandle create = lookup.findStatic(
                context,
                "createFromRemoteParent",
                MethodType.methodType(context, String.class, String.class, flags, state));
        Object noFlags = LibraryClass.call(flags.getMethod("getDefault"), null);
        Object noState = LibraryClass.call(state.getMethod("getDefault"), null);
        return MethodHandles.collectArguments(addLink, 1, MethodHandles.insertArguments(create, 2, noFlags, noState))
                .asType(MethodType.methodType(Object.class, Object.class, String.class, String.class));
    }
}
