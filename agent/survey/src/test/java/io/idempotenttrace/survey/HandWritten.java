package io.idempotenttrace.survey;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** Classes as people, or the code generators that they use, write them. */
public final class HandWritten {

    private HandWritten() {}

    static void add(Survey survey) {
        Library library =
                survey.library("classes of an application", "as Lombok, AutoValue, Immutables and people write them");
        library.type("bean", () -> new Bean("a", 1))
                .part("name", () -> new Bean("b", 1))
                .part("count", () -> new Bean("a", 2));
        library.type("record", () -> new Record("a", List.of(1)))
                .part("name", () -> new Record("b", List.of(1)))
                .part("element", () -> new Record("a", List.of(2)));
        library.type("one getter, else fluent", () -> new Half("a", "b"))
                .part("getter", () -> new Half("c", "b"))
                .part("fluent", () -> new Half("a", "c"));
        library.type("one getter, else package-private", () -> new Hidden("a", "b"))
                .part("getter", () -> new Hidden("c", "b"))
                .part("hidden", () -> new Hidden("a", "c"));
        library.type("fluent alone (Lombok's @Accessors(fluent))", () -> new Fluent("a", 1))
                .part("name", () -> new Fluent("b", 1))
                .part("count", () -> new Fluent("a", 2));
        library.type("public fields", () -> new Fields("a", 1))
                .part("name", () -> new Fields("b", 1))
                .part("count", () -> new Fields("a", 2));
        library.type("one public field, one private", () -> new Mixed("a", 1))
                .part("public", () -> new Mixed("b", 1))
                .part("private", () -> new Mixed("a", 2));
        library.type("AutoValue with prefixes", () -> new AutoValue_Prefixed("a", 1))
                .part("name", () -> new AutoValue_Prefixed("b", 1))
                .part("count", () -> new AutoValue_Prefixed("a", 2));
        library.type("AutoValue", () -> new AutoValue_Plain("a", 1))
                .part("name", () -> new AutoValue_Plain("b", 1))
                .part("count", () -> new AutoValue_Plain("a", 2));
        library.type("Immutables", () -> new ImmutableSpan("a", 1))
                .part("name", () -> new ImmutableSpan("b", 1))
                .part("count", () -> new ImmutableSpan("a", 2));
        library.type("subclass of a bean", () -> new Sub("a", 1, 2L))
                .part("inherited", () -> new Sub("b", 1, 2L))
                .part("own", () -> new Sub("a", 1, 3L));
        library.type("subclass with a field that nothing reads", () -> new Secret("a", 1, 2L))
                .part("inherited", () -> new Secret("b", 1, 2L))
                .part("own", () -> new Secret("a", 1, 3L));
        library.type("getter that computes", () -> new Computing("a", "b"))
                .part("first", () -> new Computing("c", "b"))
                .part("second", () -> new Computing("a", "c"));
        library.type("getter of another name's field", () -> new Renamed("a", 1))
                .part("name", () -> new Renamed("b", 1))
                .part("count", () -> new Renamed("a", 2));
        library.type("getter that gives the length", () -> new Measured("ab")).part("text", () -> new Measured("cd"));
        library.type("getter that masks", () -> new Masked("1234", "5678"))
                .part("head", () -> new Masked("9999", "5678"))
                .part("tail", () -> new Masked("1234", "9999"));
        library.type("list with a field of its own", () -> new NamedList("a", 1))
                .part("name", () -> new NamedList("b", 1))
                .part("element", () -> new NamedList("a", 2));
        library.type("map with a field of its own", () -> new NamedMap("a", 1))
                .part("name", () -> new NamedMap("b", 1))
                .part("value", () -> new NamedMap("a", 2));
        library.type("exception with a field of its own", () -> new OrderFailure("m", 1))
                .part("message", () -> new OrderFailure("n", 1))
                .part("order", () -> new OrderFailure("m", 2));
        library.type("enum with a body", () -> Kind.SPECIAL).part("constant", () -> Kind.PLAIN);
        library.type("text with a field beside it", () -> new Tagged("a", 1))
                .part("text", () -> new Tagged("b", 1))
                .part("tag", () -> new Tagged("a", 2));
        library.type("number with a field beside it", () -> new Amount("1", "EUR"))
                .part("value", () -> new Amount("2", "EUR"))
                .part("currency", () -> new Amount("1", "USD"));
        library.type("date with a field beside it", () -> new Dated(1, "x"))
                .part("time", () -> new Dated(2, "x"))
                .part("note", () -> new Dated(1, "y"));
        library.type("inner class", () -> new Outer("a").new Inner("b"))
                .part("inner", () -> new Outer("a").new Inner("c"))
                .part("outer", () -> new Outer("x").new Inner("b"));
        library.type("anonymous bean that captures", () -> capturing("a")).part("captured", () -> capturing("b"));
        library.type("lambda", () -> lambda("a")).part("captured", () -> lambda("b"));
        library.type("builder with a built object", () -> new Builder("a", Map.of("k", 1)))
                .part("name", () -> new Builder("b", Map.of("k", 1)))
                .part("tag", () -> new Builder("a", Map.of("k", 2)));
    }

    /** A bean with equals. */
    public static class Bean {

        private final String name;
        private final int count;

        Bean(String name, int count) {
            this.name = name;
            this.count = count;
        }

        public String getName() {
            return name;
        }

        public int getCount() {
            return count;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Bean bean && bean.name.equals(name) && bean.count == count;
        }

        @Override
        public int hashCode() {
            return Objects.hash(name, count);
        }
    }

    record Record(String name, List<Integer> elements) {}

    public static final class Half {

        private final String service;
        private final String operation;

        Half(String service, String operation) {
            this.service = service;
            this.operation = operation;
        }

        public String getService() {
            return service;
        }

        public String operation() {
            return operation;
        }
    }

    public static final class Hidden {

        private final String service;
        private final String operation;

        Hidden(String service, String operation) {
            this.service = service;
            this.operation = operation;
        }

        public String getService() {
            return service;
        }

        String getOperation() {
            return operation;
        }
    }

    public static final class Fluent {

        private final String name;
        private final int count;

        Fluent(String name, int count) {
            this.name = name;
            this.count = count;
        }

        public String name() {
            return name;
        }

        public int count() {
            return count;
        }
    }

    public static final class Fields {

        public final String name;
        public final int count;

        Fields(String name, int count) {
            this.name = name;
            this.count = count;
        }
    }

    public static final class Mixed {

        public final String name;
        private final int count;

        Mixed(String name, int count) {
            this.name = name;
            this.count = count;
        }

        int count() {
            return count;
        }
    }

    public abstract static class Prefixed {
        public abstract String getName();

        public abstract int getCount();
    }

    static final class AutoValue_Prefixed extends Prefixed {

        private final String name;
        private final int count;

        AutoValue_Prefixed(String name, int count) {
            this.name = name;
            this.count = count;
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public int getCount() {
            return count;
        }
    }

    public abstract static class Plain {
        public abstract String name();

        public abstract int count();
    }

    static final class AutoValue_Plain extends Plain {

        private final String name;
        private final int count;

        AutoValue_Plain(String name, int count) {
            this.name = name;
            this.count = count;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int count() {
            return count;
        }
    }

    public interface Span {
        String getName();

        int count();
    }

    public static final class ImmutableSpan implements Span {

        private final String name;
        private final int count;
        private transient int hashCode;

        ImmutableSpan(String name, int count) {
            this.name = name;
            this.count = count;
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public int count() {
            return count;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof ImmutableSpan span && span.name.equals(name) && span.count == count;
        }

        @Override
        public int hashCode() {
            hashCode = hashCode == 0 ? Objects.hash(name, count) : hashCode;
            return hashCode;
        }
    }

    public static final class Sub extends Bean {

        private final long more;

        Sub(String name, int count, long more) {
            super(name, count);
            this.more = more;
        }

        public long getMore() {
            return more;
        }

        @Override
        public boolean equals(Object other) {
            return super.equals(other) && other instanceof Sub sub && sub.more == more;
        }

        @Override
        public int hashCode() {
            return super.hashCode();
        }
    }

    public static final class Secret extends Bean {

        private final long more;

        Secret(String name, int count, long more) {
            super(name, count);
            this.more = more;
        }

        @Override
        public boolean equals(Object other) {
            return super.equals(other) && other instanceof Secret secret && secret.more == more;
        }

        @Override
        public int hashCode() {
            return super.hashCode();
        }
    }

    public static final class Computing {

        private final String first;
        private final String second;

        Computing(String first, String second) {
            this.first = first;
            this.second = second;
        }

        public String getFirst() {
            return first;
        }

        public String getSecond() {
            return second;
        }

        public String getBoth() {
            return first + second;
        }
    }

    public static final class Renamed {

        private final String mName;
        private final int mCount;

        Renamed(String name, int count) {
            mName = name;
            mCount = count;
        }

        public String getName() {
            return mName;
        }

        public int getCount() {
            return mCount;
        }
    }

    public static final class Measured {

        private final String text;

        Measured(String text) {
            this.text = text;
        }

        public int getLength() {
            return text.length();
        }
    }

    public static final class Masked {

        private final String head;
        private final String tail;

        Masked(String head, String tail) {
            this.head = head;
            this.tail = tail;
        }

        public String getHead() {
            return head;
        }

        public String getTail() {
            return "****";
        }
    }

    public static final class NamedList extends java.util.ArrayList<Integer> {

        private static final long serialVersionUID = 1L;
        private final String name;

        NamedList(String name, int element) {
            super(List.of(element));
            this.name = name;
        }

        public String getName() {
            return name;
        }

        @Override
        public boolean equals(Object other) {
            return super.equals(other) && other instanceof NamedList list && list.name.equals(name);
        }

        @Override
        public int hashCode() {
            return super.hashCode();
        }
    }

    public static final class NamedMap extends java.util.HashMap<String, Integer> {

        private static final long serialVersionUID = 1L;
        private final String name;

        NamedMap(String name, int value) {
            super(Map.of("k", value));
            this.name = name;
        }

        public String getName() {
            return name;
        }

        @Override
        public boolean equals(Object other) {
            return super.equals(other) && other instanceof NamedMap map && map.name.equals(name);
        }

        @Override
        public int hashCode() {
            return super.hashCode();
        }
    }

    public static final class OrderFailure extends RuntimeException {

        private static final long serialVersionUID = 1L;
        private final long order;

        OrderFailure(String message, long order) {
            super(message);
            this.order = order;
        }

        public long getOrder() {
            return order;
        }
    }

    enum Kind {
        PLAIN,
        SPECIAL {
            @Override
            public String toString() {
                return "plain";
            }
        }
    }

    public static final class Tagged implements CharSequence {

        private final String text;
        private final int tag;

        Tagged(String text, int tag) {
            this.text = text;
            this.tag = tag;
        }

        public int getTag() {
            return tag;
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

    public static final class Amount extends java.math.BigDecimal {

        private static final long serialVersionUID = 1L;
        private final String currency;

        Amount(String value, String currency) {
            super(value);
            this.currency = currency;
        }

        public String getCurrency() {
            return currency;
        }

        @Override
        public boolean equals(Object other) {
            return super.equals(other) && other instanceof Amount amount && amount.currency.equals(currency);
        }

        @Override
        public int hashCode() {
            return super.hashCode();
        }
    }

    public static final class Dated extends java.util.Date {

        private static final long serialVersionUID = 1L;
        private final String note;

        Dated(long time, String note) {
            super(time);
            this.note = note;
        }

        public String getNote() {
            return note;
        }

        @Override
        public boolean equals(Object other) {
            return super.equals(other) && other instanceof Dated dated && dated.note.equals(note);
        }

        @Override
        public int hashCode() {
            return super.hashCode();
        }
    }

    public static final class Outer {

        private final String outer;

        Outer(String outer) {
            this.outer = outer;
        }

        public final class Inner {

            private final String inner;

            Inner(String inner) {
                this.inner = inner;
            }

            public String getInner() {
                return inner;
            }

            String outer() {
                return outer;
            }
        }
    }

    private static Object capturing(String captured) {
        return new Object() {
            public int getLength() {
                return captured.length();
            }
        };
    }

    private static Function<String, String> lambda(String captured) {
        return text -> text + captured;
    }

    public static final class Builder {

        private String name;
        private final Map<String, Integer> tags;

        Builder(String name, Map<String, Integer> tags) {
            this.name = name;
            this.tags = tags;
        }

        public Builder name(String changed) {
            name = changed;
            return this;
        }

        public Map<String, Integer> getTags() {
            return tags;
        }

        public String build() {
            return name + tags;
        }
    }
}
