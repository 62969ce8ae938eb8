package io.idempotenttrace.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonKey;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.File;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Calendar;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Date;
import java.util.EnumMap;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A result is stored only if its JSON brings back what the body returned. */
class ReadBackTest {

    enum Colour {
        RED,
        BLUE
    }

    /** Its text, which JSON gets, is that of several constants. */
    enum Grouped {
        ACCEPTED("done"),
        REJECTED("done");

        private final String group;

        Grouped(String group) {
            this.group = group;
        }

        @Override
        public String toString() {
            return group;
        }
    }

    enum Valued {
        ONE,
        UNO;

        @JsonValue
        int number() {
            return 1;
        }
    }

    interface Account {
        String getName();
    }

    /** Equal by its id alone. */
    static class User {
        private String id;

        @SuppressWarnings("unused")
        private String note;

        @SuppressWarnings("unused")
        User() {
            this("");
        }

        public User(String id) {
            this.id = id;
        }

        static User noted(String id) {
            User user = new User(id);
            user.note = "vip";
            return user;
        }

        public String getId() {
            return id;
        }

        public void setId(String id) {
            this.id = id;
        }

        @Override
        @JsonKey
        public String toString() {
            return id;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof User user && user.id.equals(id);
        }

        @Override
        public int hashCode() {
            return id.hashCode();
        }
    }

    static class Sorting {
        private final SortedMap<String, Integer> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

        @JsonCreator
        Sorting(@JsonProperty("headers") Map<String, Integer> headers) {
            this.headers.putAll(headers);
        }

        public Map<String, Integer> getHeaders() {
            return headers;
        }
    }

    static class Base {
        public int a = 1;
    }

    static class Below extends Base {
        public int b = 2;
    }

    static class OnlyBehaviourBelow extends Base {
        int doubled() {
            return a * 2;
        }
    }

    record Holder(Base item) {}

    record Point(int x, byte[] bytes, Optional<String> text, double number) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes(@JsonSubTypes.Type(value = NamedBelow.class, name = "below"))
    static class Named {
        public int a;
    }

    static class NamedBelow extends Named {
        public int b;
    }

    /** As JAXB generates it. */
    static class WithoutSetter {
        private final List<String> names = new ArrayList<>();

        public List<String> getNames() {
            return names;
        }
    }

    static class WithFinalField {
        public final String id;

        @SuppressWarnings("unused")
        WithFinalField() {
            this("none");
        }

        WithFinalField(String id) {
            this.id = id;
        }
    }

    static class WithoutGetter {
        public String id = "a";

        @SuppressWarnings("unused")
        private String hidden;

        WithoutGetter hidden(String value) {
            hidden = value;
            return this;
        }
    }

    static class Masking {
        private String pan = "1234";

        public String getPan() {
            return "**" + pan.substring(2);
        }

        public void setPan(String pan) {
            this.pan = pan;
        }
    }

    static class ReadOnly {
        @JsonProperty(access = JsonProperty.Access.READ_ONLY)
        public String id;
    }

    record Trimming(String text) {
        Trimming {
            text = text + "!";
        }
    }

    static class Ignoring {
        public String id = "a";

        @JsonIgnore
        public String ignored = "unset";

        public transient String skipped = "unset";
    }

    static class Computing {
        public String first = "a";
        private String full;

        public String getFull() {
            if (full == null) {
                full = first + "!";
            }
            return full;
        }
    }

    static class Node {
        public String name = "n";
        public List<Node> below = new ArrayList<>();
    }

    static class Listed extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        String beside = "unset";

        Listed with(String value) {
            beside = value;
            return this;
        }
    }

    static class Times {
        public Date date;
        public Timestamp timestamp;
        public Calendar calendar;
    }

    /** The declared types of results. */
    @SuppressWarnings("unused")
    static final class Results {
        Base base;
        List<Base> bases;
        Base[] array;
        Map<String, List<Base>> mapOfBases;
        Optional<Base> held;
        Holder holder;
        Point point;
        List<Named> named;
        WithoutSetter withoutSetter;
        WithFinalField withFinalField;
        WithoutGetter withoutGetter;
        Masking masking;
        ReadOnly readOnly;
        Trimming trimming;
        Ignoring ignoring;
        Computing computing;
        Node node;
        Listed listed;
        Times times;
        Calendar calendar;
        BitSet bits;
        Pattern pattern;
        Path path;
        File file;
        RuntimeException exception;
        SortedSet<String> sortedSet;
        SortedMap<String, Integer> sortedMap;
        Optional<Optional<String>> heldTwice;
        Set<String> set;
        HashSet<String> hashSet;
        Set<Base> setOfBases;
        Map<LocalDate, String> byDate;
        HashMap<String, Base> hashMap;
        EnumMap<Colour, Integer> byColour;
        Collection<String> collection;
        Iterable<String> iterable;
        List<Collection<String>> listOfCollections;
        List<Map<String, String>> listOfMaps;
        AtomicInteger atomic;
        AtomicReference<String> reference;
        List<Integer> numbers;
        List<Optional<BigDecimal>> decimals;
        ZonedDateTime time;
        StringBuilder builder;
        int[][] arrays;
        Object open;
        Map<String, Object> openMap;
        Map<String, String> map;
        List<Object> openList;
        PriorityQueue<String> queue;
        Set<User> users;
        Map<User, String> byUser;
        Sorting sorting;
        Grouped grouped;
        List<Grouped> listOfGrouped;
        Map<String, Grouped> mapOfGrouped;
        Map<Grouped, String> byGrouped;
        Valued valued;
        Colour colour;
    }

    private static ResultJson json(String field) throws NoSuchFieldException {
        Field declared = Results.class.getDeclaredField(field);
        return new ResultJson(declared.getGenericType(), Results.class, /* part= */ false);
    }

    private static String written(ResultJson json, Object value) {
        ResultBytes bytes = new ResultBytes(100_000);
        json.write(value, bytes);
        return bytes.text();
    }

    private static <T extends Collection<String>> T filled(T collection, String... elements) {
        collection.addAll(Arrays.asList(elements));
        return collection;
    }

    private static WithoutSetter names(String... names) {
        WithoutSetter bean = new WithoutSetter();
        bean.getNames().addAll(Arrays.asList(names));
        return bean;
    }

    private static Times times(Date date, Timestamp timestamp, Calendar calendar) {
        Times times = new Times();
        times.date = date;
        times.timestamp = timestamp;
        times.calendar = calendar;
        return times;
    }

    private static Calendar calendar(String zone) {
        Calendar calendar = new GregorianCalendar(TimeZone.getTimeZone(zone));
        calendar.setTimeInMillis(5);
        return calendar;
    }

    private static BitSet bits() {
        BitSet bits = new BitSet();
        bits.set(5);
        return bits;
    }

    private static ReadOnly readOnly() {
        ReadOnly bean = new ReadOnly();
        bean.id = "a";
        return bean;
    }

    private static Node tree() {
        Node node = new Node();
        node.below.add(new Node());
        return node;
    }

    private static SortedMap<String, Integer> backwards() {
        SortedMap<String, Integer> map = new TreeMap<>(Comparator.reverseOrder());
        map.put("a", 1);
        map.put("b", 2);
        return map;
    }

    private static Map<String, String> headers() {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("Content-Type", "json");
        return headers;
    }

    private static Object proxy() {
        return Proxy.newProxyInstance(
                Account.class.getClassLoader(), new Class<?>[] {Account.class}, (proxy, method, arguments) -> "bob");
    }

    private static Map<String, Object> filledWhereItIsMade() {
        return new HashMap<>() {
            private static final long serialVersionUID = 1L;

            {
                put("a", 1);
            }
        };
    }

    static Stream<Arguments> whatJsonLoses() {
        return Stream.of(
                Arguments.of("base", new Below()),
                Arguments.of("bases", List.of(new Base(), new Below())),
                Arguments.of("array", new Base[] {new Below()}),
                Arguments.of("mapOfBases", Map.of("a", List.of(new Below()))),
                Arguments.of("held", Optional.of(new Below())),
                Arguments.of("holder", new Holder(new OnlyBehaviourBelow())),
                Arguments.of("withoutSetter", names("a")),
                Arguments.of("withFinalField", new WithFinalField("a")),
                Arguments.of("withoutGetter", new WithoutGetter().hidden("a")),
                Arguments.of("masking", new Masking()),
                Arguments.of("readOnly", readOnly()),
                Arguments.of("trimming", new Trimming("a")),
                Arguments.of("listed", filled(new Listed(), "a").with("b")),
                Arguments.of("times", times(null, null, calendar("Asia/Tokyo"))),
                Arguments.of("times", times(null, Timestamp.from(Instant.ofEpochSecond(1, 123_456_789)), null)),
                Arguments.of("calendar", calendar("Asia/Tokyo")),
                Arguments.of("bits", bits()),
                Arguments.of("pattern", Pattern.compile("a", Pattern.CASE_INSENSITIVE)),
                Arguments.of("path", Path.of("a", "b")),
                Arguments.of("file", new File("a")),
                Arguments.of("exception", new IllegalStateException("a")),
                Arguments.of("sortedSet", filled(new TreeSet<>(Comparator.reverseOrder()), "a", "b")),
                Arguments.of("sortedMap", backwards()),
                Arguments.of("heldTwice", Optional.empty()),
                Arguments.of("point", new Point(1, null, null, 0)),
                Arguments.of("open", Set.of("a")),
                Arguments.of("open", proxy()),
                Arguments.of("openList", List.of(proxy())),
                Arguments.of("open", filled(new Listed(), "a").with("b")),
                Arguments.of("open", filled(new Listed(), "a")),
                Arguments.of("map", headers()),
                Arguments.of("collection", Set.of("a")),
                Arguments.of("iterable", Set.of("a")),
                Arguments.of("listOfCollections", List.of(Set.of("a"))),
                Arguments.of("queue", filled(new PriorityQueue<>(Comparator.reverseOrder()), "a")),
                Arguments.of("sortedSet", filled(new TreeSet<>(Comparator.reverseOrder()), "a")),
                Arguments.of("users", new HashSet<>(Set.of(User.noted("1"), new User("2")))),
                Arguments.of("users", new HashSet<>(Set.of(User.noted("1"), User.noted("2"), User.noted("3")))),
                Arguments.of("byUser", Map.of(User.noted("1"), "a", User.noted("2"), "b")),
                Arguments.of("open", List.of(5L)));
    }

    @ParameterizedTest
    @MethodSource("whatJsonLoses")
    void whatWouldComeBackAsAnotherValueIsNotStored(String declared, Object value) throws Exception {
        ResultJson json = json(declared);
        assertThrows(RuntimeException.class, () -> written(json, value));
    }

    static Stream<Arguments> whatJsonKeeps() {
        return Stream.of(
                Arguments.of("base", new Base()),
                Arguments.of("bases", List.of(new Base())),
                Arguments.of("array", new Base[] {new Base()}),
                Arguments.of("held", Optional.of(new Base())),
                Arguments.of("held", Optional.empty()),
                Arguments.of("holder", new Holder(null)),
                Arguments.of("point", new Point(1, new byte[] {1}, Optional.empty(), Double.NaN)),
                Arguments.of("named", List.of(new NamedBelow())),
                Arguments.of("withoutSetter", names()),
                Arguments.of("withoutGetter", new WithoutGetter()),
                Arguments.of("ignoring", new Ignoring()),
                Arguments.of("computing", new Computing()),
                Arguments.of("node", tree()),
                Arguments.of("listed", filled(new Listed(), "a")),
                // A driver's Timestamp in a field that is declared to hold milliseconds.
                Arguments.of("times", times(new Timestamp(5), new Timestamp(6), calendar("UTC"))),
                Arguments.of("pattern", Pattern.compile("a")),
                Arguments.of("path", Path.of("/a").toAbsolutePath()),
                Arguments.of("file", new File("a").getAbsoluteFile()),
                Arguments.of("exception", new RuntimeException("a")),
                Arguments.of("sortedSet", filled(new TreeSet<>(), "a", "b")),
                Arguments.of("hashSet", filled(new HashSet<>(1), "e", "d", "c", "b", "a", "zeta", "eta")),
                Arguments.of("setOfBases", Set.of(new Base())),
                Arguments.of("byDate", Map.of(LocalDate.of(2026, 1, 2), "a")),
                Arguments.of("hashMap", Map.of("a", new Base(), "b", new Base(), "zeta", new Base())),
                Arguments.of("byColour", new EnumMap<>(Map.of(Colour.BLUE, 1, Colour.RED, 2))),
                Arguments.of("collection", List.of("a")),
                Arguments.of("collection", Map.of("a", "b").values()),
                Arguments.of("collection", new ArrayDeque<>(List.of("a"))),
                Arguments.of("atomic", new AtomicInteger(3)),
                Arguments.of("reference", new AtomicReference<>("a")),
                Arguments.of("numbers", Arrays.asList(1, null)),
                Arguments.of("decimals", List.of(Optional.of(new BigDecimal("1.00")), Optional.empty())),
                Arguments.of("time", ZonedDateTime.of(2026, 1, 2, 3, 4, 5, 6, ZoneId.of("Europe/Paris"))),
                Arguments.of("builder", new StringBuilder("a")),
                Arguments.of("arrays", new int[][] {{1}, {}}),
                Arguments.of("users", new HashSet<>(Set.of(new User("1"), new User("2"), new User("3")))),
                Arguments.of("byUser", new HashMap<>(Map.of(new User("1"), "a", new User("2"), "b"))),
                Arguments.of("sorting", new Sorting(Map.of("Content-Type", 1))),
                Arguments.of("map", new TreeMap<>(Map.of("a", "b", "c", "d"))),
                Arguments.of("openMap", filledWhereItIsMade()),
                Arguments.of("queue", filled(new PriorityQueue<>(), "b", "a")),
                Arguments.of("open", Map.of("a", List.of(1, "x", true))));
    }

    @ParameterizedTest
    @MethodSource("whatJsonKeeps")
    void whatComesBackAsItWasIsStored(String declared, Object value) throws Exception {
        ResultJson json = json(declared);
        if (value instanceof HashMap || !declared.equals("hashMap")) {
            written(json, value);
            written(json, value);
        } else {
            written(json, new HashMap<>((Map<?, ?>) value));
        }
    }

    /** One that came back does not speak for those that follow. */
    @Test
    void eachValueOfABeanIsComparedAnew() throws Exception {
        ResultJson json = json("withoutSetter");
        written(json, names());
        assertThrows(RuntimeException.class, () -> written(json, names("a")));
    }

    static Stream<Arguments> containersOfTheirOwn() {
        Map<String, String> twice = new IdentityHashMap<>();
        twice.put(new String("a"), "b");
        twice.put(new String("a"), "c");
        Set<String> keys = Collections.newSetFromMap(new IdentityHashMap<>());
        keys.addAll(twice.keySet());
        return Stream.of(
                Arguments.of("map", Map.of("a", "b"), headers()),
                Arguments.of("map", Map.of("a", "b"), twice),
                Arguments.of("listOfMaps", List.of(Map.of("a", "b")), List.of(Map.of("a", "b"), headers())),
                Arguments.of("set", Set.of("a"), filled(new TreeSet<>(String.CASE_INSENSITIVE_ORDER), "a")),
                Arguments.of("set", Set.of("a"), keys),
                Arguments.of("collection", List.of("a"), Set.of("a")));
    }

    /** Nor does a usual container for one that finds its elements in a way of its own. */
    @ParameterizedTest
    @MethodSource("containersOfTheirOwn")
    void aContainerOfAnotherKindIsComparedAnew(String declared, Object usual, Object ownKind) throws Exception {
        ResultJson json = json(declared);
        written(json, usual);
        assertThrows(RuntimeException.class, () -> written(json, ownKind));
        written(json, usual);
    }

    static Stream<Arguments> constantsOfOneText() {
        return Stream.of(
                Arguments.of("grouped", Grouped.ACCEPTED, Grouped.REJECTED),
                Arguments.of("listOfGrouped", List.of(Grouped.ACCEPTED), List.of(Grouped.REJECTED)),
                Arguments.of("mapOfGrouped", Map.of("a", Grouped.ACCEPTED), Map.of("a", Grouped.REJECTED)),
                Arguments.of("byGrouped", Map.of(Grouped.ACCEPTED, "a"), Map.of(Grouped.REJECTED, "a")),
                Arguments.of("valued", Valued.ONE, Valued.UNO));
    }

    /** One of them comes back as itself, in whichever order they are written. */
    @ParameterizedTest
    @MethodSource("constantsOfOneText")
    void aConstantIsStoredOnlyIfItComesBackAsItself(String declared, Object first, Object second) throws Exception {
        for (List<Object> values : List.of(List.of(first, second), List.of(second, first))) {
            ResultJson json = json(declared);
            int stored = 0;
            for (int i = 0; i < 2; i++) {
                for (Object value : values) {
                    try {
                        assertEquals(value, json.read(written(json, value)));
                        stored++;
                    } catch (IllegalArgumentException notStored) {
                        assertTrue(notStored.getMessage().contains("does not come back"), notStored::getMessage);
                    }
                }
            }
            assertEquals(2, stored);
        }
    }

    @Test
    void constantsOfTextsOfTheirOwnComeBack() throws Exception {
        ResultJson json = json("colour");
        for (Colour colour : Colour.values()) {
            assertEquals(colour, json.read(written(json, colour)));
        }
    }

    @Test
    void aSetKeepsItsOrder() throws Exception {
        ResultJson json = json("set");
        LinkedHashSet<String> set = filled(new LinkedHashSet<>(), "z", "a", "zz", "b", "c", "q", "aaa");
        Set<?> back = (Set<?>) json.read(written(json, set));
        assertEquals(List.copyOf(set), List.copyOf(back));
    }
}
