package io.idempotenttrace.core.canonical;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.google.protobuf.FloatValue;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.net.URL;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Calendar;
import java.util.Collections;
import java.util.Currency;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A value of every kind that can be hashed, by name. {@link MappingTest} says what JSON each is; {@link GoldenHashesIT} that it stays. */
final class Samples {

    enum Kind {
        CLIENT,
        SERVER {
            @Override
            public String toString() {
                return "the server";
            }
        }
    }

    enum Renamed {
        @JsonProperty("first")
        ONE,
        TWO
    }

    enum ByValue {
        A;

        @JsonValue
        int number() {
            return 7;
        }
    }

    private record Span(String traceId, long timestamp, Map<String, String> tags, Span parent) {}

    private record Empty() {}

    sealed interface Shape permits Circle, Square {}

    record Circle(double radius) implements Shape {}

    record Square(int side) implements Shape {}

    /** Getters of every form, and what is none. */
    public static class Bean {

        public int publicField = 1;
        public transient int transientField = 2;
        public static int staticField = 3;
        private final int hidden = 4;

        public String getName() {
            return "bean";
        }

        public String getURL() {
            return "u";
        }

        public boolean isActive() {
            return true;
        }

        public Boolean isBoxed() {
            return null;
        }

        public String isNoFlag() {
            return "no";
        }

        public int getWithArgument(int argument) {
            return argument;
        }

        public void getNothing() {}

        public int get() {
            return hidden;
        }

        protected int getProtected() {
            return 5;
        }

        public static int getStatic() {
            return 6;
        }
    }

    public static final class SubBean extends Bean {

        @Override
        public String getName() {
            return "sub";
        }

        public List<Integer> getMore() {
            return List.of(1);
        }
    }

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonIgnoreProperties("gone_too")
    static final class Annotated {

        @JsonProperty("renamed")
        private final int original = 1;

        @JsonProperty
        private final int privateField = 2;

        public int getTraceId() {
            return 3;
        }

        @JsonIgnore
        public int getGone() {
            return 4;
        }

        public int getGoneToo() {
            return 5;
        }

        @JsonInclude(JsonInclude.Include.NON_NULL)
        public String getMissing() {
            return null;
        }

        public String getNull() {
            return null;
        }

        @JsonProperty("odd")
        public int oddlyNamed() {
            return original + privateField;
        }
    }

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Sparse(String empty, List<String> none, Optional<String> absent, String kept, int zero) {}

    record Wrapped(@JsonValue String text) {}

    /** An Iterable that is nothing else. */
    static final class Counting implements Iterable<Integer> {

        @Override
        public java.util.Iterator<Integer> iterator() {
            return List.of(1, 2).iterator();
        }
    }

    /** An Iterable whose elements a property shows, beside another one. */
    record Page(List<String> content, int number) implements Iterable<String> {

        @Override
        public java.util.Iterator<String> iterator() {
            return content.iterator();
        }
    }

    /** An Iterable that has a property, but none that shows its elements. */
    public static final class Linked implements Iterable<String> {

        private final int size = 2;

        public int getSize() {
            return size;
        }

        @Override
        public java.util.Iterator<String> iterator() {
            return List.of("a", "b").iterator();
        }
    }

    /** With members that are known only at run time, as generators of code for JSON schemas write it. */
    public static final class Open {

        @JsonIgnore
        private final Map<String, Object> additionalProperties = Map.of("z", 1, "b", 2);

        public String getName() {
            return "open";
        }

        @JsonAnyGetter
        public Map<String, Object> getAdditionalProperties() {
            return additionalProperties;
        }
    }

    private final class Inner {

        public int getInner() {
            return 1;
        }
    }

    private Samples() {}

    static Map<String, Object> all() {
        Map<String, Object> all = new LinkedHashMap<>();
        texts(all);
        numbers(all);
        times(all);
        containers(all);
        objects(all);
        return all;
    }

    private static void texts(Map<String, Object> all) {
        all.put("string", "a\"b\\c/\n\r\t\b\f\u0001\u007f\u0080\u2028é€\uD83D\uDE02");
        all.put("lone surrogate", "\uD800x\uDC00");
        all.put("string builder", new StringBuilder("sb"));
        all.put("character", 'c');
        all.put("char array", new char[] {'h', 'i'});
        all.put("byte array", new byte[] {0, 1, -1});
        ByteBuffer buffer = ByteBuffer.wrap(new byte[] {9, 0, 1, -1}).position(1);
        all.put("byte buffer", buffer);
        all.put("enum", Kind.CLIENT);
        all.put("enum with body", Kind.SERVER);
        all.put("renamed enum", List.of(Renamed.ONE, Renamed.TWO));
        all.put("enum by value", ByValue.A);
        all.put("uuid", new UUID(1, 2));
        all.put("uri", URI.create("http://example.org/a?b#c"));
        all.put("url", url());
        all.put("locale", Locale.forLanguageTag("de-CH"));
        all.put("currency", Currency.getInstance("EUR"));
        all.put("class", Map.Entry.class);
        all.put("path", Path.of("a", "b"));
        all.put("file", new java.io.File("f"));
        all.put("charset", StandardCharsets.UTF_8);
        all.put("pattern", Pattern.compile("a+"));
        all.put("pattern with flags", Pattern.compile("a+", Pattern.CASE_INSENSITIVE));
        all.put(
                "old locales",
                List.of(
                        Locale.forLanguageTag("iw"),
                        new Locale.Builder().setLanguage("ja").setRegion("JP").build(),
                        oldLocale("no", "NO", "NY"),
                        oldLocale("", "", "x!"),
                        oldLocale("", "", "y!")));
        all.put("long byte array", new byte[10_000]);
        all.put("address", address());
        all.put("time zone", TimeZone.getTimeZone("Europe/Zurich"));
        all.put("zone", ZoneId.of("Europe/Zurich"));
        all.put("by value", new Wrapped("w"));
    }

    /** By the constructor, which takes what no language tag can say. */
    @SuppressWarnings("deprecation")
    private static Locale oldLocale(String language, String country, String variant) {
        return new Locale(language, country, variant);
    }

    private static URL url() {
        try {
            return URI.create("http://no.such.host.example/x").toURL();
        } catch (java.net.MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InetAddress address() {
        try {
            return InetAddress.getByAddress("host", new byte[] {10, 0, 0, 1});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void numbers(Map<String, Object> all) {
        all.put("boolean", true);
        all.put("atomic boolean", new AtomicBoolean());
        all.put("int", Integer.MIN_VALUE);
        all.put("long", Long.MIN_VALUE);
        all.put("longs", new long[] {
            0, 9, 10, 99, 100, 999_999_999_999_999_999L, 1_000_000_000_000_000_000L, Long.MAX_VALUE, -10
        });
        all.put("short", (short) -3);
        all.put("byte", (byte) -4);
        all.put("double", 0.1);
        all.put("doubles", new double[] {
            0,
            -0.0,
            1,
            1e16,
            1e15,
            123456789.125,
            1e-4,
            1e-5,
            2e23,
            5e-324,
            9.9e-324,
            1.7976931348623157e308,
            25,
            1e22,
            4.35,
            100
        });
        all.put("not a number", Arrays.asList(Double.NaN, Double.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY));
        all.put("float", 0.1f);
        all.put("floats", new float[] {1, 16777216, 1e10f, 3.4028235e38f, 1.4e-45f, 8.41e10f, 0.3f});
        all.put("big integer", BigInteger.TEN.pow(30));
        all.put(
                "big decimals",
                Arrays.asList(
                        new BigDecimal("1"),
                        new BigDecimal("1.0"),
                        new BigDecimal("1.00"),
                        new BigDecimal("0.10"),
                        new BigDecimal("1E+3"),
                        new BigDecimal("0E-9"),
                        new BigDecimal("-1.50"),
                        new BigDecimal("1E-7"),
                        new BigDecimal("12345678901234567890.123456789")));
        all.put("atomic numbers", Arrays.asList(new AtomicInteger(1), new AtomicLong(2)));
        LongAdder adder = new LongAdder();
        adder.add(3);
        DoubleAdder doubles = new DoubleAdder();
        doubles.add(1.5);
        all.put("adders", Arrays.<Object>asList(adder, doubles));
        all.put(
                "optional numbers",
                Arrays.asList(OptionalInt.of(1), OptionalLong.of(2), OptionalDouble.of(3), OptionalInt.empty()));
    }

    private static void times(Map<String, Object> all) {
        Instant instant = Instant.parse("2026-01-02T03:04:05.123456789Z");
        all.put("instant", instant);
        all.put("duration", Duration.ofSeconds(3661, 5));
        all.put("period", Period.of(1, 2, 3));
        all.put("zoned", ZonedDateTime.ofInstant(instant, ZoneId.of("Europe/Zurich")));
        all.put("offset", OffsetDateTime.ofInstant(instant, ZoneOffset.ofHours(2)));
        all.put(
                "local",
                Arrays.asList(LocalDate.of(2026, 1, 2), LocalTime.of(3, 4), LocalDateTime.of(2026, 1, 2, 3, 4, 5)));
        all.put("parts", Arrays.asList(Year.of(2026), YearMonth.of(2026, 1), MonthDay.of(1, 2), DayOfWeek.MONDAY));
        all.put("date", new Date(instant.toEpochMilli()));
        Timestamp timestamp = new Timestamp(instant.toEpochMilli());
        timestamp.setNanos(123456789);
        all.put("timestamp", timestamp);
        GregorianCalendar calendar = new GregorianCalendar(TimeZone.getTimeZone("Europe/Zurich"), Locale.ROOT);
        calendar.setTimeInMillis(instant.toEpochMilli());
        all.put("calendar", (Calendar) calendar);
        // Zones of which JDK 17 and later ones think differently.
        all.put(
                "calendars of old zones",
                Stream.of("EST", "MST", "HST")
                        .map(zone -> {
                            GregorianCalendar old = new GregorianCalendar(TimeZone.getTimeZone(zone), Locale.ROOT);
                            old.setTimeInMillis(-1_000_000_000_000L);
                            return old;
                        })
                        .toList());
        all.put(
                "other calendar",
                new Calendar.Builder()
                        .setCalendarType("buddhist")
                        .setTimeZone(TimeZone.getTimeZone("UTC"))
                        .setInstant(0)
                        .build());
        all.put("sql date of a subclass", new java.sql.Date(0) {
            @Override
            public String toString() {
                return "1970-01-01";
            }
        });
        all.put("sql dates", List.of(java.sql.Date.valueOf("2026-01-02"), java.sql.Time.valueOf("03:04:05")));
        all.put(
                "other chronologies",
                List.of(
                        java.time.chrono.JapaneseDate.of(2026, 1, 2),
                        java.time.chrono.HijrahDate.of(1447, 7, 13),
                        java.time.chrono.ThaiBuddhistDate.of(2569, 1, 2),
                        java.time.chrono.MinguoDate.of(115, 1, 2)));
        all.put("time zone of the application", new java.util.SimpleTimeZone(1000, "X"));
    }

    private static void containers(Map<String, Object> all) {
        all.put("null", null);
        all.put("list", Arrays.asList(1, "a", null, List.of()));
        all.put("array", new Object[] {1, new int[] {2}, new boolean[] {true}, new short[] {3}, new String[] {"s"}});
        all.put("iterable", new Counting());
        all.put("set", new HashSet<>(Arrays.asList("b", "a", 10, 9, null, List.of(1))));
        all.put("set of", Set.of("x", "y", "z", "w", "v", "u"));
        all.put("linked set", new LinkedHashSet<>(List.of("b", "a")));
        all.put("tree set", new TreeSet<>(List.of(10, 9)));
        all.put("enum set", EnumSet.allOf(Kind.class));
        all.put("bit set", BitSet.valueOf(new long[] {5}));
        all.put("atomic array", new AtomicIntegerArray(new int[] {1, 2}));
        all.put("atomic array of objects", new AtomicReferenceArray<>(new Object[] {"a", null}));
        all.put(
                "optional",
                Arrays.asList(Optional.of("x"), Optional.empty(), new AtomicReference<>("y"), new AtomicReference<>()));
        Map<String, Object> map = new HashMap<>();
        for (int i = 0; i < 40; i++) {
            map.put("key" + i, i);
        }
        all.put("map", map);
        all.put("key order", Map.of("\uFB33", 1, "\uD83D\uDE02", 2, "A", 3, "a", 4, "", 5, "\uD800", 6));
        all.put("integer keys", Map.of(1, "a", 10, "b", 2, "c", -5, "d"));
        all.put("number keys", Map.of(1.5, "a", 10L, "b", new BigDecimal("2.0"), "c"));
        all.put("boolean and number keys", numberKeys());
        all.put("enum keys", new EnumMap<>(Map.of(Kind.SERVER, 1, Kind.CLIENT, 2)));
        all.put("mixed keys", mixedKeys());
        all.put("identity map", new IdentityHashMap<>(Map.of("k", 1)));
        all.put("concurrent map", new ConcurrentHashMap<>(Map.of("k", 1)));
        all.put("tree map", new TreeMap<>(Map.of("b", 1, "a", 2)));
        all.put("unmodifiable", Collections.unmodifiableMap(new HashMap<>(Map.of("k", 1))));
        all.put("entry", new AbstractMap.SimpleEntry<>("k", 1));
    }

    private static Map<Object, Object> numberKeys() {
        Map<Object, Object> keys = new LinkedHashMap<>();
        keys.put(Double.POSITIVE_INFINITY, 1);
        keys.put(10.0, 2);
        keys.put(true, 3);
        keys.put(2, 4);
        keys.put(false, 5);
        keys.put(Float.NEGATIVE_INFINITY, 6);
        keys.put(8.41e10f, 7);
        keys.put(8.4099998e10, 8);
        return keys;
    }

    private static Map<Object, Object> mixedKeys() {
        Map<Object, Object> mixed = new LinkedHashMap<>();
        mixed.put(new UUID(1, 2), 1);
        mixed.put(LocalDate.of(2026, 1, 2), 2);
        mixed.put(true, 3);
        mixed.put(null, 4);
        mixed.put('c', 5);
        mixed.put(7, 6);
        return mixed;
    }

    private static void objects(Map<String, Object> all) {
        all.put("record", new Span("t", 1, Map.of("b", "1", "a", "2"), new Span("p", 0, null, null)));
        all.put("empty record", new Empty());
        all.put("sealed", List.of(new Circle(1.5), new Square(2)));
        all.put("bean", new Bean());
        all.put("sub bean", new SubBean());
        all.put("annotated", new Annotated());
        all.put("sparse", new Sparse("", new ArrayList<>(), Optional.empty(), "k", 0));
        all.put("inner", new Samples().new Inner());
        all.put("anonymous", new Object() {
            public int getValue() {
                return 1;
            }
        });
        all.put("throwable", new IllegalStateException("message"));
        all.put("throwable that iterates", new SQLException("message", "08001"));
        all.put("page", new Page(List.of("a", "b"), 3));
        all.put("linked", new Linked());
        all.put("open bean", new Open());
        all.put("decimal of a subclass", new BigDecimal("1.50") {
            private static final long serialVersionUID = 1L;
        });
        all.put(
                "jackson 2 tree",
                com.fasterxml.jackson.databind.json.JsonMapper.builder()
                        .build()
                        .createObjectNode()
                        .put("b", 1.5)
                        .put("a", "é")
                        .putNull("n")
                        .put("big", new BigInteger("12345678901234567890"))
                        .put("bin", new byte[] {1}));
        all.put(
                "jackson 3 tree",
                tools.jackson.databind.json.JsonMapper.builder()
                        .build()
                        .createObjectNode()
                        .put("b", 1.5)
                        .put("a", "é")
                        .putNull("n")
                        .put("big", new BigInteger("12345678901234567890"))
                        .put("bin", new byte[] {1}));
        all.put("protobuf float", FloatValue.of(8.41e10f));
        all.put(
                "protobuf",
                Struct.newBuilder()
                        .putFields("b", Value.newBuilder().setNumberValue(1.5).build())
                        .putFields(
                                "a",
                                Value.newBuilder()
                                        .setListValue(ListValue.newBuilder()
                                                .addValues(Value.newBuilder().setBoolValue(true)))
                                        .build())
                        .build());
    }
}
