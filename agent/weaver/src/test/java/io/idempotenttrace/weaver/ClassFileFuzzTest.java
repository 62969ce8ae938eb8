package io.idempotenttrace.weaver;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.TenantId;
import io.idempotenttrace.TraceId;
import io.idempotenttrace.testkit.FuzzInput;
import io.idempotenttrace.testkit.Fuzzing;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Class files that are none, or are damaged: woven, left alone, or refused by a RuntimeException, which the entry reports. No error, and no
 * end of memory for a few bytes that announce many.
 */
class ClassFileFuzzTest {

    @SuppressWarnings("unused")
    static class Program {

        @IdempotentTrace(
                scope = "s",
                exclude = {"/a"})
        @TraceId
        String emit(@TenantId String tenant, @IdempotencyKey({"/id", "/b|json/c"}) List<String> span, long number) {
            try {
                return span.get((int) number);
            } catch (IndexOutOfBoundsException e) {
                return e.getMessage() + tenant;
            }
        }
    }

    private static final byte[] SAMPLE = sample();

    private static byte[] sample() {
        String name = Program.class.getName().replace('.', '/') + ".class";
        try (InputStream in = Program.class.getClassLoader().getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A real class file, changed at some places, and perhaps cut. */
    @Test
    void aDamagedClassFileIsWovenOrRefused() {
        Fuzzing.run("damaged-classes", List.of(), ClassFileFuzzTest::weaveDamaged);
    }

    private static void weaveDamaged(byte[] data) {
        FuzzInput input = new FuzzInput(data);
        byte[] damaged = SAMPLE.clone();
        while (!input.isAtEnd()) {
            int place = (input.octet() << 8 | input.octet()) % damaged.length;
            damaged[place] = (byte) input.octet();
        }
        weaveIfAnnotated(damaged);
    }

    @Test
    void whatIsNoClassFileIsRefused() {
        Fuzzing.run("class-files", List.of(), ClassFileFuzzTest::weave);
    }

    private static void weave(byte[] data) {
        weaveIfAnnotated(data);
    }

    private static void weaveIfAnnotated(byte[] classFile) {
        try {
            List<AnnotatedMethods.Found> annotated = AnnotatedMethods.in(classFile);
            if (!annotated.isEmpty()) {
                ClassWeaver.weave(classFile, annotated, method -> false);
            }
        } catch (RuntimeException refused) {
            // The entry says so, and the class's calls are counted or refused.
        }
    }
}
