package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonBackReference;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonGetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonManagedReference;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Jackson itself writes for a bean is what is hashed. */
class JacksonAnnotationsTest {

    private static final PayloadHasher PYTHON = new PayloadHasher(CanonicalForm.PYTHON);
    private static final JsonMapper JACKSON = JsonMapper.builder().build();

    /** The parameter's name is for reading. */
    public static final class NamedForReading {

        private final String bar;

        @JsonCreator
        public NamedForReading(@JsonProperty("foo") String bar) {
            this.bar = bar;
        }

        public String getBar() {
            return bar;
        }
    }

    public static final class FieldKeptGetterIgnored {

        @JsonProperty
        private final String kept = "field";

        @JsonIgnore
        public String getKept() {
            return "getter";
        }
    }

    public static final class SetterKeptGetterIgnored {

        public final int other = 2;

        @JsonIgnore
        public String getGone() {
            return "gone";
        }

        @JsonProperty
        public void setGone(String value) {}
    }

    public static final class Access {

        @JsonProperty(access = JsonProperty.Access.WRITE_ONLY)
        private final String password = "p";

        @JsonProperty(access = JsonProperty.Access.READ_ONLY)
        private final String user = "u";

        public String getPassword() {
            return password;
        }

        public String getUser() {
            return user;
        }
    }

    public static final class Open {

        public final String name = "n";

        @JsonAnyGetter
        public final Map<String, Object> more = Map.of("z", 1, "a", List.of(2));
    }

    public static final class NotPublic {

        @JsonProperty("hidden")
        private String getHidden() {
            return "h";
        }

        @JsonProperty
        String unprefixed() {
            return "p";
        }

        @JsonGetter("got")
        public int whatever() {
            return 1;
        }
    }

    public static final class RenamedBySetter {

        public int getV() {
            return 1;
        }

        @JsonProperty("value")
        public void setV(int v) {}
    }

    interface Stamped {

        @JsonIgnore
        long getTimestamp();

        @JsonProperty("ident")
        String getId();
    }

    public static final class OfInterface implements Stamped {

        @Override
        public long getTimestamp() {
            return 5;
        }

        @Override
        public String getId() {
            return "i";
        }
    }

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties({"gone", "gone"})
    public static class Base {

        public String getFooBar() {
            return "f";
        }

        public String getGone() {
            return "g";
        }

        public String getMissing() {
            return null;
        }

        @JsonIgnore
        public int getIgnored() {
            return 1;
        }
    }

    public static final class Sub extends Base {

        public int getOtherThing() {
            return 1;
        }

        @Override
        @JsonIgnore(false)
        public int getIgnored() {
            return 2;
        }
    }

    @JsonIgnoreProperties(value = "kept", allowGetters = true)
    public static final class IgnoredForReading {

        public int getKept() {
            return 1;
        }
    }

    /** Its orders lead back to it. */
    public static final class Customer {

        public final String name = "Ann";
        public String lastSeen = "today";
        public final List<Order> orders = new ArrayList<>();
        public final String kept = "k";
    }

    public static final class Order {

        @JsonIgnoreProperties({"lastSeen", "orders"})
        private Customer customer = new Customer();

        private final List<List<Customer>> others = List.of(List.of(new Customer()));
        private final Map<String, Object> byName = new HashMap<>();
        private Object any = new Customer();

        @JsonIgnoreProperties(value = "lastSeen", allowGetters = true)
        public final Customer seen = new Customer();

        @JsonIgnoreProperties(value = "lastSeen", allowSetters = true, ignoreUnknown = true)
        public final AtomicReference<Customer> unseen = new AtomicReference<>(new Customer());

        @JsonIgnoreProperties({"lastSeen", "orders"})
        public final Customer[] array = {new Customer()};

        @JsonIgnoreProperties({"lastSeen", "orders"})
        @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME)
        public final List<Customer> typed = List.of(new Customer());

        @JsonIgnoreProperties("orders")
        public final Object map = new HashMap<>(Map.of("orders", 1, "other", 2));

        @JsonIgnoreProperties("orders")
        public final String text = "orders";

        Order() {
            customer.orders.add(this);
            byName.put("orders", 1);
            byName.put("ann", new Customer());
        }

        public Customer getCustomer() {
            return customer;
        }

        @JsonIgnoreProperties({"lastSeen", "orders"})
        public List<List<Customer>> getOthers() {
            return others;
        }

        @JsonIgnoreProperties({"lastSeen", "orders"})
        public Map<String, Object> getByName() {
            return byName;
        }

        public Object getAny() {
            return any;
        }

        @JsonIgnoreProperties({"lastSeen", "orders"})
        public void setAny(Object any) {
            this.any = any;
        }
    }

    @Retention(RetentionPolicy.RUNTIME)
    @JacksonAnnotationsInside
    @JsonProperty("bundled")
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @interface Bundle {}

    public static final class Bundled {

        @Bundle
        public String getX() {
            return "x";
        }
    }

    public static final class BundledEmpty {

        public final int other = 1;

        @Bundle
        public String getEmpty() {
            return "";
        }
    }

    public record NamedAsGetters(String getFoo, boolean isActive, int x) {

        public int getDerived() {
            return 7;
        }
    }

    public record Components(
            @JsonIgnore String secret,
            @JsonProperty("named") int a,
            int plain) {}

    public static final class Parent {

        public final String name = "n";

        @JsonManagedReference
        public final Child child = new Child(this);
    }

    public static final class Child {

        @JsonBackReference
        public final Parent parent;

        public final int number = 1;

        Child(Parent parent) {
            this.parent = parent;
        }
    }

    public static class Masked {

        public final int a = 1;
    }

    public static final class Masking extends Masked {

        public final int a = 2;
        private final transient int t = 3;

        public int getT() {
            return t;
        }
    }

    public abstract static class Generic<T> {

        public abstract T getPayload();
    }

    public static final class OfText extends Generic<String> {

        @Override
        public String getPayload() {
            return "s";
        }
    }

    public static final class TwoNames {

        @JsonProperty("a")
        private final int v = 1;

        @JsonProperty("b")
        public int getV() {
            return v + 1;
        }
    }

    public static final class OddNames {

        public int get_x() {
            return 1;
        }

        public int getaB() {
            return 2;
        }

        public int getABc() {
            return 3;
        }

        public int getIIX() {
            return 4;
        }

        public Boolean isFlag() {
            return true;
        }

        public Boolean getFlag() {
            return false;
        }
    }

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Snake(
            int aB,
            int URLName,
            int abcDEF,
            int x1Y2,
            int _lead,
            @JsonProperty("keepMe") int explicit) {}

    @JsonNaming(PropertyNamingStrategies.UpperSnakeCaseStrategy.class)
    public record UpperSnake(int aB, int URLName, int abcDEF, int id) {}

    @JsonNaming(PropertyNamingStrategies.KebabCaseStrategy.class)
    public record Kebab(int aB, int URLName, int abcDEF, int x1Y2, int _lead) {}

    @JsonNaming(PropertyNamingStrategies.LowerDotCaseStrategy.class)
    public record Dotted(int aB, int URLName, int abcDEF) {}

    @JsonNaming(PropertyNamingStrategies.UpperCamelCaseStrategy.class)
    public record Upper(int aB, int URLName, int id) {}

    @JsonNaming(PropertyNamingStrategies.LowerCaseStrategy.class)
    public record Lower(int aB, int URLName) {}

    interface Coded {

        @JsonValue
        int code();
    }

    public enum ByInterface implements Coded {
        ONE;

        @Override
        public int code() {
            return 1;
        }
    }

    public static final class ByField {

        @JsonValue
        private final Map<String, Integer> value = Map.of("k", 1);

        public int getIgnored() {
            return 1;
        }
    }

    static Stream<Object> beans() {
        return Stream.of(
                new NamedForReading("v"),
                new FieldKeptGetterIgnored(),
                new SetterKeptGetterIgnored(),
                new Access(),
                new Open(),
                new NotPublic(),
                new RenamedBySetter(),
                new OfInterface(),
                new Sub(),
                new IgnoredForReading(),
                new Order(),
                new Bundled(),
                new BundledEmpty(),
                new NamedAsGetters("f", true, 1),
                new Components("s", 1, 2),
                new Parent(),
                new Masking(),
                new OfText(),
                new TwoNames(),
                new OddNames(),
                new Snake(1, 2, 3, 4, 5, 6),
                new UpperSnake(1, 2, 3, 4),
                new Kebab(1, 2, 3, 4, 5),
                new Dotted(1, 2, 3),
                new Upper(1, 2, 3),
                new Lower(1, 2),
                List.of(ByInterface.ONE),
                new ByField(),
                new Samples.Page(List.of("a"), 1));
    }

    @ParameterizedTest
    @MethodSource("beans")
    void aBeanIsTheJsonThatJacksonWrites(Object bean) {
        assertEquals(python(JACKSON.valueToTree(bean)), python(bean));
    }

    private static String python(Object value) {
        return new String(PYTHON.canonical(value, Exclusions.NONE), StandardCharsets.US_ASCII);
    }
}
