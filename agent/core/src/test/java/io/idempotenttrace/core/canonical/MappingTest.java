package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which Java value is which JSON. */
class MappingTest {

    private static final PayloadHasher PYTHON = new PayloadHasher(CanonicalForm.PYTHON);
    private static final PayloadHasher JCS = new PayloadHasher(CanonicalForm.JCS);

    private static String python(Object value) {
        return new String(PYTHON.canonical(value, Exclusions.NONE), StandardCharsets.UTF_8);
    }

    private static String jcs(Object value) {
        return new String(JCS.canonical(value, Exclusions.NONE), StandardCharsets.UTF_8);
    }

    private static UnhashableException refused(Object value) {
        return assertThrows(UnhashableException.class, () -> PYTHON.hash(value, Exclusions.NONE));
    }

    static Stream<Arguments> expected() {
        Map<String, String> json = new LinkedHashMap<>();
        json.put("string", "\"a\\\"b\\\\c/\\n\\r\\t\\b\\f\\u0001\\u007f\\u0080\\u2028\\u00e9\\u20ac\\ud83d\\ude02\"");
        json.put("lone surrogate", "\"\\ud800x\\udc00\"");
        json.put("string builder", "\"sb\"");
        json.put("character", "\"c\"");
        json.put("char array", "\"hi\"");
        json.put("byte array", "\"AAH/\"");
        json.put("byte buffer", "\"AAH/\"");
        json.put("enum", "\"CLIENT\"");
        json.put("enum with body", "\"SERVER\"");
        json.put("renamed enum", "[\"first\",\"TWO\"]");
        json.put("enum by value", "7");
        json.put("uuid", "\"00000000-0000-0001-0000-000000000002\"");
        json.put("uri", "\"http://example.org/a?b#c\"");
        json.put("url", "\"http://no.such.host.example/x\"");
        json.put("locale", "\"de-CH\"");
        json.put("currency", "\"EUR\"");
        json.put("class", "\"java.util.Map$Entry\"");
        json.put("path", "\"a/b\"");
        json.put("file", "\"f\"");
        json.put("charset", "\"UTF-8\"");
        json.put("pattern", "\"a+\"");
        json.put("pattern with flags", "{\"flags\":2,\"pattern\":\"a+\"}");
        json.put("old locales", "[\"he\",\"ja-JP\",\"no_NO_NY_\",\"__x!_\",\"__y!_\"]");
        json.put("long byte array", "\"" + "A".repeat(13334) + "==\"");
        json.put("address", "\"10.0.0.1\"");
        json.put("time zone", "\"Europe/Zurich\"");
        json.put("zone", "\"Europe/Zurich\"");
        json.put("by value", "\"w\"");
        json.put("boolean", "true");
        json.put("atomic boolean", "false");
        json.put("int", "-2147483648");
        json.put("long", "-9223372036854775808");
        json.put("longs", "[0,9,10,99,100,999999999999999999,1000000000000000000,9223372036854775807,-10]");
        json.put("short", "-3");
        json.put("byte", "-4");
        json.put("double", "0.1");
        json.put(
                "doubles",
                "[0.0,-0.0,1.0,1e+16,1000000000000000.0,123456789.125,0.0001,1e-05,2e+23,5e-324,1e-323,"
                        + "1.7976931348623157e+308,25.0,1e+22,4.35,100.0]");
        json.put("not a number", "[NaN,Infinity,-Infinity]");
        json.put("float", "0.1");
        json.put("floats", "[1.0,16777216.0,10000000000.0,3.4028235e+38,1e-45,84100000000.0,0.3]");
        json.put("big integer", "1000000000000000000000000000000");
        json.put("big decimals", "[1,1.0,1.0,0.1,1000,0.0,-1.5,0.0000001,12345678901234567890.123456789]");
        json.put("atomic numbers", "[1,2]");
        json.put("adders", "[3,1.5]");
        json.put("optional numbers", "[1,2,3.0,null]");
        json.put("instant", "\"2026-01-02T03:04:05.123456789Z\"");
        json.put("duration", "\"PT1H1M1.000000005S\"");
        json.put("period", "\"P1Y2M3D\"");
        json.put("zoned", "\"2026-01-02T04:04:05.123456789+01:00[Europe/Zurich]\"");
        json.put("offset", "\"2026-01-02T05:04:05.123456789+02:00\"");
        json.put("local", "[\"2026-01-02\",\"03:04\",\"2026-01-02T03:04:05\"]");
        json.put("parts", "[\"2026\",\"2026-01\",\"--01-02\",\"MONDAY\"]");
        json.put("date", "\"2026-01-02T03:04:05.123Z\"");
        json.put("timestamp", "\"2026-01-02T03:04:05.123456789Z\"");
        json.put("calendar", "\"2026-01-02T03:04:05.123Z[Europe/Zurich]\"");
        json.put(
                "calendars of old zones",
                "[\"1938-04-24T22:13:20Z[EST]\",\"1938-04-24T22:13:20Z[MST]\",\"1938-04-24T22:13:20Z[HST]\"]");
        json.put("other calendar", "\"1970-01-01T00:00:00Z[UTC]\"");
        json.put("sql date of a subclass", "\"1970-01-01\"");
        json.put("sql dates", "[\"2026-01-02\",\"03:04:05\"]");
        json.put(
                "other chronologies",
                "[\"Japanese Reiwa 8-01-02\",\"Hijrah-umalqura AH 1447-07-13\",\"ThaiBuddhist BE 2569-01-02\","
                        + "\"Minguo ROC 115-01-02\"]");
        json.put(
                "time zone of the application",
                "\"java.util.SimpleTimeZone[id=X,offset=1000,dstSavings=3600000,useDaylight=false,"
                        + "startYear=0,startMode=0,startMonth=0,startDay=0,startDayOfWeek=0,startTime=0,startTimeMode=0,endMode=0,endMonth=0,"
                        + "endDay=0,endDayOfWeek=0,endTime=0,endTimeMode=0]\"");
        json.put("null", "null");
        json.put("list", "[1,\"a\",null,[]]");
        json.put("array", "[1,[2],[true],[3],[\"s\"]]");
        json.put("iterable", "[1,2]");
        json.put("set", "[\"a\",\"b\",10,9,[1],null]");
        json.put("set of", "[\"u\",\"v\",\"w\",\"x\",\"y\",\"z\"]");
        json.put("linked set", "[\"a\",\"b\"]");
        json.put("tree set", "[10,9]");
        json.put("enum set", "[\"CLIENT\",\"SERVER\"]");
        json.put("bit set", "[5]");
        json.put("atomic array", "[1,2]");
        json.put("optional", "[\"x\",null,\"y\",null]");
        json.put("key order", "{\"\":5,\"A\":3,\"a\":4,\"\\ud800\":6,\"\\ufb33\":1,\"\\ud83d\\ude02\":2}");
        json.put("integer keys", "{\"-5\":\"d\",\"1\":\"a\",\"2\":\"c\",\"10\":\"b\"}");
        json.put("number keys", "{\"1.5\":\"a\",\"2.0\":\"c\",\"10\":\"b\"}");
        json.put("atomic array of objects", "[\"a\",null]");
        // As Python 3.11 wrote the same keys.
        json.put(
                "boolean and number keys",
                "{\"-Infinity\":6,\"false\":5,\"true\":3,\"2\":4,\"10.0\":2,\"84099998000.0\":8,"
                        + "\"84100000000.0\":7,\"Infinity\":1}");
        json.put("enum keys", "{\"CLIENT\":2,\"SERVER\":1}");
        json.put(
                "mixed keys",
                "{\"00000000-0000-0001-0000-000000000002\":1,\"2026-01-02\":2,\"7\":6,\"c\":5,\"null\":4,\"true\":3}");
        json.put("identity map", "{\"k\":1}");
        json.put("concurrent map", "{\"k\":1}");
        json.put("tree map", "{\"a\":2,\"b\":1}");
        json.put("unmodifiable", "{\"k\":1}");
        json.put("entry", "{\"k\":1}");
        json.put(
                "record",
                "{\"parent\":{\"parent\":null,\"tags\":null,\"timestamp\":0,\"traceId\":\"p\"},"
                        + "\"tags\":{\"a\":\"2\",\"b\":\"1\"},\"timestamp\":1,\"traceId\":\"t\"}");
        json.put("empty record", "{}");
        json.put("sealed", "[{\"radius\":1.5},{\"side\":2}]");
        json.put("bean", "{\"active\":true,\"boxed\":null,\"name\":\"bean\",\"publicField\":1,\"url\":\"u\"}");
        json.put(
                "sub bean",
                "{\"active\":true,\"boxed\":null,\"more\":[1],\"name\":\"sub\",\"publicField\":1,\"url\":\"u\"}");
        json.put("annotated", "{\"null\":null,\"odd\":3,\"private_field\":2,\"renamed\":1,\"trace_id\":3}");
        json.put("sparse", "{\"kept\":\"k\",\"zero\":0}");
        json.put("inner", "{\"inner\":1}");
        json.put("anonymous", "{\"value\":1}");
        json.put("throwable", "{\"message\":\"message\",\"type\":\"java.lang.IllegalStateException\"}");
        json.put(
                "throwable that iterates",
                "{\"errorCode\":0,\"message\":\"message\",\"sqlState\":\"08001\",\"type\":\"java.sql.SQLException\"}");
        json.put("page", "{\"content\":[\"a\",\"b\"],\"number\":3}");
        json.put("linked", "{\"elements\":[\"a\",\"b\"],\"size\":2}");
        json.put("open bean", "{\"b\":2,\"name\":\"open\",\"z\":1}");
        json.put("decimal of a subclass", "1.5");
        json.put("protobuf float", "84100000000.0");
        json.put(
                "jackson 2 tree",
                "{\"a\":\"\\u00e9\",\"b\":1.5,\"big\":12345678901234567890,\"bin\":\"AQ==\",\"n\":null}");
        json.put(
                "jackson 3 tree",
                "{\"a\":\"\\u00e9\",\"b\":1.5,\"big\":12345678901234567890,\"bin\":\"AQ==\",\"n\":null}");
        json.put("protobuf", "{\"a\":[true],\"b\":1.5}");
        return json.entrySet().stream().map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("expected")
    void aValueIsThisJson(String name, String json) {
        assertTrue(Samples.all().containsKey(name), name);
        assertEquals(json, python(Samples.all().get(name)));
    }

    @Test
    void everySampleHasAnExpectation() {
        List<String> missing = new ArrayList<>(Samples.all().keySet());
        expected().forEach(arguments -> missing.remove(arguments.get()[0]));
        // Forty keys: its order is checked by the property that any order is.
        assertEquals(List.of("map"), missing);
    }

    @Test
    void jacksonItselfGivesBeansTheSameMembers() {
        com.fasterxml.jackson.databind.json.JsonMapper jackson =
                com.fasterxml.jackson.databind.json.JsonMapper.builder().build();
        for (String name : List.of("bean", "sub bean", "annotated", "record", "sparse")) {
            Object bean = Samples.all().get(name);
            // Jackson 2 needs a module for Optional; the rule for it is ours.
            if (!name.equals("sparse")) {
                assertEquals(python(bean), python(jackson.valueToTree(bean)), name);
            }
        }
    }

    @Test
    void jcsDiffersWhereRfc8785Does() {
        assertEquals(
                "[0,0,1,10000000000000000,1e+21,0.000001,1e-7,5e-324]",
                jcs(new double[] {0, -0.0, 1, 1e16, 1e21, 1e-6, 1e-7, 5e-324}));
        assertEquals("\"\u00e9\u20ac\uD83D\uDE02\u007f\\u0001\"", jcs("\u00e9\u20ac\uD83D\uDE02\u007f\u0001"));
        assertEquals("{\"\uD83D\uDE02\":2,\"\uFB33\":1}", jcs(Map.of("\uFB33", 1, "\uD83D\uDE02", 2)));
        assertEquals("{\"1\":1,\"10\":10,\"2\":2}", jcs(Map.of(1, 1, 2, 2, 10, 10)));
        assertEquals(
                "[9007199254740992,1152921504606847000,0.1,0.1,1.5]",
                jcs(Arrays.asList(
                        1L << 53, 1L << 60, 0.1f, new java.math.BigDecimal("0.10"), new java.math.BigDecimal("1.5"))));
    }

    @Test
    void jcsRefusesWhatItWouldFold() {
        for (Object value : Arrays.asList(
                (1L << 53) + 1,
                Long.MAX_VALUE,
                java.math.BigInteger.TEN.pow(30),
                Double.NaN,
                Float.POSITIVE_INFINITY,
                new java.math.BigDecimal("0.1000000000000000055511151231257827"),
                "\uD800",
                "\uDC00x")) {
            UnhashableException refusal = assertThrows(
                    UnhashableException.class,
                    () -> JCS.hash(Map.of("a", List.of(value)), Exclusions.NONE),
                    String.valueOf(value));
            assertEquals("/a/0", refusal.pointer());
        }
    }

    static Stream<Arguments> unhashable() {
        Supplier<String> lambda = () -> "x";
        return Stream.of(
                Arguments.of(new ByteArrayInputStream(new byte[0]), "@Unhashed"),
                Arguments.of(new StringReader(""), "@Unhashed"),
                Arguments.of(Stream.of(1), "@Unhashed"),
                Arguments.of(List.of(1).iterator(), "@Unhashed"),
                Arguments.of(Thread.currentThread(), "@Unhashed"),
                Arguments.of(lambda, "A duplicate does not call it"),
                Arguments.of(CompletableFuture.completedFuture(1), "@Unhashed"),
                Arguments.of(new Object(), "@Unhashed"),
                Arguments.of(new java.util.concurrent.locks.ReentrantLock(), "@Unhashed"),
                Arguments.of(MappingTest.class.getClassLoader(), "@Unhashed"),
                Arguments.of(new NoProperties(), "no public getter"),
                Arguments.of(new Throwing(), "getter getBroken of"),
                Arguments.of(Map.of(List.of(1), 2), "key of type"),
                Arguments.of(twoKeysOfOneText(), "same text '1'"),
                Arguments.of(new org.hibernate.proxy.Lazy(), "Hibernate proxy"),
                Arguments.of(new OnlyFlags(Map.of("a", 1)), "shows only flags"),
                Arguments.of(new TwoGetters(), "two getters"),
                Arguments.of(new TwoNames(), "names one property differently: [url, link]"),
                Arguments.of(new TwoAnyGetters(), "two @JsonAnyGetter"),
                Arguments.of(new OneShot(), "closed after use"),
                Arguments.of(java.math.BigInteger.ONE.shiftLeft(400_000), "digits"),
                Arguments.of(new Lagging(), "reading it threw java.lang.IllegalStateException"));
    }

    private static Map<Object, Object> twoKeysOfOneText() {
        Map<Object, Object> map = new HashMap<>();
        map.put(1, "a");
        map.put("1", "b");
        return map;
    }

    static final class NoProperties {}

    /** As Guava's Multimap and Optional are, seen as beans: all of them would be {"empty":false}. */
    static final class OnlyFlags {

        private final Map<String, Integer> content;

        OnlyFlags(Map<String, Integer> content) {
            this.content = content;
        }

        public boolean isEmpty() {
            return content.isEmpty();
        }
    }

    static final class TwoGetters {

        public int getURL() {
            return 1;
        }

        public int getUrl() {
            return 2;
        }
    }

    static final class TwoNames {

        @JsonProperty("url")
        private final String address = "a";

        @JsonProperty("link")
        public void setAddress(String address) {}

        public String getAddress() {
            return address;
        }
    }

    static final class TwoAnyGetters {

        @JsonAnyGetter
        public Map<String, Object> more() {
            return Map.of("a", 1);
        }

        @JsonAnyGetter
        public Map<String, Object> others() {
            return Map.of("b", 2);
        }
    }

    static final class OneShot implements Iterable<String>, AutoCloseable {

        @Override
        public java.util.Iterator<String> iterator() {
            throw new IllegalStateException("used up");
        }

        @Override
        public void close() {}
    }

    /** A list that fails as it is read, as lazy ones do. */
    static final class Lagging extends java.util.AbstractList<String> {

        @Override
        public String get(int index) {
            throw new IllegalStateException("secret payload");
        }

        @Override
        public int size() {
            return 1;
        }
    }

    static final class Throwing {

        public int getBroken() {
            throw new IllegalStateException("secret payload");
        }
    }

    @ParameterizedTest
    @MethodSource("unhashable")
    void whatHasNoPayloadIsRefusedWithItsPlaceAndWhatToDo(Object value, String reason) {
        UnhashableException refusal = refused(Map.of("a/b", Arrays.asList(0, value)));
        assertTrue(refusal.pointer().startsWith("/a~1b/1"), refusal.getMessage());
        assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
        assertFalse(refusal.getMessage().contains("secret payload"), refusal.getMessage());
    }

    interface Projection {

        String getName();
    }

    @Test
    void aProxyIsRefusedByItsInterfaces() {
        Object proxy = java.lang.reflect.Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Projection.class, java.io.Serializable.class},
                (self, method, arguments) -> "n");
        String message = refused(proxy).getMessage();
        assertTrue(
                message.contains("implements " + Projection.class.getName() + ", java.io.Serializable, does not tell"),
                message);
        assertTrue(message.contains("hand over a record"), message);
        assertFalse(message.contains("$Proxy"), message);
    }

    @Test
    void aCycleIsNamedByItsPath() {
        List<Object> list = new ArrayList<>();
        Map<String, Object> map = new TreeMap<>(Map.of("list", list));
        list.add(map);
        UnhashableException refusal = refused(map);
        assertEquals("/list/0", refusal.pointer());
        assertTrue(refusal.getMessage().contains("cycle"), refusal.getMessage());
        Object shared = List.of(1);
        assertEquals("[[1],[1]]", python(List.of(shared, shared)));
    }

    @Test
    void depthAndSizeAreLimited() {
        Object deep = "bottom";
        for (int i = 0; i < 500; i++) {
            deep = List.of(deep);
        }
        assertEquals(500 + 8 + 500, python(deep).length());
        Object deeper = List.of(deep);
        assertTrue(refused(deeper).getMessage().contains("500 levels"));
        Object endless = new Iterable<Object>() {
            @Override
            public java.util.Iterator<Object> iterator() {
                return Stream.generate(() -> (Object) "x").iterator();
            }
        };
        assertTrue(refused(Map.of("a", endless)).getMessage().contains("8388608 bytes"));
        PayloadHasher small = new PayloadHasher(CanonicalForm.PYTHON, 10, 100, HashSecrets.NONE);
        small.hash("x".repeat(98), Exclusions.NONE);
        assertThrows(UnhashableException.class, () -> small.hash("x".repeat(99), Exclusions.NONE));
        assertThrows(UnhashableException.class, () -> small.canonical("x".repeat(99), Exclusions.NONE));
        assertThrows(
                UnhashableException.class,
                () -> small.hash(new java.math.BigDecimal("1E+1000000000"), Exclusions.NONE));
    }

    @Test
    void aHasherThatRefusedOnceHashesTheNextOneRightly() {
        String before = PYTHON.hash(Map.of("a", 1), Exclusions.NONE);
        for (int i = 0; i < 100; i++) {
            refused(Map.of("a", List.of(new Object())));
            assertEquals(before, PYTHON.hash(Map.of("a", 1), Exclusions.NONE));
        }
    }

    @Test
    void namedMembersAreTheMapOfThem() {
        String[] names = {"b", "a"};
        Object[] values = {1, List.of(2)};
        Map<String, Object> map = Map.of("b", 1, "a", List.of(2));
        assertEquals(
                PYTHON.hash(map, Exclusions.NONE),
                PYTHON.hashed(names, values, Exclusions.NONE).hash());
        assertEquals(PYTHON.digest(map, Exclusions.NONE), PYTHON.digest(names, values, Exclusions.NONE));
    }
}
