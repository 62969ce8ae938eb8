package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Payloads that change, fail, act or never end while they are hashed. */
class HostilePayloadTest {

    private static final PayloadHasher PYTHON = new PayloadHasher(CanonicalForm.PYTHON);

    private static String python(Object value, String... exclude) {
        return new String(PYTHON.canonical(value, Exclusions.parse(exclude)), StandardCharsets.US_ASCII);
    }

    private static UnhashableException refused(Object value) {
        return assertThrows(UnhashableException.class, () -> PYTHON.hash(value, Exclusions.NONE));
    }

    /** Changes the list that it is in, as another thread would. */
    public static final class Meddler {

        private final transient List<Object> list;

        Meddler(List<Object> list) {
            this.list = list;
        }

        public int getSize() {
            list.add("more");
            return list.size();
        }
    }

    public static final class Failing {

        public String getFine() {
            return "fine";
        }

        public String getBroken() {
            throw new IllegalStateException("secret payload");
        }
    }

    public static final class Endless {

        public Endless getNext() {
            return getNext();
        }
    }

    public static final class Link {

        public Object next;
    }

    public enum Colour {
        RED
    }

    @Test
    void aCollectionThatIsChangedMeanwhileIsNamed() {
        List<Object> list = new ArrayList<>(List.of(1));
        list.add(new Meddler(list));
        list.add(2);
        UnhashableException refusal = refused(Map.of("list", list));
        assertTrue(refusal.pointer().startsWith("/list/"), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("changed while it was hashed"), refusal.getMessage());
    }

    @Test
    void anExcludedGetterIsNotEvenCalled() {
        assertEquals("{\"fine\":\"fine\"}", python(new Failing(), "/broken"));
        assertEquals("[{\"fine\":\"fine\"}]", python(List.of(new Failing()), "/*/broken"));
    }

    @Test
    void whatFailsForAKeyIsNamedByItsPlace() {
        UnhashableException refusal = assertThrows(
                UnhashableException.class,
                () -> Pointer.parse("/a/0/broken").textAt(Map.of("a", List.of(new Failing()))));
        assertEquals("/a/0/broken", refusal.pointer());
        List<Object> lagging = List.of(new MappingTest.Lagging());
        refusal = assertThrows(
                UnhashableException.class, () -> Pointer.parse("/0/0").textAt(lagging));
        assertEquals("/0", refusal.pointer());
        assertFalse(refusal.getMessage().contains("secret"), refusal.getMessage());
        assertNull(Pointer.parse("/0/7").textAt(lagging));
    }

    static Stream<Arguments> cycles() {
        AtomicReference<Object> self = new AtomicReference<>();
        self.set(self);
        AtomicReference<Object> one = new AtomicReference<>();
        AtomicReference<Object> other = new AtomicReference<>(one);
        one.set(other);
        AbstractMap.SimpleEntry<Object, Object> entry = new AbstractMap.SimpleEntry<>("k", null);
        entry.setValue(entry);
        Object[] array = new Object[1];
        array[0] = array;
        Link link = new Link();
        link.next = Map.of("k", link);
        return Stream.of(
                Arguments.of(self, "/a"),
                Arguments.of(one, "/a"),
                Arguments.of(entry, "/a/k"),
                Arguments.of(array, "/a/0"),
                Arguments.of(link, "/a/next/k"));
    }

    @ParameterizedTest
    @MethodSource("cycles")
    void aCycleThroughAnyKindOfContainerIsNamedByItsPath(Object value, String path) {
        UnhashableException refusal = refused(Map.of("a", value));
        assertEquals(path, refusal.pointer());
        assertTrue(refusal.getMessage().contains("a cycle"), refusal.getMessage());
    }

    @Test
    void holdersDoNotCountAsLevelsButHaveALimitToo() {
        Object deep = 1;
        for (int i = 0; i < 500; i++) {
            deep = new AtomicReference<>(List.of(deep));
        }
        assertEquals("[".repeat(500) + "1" + "]".repeat(500), python(deep));
        Object held = 1;
        for (int i = 0; i < 100_000; i++) {
            held = new AtomicReference<>(held);
        }
        assertTrue(refused(held).getMessage().contains("500 levels"));
    }

    static Stream<Arguments> deep() {
        return Stream.of(
                Arguments.of("list", (Supplier<Object>) () -> nested(List::of)),
                Arguments.of("map", (Supplier<Object>) () -> nested(value -> Map.of("k", value))),
                Arguments.of("bean", (Supplier<Object>) () -> nested(value -> {
                    Link link = new Link();
                    link.next = value;
                    return link;
                })),
                Arguments.of("endless getter", (Supplier<Object>) Endless::new));
    }

    private static Object nested(java.util.function.UnaryOperator<Object> wrap) {
        Object value = 1.5;
        for (int i = 0; i < 500; i++) {
            value = wrap.apply(value);
        }
        return value;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("deep")
    void onAThreadWithASmallStackAHashIsRightOrRefused(String kind, Supplier<Object> payload)
            throws InterruptedException {
        Object value = payload.get();
        AtomicReference<Object> outcome = new AtomicReference<>();
        Thread thread = new Thread(
                null,
                () -> {
                    try {
                        outcome.set(PYTHON.hash(value, Exclusions.NONE));
                    } catch (Throwable e) {
                        outcome.set(e);
                    }
                },
                "small stack",
                128 << 10);
        thread.start();
        thread.join();
        if (outcome.get() instanceof UnhashableException refusal) {
            assertTrue(refusal.getMessage().contains("too deeply for the stack of this thread"), refusal.getMessage());
        } else {
            assertEquals(PYTHON.hash(value, Exclusions.NONE), outcome.get());
        }
        assertEquals("[0.5]", python(List.of(0.5)));
    }

    @Test
    void theLimitOfBytesIsExactAndHoldsBeforeTheMemoryIsSpent() {
        PayloadHasher small = new PayloadHasher(CanonicalForm.PYTHON, 500, 20_000, HashSecrets.NONE);
        List<Object> fitting = List.of(
                "x".repeat(19_996),
                Collections.nCopies(9_999, 7),
                new byte[14_997],
                Set.of("y".repeat(19_994)),
                new StringBuilder("z".repeat(19_998)),
                BigInteger.TEN.pow(19_997),
                new BigDecimal("1E-19996"),
                new BigDecimal("1E+19997"));
        for (Object value : fitting) {
            int size = small.canonical(value, Exclusions.NONE).length;
            assertTrue(size > 19_990 && size <= 20_000, value.getClass() + " " + size);
            small.hash(value, Exclusions.NONE);
            List<Object> larger = Arrays.asList(value, "0123456789");
            assertThrows(
                    UnhashableException.class,
                    () -> small.hash(larger, Exclusions.NONE),
                    value.getClass().toString());
            assertThrows(
                    UnhashableException.class,
                    () -> small.canonical(larger, Exclusions.NONE),
                    value.getClass().toString());
        }
        String shared = "x".repeat(1 << 20);
        Set<Object> terabyte = new HashSet<>();
        for (int i = 0; i < 1_000_000; i++) {
            terabyte.add(Map.entry(i, shared));
        }
        assertTrue(refused(Map.of("set", terabyte)).getMessage().contains("bytes of canonical JSON"));
        assertTrue(refused(Collections.nCopies(2_000_000_000, 1)).getMessage().contains("bytes of canonical JSON"));
    }

    /** Each would take seconds, or more memory than there is, before the limit of bytes is reached. */
    @Test
    void theDigitsOfANumberAreBounded() {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (Object number : List.of(
                    new BigDecimal("1E+2000000000"),
                    new BigDecimal("1E-2000000000"),
                    new BigDecimal("1E+100000"),
                    new BigDecimal(BigInteger.ONE.shiftLeft(40_000_000), 3),
                    BigInteger.ONE.shiftLeft(40_000_000))) {
                UnhashableException refusal = refused(Map.of("order", Map.of("amount", number)));
                assertEquals("/order/amount", refusal.pointer());
                assertTrue(refusal.getMessage().contains("more than 100000 digits"), refusal.getMessage());
                assertTrue(refused(Map.of(number, 1)).getMessage().contains("more than 100000 digits"));
            }
            String digits = "7".repeat(1_000_000);
            for (String text : List.of(digits, "0." + digits, digits + "e5", "1e99999999999")) {
                Object document = Map.of("body", "{\"amount\":" + text + ",\"at\":1}");
                // A part of the text is left out, so that its numbers are read.
                assertEquals(
                        PYTHON.hash(document, Exclusions.NONE),
                        PYTHON.hash(document, Exclusions.parse("/body|json/at")),
                        "what can't be read as JSON is a text");
                assertThrows(
                        UnhashableException.class,
                        () -> Pointer.parse("/body|json/amount").textAt(document));
            }
            PYTHON.hash(Map.of("largest", new BigDecimal("1E+99998")), Exclusions.NONE);
        });
    }

    @Test
    void aSetHasNoIndexToExclude() {
        Set<Object> set = new LinkedHashSet<>(List.of(3, 1, 2));
        assertEquals("{\"s\":[1,2,3]}", python(Map.of("s", set), "/s/0", "/s/1"));
        assertEquals("{\"s\":[]}", python(Map.of("s", set), "/s/*"));
        Set<Object> of = Set.of(Map.of("t", 1, "x", 2), Map.of("t", 2, "x", 3));
        assertEquals("[{\"x\":2},{\"x\":3}]", python(of, "/*/t"));
    }

    @Test
    void pointersReachThroughHoldersAndEntries() {
        Object payload = Map.of(
                "o",
                java.util.Optional.of(Map.of("t", 1, "x", 2)),
                "e",
                Map.entry("k", Map.of("t", 1, "x", 2)),
                "r",
                new AtomicReference<>(List.of(1, 2)),
                "m",
                Map.of(7, "seven"));
        assertEquals(
                "{\"e\":{\"k\":{\"x\":2}},\"m\":{},\"o\":{\"x\":2},\"r\":[2]}",
                python(payload, "/o/t", "/e/k/t", "/r/0", "/m/7"));
        assertEquals("1", Pointer.parse("/o/t").textAt(payload));
        assertEquals("2", Pointer.parse("/e/k/x").textAt(payload));
        assertEquals("2", Pointer.parse("/r/1").textAt(payload));
        assertEquals("seven", Pointer.parse("/m/7").textAt(payload));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\u001bb", "a\u2028b", "a\uD800", "a\u202eb"})
    void aNameThatWouldBreakALogDoesNotReachItAsItIs(String name) {
        Map<Object, Object> twice = new HashMap<>();
        twice.put(name, 1);
        twice.put(new StringBuilder(name), 2);
        UnhashableException refusal = refused(Map.of(name, twice));
        assertEquals("/" + name, refusal.pointer().substring(0, name.length() + 1));
        assertEquals(1, refusal.getMessage().lines().count());
        assertNotEquals(-1, refusal.getMessage().indexOf("\\u"));
        assertTrue(refusal.getMessage()
                .codePoints()
                .noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x202e));
    }

    @Test
    void aClassThatWasHashedCanBeUnloaded() throws Exception {
        ReferenceQueue<ClassLoader> queue = new ReferenceQueue<>();
        PhantomReference<ClassLoader> loader = hashOfAnotherLoader(queue);
        Reference<?> collected = null;
        for (int i = 0; i < 100 && collected == null; i++) {
            System.gc();
            collected = queue.remove(100);
        }
        assertEquals(loader, collected);
    }

    /** Hashes a bean and an enum of a loader that nothing else knows. */
    private static PhantomReference<ClassLoader> hashOfAnotherLoader(ReferenceQueue<ClassLoader> queue)
            throws Exception {
        URLClassLoader application = new URLClassLoader(
                new URL[] {Link.class.getProtectionDomain().getCodeSource().getLocation()},
                ClassLoader.getPlatformClassLoader());
        Object link =
                application.loadClass(Link.class.getName()).getConstructor().newInstance();
        Object colour = application.loadClass(Colour.class.getName()).getEnumConstants()[0];
        link.getClass().getField("next").set(link, Arrays.asList(colour, Map.of("key of the application", colour)));
        for (int i = 0; i < 1000; i++) {
            PYTHON.digest(link, Exclusions.NONE);
        }
        assertEquals("{\"next\":[\"RED\",{\"key of the application\":\"RED\"}]}", python(link));
        assertEquals("RED", Pointer.parse("/next/0").textAt(link));
        application.close();
        return new PhantomReference<>(application, queue);
    }
}
