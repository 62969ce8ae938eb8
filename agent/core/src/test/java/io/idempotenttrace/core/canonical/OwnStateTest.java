package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.open.PayloadHashers;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a class adds to a map, a collection, a text, a number, an exception counts beside that content, or is refused. */
class OwnStateTest {

    private static final PayloadHasher PYTHON = new PayloadHasher(CanonicalForm.PYTHON);

    private static String python(Object value) {
        return new String(PYTHON.canonical(value, Exclusions.NONE), StandardCharsets.US_ASCII);
    }

    private static String python(Object value, String policy) {
        Configuration configuration = Configuration.defaults().with(Setting.UNSEEN_FIELDS, policy);
        return new String(
                PYTHON.with(PayloadHashers.unseenFields(configuration, "")).canonical(value, Exclusions.NONE),
                StandardCharsets.US_ASCII);
    }

    static final class Attributes extends HashMap<String, Object> {

        private static final long serialVersionUID = 1L;
        private final String tenant;

        Attributes(String tenant) {
            super(Map.of("k", 1));
            this.tenant = tenant;
        }

        String tenant() {
            return tenant;
        }
    }

    public static final class Page extends ArrayList<String> {

        private static final long serialVersionUID = 1L;
        private final int total;

        Page(int total, String... elements) {
            super(List.of(elements));
            this.total = total;
        }

        public int getTotal() {
            return total;
        }

        public int getPages() {
            throw new IllegalStateException("a getter that shows no field is not asked");
        }
    }

    static final class Tags extends HashSet<String> {

        private static final long serialVersionUID = 1L;
        private final int version;

        Tags(int version) {
            super(List.of("b", "a"));
            this.version = version;
        }

        int version() {
            return version;
        }
    }

    static final class Money extends BigDecimal {

        private static final long serialVersionUID = 1L;
        private final String currency;

        Money(String amount, String currency) {
            super(amount);
            this.currency = currency;
        }

        String currency() {
            return currency;
        }
    }

    static final class Moment extends Date {

        private static final long serialVersionUID = 1L;
        private final String zone;

        Moment(String zone) {
            super(0);
            this.zone = zone;
        }

        String zone() {
            return zone;
        }
    }

    static class Failure extends RuntimeException {

        private static final long serialVersionUID = 1L;
        private final int code;

        Failure(int code) {
            super("failed");
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    public static final class ToldFailure extends Failure {

        private static final long serialVersionUID = 1L;

        ToldFailure(int code) {
            super(code);
        }

        public int getCode() {
            return code();
        }
    }

    /** A map from scratch, with a field that none of a map's methods reads. */
    static final class Scoped extends AbstractMap<String, Object> {

        private final Map<String, Object> entries;
        private final String scope;

        Scoped(String scope, Map<String, Object> entries) {
            this.scope = scope;
            this.entries = entries;
        }

        String scope() {
            return scope;
        }

        @Override
        public Set<Entry<String, Object>> entrySet() {
            return entries.entrySet();
        }
    }

    static final class Label implements CharSequence {

        private final String text;
        private final String language;

        Label(String text, String language) {
            this.text = text;
            this.language = language;
        }

        String language() {
            return language;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    record Sequence(String name, List<String> of) implements Iterable<String> {

        @Override
        public java.util.Iterator<String> iterator() {
            return of.iterator();
        }
    }

    static Stream<Arguments> unseen() {
        return Stream.of(
                Arguments.of(
                        new Attributes("t"),
                        "Attributes.tenant",
                        "{\"entries\":{\"k\":1},\"tenant\":\"t\"}",
                        "{\"k\":1}"),
                Arguments.of(
                        new Tags(1), "Tags.version", "{\"elements\":[\"a\",\"b\"],\"version\":1}", "[\"a\",\"b\"]"),
                Arguments.of(new Money("1.50", "EUR"), "Money.currency", "{\"currency\":\"EUR\",\"value\":1.5}", "1.5"),
                Arguments.of(
                        new Moment("UTC"),
                        "Moment.zone",
                        "{\"value\":\"1970-01-01T00:00:00Z\",\"zone\":\"UTC\"}",
                        "\"1970-01-01T00:00:00Z\""),
                Arguments.of(
                        new Failure(1),
                        "Failure.code",
                        "{\"code\":1,\"value\":{\"message\":\"failed\",\"type\":\"" + Failure.class.getName() + "\"}}",
                        "{\"message\":\"failed\",\"type\":\"" + Failure.class.getName() + "\"}"),
                Arguments.of(
                        new Scoped("s", Map.of("k", 1)),
                        "Scoped.scope",
                        "{\"entries\":{\"k\":1},\"scope\":\"s\"}",
                        "{\"k\":1}"),
                Arguments.of(new Label("l", "en"), "Label.language", "{\"language\":\"en\",\"value\":\"l\"}", "\"l\""));
    }

    @ParameterizedTest
    @MethodSource("unseen")
    void aFieldBesideTheContentIsRefusedHashedOrIgnored(Object value, String field, String hashed, String ignored) {
        UnhashableException refusal =
                assertThrows(UnhashableException.class, () -> PYTHON.hash(List.of(value), Exclusions.NONE));
        assertEquals("/0", refusal.pointer());
        assertTrue(refusal.getMessage().contains(field), refusal.getMessage());
        assertEquals(hashed, python(value, "hash"));
        assertEquals(ignored, python(value, "ignore"));
        assertThrows(UnhashableException.class, () -> python(Map.of(value, 1)));
        assertThrows(UnhashableException.class, () -> Pointer.parse("/0").textAt(List.of(value)));
    }

    @Test
    void aFieldBesideTheContentThatAGetterShowsIsAMember() {
        assertEquals("{\"elements\":[\"a\"],\"total\":7}", python(new Page(7, "a")));
        assertEquals(
                "{\"code\":3,\"value\":{\"message\":\"failed\",\"type\":\"" + ToldFailure.class.getName() + "\"}}",
                python(new ToldFailure(3)));
        assertEquals("7", Pointer.parse("/total").textAt(new Page(7, "a")));
        assertEquals("a", Pointer.parse("/0").textAt(new Page(7, "a")));
        assertEquals("1", Pointer.parse("/k").textAt(new Attributes("t")));
        assertEquals("{\"name\":\"n\",\"of\":[\"a\"]}", python(new Sequence("n", List.of("a"))));
    }

    @Test
    void aClassThatAddsNoStateIsItsContent() {
        assertEquals("{\"k\":1}", python(new LinkedHashMap<String, Object>(Map.of("k", 1)) {
            private static final long serialVersionUID = 1L;
            private transient int reads;

            @Override
            public Object get(Object key) {
                reads++;
                return super.get(key);
            }
        }));
        assertEquals("[1,2]", python(new java.util.AbstractList<Integer>() {
            private final int[] elements = {1, 2};

            @Override
            public Integer get(int index) {
                return elements[index];
            }

            @Override
            public int size() {
                return elements.length;
            }
        }));
        assertEquals("\"x\"", python(new StringBuilder("x")));
    }

    @Test
    void theDefaultsOfPropertiesAreContent() {
        Properties defaults = new Properties();
        defaults.setProperty("a", "default");
        defaults.setProperty("b", "default");
        Properties properties = new Properties(defaults);
        properties.setProperty("b", "own");
        assertEquals("{\"a\":\"default\",\"b\":\"own\"}", python(properties));
        assertEquals("default", Pointer.parse("/a").textAt(properties));
        assertNull(Pointer.parse("/c").textAt(properties));
    }

    @Test
    void aCauseIsPartOfAThrowableAndARingOfThemEnds() {
        assertEquals(
                "{\"cause\":{\"message\":\"why\",\"type\":\"java.io.IOException\"},\"message\":\"what\","
                        + "\"type\":\"java.lang.IllegalStateException\"}",
                python(new IllegalStateException("what", new java.io.IOException("why"))));
        Exception one = new Exception("one");
        one.initCause(new Exception("two", one));
        assertEquals(20, python(one).split("\"cause\"", -1).length - 1);
    }
}
