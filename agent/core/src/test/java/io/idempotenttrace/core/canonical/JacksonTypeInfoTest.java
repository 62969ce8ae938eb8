package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.impl.ClassNameIdResolver;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Payloads that differ in their types alone, where an annotation of Jackson's says how the type is written. */
class JacksonTypeInfoTest {

    private static final PayloadHasher PYTHON = new PayloadHasher(CanonicalForm.PYTHON);
    private static final JsonMapper JACKSON = JsonMapper.builder().build();

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Approve.class, name = "approve"),
        @JsonSubTypes.Type(value = Reject.class, name = "reject"),
        @JsonSubTypes.Type(Payment.class)
    })
    interface Command {}

    record Approve(String order) implements Command {}

    record Reject(String order) implements Command {}

    record Unlisted(String order) implements Command {}

    @JsonTypeName("named")
    record Named(String order) implements Command {}

    static final class Empty implements Command {}

    @JsonSubTypes(
            @JsonSubTypes.Type(
                    value = Card.class,
                    names = {"card", "plastic"}))
    interface Payment extends Command {}

    record Card(int cents) implements Payment {}

    @JsonTypeName("open")
    static class Open implements Command {

        public final int zeroth = 0;

        @JsonAnyGetter
        public Map<String, Object> more() {
            return Map.of("a", 1, "z", 2);
        }
    }

    static final class BelowNamed extends Open {}

    record Envelope(String id, Command command) {}

    record Batch(List<Command> commands, Map<String, Command> byName) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    interface Nested {}

    record Inner(int x) implements Nested {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME)
    interface Simple {}

    record Short(int x) implements Simple {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
    record ByClass(int x) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.MINIMAL_CLASS)
    record ByMinimalClass(int x) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.EXISTING_PROPERTY, property = "kind")
    record Existing(String kind, int x) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
    @JsonTypeName("wrapped")
    record WrappedByObject(int x) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_ARRAY)
    @JsonTypeName("wrapped")
    record WrappedByArray(int x) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.EXTERNAL_PROPERTY, property = "t")
    @JsonTypeName("external")
    record External(int x) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NONE)
    record None(int x) implements Command {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
    record Deduced(int x) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonTypeName("account")
    record Account(@JsonValue String number) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonTypeName("parts")
    record Parts(@JsonValue Map<String, Integer> parts) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonTypeName("attributes")
    static final class Attributes extends LinkedHashMap<String, Integer> {

        private static final long serialVersionUID = 1L;
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonTypeName("lines")
    static final class Lines extends ArrayList<String> {

        private static final long serialVersionUID = 1L;
    }

    record Plain(int x) {}

    record Other(int x) {}

    record OfProperty(
            @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
            @JsonSubTypes(@JsonSubTypes.Type(value = Plain.class, name = "plain"))
            Object value) {}

    static final class OfGetter {

        @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS, include = JsonTypeInfo.As.WRAPPER_ARRAY)
        public Object getValue() {
            return new Plain(1);
        }
    }

    record Beside(
            int a,

            @JsonTypeInfo(
                    use = JsonTypeInfo.Id.NAME,
                    include = JsonTypeInfo.As.EXTERNAL_PROPERTY,
                    property = "valueType")
            Object value) {}

    record OverridesItsClass(
            @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "t")
            Command command) {}

    record Elements(
            @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "t")
            List<Object> list,

            @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "t")
            Map<String, Object> map,

            @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "t")
            Object[] array) {}

    private static Attributes attributes() {
        Attributes attributes = new Attributes();
        attributes.put("a", 1);
        attributes.put("z", 2);
        return attributes;
    }

    private static Lines lines() {
        Lines lines = new Lines();
        lines.add("a");
        return lines;
    }

    static Stream<Object> asJacksonWritesThem() {
        return Stream.of(
                new Approve("o1"),
                new Reject("o1"),
                new Unlisted("o1"),
                new Named("o1"),
                new Empty(),
                new Card(5),
                new Open(),
                new BelowNamed(),
                new Envelope("e", new Approve("o1")),
                new Envelope("e", null),
                new Batch(List.of(new Approve("o1"), new Reject("o2")), Map.of("x", new Card(1))),
                new Inner(1),
                new Short(1),
                new ByClass(1),
                new ByMinimalClass(1),
                new Existing("k", 1),
                new WrappedByObject(1),
                new WrappedByArray(1),
                new External(1),
                new None(1),
                new Deduced(1),
                new Account("a"),
                new Parts(Map.of("p", 1)),
                attributes(),
                lines(),
                new OfProperty(new Plain(1)),
                new OfProperty("text"),
                new OfProperty(null),
                new OfGetter(),
                new Beside(1, new Plain(1)),
                new Beside(1, null),
                new OverridesItsClass(new Approve("o1")),
                new Elements(List.of(new Plain(1), "text"), Map.of("k", new Plain(2)), new Object[] {
                    new Plain(3), new Other(4)
                }));
    }

    @ParameterizedTest
    @MethodSource("asJacksonWritesThem")
    void aTypeIsToldAsJacksonTellsIt(Object value) throws Exception {
        assertEquals(python(JACKSON.readTree(JACKSON.writeValueAsString(value))), python(value));
    }

    @Test
    void commandsThatDifferInTheirTypeAloneAreTwoPayloads() {
        assertNotEquals(hash(new Approve("o1")), hash(new Reject("o1")));
        assertNotEquals(hash(new Envelope("e", new Approve("o1"))), hash(new Envelope("e", new Reject("o1"))));
        assertNotEquals(hash(List.of(new Approve("o1"))), hash(List.of(new Reject("o1"))));
        assertNotEquals(hash(new OfProperty(new Plain(1))), hash(new OfProperty(new Other(1))));
        assertNotEquals(hash(new Beside(1, new Plain(1))), hash(new Beside(1, new Other(1))));
        assertNotEquals(
                hash(new Elements(List.of(new Plain(1)), Map.of(), new Object[0])),
                hash(new Elements(List.of(new Other(1)), Map.of(), new Object[0])));
    }

    @Test
    void inEveryFormTheIdStandsInTheOrderOfTheMembers() {
        for (CanonicalForm form : CanonicalForm.values()) {
            assertEquals(
                    "{\"order\":\"o1\",\"type\":\"approve\"}",
                    new String(
                            new PayloadHasher(form).canonical(new Approve("o1"), Exclusions.NONE),
                            StandardCharsets.UTF_8));
        }
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonTypeName("given")
    record HasType(Object type) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonTypeName("given")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record MayHaveType(String type) {}

    @Test
    void aMemberOfTheSameNameIsWrittenOnceAndNothingIsLost() {
        assertEquals("{\"type\":\"given\"}", python(new HasType("given")));
        assertEquals("{\"$type\":\"given\",\"type\":\"other\"}", python(new HasType("other")));
        assertEquals("{\"$type\":\"given\",\"type\":null}", python(new HasType(null)));
        assertNotEquals(python(new MayHaveType("given")), python(new MayHaveType(null)));
        Attributes attributes = attributes();
        attributes.put("@type", 3);
        assertEquals("[\"attributes\",{\"@type\":3,\"a\":1,\"z\":2}]", python(attributes));
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "type")
    @JsonTypeIdResolver(ClassNameIdResolver.class)
    record Custom(int x) {}

    @Test
    void ofAResolverThatIsNotAskedTheNameOfTheClassStands() {
        assertEquals("{\"type\":\"" + Custom.class.getName() + "\",\"x\":1}", python(new Custom(1)));
    }

    enum Color implements Command {
        RED
    }

    record Optionally(
            @JsonTypeInfo(use = JsonTypeInfo.Id.NAME) Optional<Object> value) {}

    @Test
    void enumsAndTypesOfTheJdkHaveNoId() {
        assertEquals("\"RED\"", python(Color.RED));
        assertEquals("{\"value\":[1]}", python(new OfProperty(List.of(1))));
        assertEquals("{\"value\":\"RED\"}", python(new OfProperty(Color.RED)));
        assertEquals(
                "{\"value\":{\"@type\":\"JacksonTypeInfoTest$Plain\",\"x\":1}}",
                python(new Optionally(Optional.of(new Plain(1)))));
        assertEquals("{\"value\":null}", python(new Optionally(Optional.empty())));
    }

    @Test
    void pointersSeeTheIdAndLeadThroughWhatIsWrappedAroundAValue() {
        assertEquals("approve", Pointer.parse("/command/type").textAt(new Envelope("e", new Approve("o1"))));
        assertEquals("plain", Pointer.parse("/value/is").textAt(new OfProperty(new Plain(1))));
        assertEquals("1", Pointer.parse("/value/x").textAt(new OfProperty(new Plain(1))));
        assertEquals("1", Pointer.parse("/x").textAt(new WrappedByObject(1)));
        assertTrue(Pointer.parse("/type").matches(new Approve("o1")));
        assertEquals(
                "{\"type\":\"approve\",\"order\":\"o1\"}".length(),
                Pointer.parse("").textAt(new Approve("o1")).length());
        assertEquals(
                "{\"order\":\"o1\"}",
                new String(PYTHON.canonical(new Approve("o1"), Exclusions.parse("/type")), StandardCharsets.US_ASCII));
        assertEquals(
                "[\"wrapped\",{}]",
                new String(PYTHON.canonical(new WrappedByArray(1), Exclusions.parse("/x")), StandardCharsets.US_ASCII));
    }

    @Test
    void theOutlineShowsTheId() {
        PayloadOutline outline = new PayloadOutline(Exclusions.NONE, UnseenFieldPolicies.DEFAULT);
        assertEquals(Map.of("order", "String", "type", "String"), outline.ofParameter("command", Approve.class));
        assertEquals(Map.of("type", "String", "*", "any"), outline.ofParameter("command", Command.class));
    }

    record Gathered(
            @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "t")
            Collection<Object> all) {}

    enum Step {
        X
    }

    @Test
    void theElementsOfACollectionHaveTheirTypesWhateverItIsMadeOf() {
        List<UnaryOperator<Collection<Object>>> made = List.of(
                Collections::unmodifiableCollection,
                Collections::synchronizedCollection,
                all -> Map.of("k", all.iterator().next()).values(),
                all -> Collections.unmodifiableCollection(new HashSet<>(all)),
                ArrayDeque::new);
        for (UnaryOperator<Collection<Object>> of : made) {
            assertEquals(
                    "{\"all\":[{\"t\":\"JacksonTypeInfoTest$Plain\",\"x\":1}]}",
                    python(new Gathered(of.apply(List.of(new Plain(1))))));
        }
    }

    @Test
    void anElementThatACollectionHoldsTwiceIsThereTwice() {
        Plain twice = new Plain(1);
        for (Object element : List.of(twice, Step.X, "x")) {
            assertNotEquals(
                    hash(new Gathered(new HashMap<>(Map.of("a", element, "b", element)).values())),
                    hash(new Gathered(new HashMap<>(Map.of("a", element)).values())));
        }
    }

    record TwoBeside(
            @JsonTypeInfo(
                    use = JsonTypeInfo.Id.SIMPLE_NAME,
                    include = JsonTypeInfo.As.EXTERNAL_PROPERTY,
                    property = "t")
            Object a,

            @JsonTypeInfo(
                    use = JsonTypeInfo.Id.SIMPLE_NAME,
                    include = JsonTypeInfo.As.EXTERNAL_PROPERTY,
                    property = "t")
            Object b) {}

    @Test
    void twoTypesThatOneMemberTellsAreAList() {
        assertEquals(
                "{\"a\":{\"x\":1},\"b\":{\"x\":2},\"t\":[\"Plain\",\"Other\"]}",
                python(new TwoBeside(new Plain(1), new Other(2))));
        assertEquals("{\"a\":null,\"b\":{\"x\":2},\"t\":\"Other\"}", python(new TwoBeside(null, new Other(2))));
    }

    static final class OfSetter {

        private List<Object> all = List.of(new Plain(1));

        public List<Object> getAll() {
            return all;
        }

        @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "t")
        public void setAll(List<Object> all) {
            this.all = all;
        }
    }

    @Test
    void whereTheSetterHasTheAnnotationTheElementsHaveTheirTypesToo() throws Exception {
        assertEquals(python(JACKSON.readTree(JACKSON.writeValueAsString(new OfSetter()))), python(new OfSetter()));
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonTypeName("approve")
    static final class WithMore {

        private final Map<String, Object> more;

        WithMore(Map<String, Object> more) {
            this.more = more;
        }

        @JsonAnyGetter
        public Map<String, Object> getMore() {
            return more;
        }
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonTypeName("approve")
    record OfMap(@JsonValue Map<String, Object> map) {}

    @Test
    void anEntryOfAMapIsNotTakenForTheId() {
        Set<String> hashed = new HashSet<>();
        List<Map<String, Object>> maps = List.of(
                Map.of(),
                Map.of("@type", "approve"),
                Map.of("$@type", "approve"),
                Map.of("@type", "approve", "$@type", "approve"));
        for (Map<String, Object> map : maps) {
            assertEquals(python(new OfMap(map)), python(new WithMore(map)));
            assertTrue(hashed.add(python(new OfMap(map))), map::toString);
        }
        assertEquals("{\"$@type\":\"approve\",\"@type\":\"approve\"}", python(new OfMap(maps.get(1))));
    }

    private static String python(Object value) {
        return new String(PYTHON.canonical(value, Exclusions.NONE), StandardCharsets.US_ASCII);
    }

    private static String hash(Object value) {
        return PYTHON.hash(value, Exclusions.NONE);
    }
}
