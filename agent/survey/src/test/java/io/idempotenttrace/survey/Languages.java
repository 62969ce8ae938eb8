package io.idempotenttrace.survey;

import arrow.core.Either;
import groovy.json.JsonSlurper;
import groovy.lang.IntRange;
import groovy.lang.ObjectRange;
import groovy.util.ConfigObject;
import groovy.util.Expando;
import groovy.util.Node;
import io.vavr.Tuple;
import io.vavr.control.Try;
import io.vavr.control.Validation;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import kotlin.Pair;
import kotlin.Triple;
import kotlin.UInt;
import kotlin.ULong;
import kotlin.ranges.CharRange;
import kotlin.ranges.LongRange;
import kotlin.text.Regex;
import kotlinx.collections.immutable.ExtensionsKt;
import kotlinx.serialization.json.Json;
import kotlinx.serialization.json.JsonElement;
import org.codehaus.groovy.runtime.GStringImpl;
import scala.Some;
import scala.Symbol;
import scala.Tuple2;
import scala.Tuple3;
import scala.collection.immutable.Nil$;
import scala.collection.immutable.Range$;
import scala.concurrent.duration.FiniteDuration;
import scala.jdk.javaapi.CollectionConverters;
import scala.math.BigDecimal;
import scala.math.BigInt;
import scala.util.Left;
import scala.util.Right;
import scala.util.Success;

/** Types of the JVM's other languages, and of functional Java. */
final class Languages {

    private Languages() {}

    static void add(Survey survey) {
        kotlin(survey);
        kotlinx(survey);
        scala(survey);
        groovy(survey);
        vavr(survey);
    }

    private static void kotlin(Survey survey) {
        Library library = survey.library("org.jetbrains.kotlin:kotlin-stdlib", "each program in Kotlin");
        library.type("Pair", () -> new Pair<>("a", 1))
                .part("first", () -> new Pair<>("b", 1))
                .part("second", () -> new Pair<>("a", 2));
        library.type("Triple", () -> new Triple<>("a", 1, 2)).part("third", () -> new Triple<>("a", 1, 3));
        library.type("IntRange", () -> new kotlin.ranges.IntRange(1, 3))
                .part("end", () -> new kotlin.ranges.IntRange(1, 4))
                .part("start", () -> new kotlin.ranges.IntRange(0, 3));
        library.type("IntProgression", () -> kotlin.ranges.IntProgression.Companion.fromClosedRange(1, 9, 2))
                .part("step", () -> kotlin.ranges.IntProgression.Companion.fromClosedRange(1, 9, 4));
        library.type("LongRange", () -> new LongRange(1, 3)).part("end", () -> new LongRange(1, 4));
        library.type("CharRange", () -> new CharRange('a', 'c')).part("end", () -> new CharRange('a', 'd'));
        library.type("ClosedRange", () -> kotlin.ranges.RangesKt.rangeTo("a", "c"))
                .part("end", () -> kotlin.ranges.RangesKt.rangeTo("a", "d"));
        library.type("Regex", () -> new Regex("a"))
                .part("pattern", () -> new Regex("b"))
                .part("option", () -> new Regex("a", kotlin.text.RegexOption.IGNORE_CASE));
        library.type("UInt", () -> boxed(UInt.class, int.class, -1))
                .part("value", () -> boxed(UInt.class, int.class, -2));
        library.type("ULong", () -> boxed(ULong.class, long.class, -1L))
                .part("value", () -> boxed(ULong.class, long.class, -2L));
        library.type("Duration", () -> boxed(kotlin.time.Duration.class, long.class, 4L))
                .part("value", () -> boxed(kotlin.time.Duration.class, long.class, 6L));
        library.type("Result", () -> boxed(kotlin.Result.class, Object.class, "a"))
                .part("value", () -> boxed(kotlin.Result.class, Object.class, "b"))
                .part(
                        "failure",
                        () -> boxed(
                                kotlin.Result.class,
                                Object.class,
                                kotlin.ResultKt.createFailure(new IllegalStateException("a"))))
                .part(
                        "other failure",
                        () -> boxed(
                                kotlin.Result.class,
                                Object.class,
                                kotlin.ResultKt.createFailure(new IllegalStateException("b"))));
        library.type("kotlin.time.Instant", () -> kotlin.time.Instant.Companion.fromEpochSeconds(1, 2))
                .part("nanosecond", () -> kotlin.time.Instant.Companion.fromEpochSeconds(1, 3));
        library.type("Uuid", () -> kotlin.uuid.Uuid.Companion.parse("01020304-0506-7708-8910-111213141516"))
                .part("digit", () -> kotlin.uuid.Uuid.Companion.parse("01020304-0506-7708-8910-111213141517"));
        library.type("IndexedValue", () -> new kotlin.collections.IndexedValue<>(1, "a"))
                .part("value", () -> new kotlin.collections.IndexedValue<>(1, "b"));
        library.type("Lazy", () -> kotlin.LazyKt.lazyOf("a")).part("value", () -> kotlin.LazyKt.lazyOf("b"));
        library.type("ArrayDeque", () -> new kotlin.collections.ArrayDeque<>(List.of(1, 2)))
                .part("element", () -> new kotlin.collections.ArrayDeque<>(List.of(1, 3)));
        library.type("Unit in a list", () -> List.of(kotlin.Unit.INSTANCE, 1))
                .part("next element", () -> List.of(kotlin.Unit.INSTANCE, 2));
    }

    /** An object of an inline class, as it is where it stands in a container. */
    private static Object boxed(Class<?> type, Class<?> held, Object value) throws Exception {
        var box = type.getDeclaredMethod("box-impl", held);
        box.setAccessible(true);
        return box.invoke(null, value);
    }

    private static void kotlinx(Survey survey) {
        Library json =
                survey.library("org.jetbrains.kotlinx:kotlinx-serialization-json-jvm", "JSON of Ktor and of Android");
        json.type("JsonObject", () -> element("{\"a\":1,\"b\":\"x\"}"))
                .same(() -> element("{\"b\":\"x\",\"a\":1}"))
                .part("number", () -> element("{\"a\":2,\"b\":\"x\"}"))
                .part("text", () -> element("{\"a\":1,\"b\":\"y\"}"))
                .part("text for number", () -> element("{\"a\":\"1\",\"b\":\"x\"}"));
        json.type("JsonArray", () -> element("[1,{\"a\":true}]"))
                .part("element", () -> element("[2,{\"a\":true}]"))
                .part("nested", () -> element("[1,{\"a\":null}]"));
        json.type("JsonPrimitive", () -> element("1"))
                .part("number", () -> element("2"))
                .partOfPayload("text", () -> element("\"1\""));

        Library immutable =
                survey.library("org.jetbrains.kotlinx:kotlinx-collections-immutable-jvm", "states of Compose");
        immutable
                .type("PersistentList", () -> ExtensionsKt.persistentListOf(1, 2))
                .part("element", () -> ExtensionsKt.persistentListOf(1, 3));
        immutable
                .type("PersistentMap", () -> ExtensionsKt.persistentMapOf(new Pair<>("a", 1)))
                .part("value", () -> ExtensionsKt.persistentMapOf(new Pair<>("a", 2)));
        immutable
                .type("PersistentSet", () -> ExtensionsKt.persistentSetOf(1, 2))
                .same(() -> ExtensionsKt.persistentSetOf(2, 1))
                .part("element", () -> ExtensionsKt.persistentSetOf(1, 3));

        Library functional = survey.library("io.arrow-kt:arrow-core-jvm", "functional Kotlin");
        functional
                .type("Either", () -> new Either.Right<>("a"))
                .part("value", () -> new Either.Right<>("b"))
                .part("side", () -> new Either.Left<>("a"));
        functional
                .type("Option", () -> new arrow.core.Some<>("a"))
                .part("value", () -> new arrow.core.Some<>("b"))
                .part("nothing", () -> arrow.core.None.INSTANCE);
        functional
                .type("Tuple4", () -> new arrow.core.Tuple4<>(1, 2, 3, 4))
                .part("fourth", () -> new arrow.core.Tuple4<>(1, 2, 3, 5));
    }

    private static JsonElement element(String text) {
        return Json.Default.parseToJsonElement(text);
    }

    private static <T> scala.collection.immutable.Seq<T> seq(List<T> elements) {
        return CollectionConverters.asScala(elements).toSeq();
    }

    private static void scala(Survey survey) {
        Library library = survey.library("org.scala-lang:scala-library", "each program in Scala");
        library.type("Some", () -> new Some<>("a"))
                .part("value", () -> new Some<>("b"))
                .part("None", () -> scala.None$.MODULE$);
        library.type("Tuple2", () -> new Tuple2<>("a", 1))
                .part("first", () -> new Tuple2<>("b", 1))
                .part("second", () -> new Tuple2<>("a", 2));
        library.type("Tuple2 of numbers", () -> new scala.Tuple2$mcII$sp(1, 2))
                .part("second", () -> new scala.Tuple2$mcII$sp(1, 3));
        library.type("Tuple3", () -> new Tuple3<>("a", 1, 2)).part("third", () -> new Tuple3<>("a", 1, 3));
        library.type("List", () -> seq(List.of(1, 2)).toList())
                .part("element", () -> seq(List.of(1, 3)).toList())
                .part("order", () -> seq(List.of(2, 1)).toList())
                .part("Nil", () -> Nil$.MODULE$);
        library.type("Vector", () -> seq(List.of(1, 2)).toVector())
                .part("element", () -> seq(List.of(1, 3)).toVector());
        library.type("Set", () -> seq(List.of(1, 2)).toSet())
                .same(() -> seq(List.of(2, 1)).toSet())
                .part("element", () -> seq(List.of(1, 3)).toSet());
        library.type("HashSet", () -> seq(List.of(1, 2, 3, 4, 5, 6)).toSet())
                .same(() -> seq(List.of(6, 5, 4, 3, 2, 1)).toSet())
                .part("element", () -> seq(List.of(1, 2, 3, 4, 5, 7)).toSet());
        library.type("Map", () -> map("a", 1, "b", 2))
                .same(() -> map("b", 2, "a", 1))
                .part("value", () -> map("a", 1, "b", 3))
                .part("key", () -> map("a", 1, "c", 2));
        library.type("mutable.HashMap", () -> mutable("a", 1))
                .part("value", () -> mutable("a", 2))
                .part("key", () -> mutable("b", 1));
        library.type(
                        "ArrayBuffer",
                        () -> new scala.collection.mutable.ArrayBuffer<Object>()
                                .addOne(1)
                                .addOne(2))
                .part(
                        "element",
                        () -> new scala.collection.mutable.ArrayBuffer<Object>()
                                .addOne(1)
                                .addOne(3));
        library.type("Range", () -> Range$.MODULE$.inclusive(1, 3)).part("end", () -> Range$.MODULE$.inclusive(1, 4));
        library.type("BigDecimal", () -> new BigDecimal(new java.math.BigDecimal("1.5")))
                .part("value", () -> new BigDecimal(new java.math.BigDecimal("1.25")));
        library.type("BigInt", () -> new BigInt(BigInteger.ONE)).part("value", () -> new BigInt(BigInteger.TWO));
        library.type("Either", () -> new Right<>("a"))
                .part("value", () -> new Right<>("b"))
                .part("side", () -> new Left<>("a"));
        library.type("Try", () -> new Success<>("a"))
                .part("value", () -> new Success<>("b"))
                .part("failure", () -> new scala.util.Failure<>(new IllegalStateException("x")));
        library.type("Symbol", () -> Symbol.apply("a")).part("name", () -> Symbol.apply("b"));
        library.type("FiniteDuration", () -> new FiniteDuration(1, java.util.concurrent.TimeUnit.SECONDS))
                .part("length", () -> new FiniteDuration(2, java.util.concurrent.TimeUnit.SECONDS))
                .part("unit", () -> new FiniteDuration(1, java.util.concurrent.TimeUnit.MINUTES));
        library.type("case class", () -> new CaseClass("a", 1))
                .part("first", () -> new CaseClass("b", 1))
                .part("second", () -> new CaseClass("a", 2));
        library.type("Option in a Map", () -> map("a", new Some<>(1), "b", 2))
                .part("value", () -> map("a", new Some<>(2), "b", 2));
        library.type("Map as Java's", () -> CollectionConverters.asJava(map("a", 1, "b", 2)))
                .part("value", () -> CollectionConverters.asJava(map("a", 1, "b", 3)));
    }

    /** As Scala's compiler writes a case class: accessors of the parameters' own names, and no getter. */
    public static final class CaseClass implements scala.Product, java.io.Serializable {

        private static final long serialVersionUID = 1L;
        private final String name;
        private final int count;

        CaseClass(String name, int count) {
            this.name = name;
            this.count = count;
        }

        public String name() {
            return name;
        }

        public int count() {
            return count;
        }

        @Override
        public int productArity() {
            return 2;
        }

        @Override
        public Object productElement(int index) {
            return index == 0 ? (Object) name : (Integer) count;
        }

        @Override
        public String productPrefix() {
            return "CaseClass";
        }

        @Override
        public String productElementName(int index) {
            return index == 0 ? "name" : "count";
        }

        @Override
        public scala.collection.Iterator<Object> productIterator() {
            return scala.collection.Iterator$.MODULE$.apply(seq(List.of(name, count)));
        }

        @Override
        public scala.collection.Iterator<String> productElementNames() {
            return scala.collection.Iterator$.MODULE$.apply(seq(List.of("name", "count")));
        }

        @Override
        public boolean canEqual(Object other) {
            return other instanceof CaseClass;
        }
    }

    private static scala.collection.immutable.Map<String, Object> map(
            String firstName, Object first, String secondName, Object second) {
        scala.collection.immutable.Map<String, Object> empty = scala.collection.immutable.Map$.MODULE$.empty();
        return (scala.collection.immutable.Map<String, Object>)
                empty.updated(firstName, first).updated(secondName, second);
    }

    private static Object mutable(String name, Object value) {
        var map = new scala.collection.mutable.HashMap<String, Object>();
        map.put(name, value);
        return map;
    }

    private static void groovy(Survey survey) {
        Library library = survey.library("org.apache.groovy:groovy", "scripts, Gradle, Jenkins, Grails");
        library.type("GString", () -> new GStringImpl(new Object[] {1}, new String[] {"a", "b"}))
                .same(() -> "a1b")
                .part("value", () -> new GStringImpl(new Object[] {2}, new String[] {"a", "b"}))
                .part("text", () -> new GStringImpl(new Object[] {1}, new String[] {"a", "c"}));
        library.type("Tuple2", () -> new groovy.lang.Tuple2<>("a", 1))
                .part("second", () -> new groovy.lang.Tuple2<>("a", 2));
        library.type("Expando", () -> new Expando(new java.util.HashMap<>(Map.of("a", 1))))
                .part("value", () -> new Expando(new java.util.HashMap<>(Map.of("a", 2))));
        library.type("IntRange", () -> new IntRange(1, 3)).part("end", () -> new IntRange(1, 4));
        library.type("ObjectRange", () -> new ObjectRange('a', 'c')).part("end", () -> new ObjectRange('a', 'd'));
        library.type("ConfigObject", () -> config(1)).part("value", () -> config(2));
        library.type("LazyMap", () -> new JsonSlurper().parseText("{\"a\":1,\"b\":[1]}"))
                .same(() -> new JsonSlurper().parseText("{\"b\":[1],\"a\":1}"))
                .part("value", () -> new JsonSlurper().parseText("{\"a\":2,\"b\":[1]}"))
                .part("element", () -> new JsonSlurper().parseText("{\"a\":1,\"b\":[2]}"));
        library.type("Node", () -> new Node(null, "a", Map.of("b", "c")))
                .part("attribute", () -> new Node(null, "a", Map.of("b", "d")))
                .part("name", () -> new Node(null, "b", Map.of("b", "c")));
    }

    private static Object config(int value) {
        ConfigObject config = new ConfigObject();
        config.put("a", value);
        return config;
    }

    private static void vavr(Survey survey) {
        Library library = survey.library("io.vavr:vavr", "functional Java");
        library.type("Option", () -> io.vavr.control.Option.of("a"))
                .part("value", () -> io.vavr.control.Option.of("b"))
                .part("nothing", io.vavr.control.Option::none);
        library.type("List", () -> io.vavr.collection.List.of(1, 2))
                .part("element", () -> io.vavr.collection.List.of(1, 3))
                .part("order", () -> io.vavr.collection.List.of(2, 1));
        library.type("Vector", () -> io.vavr.collection.Vector.of(1, 2))
                .part("element", () -> io.vavr.collection.Vector.of(1, 3));
        library.type("HashSet", () -> io.vavr.collection.HashSet.of(1, 2))
                .same(() -> io.vavr.collection.HashSet.of(2, 1))
                .part("element", () -> io.vavr.collection.HashSet.of(1, 3));
        library.type("HashMap", () -> io.vavr.collection.HashMap.of("a", 1, "b", 2))
                .same(() -> io.vavr.collection.HashMap.of("b", 2, "a", 1))
                .part("value", () -> io.vavr.collection.HashMap.of("a", 1, "b", 3))
                .part("key", () -> io.vavr.collection.HashMap.of("a", 1, "c", 2));
        library.type("LinkedHashMap", () -> io.vavr.collection.LinkedHashMap.of("a", 1))
                .part("value", () -> io.vavr.collection.LinkedHashMap.of("a", 2));
        library.type("Tuple2", () -> Tuple.of("a", 1))
                .part("first", () -> Tuple.of("b", 1))
                .part("second", () -> Tuple.of("a", 2));
        library.type("Either", () -> io.vavr.control.Either.right("a"))
                .part("value", () -> io.vavr.control.Either.right("b"))
                .part("side", () -> io.vavr.control.Either.left("a"));
        library.type("Try", () -> Try.success("a"))
                .part("value", () -> Try.success("b"))
                .part("failure", () -> Try.failure(new IllegalStateException("x")));
        library.type("Validation", () -> Validation.valid("a"))
                .part("value", () -> Validation.valid("b"))
                .part("kind", () -> Validation.invalid("a"));
        library.type("Lazy", () -> io.vavr.Lazy.of(() -> "a")).part("value", () -> io.vavr.Lazy.of(() -> "b"));
        library.type("CharSeq", () -> io.vavr.collection.CharSeq.of("a"))
                .part("text", () -> io.vavr.collection.CharSeq.of("b"));
        library.type("Multimap", () -> io.vavr.collection.HashMultimap.withSeq().of("a", 1))
                .part("value", () -> io.vavr.collection.HashMultimap.withSeq().of("a", 2));
    }
}
