package io.idempotenttrace.payloads;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import groovy.lang.GroovyShell;
import io.vavr.control.Either;
import io.vavr.control.Option;
import io.vavr.control.Try;
import io.vavr.control.Validation;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import scala.collection.JavaConverters;

/** Types of Scala, Kotlin, Groovy and Vavr. */
class LanguagePayloadsTest {

    private static scala.collection.mutable.Buffer<Object> buffer(Object... elements) {
        return JavaConverters.asScalaBuffer(Arrays.asList(elements));
    }

    @Test
    void scalasHolders() {
        Payload.of(scala.Option.apply("x"))
                .is("\"x\"")
                .at("", "x")
                .differsFrom(scala.Option.apply("y"), scala.Option.empty());
        Payload.of(scala.Option.empty()).is("null");
        Payload.of(new scala.util.Left<>(1))
                .is("{\"left\":1}")
                .differsFrom(new scala.util.Right<>(1))
                .at("/left", "1");
        Payload.of(new scala.util.Success<>(Map.of("id", 1)))
                .is("{\"success\":{\"id\":1}}")
                .at("/success/id", "1")
                .differsFrom(new scala.util.Failure<>(new IllegalStateException()));
        Payload.of(scala.math.BigDecimal.exact("1.50")).is("1.5");
        Payload.of(scala.math.BigInt.apply("123456789012345678901")).is("123456789012345678901");
        Payload.of(scala.Symbol.apply("a")).is("\"a\"");
        Payload.of(scala.runtime.BoxedUnit.UNIT).is("null");
        Payload.of(scala.concurrent.duration.Duration.apply(90, "seconds"))
                .is("\"PT1M30S\"")
                .equalTo(scala.concurrent.duration.Duration.apply(90_000, "millis"));
        Payload.of(new scala.Tuple2<>("a", 1)).is("[\"a\",1]").at("/0", "a").differsFrom(new scala.Tuple2<>("a", 2));
    }

    private static Object heap(String... elements) {
        scala.collection.mutable.PriorityQueue<String> heap =
                new scala.collection.mutable.PriorityQueue<>(scala.math.Ordering.String$.MODULE$);
        for (String element : elements) {
            heap.addOne(element);
        }
        return heap;
    }

    @Test
    void scalasCollections() {
        scala.collection.immutable.List<Object> list = buffer(1, "x", null).toList();
        Payload.of(list)
                .is("[1,\"x\",null]")
                .equalTo(buffer(1, "x", null).toVector())
                .equalTo(Arrays.asList(1, "x", null))
                .at("/1", "x")
                .differsFrom(buffer("x", 1, null).toList());
        Payload.of(scala.collection.immutable.Nil$.MODULE$).is("[]");
        Payload.of(buffer("b", "a").toSet()).is("[\"a\",\"b\"]");
        Payload.of(heap("a", "b", "c")).is("[\"a\",\"b\",\"c\"]").equalTo(heap("b", "c", "a"));
        scala.collection.mutable.Map<Object, Object> map =
                JavaConverters.mapAsScalaMap(new java.util.HashMap<>(Map.of("k", list, "j", 1)));
        Payload.of(map).is("{\"j\":1,\"k\":[1,\"x\",null]}").at("/k/0", "1").at("/j", "1");
        Payload.of(scala.collection.immutable.Range$.MODULE$.apply(0, 3)).is("[0,1,2]");
        Payload.of(scala.collection.immutable.LazyList$.MODULE$.empty())
                .isRefused("evaluated when it is asked for its elements");
        Payload.of(list.iterator()).isRefused("evaluated when it is asked for its elements");
    }

    /** As the compiler of Scala writes {@code case class Span(id: String, n: Int) { var status = "" }}. */
    public static class SpanCase implements scala.Product {

        private final String id;
        private final int n;
        private String status = "";

        public SpanCase(String id, int n) {
            this.id = id;
            this.n = n;
        }

        public String status() {
            return status;
        }

        public void status_$eq(String status) {
            this.status = status;
        }

        @Override
        public Object productElement(int i) {
            return i == 0 ? id : (Object) n;
        }

        @Override
        public String productElementName(int i) {
            return i == 0 ? "id" : "n";
        }

        @Override
        public int productArity() {
            return 2;
        }

        @Override
        public String productPrefix() {
            return "Span";
        }

        @Override
        public boolean canEqual(Object other) {
            return other instanceof SpanCase;
        }
    }

    /** As the compiler of Scala 3 writes a case of an enum. */
    public static final class EnumCase extends SpanCase implements scala.reflect.Enum {

        private final String name;

        public EnumCase(String name, String id, int n) {
            super(id, n);
            this.name = name;
        }

        @Override
        public String productPrefix() {
            return name;
        }

        @Override
        public int ordinal() {
            return 0;
        }
    }

    /** A simple case of an enum, or a case object. */
    public static final class Simple implements scala.Product {

        private final String name;

        public Simple(String name) {
            this.name = name;
        }

        @Override
        public Object productElement(int i) {
            throw new IndexOutOfBoundsException();
        }

        @Override
        public int productArity() {
            return 0;
        }

        @Override
        public String productPrefix() {
            return name;
        }

        @Override
        public boolean canEqual(Object other) {
            return other instanceof Simple;
        }
    }

    @Test
    void scalasCaseClassesAndEnums() {
        SpanCase changed = new SpanCase("a", 1);
        changed.status_$eq("done");
        Payload.of(new SpanCase("a", 1))
                .is("{\"id\":\"a\",\"n\":1,\"status\":\"\"}")
                .differsFrom(new SpanCase("b", 1), changed)
                .at("/id", "a")
                .at("/status", "");
        Payload.of(new EnumCase("Created", "a", 1))
                .is("{\"Created\":{\"id\":\"a\",\"n\":1,\"status\":\"\"}}")
                .differsFrom(new EnumCase("Deleted", "a", 1))
                .at("/id", "a")
                .at("/Created/id", "a");
        Payload.of(new Simple("Red")).is("\"Red\"").at("", "Red").differsFrom(new Simple("Blue"));
        Payload.of(Map.of(new Simple("Red"), 1)).is("{\"Red\":1}");
    }

    /** As the compiler of Scala writes {@code case class Order(id: String)(val note: String) { val length = id.length }}. */
    public static final class WithNote implements scala.Product {

        private final String id;
        private final String note;
        private final int length;

        public WithNote(String id, String note) {
            this.id = id;
            this.note = note;
            length = id.length();
        }

        public String note() {
            return note;
        }

        public int length() {
            return length;
        }

        @Override
        public Object productElement(int i) {
            return id;
        }

        @Override
        public String productElementName(int i) {
            return "id";
        }

        @Override
        public int productArity() {
            return 1;
        }

        @Override
        public String productPrefix() {
            return "Order";
        }

        @Override
        public boolean canEqual(Object other) {
            return other instanceof WithNote;
        }
    }

    /** As the compiler of Scala writes {@code case class Draft(id: String) { private var state = 0; val length = id.length }}. */
    public static class OfElements implements scala.Product {

        private final String id;
        private final int length;
        private String full$lzy1;

        public OfElements(String id) {
            this.id = id;
            length = id.length();
        }

        public int length() {
            return length;
        }

        public String full() {
            if (full$lzy1 == null) {
                full$lzy1 = id + length;
            }
            return full$lzy1;
        }

        @Override
        public Object productElement(int i) {
            return id;
        }

        @Override
        public String productElementName(int i) {
            return "id";
        }

        @Override
        public int productArity() {
            return 1;
        }

        @Override
        public String productPrefix() {
            return "Draft";
        }

        @Override
        public boolean canEqual(Object other) {
            return other instanceof OfElements;
        }
    }

    public static final class WithState extends OfElements {

        private int state;

        public WithState(String id) {
            super(id);
        }

        public int next() {
            return ++state;
        }
    }

    public static final class WithTags extends OfElements {

        private final List<String> tags = new java.util.ArrayList<>();

        public WithTags(String id) {
            super(id);
        }

        public void tag(String tag) {
            tags.add(tag);
        }
    }

    @Test
    void whatAScalaCaseClassHoldsBesideItsElementsIsNotLost() {
        Payload.of(new WithNote("a", "n")).isRefused("field 'note'").isRefused("field 'length'");
        Payload.of(new WithState("a")).isRefused("field 'state'");
        Payload.of(new WithTags("a")).isRefused("field 'tags'");
        OfElements asked = new OfElements("a");
        asked.full();
        Payload.of(new OfElements("a")).is("{\"id\":\"a\"}").equalTo(asked);
    }

    /** As Kotlin's {@code data class Booking(val guest, override val start, override val endInclusive) : ClosedRange<Int>}. */
    public static final class Booking implements kotlin.ranges.ClosedRange<Integer> {

        private final String guest;
        private final int start;
        private final int end;

        public Booking(String guest, int start, int end) {
            this.guest = guest;
            this.start = start;
            this.end = end;
        }

        public String getGuest() {
            return guest;
        }

        @Override
        public Integer getStart() {
            return start;
        }

        @Override
        public Integer getEndInclusive() {
            return end;
        }

        @Override
        public boolean contains(Integer value) {
            return start <= value && value <= end;
        }

        @Override
        public boolean isEmpty() {
            return start > end;
        }
    }

    @Test
    void aRangeOfTheApplicationHasItsOwnMembersBesideItsEnds() {
        Payload.of(new Booking("ann", 1, 2))
                .is("{\"guest\":\"ann\",\"value\":{\"endInclusive\":2,\"start\":1}}")
                .differsFrom(new Booking("bob", 1, 2), new Booking("ann", 1, 3))
                .at("/start", "1")
                .at("/value/start", "1")
                .at("/guest", "ann");
    }

    @Test
    void kotlinsTypes() {
        Payload.of(new kotlin.Pair<>("a", 1))
                .is("{\"first\":\"a\",\"second\":1}")
                .differsFrom(new kotlin.Pair<>("a", 2))
                .at("/first", "a");
        Payload.of(new kotlin.Triple<>(1, 2, 3)).is("{\"first\":1,\"second\":2,\"third\":3}");
        Payload.of(kotlin.Unit.INSTANCE).is("null");
        Payload.of(kotlin.collections.CollectionsKt.emptyList()).is("[]");
        Payload.of(kotlin.collections.MapsKt.emptyMap()).is("{}");
        Payload.of(kotlin.coroutines.EmptyCoroutineContext.INSTANCE).is("\"EmptyCoroutineContext\"");
    }

    /** As {@code companion object { val INSTANCE = Limits("default") }} is compiled: it is no object. */
    @kotlin.Metadata
    public static final class Limits {

        @SuppressWarnings("unused")
        private static final Limits INSTANCE = new Limits("default");

        private final String tenant;

        Limits(String tenant) {
            this.tenant = tenant;
        }

        public String getTenant() {
            return tenant;
        }
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Cancel.class, name = "cancel"),
        @JsonSubTypes.Type(value = Approve.class, name = "approve"),
        @JsonSubTypes.Type(value = Reject.class, name = "reject")
    })
    public interface Command {}

    /** As {@code object Cancel : Command} is compiled. */
    @kotlin.Metadata
    public static final class Cancel implements Command {

        public static final Cancel INSTANCE = new Cancel();

        private Cancel() {}
    }

    /** As Scala's {@code case class Approve(order: String) extends Command} is compiled. */
    public static class Approve implements Command, scala.Product {

        private final String order;

        public Approve(String order) {
            this.order = order;
        }

        public String order() {
            return order;
        }

        @Override
        public Object productElement(int i) {
            return order;
        }

        @Override
        public String productElementName(int i) {
            return "order";
        }

        @Override
        public int productArity() {
            return 1;
        }

        @Override
        public String productPrefix() {
            return "Approve";
        }

        @Override
        public boolean canEqual(Object other) {
            return other instanceof Approve;
        }
    }

    public static final class Reject extends Approve {

        public Reject(String order) {
            super(order);
        }
    }

    @Test
    void typesThatJacksonTellsAreToldOfCaseClassesAndObjectsToo() {
        Payload.of(Cancel.INSTANCE).is("{\"type\":\"cancel\"}");
        Payload.of(new Approve("o1"))
                .is("{\"order\":\"o1\",\"type\":\"approve\"}")
                .differsFrom(new Reject("o1"))
                .at("/type", "approve");
    }

    @Test
    void kotlinsClassesWithAConstantAreNoObjects() {
        Payload.of(new Limits("a")).is("{\"tenant\":\"a\"}").differsFrom(new Limits("b"));
        Payload.of(kotlin.Unit.INSTANCE).is("null");
        Payload.of(kotlin.coroutines.EmptyCoroutineContext.INSTANCE).is("\"EmptyCoroutineContext\"");
    }

    @Test
    void kotlinsTimes() {
        Payload.of(kotlinx.datetime.LocalDate.Companion.parse(
                        "2024-02-29", kotlinx.datetime.LocalDate.Formats.INSTANCE.getISO()))
                .is("\"2024-02-29\"");
        Payload.of(new kotlinx.datetime.LocalTime(1, 2, 3, 4)).is("\"01:02:03.000000004\"");
        Payload.of(kotlinx.datetime.TimeZone.Companion.of("Europe/Paris")).is("\"Europe/Paris\"");
    }

    @Test
    void kotlinsRangesAreTheirEnds() throws Exception {
        Payload.of(new kotlin.ranges.IntRange(1, 2_000_000_000))
                .is("{\"first\":1,\"last\":2000000000,\"step\":1}")
                .differsFrom(new kotlin.ranges.IntRange(1, 3))
                .at("/last", "2000000000");
        Payload.of(new kotlin.ranges.IntRange(1, 0)).equalTo(new kotlin.ranges.IntRange(5, 3));
        Object unsigned = kotlin.ranges.UIntRange.class
                .getConstructor(int.class, int.class, kotlin.jvm.internal.DefaultConstructorMarker.class)
                .newInstance(1, -1, null);
        Payload.of(unsigned).is("{\"first\":1,\"last\":4294967295,\"step\":1}");
        Payload.of(kotlin.ranges.RangesKt.rangeTo(1.0, 2.0)).is("{\"endInclusive\":2.0,\"start\":1.0}");
        Payload.of(kotlin.sequences.SequencesKt.sequenceOf(1)).isRefused("evaluated when it is asked for its elements");
    }

    @Test
    void groovysTypes() {
        GroovyShell shell = new GroovyShell();
        Payload.of(shell.evaluate("def n = 1; \"a${n}\"")).is("\"a1\"").equalTo("a1");
        Payload.of(shell.evaluate("new Expando(a: 1, b: 'x')"))
                .is("{\"a\":1,\"b\":\"x\"}")
                .differsFrom(shell.evaluate("new Expando(a: 2)"))
                .at("/a", "1");
        Payload.of(shell.evaluate("new Tuple2('a', 1)")).is("[\"a\",1]");
        Payload.of(shell.evaluate("1..3")).is("[1,2,3]");
        Payload.of(shell.evaluate("new groovy.json.JsonSlurper().parseText('{\"a\":[1,2.50]}')"))
                .is("{\"a\":[1,2.5]}")
                .at("/a/0", "1");
        Payload.of(shell.evaluate("class P { String id; int n }; new P(id: 'a', n: 1)"))
                .is("{\"id\":\"a\",\"n\":1}");
        Payload.of(shell.evaluate("def c = new ConfigObject(); c.a.b = 1; c"))
                .is("{\"a\":{\"b\":1}}")
                .at("/a/b", "1");
    }

    @Test
    void vavrsTypes() {
        Payload.of(Option.of("x")).is("\"x\"").at("", "x");
        Payload.of(Option.none()).is("null");
        Payload.of(Either.left(1))
                .is("{\"left\":1}")
                .differsFrom(Either.right(1))
                .at("/left", "1");
        Payload.of(Try.success(1)).is("{\"success\":1}");
        Payload.of(Try.failure(new IllegalStateException("no")))
                .is("{\"failure\":{\"message\":\"no\",\"type\":\"java.lang.IllegalStateException\"}}");
        Payload.of(Validation.valid(1)).is("{\"valid\":1}").differsFrom(Validation.invalid(1));
        Payload.of(io.vavr.Tuple.of("a", 1)).is("[\"a\",1]").at("/1", "1");
        Payload.of(io.vavr.collection.List.of(1, 2))
                .is("[1,2]")
                .equalTo(List.of(1, 2))
                .equalTo(io.vavr.collection.Vector.of(1, 2))
                .at("/1", "2");
        Payload.of(io.vavr.collection.HashSet.of("b", "a")).is("[\"a\",\"b\"]");
        Payload.of(io.vavr.collection.HashMap.of("a", io.vavr.collection.List.of(1)))
                .is("{\"a\":[1]}")
                .at("/a/0", "1");
        Payload.of(io.vavr.collection.HashMultimap.withSeq().of("a", 1, "a", 2)).is("{\"a\":[1,2]}");
        Payload.of(io.vavr.collection.Stream.of(1)).isRefused("evaluated");
        Payload.of(io.vavr.Lazy.of(() -> 1)).isRefused("evaluated");
        Payload.of(io.vavr.concurrent.Future.successful(1)).isRefused("evaluated");
    }

    @Test
    void unsignedNumbersOfKotlin() throws Exception {
        Object box = kotlin.ULong.class.getMethod("box-impl", long.class).invoke(null, -1L);
        Payload.of(box)
                .is("18446744073709551615")
                .equalTo(BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE));
        Object small = kotlin.UByte.class.getMethod("box-impl", byte.class).invoke(null, (byte) -1);
        Payload.of(small).is("255");
        Object duration = kotlin.time.Duration.class
                .getMethod("box-impl", long.class)
                .invoke(
                        null,
                        kotlin.time.DurationKt.class
                                .getMethod("toDuration", int.class, kotlin.time.DurationUnit.class)
                                .invoke(null, 90, kotlin.time.DurationUnit.SECONDS));
        Payload.of(duration).is("\"PT1M30S\"");
        Object result = kotlin.Result.class.getMethod("box-impl", Object.class).invoke(null, "x");
        Payload.of(result).is("\"x\"");
        Object failed = kotlin.ResultKt.createFailure(new IllegalStateException("no"));
        Payload.of(failed).is("{\"failure\":{\"message\":\"no\",\"type\":\"java.lang.IllegalStateException\"}}");
    }
}
