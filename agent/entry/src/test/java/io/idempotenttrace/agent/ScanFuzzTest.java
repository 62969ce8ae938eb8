package io.idempotenttrace.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.idempotenttrace.testkit.FuzzInput;
import io.idempotenttrace.testkit.Fuzzing;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The scan meets every class file of the JVM, in whatever state: it throws nothing, and passes by no annotated class. */
class ScanFuzzTest {

    private static final byte[] DESCRIPTOR = "Lio/idempotenttrace/IdempotentTrace;".getBytes(StandardCharsets.US_ASCII);

    /** The kinds of constants that Java has today. */
    private static final int[] KINDS = {1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 16, 17, 18, 19, 20};

    @Test
    void anyBytesAreLookedThrough() {
        Fuzzing.run("scans", List.of("Lio/idempotenttrace/IdempotentTrace;"), ScanFuzzTest::lookThrough);
    }

    private static void lookThrough(byte[] data) {
        ClassFileScan.of(data, WovenNames.NONE);
    }

    /** The annotation's descriptor behind constants of any kinds, also of one that no Java has yet, and any bytes behind it. */
    @Test
    void anAnnotatedClassIsFoundWhateverStandsAroundItsName() {
        Fuzzing.run("annotated-scans", List.of(), ScanFuzzTest::findAmong);
    }

    private static void findAmong(byte[] data) {
        FuzzInput input = new FuzzInput(data);
        ByteArrayOutputStream constants = new ByteArrayOutputStream();
        // The first entry has the number 1, and the count is one more than the last number.
        int count = 2;
        for (int before = input.below(32); before > 0; before--) {
            int kind = input.below(KINDS.length + 1);
            count += writeConstant(kind < KINDS.length ? KINDS[kind] : input.octet(), input, constants);
        }
        writeText(DESCRIPTOR, constants);
        ByteArrayOutputStream classFile = new ByteArrayOutputStream();
        classFile.writeBytes(new byte[8]);
        writeShort(count, classFile);
        classFile.writeBytes(constants.toByteArray());
        classFile.writeBytes(input.restAsText().getBytes(StandardCharsets.UTF_8));
        assertEquals(ClassFileScan.NAMES_ANNOTATION, ClassFileScan.of(classFile.toByteArray(), WovenNames.NONE));
    }

    /** How many entries of the pool it takes (JVMS 4.4). */
    private static int writeConstant(int kind, FuzzInput input, ByteArrayOutputStream constants) {
        if (kind == 1) {
            writeText(input.bytes(), constants);
            return 1;
        }
        constants.write(kind);
        int length = switch (kind) {
            case 7, 8, 16, 19, 20 -> 2;
            case 15 -> 3;
            case 3, 4, 9, 10, 11, 12, 17, 18 -> 4;
            case 5, 6 -> 8;
            default -> input.octet();
        };
        for (int i = 0; i < length; i++) {
            constants.write(input.octet());
        }
        return kind == 5 || kind == 6 ? 2 : 1;
    }

    private static void writeText(byte[] text, ByteArrayOutputStream to) {
        to.write(1);
        writeShort(text.length, to);
        to.writeBytes(text);
    }

    private static void writeShort(int number, ByteArrayOutputStream to) {
        to.write(number >> 8);
        to.write(number);
    }
}
