package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.open.PayloadHashers;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Containers that an application writes from scratch: the fields that are read when the container is, count as its content, wherever
 * the code is; a field that only other code reads, such as a lambda or a builder, would be lost from the hash.
 */
class OwnContainersTest {

    private static final PayloadHasher PYTHON = new PayloadHasher(CanonicalForm.PYTHON);

    private static String python(Object value) {
        return new String(PYTHON.canonical(value, Exclusions.NONE), StandardCharsets.US_ASCII);
    }

    /** Elements beside a tenant that each subclass uses in its own way. */
    abstract static class Owned implements Iterable<String> {

        static final class WithBuilder extends Owned {

            private final List<String> elements = List.of("a");
            private final String tenant;

            WithBuilder(String tenant) {
                this.tenant = tenant;
            }

            Builder toBuilder() {
                return new Builder(this);
            }

            @Override
            public Iterator<String> iterator() {
                return elements.iterator();
            }

            static final class Builder {

                final String tenant;

                Builder(WithBuilder from) {
                    tenant = from.tenant;
                }
            }
        }

        static final class WithLambda extends Owned {

            private final List<String> elements = List.of("a");
            private final String tenant;

            WithLambda(String tenant) {
                this.tenant = tenant;
            }

            Supplier<String> later() {
                return () -> tenant;
            }

            @Override
            public Iterator<String> iterator() {
                return elements.stream().map(String::trim).iterator();
            }
        }
    }

    static final class Attributes extends AbstractMap<String, String> {

        private final Map<String, String> entries = Map.of("k", "v");
        private final String tenant;

        Attributes(String tenant) {
            this.tenant = tenant;
        }

        @Override
        public Set<Entry<String, String>> entrySet() {
            return entries.entrySet();
        }

        static Comparator<Attributes> byTenant() {
            return (a, b) -> a.tenant.compareTo(b.tenant);
        }
    }

    static final class Row extends AbstractList<String> {

        private final String[] cells = {"a"};
        private final String tenant;

        Row(String tenant) {
            this.tenant = tenant;
        }

        @Override
        public String get(int index) {
            return cells[index];
        }

        @Override
        public int size() {
            return cells.length;
        }

        Runnable print() {
            return new Runnable() {
                @Override
                public void run() {
                    assertEquals("", tenant);
                }
            };
        }
    }

    record Pair(String key) {

        static Map.Entry<String, String> expiring(String expiry) {
            return new Expiring(expiry);
        }

        private static final class Expiring implements Map.Entry<String, String> {

            private final String expiry;

            Expiring(String expiry) {
                this.expiry = expiry;
            }

            @Override
            public String getKey() {
                return "k";
            }

            @Override
            public String getValue() {
                return "v";
            }

            @Override
            public String setValue(String value) {
                throw new UnsupportedOperationException(value);
            }

            static Comparator<Expiring> byExpiry() {
                return Comparator.comparing(expiring -> expiring.expiry);
            }
        }
    }

    /** A private method is not overridden by one of its name in a subclass. */
    static class Hidden implements Iterable<String> {

        private final List<String> shown = List.of("a");

        private List<String> elements() {
            return shown;
        }

        @Override
        public Iterator<String> iterator() {
            return elements().iterator();
        }

        static final class Below extends Hidden {

            private final List<String> unseen;

            Below(String tenant) {
                unseen = List.of(tenant);
            }

            private List<String> elements() {
                return unseen;
            }

            List<String> own() {
                return elements();
            }
        }
    }

    /** Methods that have the names of the interface's, and are none of them. */
    abstract static class Overloaded {

        static final class Cells extends AbstractList<String> {

            private final String[] cells = {"1", "2"};
            private final List<String> columns;

            Cells(String... columns) {
                this.columns = List.of(columns);
            }

            @Override
            public String get(int index) {
                return cells[index];
            }

            public String get(String column) {
                return cells[columns.indexOf(column)];
            }

            @Override
            public int size() {
                return cells.length;
            }
        }

        static final class Lines implements Iterable<String> {

            private final List<String> lines = List.of("a");
            private final String tenant;

            Lines(String tenant) {
                this.tenant = tenant;
            }

            @Override
            public Iterator<String> iterator() {
                return lines.iterator();
            }

            public void forEach(BiConsumer<String, String> each) {
                lines.forEach(line -> each.accept(tenant, line));
            }
        }

        static final class Names extends AbstractSet<String> {

            private final Set<String> names = Set.of("a");
            private final String language;

            Names(String language) {
                this.language = language;
            }

            @Override
            public Iterator<String> iterator() {
                return names.iterator();
            }

            @Override
            public int size() {
                return names.size();
            }

            /** A deque has it, and this is none. */
            public String peekFirst() {
                return language;
            }
        }
    }

    /** What a constructor makes beside the value that it writes. */
    abstract static class Constructed {

        static final class WithMessage implements Iterable<String> {

            private final Iterable<String> elements;
            private final String tenant;

            WithMessage(String tenant, Iterable<String> elements) {
                this.tenant = tenant;
                this.elements = Objects.requireNonNull(elements, () -> "no elements of " + this.tenant);
            }

            @Override
            public Iterator<String> iterator() {
                return elements.iterator();
            }
        }

        static final class WithHeader extends AbstractList<String> {

            private final List<String> elements;
            private final transient Header header;
            private final String tenant;

            WithHeader(String tenant, String... elements) {
                this.tenant = tenant;
                this.elements = List.of(elements);
                header = new Header();
            }

            @Override
            public String get(int index) {
                return elements.get(index);
            }

            @Override
            public int size() {
                return elements.size();
            }

            String header() {
                return header.text();
            }

            private final class Header {

                String text() {
                    return "of " + tenant;
                }
            }
        }
    }

    static final class MaskedText implements CharSequence {

        private final String characters = "ab";
        private final String language;

        MaskedText(String language) {
            this.language = language;
        }

        @Override
        public int length() {
            return characters.length();
        }

        @Override
        public char charAt(int index) {
            return characters.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return characters.subSequence(start, end);
        }

        @Override
        public String toString() {
            return language;
        }
    }

    @Test
    void aTextIsItsCharactersWhateverItsToStringGives() {
        assertEquals(
                "{\"language\":\"en\",\"value\":\"ab\"}",
                new String(
                        PYTHON.with(PayloadHashers.unseenFields(
                                        Configuration.defaults().with(Setting.UNSEEN_FIELDS, "hash"), ""))
                                .canonical(new MaskedText("en"), Exclusions.NONE),
                        StandardCharsets.US_ASCII));
    }

    @Test
    void whatAnInitializerHasUsedIsNoState() {
        String value = new String(new char[] {'v'});
        assertEquals("{\"k\":\"v\"}", python(new LinkedHashMap<String, String>() {
            private static final long serialVersionUID = 1L;

            {
                put("k", value);
            }
        }));
    }

    static Stream<Named<Object>> containersWithMore() {
        return Stream.of(
                        new Overloaded.Cells("debit", "credit"),
                        new Overloaded.Lines("t"),
                        new Overloaded.Names("t"),
                        new Constructed.WithMessage("t", List.of("a")),
                        new Constructed.WithHeader("t", "a"),
                        new Owned.WithBuilder("t"),
                        new Owned.WithLambda("t"),
                        new Attributes("t"),
                        new Row("t"),
                        Pair.expiring("t"),
                        new Hidden.Below("t"))
                .map(value -> Named.of(value.getClass().getSimpleName(), value));
    }

    @ParameterizedTest
    @MethodSource("containersWithMore")
    void aFieldThatOnlyOtherCodeReadsIsNoContent(Object container) {
        UnhashableException refused = assertThrows(UnhashableException.class, () -> python(container));
        assertTrue(refused.getMessage().matches(".*(tenant|expiry|unseen|columns|language)'.*"), refused.getMessage());
    }

    /** Its elements are the same in all subclasses; how they are read differs. */
    abstract static class Read implements Iterable<String> {

        final List<String> elements = List.of("a", "b");

        static final class InNestedClass extends Read {

            private final int from = 1;

            @Override
            public Iterator<String> iterator() {
                return new Cursor(this);
            }

            private static final class Cursor implements Iterator<String> {

                private final InNestedClass of;
                private int next;

                Cursor(InNestedClass of) {
                    this.of = of;
                    next = of.from - 1;
                }

                @Override
                public boolean hasNext() {
                    return next < of.elements.size();
                }

                @Override
                public String next() {
                    return of.elements.get(next++);
                }
            }
        }

        static final class InLambdaOfLambda extends Read {

            private final String prefix;

            InLambdaOfLambda(String prefix) {
                this.prefix = prefix;
            }

            @Override
            public Iterator<String> iterator() {
                return Stream.of(1)
                        .flatMap(i -> elements.stream().map(e -> prefix + e))
                        .iterator();
            }
        }

        static final class ByMethodReference extends Read {

            private final String prefix;

            ByMethodReference(String prefix) {
                this.prefix = prefix;
            }

            private String prefixed(String element) {
                return prefix + element;
            }

            @Override
            public Iterator<String> iterator() {
                return elements.stream().map(this::prefixed).iterator();
            }
        }

        static final class ByViewOfConstructor extends Read {

            private final Supplier<Iterator<String>> view;
            private final String prefix;

            ByViewOfConstructor(String prefix) {
                this.prefix = prefix;
                view = () -> elements.stream().map(e -> this.prefix + e).iterator();
            }

            @Override
            public Iterator<String> iterator() {
                return view.get();
            }
        }

        static final class InAnotherClass extends Read {

            final String prefix;

            InAnotherClass(String prefix) {
                this.prefix = prefix;
            }

            @Override
            public Iterator<String> iterator() {
                return OwnContainersTest.iterator(this);
            }
        }
    }

    private static Iterator<String> iterator(Read.InAnotherClass of) {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < of.elements.size();
            }

            @Override
            public String next() {
                return of.prefix + of.elements.get(next++);
            }
        };
    }

    static Stream<Named<Object>> containersOfContent() {
        return Stream.of(
                        new Read.InNestedClass(),
                        new Read.InLambdaOfLambda(""),
                        new Read.ByMethodReference(""),
                        new Read.ByViewOfConstructor(""),
                        new Read.InAnotherClass(""))
                .map(value -> Named.of(value.getClass().getSimpleName(), value));
    }

    @ParameterizedTest
    @MethodSource("containersOfContent")
    void whatIsReadWithTheElementsIsContent(Object container) {
        assertEquals("[\"a\",\"b\"]", python(container));
    }
}
