package io.idempotenttrace.benchmarks;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.benchmarks.program.Span;
import io.idempotenttrace.core.canonical.CanonicalForm;
import io.idempotenttrace.core.canonical.Exclusions;
import io.idempotenttrace.core.canonical.PayloadDigest;
import io.idempotenttrace.core.canonical.PayloadHasher;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** A guarded call in a JVM with the agent and {@code store=memory}; {@link CallsBenchmark} forks it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MemoryCallBenchmark {

    private static final PayloadHasher HASHER = new PayloadHasher(CanonicalForm.PYTHON);
    private static long bodies;

    @Param({"text", "span"})
    private String payload;

    private Object document;
    private long calls;

    @Setup
    public void prepare() {
        document = payload.equals("span") ? Span.typical() : "a0dc23f22c4fee3f";
        emit("same", document);
        emit("same", document);
        if (bodies != 1) {
            throw new IllegalStateException("the body ran " + bodies + " times: start this with the agent");
        }
    }

    /** What the agent needs at least: a call's key, hash, and digests. */
    @Benchmark
    public PayloadDigest hash(Blackhole hole) {
        hole.consume(Long.toString(calls++));
        return HASHER.digest(document, Exclusions.NONE);
    }

    @Benchmark
    public void newCall() {
        emit(Long.toString(calls++), document);
    }

    @Benchmark
    public void duplicate() {
        emit("same", document);
    }

    @IdempotentTrace
    private static void emit(@IdempotencyKey String key, Object document) {
        bodies++;
    }
}
