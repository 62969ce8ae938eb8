package io.idempotenttrace.benchmarks.program;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import java.util.function.IntConsumer;

/** New calls and duplicates by one thread, which somebody may watch; prints how long one takes. */
public final class ObservedCalls {

    private static final int WARM_UP_ROUNDS = 6;
    private static final int ROUNDS = 5;

    private final io.idempotenttrace.benchmarks.program.Span payload =
            io.idempotenttrace.benchmarks.program.Span.typical();
    private final int calls;
    private final boolean spans;

    private ObservedCalls(int calls, boolean spans) {
        this.calls = calls;
        this.spans = spans;
    }

    /** @param arguments how many calls of each kind in a round, and {@code spans} for a span of OpenTelemetry around each call */
    public static void main(String[] arguments) {
        ObservedCalls program =
                new ObservedCalls(Integer.parseInt(arguments[0]), arguments.length > 1 && arguments[1].equals("spans"));
        Emitter.emit("same", program.payload);
        for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
            String prefix = "r" + round + '-';
            double newCall = program.micros(i -> program.emit(prefix + i));
            Figures.settle();
            double duplicate = program.micros(i -> program.emit("same"));
            if (round >= 0) {
                Figures.print("new", "call", newCall);
                Figures.print("duplicate", "call", duplicate);
            }
        }
    }

    private double micros(IntConsumer call) {
        long begin = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            call.accept(i);
        }
        return (System.nanoTime() - begin) / 1e3 / calls;
    }

    private void emit(String key) {
        if (!spans) {
            Emitter.emit(key, payload);
            return;
        }
        Span span = Tracing.TRACER.spanBuilder("deliver").startSpan();
        try (Scope current = span.makeCurrent()) {
            Emitter.emit(key, payload);
        } finally {
            span.end();
        }
    }

    /** Loaded where spans are asked for alone: else nothing of OpenTelemetry is. */
    private static final class Tracing {

        static final Tracer TRACER = GlobalOpenTelemetry.getTracer("benchmark");
    }
}
