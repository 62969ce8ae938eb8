package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Getters and accessors of records that return less than their field holds: two payloads would hash alike. */
class LesserGettersTest {

    static final class Masks {

        private Masks() {}

        static String of(String text) {
            return "***" + text.substring(text.length() - 4);
        }

        static String orEmpty(String text) {
            return text == null ? "" : text;
        }
    }

    record MaskedRecord(String pan) {
        @Override
        public String pan() {
            return Masks.of(pan);
        }
    }

    record ConstantRecord(String name, String secret) {
        @Override
        public String secret() {
            return "secret";
        }
    }

    record RoundedRecord(double amount) {
        @Override
        public double amount() {
            return Math.round(amount);
        }
    }

    record EntryWithTime(String key, String text, String time) implements Map.Entry<String, String> {
        @Override
        public String getKey() {
            return key;
        }

        @Override
        public String getValue() {
            return text;
        }

        @Override
        public String setValue(String value) {
            throw new UnsupportedOperationException();
        }
    }

    record Label(String text, String language) implements CharSequence {
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
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    record Copying(List<String> names, String id) {
        @Override
        public List<String> names() {
            return List.copyOf(names);
        }

        @Override
        public String id() {
            return Masks.orEmpty(id);
        }
    }

    record Leaving(String name, @JsonIgnore String note) {}

    static final class MaskedElsewhere {
        private final String pan;

        MaskedElsewhere(String pan) {
            this.pan = pan;
        }

        public String getPan() {
            return Masks.of(pan);
        }
    }

    static final class OfAPart {
        private final String pan;

        OfAPart(String pan) {
            this.pan = pan;
        }

        public String getPan() {
            return UUID.nameUUIDFromBytes(pan.substring(4).getBytes(StandardCharsets.UTF_8))
                    .toString();
        }
    }

    static final class Rounded {
        private final BigDecimal amount = new BigDecimal("1.23");

        public BigDecimal getAmount() {
            return amount.setScale(1, RoundingMode.DOWN);
        }
    }

    static final class Truncated {
        private final Instant at = Instant.EPOCH;

        public Instant getAt() {
            return at.truncatedTo(ChronoUnit.SECONDS);
        }
    }

    static final class Filtered {
        private final List<String> names = List.of("a");

        public List<String> getNames() {
            return names.stream().filter(name -> !name.isEmpty()).toList();
        }
    }

    static final class First {
        private final List<String> names = List.of("a", "b");

        public List<String> getNames() {
            return names.subList(0, 1);
        }
    }

    static final class Unordered {
        private final List<String> names = List.of("a", "b");

        public Set<String> getNames() {
            return new HashSet<>(names);
        }
    }

    static final class OnlyKeys {
        private final Map<String, String> names = Map.of("a", "b");

        public Set<String> getNames() {
            return names.keySet();
        }
    }

    static final class AllEntries {
        private final Map<String, String> names = Map.of("a", "b");

        public Set<Map.Entry<String, String>> getNames() {
            return names.entrySet();
        }
    }

    static final class Ordered {
        private final Set<String> names = new LinkedHashSet<>(List.of("a"));
        private final String text;

        Ordered(String text) {
            this.text = text;
        }

        public List<String> getNames() {
            return new ArrayList<>(names);
        }

        public String getText() {
            return Masks.orEmpty(text);
        }
    }

    /** Getters that call well-known methods in forms that lose something. (A trimmed text is none that the compiler knew.) */
    static final class Conversions {

        private Conversions() {}

        static final class Ascii {
            private final byte[] body = {1};

            public String getBody() {
                return new String(body, StandardCharsets.US_ASCII);
            }
        }

        static final class Utf8 {
            private final byte[] body = {1};

            public String getBody() {
                return new String(body, StandardCharsets.UTF_8);
            }
        }

        static final class FirstCharacters {
            private final char[] pan = "12345".toCharArray();

            public char[] getPan() {
                return new String(pan, 0, 4).toCharArray();
            }
        }

        static final class ValueOfCharacters {
            private final char[] pan = "12345".toCharArray();

            public String getPan() {
                return String.valueOf(pan, 0, 4);
            }
        }

        static final class FirstBytes {
            private final byte[] data = {1, 2, 3};

            public byte[] getData() {
                return Arrays.copyOf(data, 2);
            }
        }

        static final class RangeOfBytes {
            private final byte[] data = {1, 2, 3};

            public byte[] getData() {
                return Arrays.copyOfRange(data, 1, data.length);
            }
        }

        static final class Wrapped {
            private final byte[] data = {1, 2, 3};

            public ByteBuffer getData() {
                return ByteBuffer.wrap(data, 0, 2);
            }
        }

        static final class Flag {
            private final String flag = "yes".trim();

            public Boolean getFlag() {
                return Boolean.valueOf(flag);
            }
        }

        static final class Whole {
            private final String number = "007".trim();

            public Integer getNumber() {
                return Integer.valueOf(number);
            }
        }

        static final class Decimal {
            private final String number = "0.1".trim();

            public BigDecimal getNumber() {
                return new BigDecimal(number);
            }
        }

        static final class OfDouble {
            private final double number = Double.parseDouble("0.1");

            public BigDecimal getNumber() {
                return new BigDecimal(number, MathContext.DECIMAL32);
            }
        }

        static final class Uuid {
            private final String id = "1-1-1-1-1".trim();

            public UUID getId() {
                return UUID.fromString(id);
            }
        }

        static final class ValueOfObject {
            private final Object name = "n";

            public String getName() {
                return String.valueOf(name);
            }
        }

        static final class Concatenated {
            private final Map<String, String> name = Map.of();

            public String getName() {
                return "to " + name;
            }
        }

        static final class Appended {
            private final Object name = "n";

            public String getName() {
                return new StringBuilder("to ").append(name).toString();
            }
        }

        static final class Bag {
            private final List<String> names = List.of("a", "b");

            public Collection<String> getNames() {
                return new HashSet<>(names);
            }
        }

        static final class Distinct {
            private final List<String> names = List.of("a", "b");

            public Iterable<String> getNames() {
                return Set.copyOf(names);
            }
        }

        static final class OrOther {
            private final Optional<String> name = Optional.of("n");
            private final String other = "o".trim();

            public String getName() {
                return name.orElse(other);
            }

            public String getOther() {
                return other;
            }
        }
    }

    enum Colour {
        RED
    }

    /** The same methods where they keep all. */
    static final class Kept {
        private final byte[] data = {1, 2};
        private final char[] letters = {'a'};
        private final long number = Long.parseLong("1");
        private final UUID id = new UUID(0, 1);
        private final Colour colour = Colour.RED;
        private final Set<String> tags = Set.of("t");
        private final String text = "x".trim();
        private final Integer boxed = 7;
        private final Optional<String> note = Optional.empty();
        private final Colour mood = Colour.RED;
        private final BigDecimal price = new BigDecimal("1.50");

        public byte[] getData() {
            return Arrays.copyOf(data, data.length);
        }

        public ByteBuffer getSameData() {
            return ByteBuffer.wrap(data, 0, data.length);
        }

        public String getLetters() {
            return String.valueOf(letters);
        }

        public String getNumber() {
            return String.valueOf(number);
        }

        public String getId() {
            return "id-" + id;
        }

        public String getColour() {
            return String.valueOf(colour);
        }

        public Collection<String> getTags() {
            return new HashSet<>(tags);
        }

        public String getText() {
            return new StringBuilder("t").append(text).toString();
        }

        public String getBoxed() {
            return String.valueOf(boxed);
        }

        public String getNote() {
            return note.orElse("");
        }

        public String getMood() {
            return mood.name();
        }

        public String getPrice() {
            return price.toString();
        }
    }

    /** What Object's toString says of it differs from object to object. */
    static final class WithoutToString implements CharSequence {
        private final String text;

        WithoutToString(String text) {
            this.text = text;
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
            return text.substring(start, end);
        }
    }

    private static String python(Object value) {
        return new String(
                new PayloadHasher(CanonicalForm.PYTHON).canonical(value, Exclusions.NONE), StandardCharsets.UTF_8);
    }

    /** Of what is in the field, or of each of its elements, a part. */
    static final class Parts {

        record Customer(String name, String id) {}

        static final class OfOptional {

            private final Customer customer = new Customer("Ann", "1");

            public Optional<String> getCustomer() {
                return Optional.ofNullable(customer).map(Customer::name);
            }
        }

        static final class OfElements {

            private final List<Customer> payers = List.of(new Customer("Ann", "1"));

            public List<String> getPayers() {
                List<String> names = new ArrayList<>();
                for (Customer payer : payers) {
                    names.add(payer.name());
                }
                return names;
            }
        }

        static final class TextOfObject {

            private final Object payload = new Customer("Ann", "1");

            public String getPayload() {
                return payload.toString();
            }
        }

        static final class WholeNumber {

            private final Number value = 1.5;

            public Number getValue() {
                return value.longValue();
            }
        }
    }

    /** It has the shape of what Immutables generates. */
    static final class ImmutableCard implements CharacterOwner {

        private final String pan = "12345678";

        @Override
        public String pan() {
            return "****" + pan.substring(4);
        }
    }

    interface CharacterOwner {
        String pan();
    }

    /** Getters that return another field, though the one of their name holds something. */
    static final class Preferring {

        private Preferring() {}

        record Nick(String name, String nick) {
            @Override
            public String name() {
                return nick != null ? nick : name;
            }
        }

        static final class Order {
            private final long price;
            private final Long discounted;

            Order(long price, Long discounted) {
                this.price = price;
                this.discounted = discounted;
            }

            public long getPrice() {
                return discounted != null ? discounted : price;
            }

            public Long getDiscounted() {
                return discounted;
            }
        }

        static final class ByFlag {
            private final boolean buy;
            private final String from;
            private final String to;

            ByFlag(boolean buy, String from, String to) {
                this.buy = buy;
                this.from = from;
                this.to = to;
            }

            public boolean isBuy() {
                return buy;
            }

            public String getFrom() {
                return buy ? from : to;
            }

            public String getTo() {
                return to;
            }
        }

        static final class OrElse {
            private final String nick;
            private final String name;

            OrElse(String nick, String name) {
                this.nick = nick;
                this.name = name;
            }

            public String getNick() {
                return nick;
            }

            public String getName() {
                return Optional.ofNullable(nick).orElse(name);
            }
        }

        static final class RequireElse {
            private final String nick;
            private final String name;

            RequireElse(String nick, String name) {
                this.nick = nick;
                this.name = name;
            }

            public String getNick() {
                return nick;
            }

            public String getName() {
                return Objects.requireNonNullElse(nick, name);
            }
        }

        static final class OrElseGet {
            private final Optional<String> nick;
            private final String name;

            OrElseGet(String nick, String name) {
                this.nick = Optional.of(nick);
                this.name = name;
            }

            public String getNick() {
                return nick.orElse(null);
            }

            public String getName() {
                return nick.isPresent() ? nick.get() : name;
            }
        }

        static final class UnlessEmpty {
            private final String nick;
            private final String name;

            UnlessEmpty(String nick, String name) {
                this.nick = nick;
                this.name = name;
            }

            public String getNick() {
                return nick;
            }

            public String getName() {
                if (nick == null || nick.isEmpty()) {
                    return name;
                }
                return nick;
            }
        }

        /** Its getter returns the field only where that is null. */
        static final class Inverse {
            private final String nick;
            private final String name;

            Inverse(String nick, String name) {
                this.nick = nick;
                this.name = name;
            }

            public String getNick() {
                return nick == null ? nick : name;
            }

            public String getName() {
                return name;
            }
        }

        /** Which values of the field are replaced, no test for absence says. */
        static final class ByItsValue {
            private final String nick;
            private final String name;

            ByItsValue(String nick, String name) {
                this.nick = nick;
                this.name = name;
            }

            public String getNick() {
                return nick.startsWith("-") ? name : nick;
            }

            public String getName() {
                return name;
            }
        }

        static final class Greater {
            private final BigDecimal low;
            private final BigDecimal high;

            Greater(BigDecimal low, BigDecimal high) {
                this.low = low;
                this.high = high;
            }

            public BigDecimal getLow() {
                return low.max(high);
            }

            public BigDecimal getHigh() {
                return high;
            }
        }

        static final class GreaterLong {
            private final long low;
            private final long high;

            GreaterLong(long low, long high) {
                this.low = low;
                this.high = high;
            }

            public long getLow() {
                return Long.max(low, high);
            }

            public long getHigh() {
                return high;
            }
        }

        /** What is empty of an own type, a name alone does not say. */
        static final class ByOwnEmptiness {
            private final Nick nick;
            private final Nick other;

            ByOwnEmptiness(Nick nick, Nick other) {
                this.nick = nick;
                this.other = other;
            }

            public Nick getNick() {
                return isEmpty(nick) ? other : nick;
            }

            public Nick getOther() {
                return other;
            }

            static boolean isEmpty(Nick nick) {
                return nick == null || nick.nick == null;
            }
        }

        /** It tests for null what it has set to null itself. */
        static final class Expired {
            private String nick;
            private final String name;
            private final boolean expired;

            Expired(String nick, String name, boolean expired) {
                this.nick = nick;
                this.name = name;
                this.expired = expired;
            }

            public String getNick() {
                if (expired) {
                    nick = null;
                }
                return nick != null ? nick : name;
            }

            public String getName() {
                return name;
            }

            public boolean isExpired() {
                return expired;
            }
        }

        /** It has the shape of what Immutables generates. */
        static final class ImmutableNick implements Named {
            private final String nick = "n";
            private final String name = "m".trim();

            @Override
            public String name() {
                return nick != null ? nick : name;
            }

            public String nick() {
                return nick;
            }
        }

        interface Named {
            String name();
        }
    }

    /** More ways to ask whether a field holds something. */
    static final class FallingToo {
        private final String name;
        private String asFlag;
        private String byLength;
        private String byMethod;
        private String lazy;

        FallingToo(String name) {
            this.name = name;
        }

        public String getName() {
            return name;
        }

        public String getAsFlag() {
            boolean absent = asFlag == null || asFlag.isEmpty();
            return absent ? name : asFlag;
        }

        public String getByLength() {
            return byLength != null && byLength.length() > 0 ? byLength : name;
        }

        boolean hasByMethod() {
            return byMethod != null;
        }

        public String getByMethod() {
            return hasByMethod() ? byMethod : name;
        }

        public String getLazy() {
            String read = lazy;
            if (read == null) {
                read = name;
                lazy = read;
            }
            return read;
        }
    }

    /** Getters that return another field where their own holds nothing. */
    static final class Falling {

        private Falling() {}

        static final class Back {
            private final String a;
            private final String b;
            private final String c;
            private final String d;
            private final List<String> e = List.of();
            private final String name;
            private Long price;
            private final long base;

            Back(String name, long base) {
                this.name = name;
                this.base = base;
                a = name == null ? "a" : null;
                b = a;
                c = a;
                d = a;
            }

            public String getA() {
                return a != null ? a : name;
            }

            public String getB() {
                return Optional.ofNullable(b).orElse(getName());
            }

            public String getC() {
                return firstOf(c, d, name);
            }

            public String getD() {
                if (d == null || d.isBlank()) {
                    return name;
                }
                return d;
            }

            public List<String> getE() {
                return e.size() == 0 ? List.of(name) : e;
            }

            public Long getPrice() {
                if (price == null) {
                    return base;
                }
                return price;
            }

            public long getBase() {
                return base;
            }

            public String getName() {
                return Objects.requireNonNull(name);
            }

            private static String firstOf(String first, String second, String third) {
                return first != null ? first : second != null ? second : third;
            }
        }
    }

    @Test
    void aGetterThatReturnsAnotherFieldOnlyWhereItsOwnHoldsNothingShowsIt() {
        assertEquals(
                "{\"a\":\"n\",\"b\":\"n\",\"base\":3,\"c\":\"n\",\"d\":\"n\",\"e\":[\"n\"],\"name\":\"n\",\"price\":3}",
                python(new Falling.Back("n", 3)));
    }

    @Test
    void aTestForAbsenceCountsHoweverItIsWritten() {
        assertEquals(
                "{\"asFlag\":\"b\",\"byLength\":\"b\",\"byMethod\":\"b\",\"lazy\":\"b\",\"name\":\"b\"}",
                python(new FallingToo("b")));
    }

    static Stream<Arguments> preferring() {
        return Stream.of(
                Arguments.of(new Preferring.Nick("a", "n"), "Nick.name"),
                Arguments.of(new Preferring.Order(100, 80L), "Order.price"),
                Arguments.of(new Preferring.ByFlag(false, "a", "b"), "ByFlag.from"),
                Arguments.of(new Preferring.OrElse("n", "a"), "OrElse.name"),
                Arguments.of(new Preferring.RequireElse("n", "a"), "RequireElse.name"),
                Arguments.of(new Preferring.OrElseGet("n", "a"), "OrElseGet.name"),
                Arguments.of(new Preferring.UnlessEmpty("n", "a"), "UnlessEmpty.name"),
                Arguments.of(new Preferring.Inverse("n", "a"), "Inverse.nick"),
                Arguments.of(new Preferring.ByItsValue("n", "a"), "ByItsValue.nick"),
                Arguments.of(new Preferring.Greater(BigDecimal.ONE, BigDecimal.TEN), "Greater.low"),
                Arguments.of(new Preferring.GreaterLong(1, 2), "GreaterLong.low"),
                Arguments.of(
                        new Preferring.ByOwnEmptiness(new Preferring.Nick("a", null), new Preferring.Nick("b", "c")),
                        "ByOwnEmptiness.nick"),
                Arguments.of(new Preferring.Expired("n", "a", true), "Expired.nick"),
                Arguments.of(new Preferring.ImmutableNick(), "ImmutableNick.name"));
    }

    static Stream<Arguments> lesser() {
        return Stream.of(
                Arguments.of(new MaskedRecord("12345678"), "MaskedRecord.pan"),
                Arguments.of(new ConstantRecord("n", "s"), "ConstantRecord.secret"),
                Arguments.of(new RoundedRecord(1.2), "RoundedRecord.amount"),
                Arguments.of(new MaskedElsewhere("12345678"), "MaskedElsewhere.pan"),
                Arguments.of(new OfAPart("12345678"), "OfAPart.pan"),
                Arguments.of(new Rounded(), "Rounded.amount"),
                Arguments.of(new Truncated(), "Truncated.at"),
                Arguments.of(new Filtered(), "Filtered.names"),
                Arguments.of(new First(), "First.names"),
                Arguments.of(new Unordered(), "Unordered.names"),
                Arguments.of(new OnlyKeys(), "OnlyKeys.names"),
                Arguments.of(new Parts.OfOptional(), "OfOptional.customer"),
                Arguments.of(new Parts.OfElements(), "OfElements.payers"),
                Arguments.of(new Parts.TextOfObject(), "TextOfObject.payload"),
                Arguments.of(new Parts.WholeNumber(), "WholeNumber.value"),
                Arguments.of(new ImmutableCard(), "ImmutableCard has no public getter"));
    }

    static Stream<Arguments> lossyConversions() {
        return Stream.of(
                Arguments.of(new Conversions.Ascii(), "Ascii.body"),
                Arguments.of(new Conversions.Utf8(), "Utf8.body"),
                Arguments.of(new Conversions.FirstCharacters(), "FirstCharacters.pan"),
                Arguments.of(new Conversions.ValueOfCharacters(), "ValueOfCharacters.pan"),
                Arguments.of(new Conversions.FirstBytes(), "FirstBytes.data"),
                Arguments.of(new Conversions.RangeOfBytes(), "RangeOfBytes.data"),
                Arguments.of(new Conversions.Wrapped(), "Wrapped.data"),
                Arguments.of(new Conversions.Flag(), "Flag.flag"),
                Arguments.of(new Conversions.Whole(), "Whole.number"),
                Arguments.of(new Conversions.Decimal(), "Decimal.number"),
                Arguments.of(new Conversions.OfDouble(), "OfDouble.number"),
                Arguments.of(new Conversions.Uuid(), "Uuid.id"),
                Arguments.of(new Conversions.ValueOfObject(), "ValueOfObject.name"),
                Arguments.of(new Conversions.Concatenated(), "Concatenated.name"),
                Arguments.of(new Conversions.Appended(), "Appended.name"),
                Arguments.of(new Conversions.Bag(), "Bag.names"),
                Arguments.of(new Conversions.Distinct(), "Distinct.names"),
                Arguments.of(new Conversions.OrOther(), "OrOther.name"));
    }

    @ParameterizedTest
    @MethodSource({"lesser", "lossyConversions", "preferring"})
    void anObjectOfWhichAGetterReturnsLessThanItsFieldIsRefused(Object value, String field) {
        UnhashableException refusal = assertThrows(UnhashableException.class, () -> python(value));
        assertTrue(refusal.getMessage().contains(field), refusal.getMessage());
    }

    @Test
    void whatARecordHoldsBesideItsContentIsPartOfIt() {
        assertEquals("{\"time\":\"1\",\"value\":{\"k\":\"v\"}}", python(new EntryWithTime("k", "v", "1")));
        assertEquals("{\"language\":\"en\",\"value\":\"a\"}", python(new Label("a", "en")));
    }

    @Test
    void whatKeepsAllIsHashedAsBefore() {
        assertEquals("{\"id\":\"\",\"names\":[\"a\"]}", python(new Copying(List.of("a"), null)));
        assertEquals("{\"name\":\"n\"}", python(new Leaving("n", "x")));
        assertEquals("{\"names\":[\"a\"],\"text\":\"t\"}", python(new Ordered("t")));
        assertEquals("{\"names\":[{\"a\":\"b\"}]}", python(new AllEntries()));
        assertEquals(
                "{\"boxed\":\"7\",\"colour\":\"RED\",\"data\":\"AQI=\",\"id\":\"id-00000000-0000-0000-0000-000000000001\","
                        + "\"letters\":\"a\",\"mood\":\"RED\",\"note\":\"\",\"number\":\"1\",\"price\":\"1.50\",\"sameData\":\"AQI=\",\"tags\":[\"t\"],\"text\":\"tx\"}",
                python(new Kept()));
    }

    @Test
    void aCharSequenceWithoutTextOfItsOwnIsItsCharacters() {
        assertEquals("\"abc\"", python(new WithoutToString("abc")));
    }
}
