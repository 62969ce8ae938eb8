package io.idempotenttrace.core.classfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Class files and getters, as compilers write them. */
class ClassFileTest {

    @Test
    void theInstructionsOfEveryMethodEndWhereItsCodeEnds() throws Exception {
        Path util = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules/java.base/java/util");
        int methods = 0;
        List<Path> files;
        try (Stream<Path> found = Files.walk(util)) {
            files = found.filter(path -> path.toString().endsWith(".class")).toList();
        }
        for (Path path : files) {
            ClassFile file = new ClassFile(Files.readAllBytes(path));
            for (ClassFile.Method method : file.methods()) {
                Instructions code = new Instructions(file, method);
                int end = 0;
                while (code.next()) {
                    end = code.following();
                }
                assertEquals(method.length(), end, path + " " + method.name());
                methods++;
            }
        }
        assertTrue(methods > 5000, methods + " methods");
    }

    @Test
    void whatIsNoClassFileIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new ClassFile(new byte[20]));
        Runnable lambda = () -> {};
        assertNull(ClassFile.of(lambda.getClass()));
        assertNull(ClassFile.of(int[].class));
    }

    /** Getters of which more or less can be told. */
    static class Getters {

        private final String name;
        private final int[] numbers;
        private String lazily;

        Getters(String name, int[] numbers) {
            this.name = name;
            this.numbers = numbers;
        }

        String plain() {
            return name;
        }

        int[] copied() {
            return java.util.Arrays.copyOf(numbers, numbers.length);
        }

        int[] shortened() {
            return java.util.Arrays.copyOf(numbers, 2 * numbers.length - 1);
        }

        String either() {
            return name == null ? lazily : name;
        }

        String looped() {
            String found = name;
            for (int number : numbers) {
                found += number;
            }
            return found;
        }

        String lazily() {
            if (lazily == null) {
                lazily = name.trim();
            }
            return lazily;
        }

        int choice() {
            switch (numbers.length) {
                case 0:
                    return 7;
                case 1:
                    return numbers[0];
                default:
                    return 8;
            }
        }
    }

    private static ReturnedValue returned(String getter) throws NoSuchMethodException {
        return CompiledClass.of(Getters.class).returnedBy(Getters.class.getDeclaredMethod(getter));
    }

    private static String field(String name) {
        return Getters.class.getName() + '.' + name;
    }

    @Test
    void whatAGetterReturnsIsReadFromItsCode() throws Exception {
        assertTrue(returned("plain").isWhole(field("name")));
        assertTrue(returned("copied").isWhole(field("numbers")));
        assertTrue(returned("lazily").isWhole(field("lazily")));
        assertEquals(Set.of(field("name"), field("lazily")), returned("either").fields());
        assertTrue(returned("looped").unknown());
        assertTrue(returned("shortened").made());
        assertTrue(returned("choice").unknown());
        assertEquals(Set.of(), returned("choice").fields());
    }

    /** A hash code that is reset by what changes the object, and handed to its copies; and one that says how to look for it. */
    @SuppressWarnings("unused")
    private static final class Hashed {

        private String text = "";
        private int hash;
        private int hashKind;

        void set(String value) {
            text = value;
            hash = 0;
            hashKind = text.length();
        }

        void copyTo(Hashed other) {
            other.text = text;
            other.hash = hash;
        }

        @Override
        public int hashCode() {
            if (hash == 0) {
                hash = text.hashCode() + hashKind;
            }
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Hashed hashed && hashed.text.equals(text);
        }
    }

    @Test
    void aHashCodeThatIsResetAndCopiedIsDerived() throws Exception {
        CompiledClass hashed = CompiledClass.of(Hashed.class);
        assertTrue(hashed.isDerived(Hashed.class.getDeclaredField("hash")));
        assertTrue(!hashed.isDerived(Hashed.class.getDeclaredField("hashKind")));
        assertTrue(!hashed.isDerived(Hashed.class.getDeclaredField("text")));
    }

    @Test
    void aFieldIsDerivedOnlyWhereNothingElseWritesIt() throws Exception {
        assertTrue(CompiledClass.of(String.class).isDerived(String.class.getDeclaredField("hash")));
        assertTrue(!CompiledClass.of(Getters.class).isDerived(Getters.class.getDeclaredField("lazily")));
        assertTrue(!CompiledClass.of(Getters.class).isConstant(Getters.class.getDeclaredField("name")));
    }
}
