package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
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
import java.util.Collections;
import java.util.Currency;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.SimpleTimeZone;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicMarkableReference;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicStampedReference;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * No two values of different content hash alike: an equal hash under one key is a lost payload. The values of each kind are compared with
 * each other, and the kinds with each other: what is the same JSON by intent is listed here, and in the README. Types of libraries are
 * compared so by the module survey.
 */
class UnequalValuesTest {

    private static final int RANDOM_VALUES = 150;

    private static final String LISTED = "alike-across-kinds.txt";

    private static final String REFUSED = "refused";

    enum Kind {
        ONE,
        TWO {
            @Override
            public String toString() {
                return "ONE";
            }
        }
    }

    enum OtherKind {
        ONE
    }

    record Pair(Object a, Object b) {}

    record Triple(Object a, Object b, Object c) {}

    /** Values of one kind, and which of them a form may not tell apart. */
    private record Sort(List<Object> values, Sameness sameness) {}

    private interface Sameness {
        boolean same(CanonicalForm form, Object a, Object b);
    }

    private static final Map<String, Sort> SORTS = new TreeMap<>();

    @TempDir
    static Path folder;

    private static void sort(String name, Object... values) {
        sort(name, Object::equals, Arrays.asList(values));
    }

    private static void sort(String name, BiPredicate<Object, Object> same, List<Object> values) {
        SORTS.put(name, new Sort(values, (form, a, b) -> same.test(a, b)));
    }

    private static void random(String name, Function<Random, Object> generator, Sameness sameness) {
        Random random = new Random(name.hashCode());
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < RANDOM_VALUES; i++) {
            values.add(generator.apply(random));
        }
        SORTS.put("random " + name, new Sort(values, sameness));
    }

    private static void random(String name, Function<Random, Object> generator) {
        random(name, generator, (form, a, b) -> a.equals(b));
    }

    static {
        texts();
        numbers();
        times();
        containers();
        randomValues();
    }

    private static void texts() {
        sort(
                "text",
                "",
                "a",
                "A",
                "\u00e9",
                "e\u0301",
                "\\u00e9",
                "\n",
                "\\n",
                "null",
                "1",
                "1.0",
                "true",
                "[]",
                "AQ==",
                "b'\\x01'",
                "ONE",
                "Kind.ONE",
                "2026-01-02",
                "1970-01-01T00:00:00Z",
                "1970-01-01 00:00:00+00:00",
                "PT0S",
                "0:00:00",
                "UTC",
                "10.0.0.1",
                "EUR",
                "a/b",
                "http://a/",
                "\uD83D\uDE02",
                "\uD83D",
                "00000000-0000-0000-0000-000000000001",
                "1.5",
                "\u0000",
                "\u007f");
        sort("char", 'a', 'A', '1', '\uD83D', '\u0000');
        sort(
                "string builder",
                (a, b) -> a.toString().contentEquals((CharSequence) b),
                List.of(new StringBuilder("a"), new StringBuilder("ab"), new StringBuilder()));
        sort("char buffer", CharBuffer.wrap("abc"), CharBuffer.wrap("abc", 1, 2), CharBuffer.wrap("abc", 1, 3));
        sort(
                "char array",
                (a, b) -> Arrays.equals((char[]) a, (char[]) b),
                List.of(new char[] {'a'}, new char[0], new char[] {'a', 'a'}));
        sort(
                "bytes",
                (a, b) -> Arrays.equals((byte[]) a, (byte[]) b),
                List.of(
                        new byte[0],
                        new byte[] {0},
                        new byte[] {1},
                        new byte[] {0, 0},
                        new byte[] {1, 0},
                        "\\x01".getBytes(StandardCharsets.US_ASCII),
                        "'".getBytes(StandardCharsets.US_ASCII),
                        "\"'".getBytes(StandardCharsets.US_ASCII),
                        "\\'".getBytes(StandardCharsets.US_ASCII),
                        "\n".getBytes(StandardCharsets.US_ASCII),
                        "\\n".getBytes(StandardCharsets.US_ASCII)));
        sort(
                "byte buffer",
                ByteBuffer.wrap(new byte[] {1, 2, 3}),
                ByteBuffer.wrap(new byte[] {1, 2, 3}, 0, 2),
                ByteBuffer.wrap(new byte[] {1, 2, 3}, 1, 2),
                ByteBuffer.wrap(new byte[] {1, 2, 3}).position(3));
        sort("enum", Kind.ONE, Kind.TWO);
        sort("enum of another class", OtherKind.ONE);
        sort("uuid", new UUID(0, 1), new UUID(1, 0), new UUID(0, 0));
        sort(
                "uri",
                URI.create("http://a/"),
                URI.create("HTTP://a"),
                URI.create("http://a/?b"),
                URI.create("http://a/#b"));
        sort(
                "locale",
                Locale.ROOT,
                Locale.forLanguageTag("de"),
                Locale.forLanguageTag("de-CH"),
                Locale.forLanguageTag("de-u-ca-buddhist"),
                locale("a_b", "c", ""),
                locale("a", "b_c", ""),
                locale("a", "b", "c"),
                locale("a", "b", "_c"),
                locale("", "", "x!"),
                locale("ja", "JP", "JP"),
                locale("no", "NO", "NY"),
                locale("nn", "NO", ""));
        sort("currency", Currency.getInstance("EUR"), Currency.getInstance("USD"));
        sort("class", Map.Entry.class, Map.class, int.class, Integer.class, int[].class, Integer[].class);
        sort("file", new java.io.File("a/b"), new java.io.File("/a/b"), new java.io.File("a"));
        sort("path", Path.of("a/b"), Path.of("/a/b"), Path.of("a"));
        sort("charset", StandardCharsets.UTF_8, StandardCharsets.UTF_16, StandardCharsets.UTF_16BE);
        sort(
                "pattern",
                (a, b) -> a == b,
                List.of(
                        Pattern.compile("a"),
                        Pattern.compile("a", Pattern.CASE_INSENSITIVE),
                        Pattern.compile("a", Pattern.MULTILINE),
                        Pattern.compile("a", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE),
                        Pattern.compile("(?i)a"),
                        Pattern.compile("b")));
        sort("address", address("x", 10, 0, 0, 1), address("x", 10, 0, 0, 2), address("x", new byte[16]));
        sort(
                "socket address",
                InetSocketAddress.createUnresolved("10.0.0.1", 1),
                new InetSocketAddress(address("x", 10, 0, 0, 1), 1),
                new InetSocketAddress(address("x", 10, 0, 0, 1), 2),
                InetSocketAddress.createUnresolved("a", 1));
    }

    @SuppressWarnings("deprecation")
    private static Locale locale(String language, String country, String variant) {
        return new Locale(language, country, variant);
    }

    private static InetAddress address(String host, int... parts) {
        byte[] bytes = new byte[parts.length];
        for (int i = 0; i < parts.length; i++) {
            bytes[i] = (byte) parts[i];
        }
        return address(host, bytes);
    }

    private static InetAddress address(String host, byte[] bytes) {
        try {
            return InetAddress.getByAddress(host, bytes);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void numbers() {
        sort("integer", 0, 1, -1, 10, Integer.MAX_VALUE);
        sort("long", 0L, 1L, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 53, (1L << 53) + 1, (1L << 60), (1L << 60) + 1);
        sort(
                "big integer",
                BigInteger.ZERO,
                BigInteger.ONE.shiftLeft(64),
                BigInteger.ONE.shiftLeft(64).add(BigInteger.ONE),
                BigInteger.ONE.shiftLeft(2000));
        sort(
                "double",
                0.0,
                1.0,
                1.5,
                0.1,
                0.30000000000000004,
                0.3,
                Double.MIN_VALUE,
                Double.NaN,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY,
                1e16,
                1e21);
        sort("float", 0f, 1f, 1.5f, 0.1f, 0.3f, Float.MIN_VALUE);
        sort(
                "decimal",
                new BigDecimal("0"),
                new BigDecimal("0.1"),
                new BigDecimal("0.10000000000000000001"),
                new BigDecimal("1e400"),
                new BigDecimal("1e401"),
                new BigDecimal("1e-400"),
                new BigDecimal("1.5"));
        sort("boolean", true, false);
        sort("atomic integer", (a, b) -> a == b, List.of(new AtomicInteger(), new AtomicInteger(1)));
        sort("optional", Optional.empty(), Optional.of(1), Optional.of("1"), Optional.of(List.of()));
        sort("optional integer", OptionalInt.empty(), OptionalInt.of(0));
        sort("optional double", OptionalDouble.empty(), OptionalDouble.of(0));
        sort(
                "reference",
                (a, b) -> a == b,
                List.of(new AtomicReference<>(), new AtomicReference<>("a"), new AtomicReference<>(1)));
        sort(
                "marked reference",
                (a, b) -> a == b,
                List.of(new AtomicMarkableReference<>("a", true), new AtomicMarkableReference<>("a", false)));
        sort(
                "stamped reference",
                (a, b) -> a == b,
                List.of(new AtomicStampedReference<>("a", 1), new AtomicStampedReference<>("a", 2)));
        SORTS.put("null", new Sort(Collections.singletonList(null), (form, a, b) -> a == b));
    }

    private static void times() {
        sort(
                "instant",
                Instant.EPOCH,
                Instant.EPOCH.plusNanos(1),
                Instant.EPOCH.plusNanos(1000),
                Instant.EPOCH.plusMillis(1),
                Instant.EPOCH.plusSeconds(1),
                Instant.MAX,
                Instant.MIN,
                Instant.parse("-0001-01-01T00:00:00Z"));
        sort(
                "local date time",
                LocalDateTime.of(1970, 1, 1, 0, 0),
                LocalDateTime.of(1970, 1, 1, 0, 0, 1),
                LocalDateTime.of(1970, 1, 1, 0, 0, 0, 1));
        sort(
                "offset date time",
                OffsetDateTime.parse("1970-01-01T00:00Z"),
                OffsetDateTime.parse("1970-01-01T01:00+01:00"),
                OffsetDateTime.parse("1970-01-01T00:00+01:00"),
                OffsetDateTime.parse("1970-01-01T00:00:00+00:00:01"));
        sort(
                "zoned date time",
                ZonedDateTime.parse("1970-01-01T00:00Z"),
                ZonedDateTime.parse("2026-10-25T02:30+02:00[Europe/Zurich]"),
                ZonedDateTime.parse("2026-10-25T02:30+01:00[Europe/Zurich]"));
        sort("local date", LocalDate.of(2026, 1, 2), LocalDate.of(-1, 1, 2), LocalDate.of(10000, 1, 2));
        sort(
                "local time",
                LocalTime.MIDNIGHT,
                LocalTime.of(0, 0, 1),
                LocalTime.of(0, 0, 0, 1),
                LocalTime.of(0, 0, 0, 1000),
                LocalTime.of(0, 1));
        sort(
                "offset time",
                OffsetTime.parse("00:00Z"),
                OffsetTime.parse("00:00+01:00"),
                OffsetTime.parse("01:00+01:00"));
        sort(
                "duration",
                Duration.ZERO,
                Duration.ofDays(1),
                Duration.ofDays(-1),
                Duration.ofNanos(1),
                Duration.ofNanos(-1),
                Duration.ofNanos(1000),
                Duration.ofSeconds(1),
                Duration.ofSeconds(Long.MAX_VALUE),
                Duration.ofSeconds(Long.MIN_VALUE));
        sort(
                "period",
                Period.ZERO,
                Period.ofDays(1),
                Period.ofDays(30),
                Period.ofMonths(1),
                Period.ofMonths(12),
                Period.ofYears(1));
        sort("date", new Date(0), new Date(1), new Date(1000));
        Timestamp nanos = new Timestamp(0);
        nanos.setNanos(1);
        sort("timestamp", new Timestamp(0), new Timestamp(1), nanos);
        java.sql.Date midnight = java.sql.Date.valueOf("2026-01-02");
        sort("sql date", midnight, java.sql.Date.valueOf("2026-01-03"), new java.sql.Date(midnight.getTime() + 1));
        java.sql.Time time = java.sql.Time.valueOf("00:00:00");
        sort(
                "sql time",
                time,
                java.sql.Time.valueOf("00:00:01"),
                new java.sql.Time(time.getTime() + 1),
                new java.sql.Time(time.getTime() + 86_400_000));
        sort(
                "calendar",
                calendar("UTC", 0),
                calendar("UTC", 1),
                calendar("Europe/Zurich", 0),
                calendar("Europe/Berlin", 0));
        TimeZone changed = TimeZone.getTimeZone("Europe/Zurich");
        changed.setRawOffset(1);
        sort(
                "time zone",
                TimeZone.getTimeZone("Europe/Zurich"),
                TimeZone.getTimeZone("Europe/Berlin"),
                changed,
                TimeZone.getTimeZone("GMT+01:00"),
                new SimpleTimeZone(1, "X"),
                new SimpleTimeZone(2, "X"));
        sort(
                "zone",
                ZoneId.of("Europe/Zurich"),
                ZoneId.of("UTC"),
                ZoneOffset.UTC,
                ZoneOffset.ofHours(1),
                ZoneId.of("UTC+01:00"));
        sort("year", Year.of(2026), Year.of(-1));
        sort("year and month", YearMonth.of(2026, 1), YearMonth.of(2026, 2));
        sort("month and day", MonthDay.of(1, 2), MonthDay.of(2, 1));
        sort("day of the week", DayOfWeek.MONDAY, DayOfWeek.SUNDAY);
    }

    private static GregorianCalendar calendar(String zone, long millis) {
        GregorianCalendar calendar = new GregorianCalendar(TimeZone.getTimeZone(zone), Locale.ROOT);
        calendar.setTimeInMillis(millis);
        return calendar;
    }

    private static void containers() {
        sort(
                "list",
                List.of(),
                List.of(1),
                List.of("1"),
                List.of(1, 2),
                List.of(2, 1),
                List.of(List.of(1), 2),
                List.of(1, List.of(2)),
                Arrays.asList((Object) null),
                Arrays.asList(null, null),
                List.of(List.of()),
                List.of(Map.of()),
                List.of(12));
        sort(
                "set",
                new LinkedHashSet<>(List.of(2, 1)),
                new TreeSet<>(List.of(1)),
                new LinkedHashSet<Object>(List.of(1, "1")),
                new LinkedHashSet<Object>(List.of(1, 1L)),
                new LinkedHashSet<Object>());
        sort(
                "bit set",
                BitSet.valueOf(new long[] {1}),
                BitSet.valueOf(new long[] {2}),
                BitSet.valueOf(new long[] {0, 1}),
                new BitSet());
        sort(
                "map",
                Map.of(),
                Map.of("a", 1),
                Map.of("a", "1"),
                Map.of("a", 1, "b", 2),
                Map.of("b", 1, "a", 2),
                Map.of("a", Map.of("b", 1)),
                Map.of("a.b", 1),
                Map.of("", 1),
                Collections.singletonMap("a", null),
                Map.of("1", 1));
        sort(
                "map of other keys",
                Map.of(1, 1),
                Map.of(1.0, 1),
                Map.of(true, 1),
                Collections.singletonMap(null, 1),
                Map.of(1, 1, "1", 2),
                Map.of(1, 2, "1", 1),
                Map.of(Kind.ONE, 1),
                Map.of(Kind.ONE, 1, "ONE", 2));
        sort(
                "entry",
                new AbstractMap.SimpleEntry<>("a", 1),
                new AbstractMap.SimpleEntry<>("a", 2),
                new AbstractMap.SimpleEntry<>("b", 1));
        sort("record", new Pair(1, 2), new Pair(2, 1), new Pair(1, null), new Pair("1", 2), new Pair(1, List.of(2)));
        sort("record of three", new Triple(1, 2, null), new Triple(1, 2, 3));
        SORTS.put(
                "array",
                new Sort(
                        List.of(
                                new int[0],
                                new int[] {1},
                                new int[] {1, 2},
                                new int[][] {{1}, {2}},
                                new int[][] {{1, 2}},
                                new int[][] {{}, {1, 2}},
                                new Object[] {1, "1"},
                                new Object[] {null},
                                new String[] {"1"},
                                new boolean[] {true},
                                new double[] {1.5}),
                        (form, a, b) -> Arrays.deepEquals(new Object[] {a}, new Object[] {b})));
        sort(
                "atomic array",
                (a, b) -> a == b,
                List.of(
                        new AtomicIntegerArray(new int[] {1, 2}),
                        new AtomicIntegerArray(new int[] {2, 1}),
                        new AtomicIntegerArray(0)));
        Exception deep = new Exception("0");
        Exception deeper = new Exception("0", new Exception("more"));
        for (int i = 0; i < 20; i++) {
            deep = new Exception("e", deep);
            deeper = new Exception("e", deeper);
        }
        sort(
                "throwable",
                (a, b) -> a == b,
                List.of(
                        new Exception("a"),
                        new Exception("b"),
                        new RuntimeException("a"),
                        new Exception(),
                        new Exception("a", new Exception("b")),
                        deep,
                        deeper));
    }

    private static void randomValues() {
        random("text", UnequalValuesTest::text);
        random("long", random -> random.nextLong() >> random.nextInt(64));
        random("double", random -> Double.longBitsToDouble(random.nextLong()), UnequalValuesTest::sameDouble);
        random(
                "short double",
                random -> (random.nextInt(41) - 20) * Math.pow(10, random.nextInt(40) - 20),
                UnequalValuesTest::sameDouble);
        random("float", random -> Float.intBitsToFloat(random.nextInt()));
        random(
                "decimal",
                random -> new BigDecimal(BigInteger.valueOf(random.nextInt(40) - 20), random.nextInt(9) - 4),
                UnequalValuesTest::sameDecimal);
        random(
                "instant",
                random -> Instant.ofEpochSecond(
                        random.nextInt(3), random.nextInt(3) * (random.nextBoolean() ? 1 : 1000)));
        random(
                "duration",
                random -> Duration.ofSeconds((random.nextInt(5) - 2) * 43_200L, (random.nextInt(5) - 2) * 500L));
        random(
                "local date time",
                random -> LocalDateTime.of(
                        2026,
                        1,
                        1 + random.nextInt(2),
                        random.nextInt(2),
                        0,
                        random.nextInt(2),
                        random.nextInt(3) * 1000));
        random(
                "offset date time",
                random -> OffsetDateTime.of(
                        2026, 1, 1, random.nextInt(2), 0, 0, 0, ZoneOffset.ofTotalSeconds(random.nextInt(4) * 1800)));
        random(
                "zoned date time",
                random -> ZonedDateTime.of(
                        2026,
                        1 + 6 * random.nextInt(2),
                        1,
                        random.nextInt(2),
                        0,
                        0,
                        0,
                        ZoneId.of(List.of("UTC", "Europe/Zurich", "Europe/Berlin", "Z")
                                .get(random.nextInt(4)))),
                // Python's text of a datetime has no zone but its offset.
                (form, a, b) -> form == CanonicalForm.PYTHON_STR
                        ? ((ZonedDateTime) a).toOffsetDateTime().equals(((ZonedDateTime) b).toOffsetDateTime())
                        : a.equals(b));
        random("period", random -> Period.of(random.nextInt(2), random.nextInt(3), random.nextInt(3)));
        random("bytes", random -> {
            byte[] bytes = new byte[random.nextInt(3)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) "\\'\"nx0\n\u00ff".charAt(random.nextInt(8));
            }
            return ByteBuffer.wrap(bytes);
        });
        random("locale", random -> locale(part(random), part(random), part(random)));
        random(
                "pattern",
                random -> Pattern.compile("a" + random.nextInt(2), random.nextInt(4) * 2),
                (form, a, b) -> ((Pattern) a).pattern().equals(((Pattern) b).pattern())
                        && ((Pattern) a).flags() == ((Pattern) b).flags());
        random("list", random -> list(random, 3));
        random(
                "map",
                random -> {
                    Map<Object, Object> map = new HashMap<>();
                    for (int i = random.nextInt(4); i > 0; i--) {
                        map.put(
                                List.<Object>of("1", 1, "a", 1.0, true, "true", 1L, 'a')
                                        .get(random.nextInt(8)),
                                random.nextInt(2));
                    }
                    return map;
                },
                (form, a, b) -> byText(a).equals(byText(b)));
        random("bit set", random -> BitSet.valueOf(new long[] {random.nextInt(4), random.nextInt(3)}));
    }

    private static String part(Random random) {
        return List.of("", "a", "b", "_", "a_", "%", "%5F", "x!").get(random.nextInt(8));
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append("\\u00e9\"n\n\uD83D\uDE02\u007f\u00e9".charAt(random.nextInt(13)));
        }
        return text.toString();
    }

    private static Object list(Random random, int depth) {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            list.add(
                    depth > 0 && random.nextBoolean()
                            ? list(random, depth - 1)
                            : List.<Object>of(1, "1", "", 11).get(random.nextInt(4)));
        }
        return list;
    }

    private static Map<String, Object> byText(Object map) {
        Map<String, Object> byText = new HashMap<>();
        ((Map<?, ?>) map).forEach((key, value) -> byText.put(key.toString(), value));
        return byText;
    }

    /** RFC 8785 has no negative zero; all NaN are one. */
    private static boolean sameDouble(CanonicalForm form, Object a, Object b) {
        return form == CanonicalForm.JCS ? (double) a == (double) b : a.equals(b);
    }

    /** As the README says: 1.0 is 1.00, and 1 another payload, but in Python's text and in RFC 8785. */
    private static boolean sameDecimal(CanonicalForm form, Object a, Object b) {
        boolean sameNumber = ((BigDecimal) a).compareTo((BigDecimal) b) == 0;
        boolean samePoint = ((BigDecimal) a).scale() > 0 == ((BigDecimal) b).scale() > 0;
        return switch (form) {
            case PYTHON_STR -> a.equals(b);
            case JCS -> sameNumber;
            default -> sameNumber && samePoint;
        };
    }

    private static String hash(CanonicalForm form, Object value) {
        try {
            return new PayloadHasher(form).hash(value, Exclusions.NONE);
        } catch (UnhashableException e) {
            return REFUSED;
        }
    }

    @Test
    void aPathOfAnotherFileSystemHasItsRoot() throws IOException {
        Path zip = folder.resolve("a.zip");
        try (FileSystem one = FileSystems.newFileSystem(zip, Map.of("create", "true"));
                FileSystem other = FileSystems.newFileSystem(folder.resolve("b.zip"), Map.of("create", "true"))) {
            List<Object> paths = List.of(one.getPath("/x"), other.getPath("/x"), one.getPath("x"), Path.of("/x"));
            TreeSet<String> hashes = new TreeSet<>();
            paths.forEach(path -> hashes.add(hash(CanonicalForm.PYTHON, path)));
            assertEquals(paths.size(), hashes.size());
            assertEquals(hash(CanonicalForm.PYTHON, one.getPath("/x")), hash(CanonicalForm.PYTHON, one.getPath("/x")));
        }
    }

    @ParameterizedTest
    @EnumSource
    void unequalValuesOfAKindHaveUnequalHashesOrAreRefused(CanonicalForm form) {
        SORTS.forEach((name, sort) -> {
            List<String> hashes =
                    sort.values.stream().map(value -> hash(form, value)).toList();
            for (int i = 0; i < hashes.size(); i++) {
                for (int j = 0; j < i; j++) {
                    Object a = sort.values.get(i);
                    Object b = sort.values.get(j);
                    boolean alike = hashes.get(i).equals(hashes.get(j))
                            && !hashes.get(i).equals(REFUSED);
                    boolean refused =
                            hashes.get(i).equals(REFUSED) || hashes.get(j).equals(REFUSED);
                    if (alike != sort.sameness.same(form, a, b) && !refused) {
                        throw new AssertionError(
                                form + ", " + name + ": " + a + " and " + b + (alike ? " hash alike" : " differ"));
                    }
                }
            }
        });
    }

    /**
     * Kinds of which a value of one is the same JSON as a value of the other, each pair with the forms in which it is: by intent, as the
     * README says. A pair that is new here is a collision until somebody says why it is none.
     */
    @Test
    void whatHashesAlikeAcrossKindsIsListed() throws IOException {
        Map<String, TreeSet<CanonicalForm>> found = new TreeMap<>();
        for (CanonicalForm form : CanonicalForm.values()) {
            Map<String, TreeSet<String>> kinds = new HashMap<>();
            SORTS.forEach((name, sort) -> {
                if (!name.startsWith("random ")) {
                    sort.values.forEach(value -> kinds.computeIfAbsent(hash(form, value), hash -> new TreeSet<>())
                            .add(name));
                }
            });
            kinds.remove(REFUSED);
            kinds.values()
                    .forEach(names -> names.forEach(a -> names.tailSet(a, false)
                            .forEach(b -> found.computeIfAbsent(a + " = " + b, pair -> new TreeSet<>())
                                    .add(form))));
        }
        List<String> lines = new ArrayList<>();
        found.forEach((pair, forms) -> lines.add(
                forms.size() == CanonicalForm.values().length
                        ? pair
                        : pair + ": "
                                + String.join(
                                        ", ",
                                        forms.stream().map(CanonicalForm::key).toList())));
        try (InputStream listed = UnequalValuesTest.class.getResourceAsStream(LISTED)) {
            assertEquals(new String(listed.readAllBytes(), StandardCharsets.UTF_8).strip(), String.join("\n", lines));
        }
    }
}
