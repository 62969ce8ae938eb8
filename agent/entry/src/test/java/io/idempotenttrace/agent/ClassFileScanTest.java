package io.idempotenttrace.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scan on class files that are crafted here: their constant pools are all that it looks at. */
class ClassFileScanTest {

    private static final String DESCRIPTOR = "Lio/idempotenttrace/IdempotentTrace;";
    private static final WovenNames.Wanted WOVEN = wanted("com/acme/Emitter", "com/acme/Other");

    private static WovenNames.Wanted wanted(String... names) {
        byte[][] bytes = new byte[names.length][];
        long lengths = 0;
        for (int i = 0; i < names.length; i++) {
            bytes[i] = WovenNames.ascii(names[i]);
            lengths |= 1L << (bytes[i].length & 63);
        }
        return new WovenNames.Wanted(bytes, lengths);
    }

    /** Writes a class file up to the end of its constant pool, and a few bytes more, as every class file has. */
    private static final class Pool {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final DataOutputStream out = new DataOutputStream(bytes);
        private int entries = 1;

        Pool utf8(String text) {
            try {
                out.writeByte(1);
                out.writeUTF(text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            entries++;
            return this;
        }

        /** An entry of that tag and that many bytes behind it, each of them a 1, as the tag of a text is. */
        Pool entry(int tag, int length) {
            bytes.write(tag);
            for (int i = 0; i < length; i++) {
                bytes.write(1);
            }
            entries += tag == 5 || tag == 6 ? 2 : 1;
            return this;
        }

        byte[] classFile() {
            return classFile(entries);
        }

        byte[] classFile(int count) {
            byte[] pool = bytes.toByteArray();
            byte[] file = new byte[10 + pool.length + 8];
            System.arraycopy(
                    new byte[] {
                        (byte) 0xca,
                        (byte) 0xfe,
                        (byte) 0xba,
                        (byte) 0xbe,
                        0,
                        0,
                        0,
                        61,
                        (byte) (count >> 8),
                        (byte) count
                    },
                    0,
                    file,
                    0,
                    10);
            System.arraycopy(pool, 0, file, 10, pool.length);
            return file;
        }
    }

    private static int scan(byte[] classFile) {
        return ClassFileScan.of(classFile, WOVEN);
    }

    @Test
    void theDescriptorIsFoundBehindEntriesOfEveryKind() {
        Pool pool = new Pool().utf8("Code").utf8("");
        for (int tag : new int[] {3, 4, 9, 10, 11, 12, 17, 18}) {
            pool.entry(tag, 4);
        }
        pool.entry(5, 8).entry(6, 8).entry(15, 3);
        for (int tag : new int[] {7, 8, 16, 19, 20}) {
            pool.entry(tag, 2);
        }
        assertEquals(ClassFileScan.NOTHING, scan(pool.classFile()));
        assertEquals(ClassFileScan.NAMES_ANNOTATION, scan(pool.utf8(DESCRIPTOR).classFile()));
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6})
    void aLongAndADoubleTakeTwoPlaces(int tag) {
        // If each took one, the count of entries would end the walk before, or behind, the last text.
        Pool pool = new Pool().entry(tag, 8).entry(tag, 8).utf8(DESCRIPTOR);
        assertTrue(ClassFileScan.namesAnnotation(pool.classFile()));
        assertFalse(ClassFileScan.namesAnnotation(
                new Pool().entry(tag, 8).entry(tag, 8).classFile()));
    }

    /** What the name stands for, only the engine can tell: it looks at the annotations themselves. */
    @Test
    void aTextThatEqualsTheDescriptorIsTakenForIt() {
        assertTrue(ClassFileScan.namesAnnotation(
                new Pool().entry(8, 2).utf8(DESCRIPTOR).classFile()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Lio/idempotenttrace/IdempotentTrace",
                "io/idempotenttrace/IdempotentTrace;",
                "Lio/idempotenttrace/IdempotentTracer",
                "Lio/idempotenttrace/IdempotentTrace;;",
                "lio/idempotenttrace/IdempotentTrace;",
                "([Lio/idempotenttrace/IdempotentTrace;)V"
            })
    void otherTextsAreNot(String text) {
        assertEquals(ClassFileScan.NOTHING, scan(new Pool().utf8(text).classFile()));
    }

    @Test
    void textsInModifiedUtf8AreCountedInBytes() {
        // NUL takes two bytes, a letter of another alphabet two or three, one beyond the BMP six.
        Pool pool = new Pool()
                .utf8("\0\0")
                .utf8("gr\u00f6\u00dfe")
                .utf8("\u0434\u043e\u043c")
                .utf8("\u20ac\ud83d\ude02");
        assertTrue(ClassFileScan.namesAnnotation(pool.utf8(DESCRIPTOR).classFile()));
    }

    @Test
    void aWovenClassIsFoundWhereTheAnnotationIsNot() {
        assertEquals(
                ClassFileScan.NAMES_WOVEN_CLASS,
                scan(new Pool().utf8("a").utf8("com/acme/Emitter").utf8("b").classFile()));
        assertEquals(
                ClassFileScan.NAMES_WOVEN_CLASS,
                scan(new Pool().utf8("com/acme/Other").classFile()));
        assertEquals(
                ClassFileScan.NOTHING, scan(new Pool().utf8("com/acme/Emittes").classFile()));
        assertEquals(
                ClassFileScan.NAMES_ANNOTATION,
                scan(new Pool().utf8("com/acme/Emitter").utf8(DESCRIPTOR).classFile()));
        assertEquals(
                ClassFileScan.NOTHING,
                ClassFileScan.of(new Pool().utf8("com/acme/Emitter").classFile(), WovenNames.NONE));
    }

    @Test
    void aNameOfTheSameLengthModulo64IsNoWovenClass() {
        String longer = "com/acme/Emitter" + "x".repeat(64);
        assertEquals(ClassFileScan.NOTHING, scan(new Pool().utf8(longer).classFile()));
    }

    /** A later Java may add kinds whose length nobody knows: both questions are answered all the same. */
    @ParameterizedTest
    @ValueSource(ints = {0, 2, 13, 14, 21, 127, 255})
    void behindAnEntryOfAnUnknownKindEverythingIsSearched(int tag) {
        assertEquals(
                ClassFileScan.NAMES_ANNOTATION,
                scan(new Pool().entry(tag, 11).utf8("x").utf8(DESCRIPTOR).classFile()));
        assertEquals(
                ClassFileScan.NAMES_WOVEN_CLASS,
                scan(new Pool().entry(tag, 3).utf8("com/acme/Emitter").classFile()));
        assertEquals(
                ClassFileScan.NAMES_WOVEN_CLASS,
                scan(new Pool().utf8("com/acme/Emitter").entry(tag, 3).utf8("x").classFile()));
        assertEquals(
                ClassFileScan.NOTHING, scan(new Pool().entry(tag, 3).utf8("x").classFile()));
    }

    @Test
    void aFileThatEndsTooEarlyHoldsWhatIsThere() {
        byte[] whole = new Pool()
                .entry(5, 8)
                .utf8("com/acme/Emitter")
                .entry(15, 3)
                .utf8(DESCRIPTOR)
                .classFile();
        int descriptorEnds = whole.length - 8;
        int nameEnds = descriptorEnds - 3 - DESCRIPTOR.length() - 4;
        for (int length = 0; length <= whole.length; length++) {
            int expected = length >= descriptorEnds
                    ? ClassFileScan.NAMES_ANNOTATION
                    : length >= nameEnds ? ClassFileScan.NAMES_WOVEN_CLASS : ClassFileScan.NOTHING;
            assertEquals(expected, scan(Arrays.copyOf(whole, length)), "of " + length + " bytes");
        }
    }

    @Test
    void aCountOfEntriesThatIsTooLargeOrTooSmallLeadsNowhere() {
        Pool pool = new Pool().utf8("a").utf8(DESCRIPTOR);
        assertTrue(ClassFileScan.namesAnnotation(pool.classFile(0xffff)));
        assertFalse(ClassFileScan.namesAnnotation(pool.classFile(2)));
        assertFalse(ClassFileScan.namesAnnotation(pool.classFile(0)));
        // Behind the pool come zeros: an unknown kind, and nothing to be found there.
        assertFalse(ClassFileScan.namesAnnotation(new Pool().utf8("a").classFile(0xffff)));
    }

    @Test
    void theLargestPoolIsWalkedToItsEnd() {
        Pool pool = new Pool();
        for (int i = 0; i < 65_000; i++) {
            pool.utf8(Integer.toString(i));
        }
        pool.utf8("x".repeat(65_535));
        assertEquals(ClassFileScan.NOTHING, scan(pool.classFile()));
        assertEquals(ClassFileScan.NAMES_ANNOTATION, scan(pool.utf8(DESCRIPTOR).classFile()));
    }

    @Test
    void noBytesAreNoClass() {
        assertEquals(ClassFileScan.NOTHING, scan(new byte[0]));
        assertEquals(ClassFileScan.NOTHING, scan(new byte[9]));
        assertEquals(ClassFileScan.NOTHING, scan(new byte[10]));
    }

    @Test
    void aClassOfACompilerIsRead() throws IOException {
        try (InputStream in = ClassFileScanTest.class.getResourceAsStream("ClassFileScanTest.class")) {
            byte[] own = in.readAllBytes();
            // This one has the descriptor as a text of its own.
            assertTrue(ClassFileScan.namesAnnotation(own));
            assertEquals(
                    ClassFileScan.NAMES_WOVEN_CLASS,
                    ClassFileScan.of(without(own), wanted("io/idempotenttrace/agent/ClassFileScan")));
        }
    }

    /** The same with another descriptor of the same length. */
    private static byte[] without(byte[] classFile) {
        byte[] changed = classFile.clone();
        byte[] text = WovenNames.ascii(DESCRIPTOR);
        for (int at = 0; at + text.length <= changed.length; at++) {
            if (Arrays.equals(changed, at, at + text.length, text, 0, text.length)) {
                changed[at] = 'M';
            }
        }
        return changed;
    }
}
