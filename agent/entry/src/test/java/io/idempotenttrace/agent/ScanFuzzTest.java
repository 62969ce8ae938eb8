package io.idempotenttrace.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.idempotenttrace.testkit.Fuzzing;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The scan meets every class file of the JVM, in whatever state: it throws nothing, and passes by no annotated class. */
class ScanFuzzTest {

    private static final byte[] DESCRIPTOR = "Lio/idempotenttrace/IdempotentTrace;".getBytes(StandardCharsets.US_ASCII);

    @Test
    void anyBytesAreLookedThrough() {
        Fuzzing.run("scans", List.of("Lio/idempotenttrace/IdempotentTrace;"), ScanFuzzTest::lookThrough);
    }

    private static void lookThrough(byte[] data) {
        ClassFileScan.of(data, WovenNames.NONE);
    }

    /** The same constants with the annotation's descriptor as the first one. */
    @Test
    void anAnnotatedClassIsFoundWhateverFollows() {
        Fuzzing.run("annotated-scans", List.of(), ScanFuzzTest::findBefore);
    }

    private static void findBefore(byte[] data) {
        byte[] classFile = new byte[10 + 3 + DESCRIPTOR.length + data.length];
        classFile[9] = 2;
        classFile[10] = 1;
        classFile[12] = (byte) DESCRIPTOR.length;
        System.arraycopy(DESCRIPTOR, 0, classFile, 13, DESCRIPTOR.length);
        System.arraycopy(data, 0, classFile, 13 + DESCRIPTOR.length, data.length);
        assertEquals(ClassFileScan.NAMES_ANNOTATION, ClassFileScan.of(classFile, WovenNames.NONE));
    }
}
