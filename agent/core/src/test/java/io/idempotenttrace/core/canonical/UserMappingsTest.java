package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mappings that {@code META-INF/services/idempotent.mapping} of the test's class path names. */
class UserMappingsTest {

    private static final PayloadHasher HASHER = new PayloadHasher(CanonicalForm.PYTHON);

    /** Without a getter: it can only be hashed by a mapping of the user's own. */
    static final class Money {

        private final long cents;

        Money(long cents) {
            this.cents = cents;
        }
    }

    interface Payload {}

    static class Order implements Payload {
        public String getSecret() {
            return "secret";
        }
    }

    static class Near extends Order {}

    static class Nearer extends Near implements Runnable {
        @Override
        public void run() {}
    }

    interface Labelled {}

    record Nothing(int id) {}

    enum Colour {
        RED {}
    }

    record NoText(int id) {}

    record Throwing(int id) {}

    record Absent(int id) {}

    record NoClass(int id) {}

    record NotStatic(int id) {}

    record ReturnsVoid(int id) {}

    record OtherType(int id) {}

    record Itself(int id) {}

    record Unmapped(int id) {}

    static final class Maps {

        private static String money(Money money) {
            return "{\"cents\": " + money.cents + ", \"at\": 5}";
        }

        public static Map<String, Object> payload(Payload payload) {
            return Collections.singletonMap("payload", payload instanceof Order ? 1 : 2);
        }

        public static List<Integer> near(Order near) {
            return List.of(1, 2);
        }

        public static String labelled(Labelled labelled) {
            return "\"label\"";
        }

        public static Object nothing(Nothing nothing) {
            return null;
        }

        public static Object colour(Colour colour) {
            return new StringBuilder("\"#f00\"");
        }

        public static String noText(NoText value) {
            return "hunter2";
        }

        public static String throwing(Throwing value) {
            throw new IllegalStateException("hunter2");
        }

        public String notStatic(NotStatic value) {
            return "1";
        }

        public static void returnsVoid(ReturnsVoid value) {}

        public static String otherType(Order value) {
            return "1";
        }

        public static Object itself(Itself value) {
            return value;
        }
    }

    private static String canonical(Object value, String... exclude) {
        return new String(HASHER.canonical(value, Exclusions.parse(exclude)), StandardCharsets.US_ASCII);
    }

    @Test
    void whatTheMethodGivesIsHashedAndWalked() {
        assertEquals("[{\"at\":5,\"cents\":7}]", canonical(List.of(new Money(7))));
        assertEquals("{\"cents\":7}", canonical(new Money(7), "/at"));
        assertNotEquals(HASHER.hash(new Money(7), Exclusions.NONE), HASHER.hash(new Money(8), Exclusions.NONE));
        assertEquals("7", Pointer.parse("/0/cents").textAt(List.of(new Money(7))));
        assertTrue(
                Pointer.parse("/cent").describeMiss(new Money(7)).endsWith("has /cents, /at; did you mean '/cents'?"));
        assertEquals("null", canonical(new Nothing(1)));
        assertNull(Pointer.parse("").textAt(new Nothing(1)));
        assertEquals("\"#f00\"", canonical(Colour.RED));
        assertEquals("{\"#f00\":1}", canonical(Map.of(Colour.RED, 1)));
    }

    @Test
    void aMappingCountsForWhatExtendsOrImplementsAndTheNearestWins() {
        assertEquals("{\"payload\":1}", canonical(new Order()));
        assertEquals("{\"payload\":2}", canonical(new Payload() {}));
        assertEquals("[1,2]", canonical(new Near()));
        assertEquals("[1,2]", canonical(new Nearer()));
        // Over every built-in rule: a lambda, a map.
        assertEquals("\"label\"", canonical((Labelled & Runnable) () -> {}));
        assertEquals("\"label\"", canonical(new LabelledMap()));
        assertEquals("{\"id\":1}", canonical(new Unmapped(1)));
    }

    private static final class LabelledMap extends LinkedHashMap<String, String> implements Labelled {

        private static final long serialVersionUID = 1L;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NoText|gave text that is no JSON from line 1, column 1 on",
                "Throwing|threw java.lang.IllegalStateException",
                "Absent|there is no method of that name",
                "NoClass|there is no class io.idempotenttrace.core.canonical.NoSuchClass",
                "NotStatic|the method is not static",
                "ReturnsVoid|the method returns nothing",
                "OtherType|the method does not take one",
                "Itself|a cycle"
            })
    void aMappingThatCantBeUsedIsRefusedByName(String type, String problem) throws ReflectiveOperationException {
        Object value = Class.forName(UserMappingsTest.class.getName() + "$" + type)
                .getDeclaredConstructors()[0]
                .newInstance(1);
        for (Object document : List.of(value, Map.of("a", value))) {
            UnhashableException refusal =
                    assertThrows(UnhashableException.class, () -> HASHER.hash(document, Exclusions.NONE));
            assertTrue(
                    refusal.getMessage().contains(problem)
                            && refusal.getMessage().contains("UserMappingsTest$" + type),
                    refusal.getMessage());
            assertFalse(refusal.getMessage().contains("hunter2"), refusal.getMessage());
        }
        assertThrows(UnhashableException.class, () -> Pointer.parse("/id").textAt(value));
    }

    /** The same class again, in a loader of its own that sees other files. */
    private static final class Isolated extends URLClassLoader {

        private final List<URL> files;

        Isolated(List<URL> files) {
            super(
                    new URL[] {
                        UserMappingsTest.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                    },
                    UserMappings.class.getClassLoader());
            this.files = files;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> own = findLoadedClass(name);
                return own != null
                        ? own
                        : name.startsWith(UserMappingsTest.class.getName())
                                ? findClass(name)
                                : super.loadClass(name, resolve);
            }
        }

        @Override
        public Enumeration<URL> getResources(String name) {
            return Collections.enumeration(files);
        }
    }

    private static Object inLoader(List<URL> files, String type, Object... arguments) {
        try {
            Isolated loader = new Isolated(files);
            var constructor = Class.forName(UserMappingsTest.class.getName() + "$" + type, true, loader)
                    .getDeclaredConstructors()[0];
            constructor.setAccessible(true);
            return constructor.newInstance(arguments);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static URL file(Path folder, String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text).toUri().toURL();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void eachLoaderHasItsOwnFilesAndMethods(@TempDir Path folder) {
        String self = UserMappingsTest.class.getName();
        URL file = file(folder, "a", self + "$Order=" + self + "$Maps.near");
        assertEquals("[1,2]", canonical(inLoader(List.of(file, file), "Order")));
        assertEquals("{\"secret\":\"secret\"}", canonical(inLoader(List.of(), "Order")));
        assertEquals("{\"payload\":1}", canonical(new Order()));
    }

    @Test
    void aFileThatIsWrongRefusesWhatItMayHaveMapped(@TempDir Path folder) {
        String self = UserMappingsTest.class.getName();
        URL wrong = file(folder, "wrong", "# first\n" + self + "$Order: Maps.near");
        UnhashableException refusal = assertThrows(
                UnhashableException.class, () -> HASHER.hash(inLoader(List.of(wrong), "Unmapped", 1), Exclusions.NONE));
        assertTrue(
                refusal.getMessage().contains("line 2") && refusal.getMessage().contains(wrong.toString()),
                refusal.getMessage());
        URL one = file(folder, "one", self + "$Order=a.B.c");
        URL other = file(folder, "other", self + ".Order=a.B.d");
        refusal = assertThrows(
                UnhashableException.class, () -> HASHER.hash(inLoader(List.of(one, other), "Order"), Exclusions.NONE));
        assertTrue(
                refusal.getMessage().contains("a.B#c") && refusal.getMessage().contains("a.B#d"), refusal.getMessage());
    }

    @Test
    void theSettingComesBeforeTheFirstValueOrIsRefused() {
        UserMappings.install("");
        canonical(new Unmapped(1));
        assertThrows(IllegalStateException.class, () -> UserMappings.install("com.acme.Span=com.acme.Maps.span"));
        assertEquals(
                Map.of("com.acme.Span", "com.acme.Maps#span"),
                io.idempotenttrace.config.MappingEntries.parse("com.acme.Span=com.acme.Maps.span"));
    }
}
