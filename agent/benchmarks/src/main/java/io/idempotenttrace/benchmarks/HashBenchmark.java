package io.idempotenttrace.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.idempotenttrace.benchmarks.program.Span;
import io.idempotenttrace.core.canonical.CanonicalForm;
import io.idempotenttrace.core.canonical.Exclusions;
import io.idempotenttrace.core.canonical.PayloadHasher;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.erdtman.jcs.JsonCanonicalizer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The hash of a payload, against the same objects by Jackson and SHA-256, and against the peer for RFC 8785. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class HashBenchmark {

    @Param({"span-bean", "span-map", "span-tree", "64KiB-map", "1MiB-map"})
    private String payload;

    private final PayloadHasher python = new PayloadHasher(CanonicalForm.PYTHON);
    private final PayloadHasher jcs = new PayloadHasher(CanonicalForm.JCS);
    private final ObjectMapper jackson = JsonMapper.builder().build();
    private final ObjectMapper sorting = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();
    private Object document;

    @Setup
    public void prepare() {
        Span span = Span.typical();
        document = switch (payload) {
            case "span-bean" -> span;
            case "span-map" -> jackson.convertValue(span, Map.class);
            case "span-tree" -> jackson.valueToTree(span);
            case "64KiB-map" -> spans(64 << 10);
            default -> spans(1 << 20);
        };
    }

    private Object spans(int bytes) {
        List<Object> spans = new ArrayList<>();
        for (int size = 0; size < bytes; size += 470) {
            spans.add(jackson.convertValue(Span.typical(), Map.class));
        }
        return Map.of("spans", spans);
    }

    private static String hex(byte[] json) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(json));
    }

    @Benchmark
    public String floorJacksonUnsorted() throws IOException, GeneralSecurityException {
        return hex(jackson.writeValueAsBytes(document));
    }

    @Benchmark
    public String jacksonSorted() throws IOException, GeneralSecurityException {
        return hex(sorting.writeValueAsBytes(document));
    }

    @Benchmark
    public String peerErdtman() throws IOException, GeneralSecurityException {
        return hex(new JsonCanonicalizer(jackson.writeValueAsString(document)).getEncodedUTF8());
    }

    @Benchmark
    public String oursPython() {
        return python.hash(document, Exclusions.NONE);
    }

    @Benchmark
    public String oursJcs() {
        return jcs.hash(document, Exclusions.NONE);
    }

    /** What the agent computes for a call: the hash, and the digests that say later which members differ. */
    @Benchmark
    public Object oursPythonWithDigests() {
        return python.digest(document, Exclusions.NONE);
    }
}
