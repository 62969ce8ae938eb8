package io.idempotenttrace.survey;

import com.carrotsearch.hppc.IntArrayList;
import com.carrotsearch.hppc.IntHashSet;
import com.carrotsearch.hppc.LongIntHashMap;
import com.google.common.base.Optional;
import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.ArrayTable;
import com.google.common.collect.HashBasedTable;
import com.google.common.collect.HashBiMap;
import com.google.common.collect.HashMultimap;
import com.google.common.collect.HashMultiset;
import com.google.common.collect.ImmutableBiMap;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableRangeMap;
import com.google.common.collect.ImmutableRangeSet;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSetMultimap;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableTable;
import com.google.common.collect.Range;
import com.google.common.hash.HashCode;
import com.google.common.io.ByteSource;
import com.google.common.net.HostAndPort;
import com.google.common.net.InternetDomainName;
import com.google.common.net.MediaType;
import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.UnsignedInteger;
import com.google.common.primitives.UnsignedLong;
import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import it.unimi.dsi.fastutil.longs.Long2LongOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import it.unimi.dsi.fastutil.objects.Object2ObjectLinkedOpenHashMap;
import it.unimi.dsi.fastutil.objects.Object2ObjectOpenHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.collections4.bag.HashBag;
import org.apache.commons.collections4.bidimap.DualHashBidiMap;
import org.apache.commons.collections4.keyvalue.MultiKey;
import org.apache.commons.collections4.list.TreeList;
import org.apache.commons.collections4.map.CaseInsensitiveMap;
import org.apache.commons.collections4.map.HashedMap;
import org.apache.commons.collections4.map.LinkedMap;
import org.apache.commons.collections4.map.MultiKeyMap;
import org.apache.commons.collections4.multimap.ArrayListValuedHashMap;
import org.apache.commons.collections4.multiset.HashMultiSet;
import org.apache.commons.collections4.queue.CircularFifoQueue;
import org.apache.commons.collections4.trie.PatriciaTrie;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.lang3.BitField;
import org.apache.commons.lang3.IntegerRange;
import org.apache.commons.lang3.math.Fraction;
import org.apache.commons.lang3.mutable.MutableBoolean;
import org.apache.commons.lang3.mutable.MutableInt;
import org.apache.commons.lang3.mutable.MutableObject;
import org.apache.commons.lang3.text.StrBuilder;
import org.apache.commons.lang3.tuple.MutablePair;
import org.apache.commons.lang3.tuple.Pair;
import org.apache.commons.lang3.tuple.Triple;
import org.apache.commons.math3.complex.Complex;
import org.apache.commons.math3.geometry.euclidean.threed.Vector3D;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.eclipse.collections.api.factory.Bags;
import org.eclipse.collections.api.factory.Lists;
import org.eclipse.collections.api.factory.Maps;
import org.eclipse.collections.api.factory.Sets;
import org.eclipse.collections.api.factory.primitive.IntLists;
import org.eclipse.collections.api.factory.primitive.IntSets;
import org.eclipse.collections.api.factory.primitive.LongLists;
import org.eclipse.collections.api.factory.primitive.ObjectIntMaps;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.TreePVector;
import org.roaringbitmap.RoaringBitmap;
import reactor.util.function.Tuples;

/** Containers, tuples and holders beside those of the JDK. */
final class Containers {

    private Containers() {}

    static void add(Survey survey) {
        guava(survey);
        guavaValues(survey);
        lang(survey);
        commons(survey);
        eclipse(survey);
        primitives(survey);
    }

    private static void guava(Survey survey) {
        Library library = survey.library("com.google.guava:guava", "Google's, in half of all artefacts");
        library.type("ImmutableList", () -> ImmutableList.of(1, 2))
                .same(() -> List.of(1, 2))
                .part("element", () -> ImmutableList.of(1, 3));
        library.type("ImmutableSet", () -> ImmutableSet.of(1, 2))
                .same(() -> ImmutableSet.of(2, 1))
                .part("element", () -> ImmutableSet.of(1, 3));
        library.type("ImmutableMap", () -> ImmutableMap.of("a", 1, "b", 2))
                .same(() -> ImmutableMap.of("b", 2, "a", 1))
                .part("value", () -> ImmutableMap.of("a", 1, "b", 3));
        library.type("ImmutableSortedMap", () -> ImmutableSortedMap.of("a", 1))
                .part("value", () -> ImmutableSortedMap.of("a", 2));
        library.type(
                        "values of a HashMultimap",
                        () -> HashMultimap.create(ImmutableListMultimap.of("a", 1, "b", 2))
                                .values())
                .same(() -> HashMultimap.create(ImmutableListMultimap.of("b", 2, "a", 1))
                        .values())
                .part(
                        "value",
                        () -> HashMultimap.create(ImmutableListMultimap.of("a", 1, "b", 3))
                                .values());
        library.type(
                        "values of an ArrayListMultimap",
                        () -> ArrayListMultimap.create(ImmutableListMultimap.of("a", 1, "a", 2))
                                .values())
                .part(
                        "order",
                        () -> ArrayListMultimap.create(ImmutableListMultimap.of("a", 2, "a", 1))
                                .values());
        library.type("ArrayListMultimap", () -> ArrayListMultimap.create(ImmutableListMultimap.of("a", 1, "a", 2)))
                .part("value", () -> ArrayListMultimap.create(ImmutableListMultimap.of("a", 1, "a", 3)))
                .part("order of values", () -> ArrayListMultimap.create(ImmutableListMultimap.of("a", 2, "a", 1)));
        library.type("ImmutableListMultimap", () -> ImmutableListMultimap.of("a", 1, "b", 2))
                .same(() -> ImmutableListMultimap.of("b", 2, "a", 1))
                .part("value", () -> ImmutableListMultimap.of("a", 1, "b", 3))
                .part("exchanged", () -> ImmutableListMultimap.of("a", 2, "b", 1));
        library.type("ImmutableSetMultimap", () -> ImmutableSetMultimap.of("a", 1, "a", 2))
                .same(() -> ImmutableSetMultimap.of("a", 2, "a", 1))
                .part("value", () -> ImmutableSetMultimap.of("a", 1, "a", 3));
        library.type("HashMultiset", () -> HashMultiset.create(List.of("a", "a", "b")))
                .same(() -> HashMultiset.create(List.of("b", "a", "a")))
                .part("count", () -> HashMultiset.create(List.of("a", "b", "b")))
                .part("one less", () -> HashMultiset.create(List.of("a", "b")));
        library.type("HashBiMap", () -> HashBiMap.create(Map.of("a", 1)))
                .part("value", () -> HashBiMap.create(Map.of("a", 2)));
        library.type("ImmutableBiMap", () -> ImmutableBiMap.of("a", 1)).part("value", () -> ImmutableBiMap.of("a", 2));
        library.type("HashBasedTable", () -> table("r", "c", 1))
                .part("row", () -> table("s", "c", 1))
                .part("column", () -> table("r", "d", 1))
                .part("value", () -> table("r", "c", 2));
        library.type("ImmutableTable", () -> ImmutableTable.of("r", "c", 1))
                .part("value", () -> ImmutableTable.of("r", "c", 2))
                .part("row", () -> ImmutableTable.of("s", "c", 1));
        library.type("ArrayTable", () -> ArrayTable.create(ImmutableTable.of("r", "c", 1)))
                .part("value", () -> ArrayTable.create(ImmutableTable.of("r", "c", 2)));
        library.type("Range", () -> Range.closed(1, 2))
                .part("upper", () -> Range.closed(1, 3))
                .part("lower", () -> Range.closed(0, 2))
                .part("bound", () -> Range.open(1, 2))
                .part("endless", () -> Range.atLeast(1));
        library.type("ImmutableRangeSet", () -> ImmutableRangeSet.of(Range.closed(1, 2)))
                .part("range", () -> ImmutableRangeSet.of(Range.closed(1, 3)));
        library.type("ImmutableRangeMap", () -> ImmutableRangeMap.of(Range.closed(1, 2), "a"))
                .part("value", () -> ImmutableRangeMap.of(Range.closed(1, 2), "b"))
                .part("range", () -> ImmutableRangeMap.of(Range.closed(1, 3), "a"));
        library.type("EvictingQueue", () -> evicting(2, "a")).part("element", () -> evicting(2, "b"));
    }

    private static Object table(String row, String column, int value) {
        var table = HashBasedTable.<String, String, Integer>create();
        table.put(row, column, value);
        return table;
    }

    private static Object evicting(int size, String element) {
        var queue = com.google.common.collect.EvictingQueue.<String>create(size);
        queue.add(element);
        return queue;
    }

    private static void guavaValues(Survey survey) {
        Library library = survey.library("com.google.guava:guava (values)", "Google's, in half of all artefacts");
        library.type("Optional", () -> Optional.of("a"))
                .part("value", () -> Optional.of("b"))
                .part("nothing", Optional::absent);
        library.type("HashCode", () -> HashCode.fromInt(1)).part("bits", () -> HashCode.fromInt(2));
        library.type("HashCode of 64 bits", () -> HashCode.fromLong(1)).part("bits", () -> HashCode.fromLong(2));
        library.type("HashCode of bytes", () -> HashCode.fromString("0102030405060708091011121314151617"))
                .part("last byte", () -> HashCode.fromString("0102030405060708091011121314151618"));
        library.type("InternetDomainName", () -> InternetDomainName.from("a.com"))
                .part("name", () -> InternetDomainName.from("b.com"));
        library.type("HostAndPort", () -> HostAndPort.fromParts("a", 1))
                .part("host", () -> HostAndPort.fromParts("b", 1))
                .part("port", () -> HostAndPort.fromParts("a", 2))
                .part("no port", () -> HostAndPort.fromHost("a"));
        library.type("MediaType", () -> MediaType.create("a", "b"))
                .part("subtype", () -> MediaType.create("a", "c"))
                .part("parameter", () -> MediaType.create("a", "b").withParameter("x", "y"));
        library.type("UnsignedLong", () -> UnsignedLong.fromLongBits(-1))
                .part("value", () -> UnsignedLong.fromLongBits(-2));
        library.type("UnsignedInteger", () -> UnsignedInteger.fromIntBits(-1))
                .part("value", () -> UnsignedInteger.fromIntBits(-2));
        library.type("ImmutableIntArray", () -> ImmutableIntArray.of(1, 2))
                .part("element", () -> ImmutableIntArray.of(1, 3));
        library.type("ByteSource", () -> ByteSource.wrap(new byte[] {1}))
                .part("bytes", () -> ByteSource.wrap(new byte[] {2}));
        library.type("AtomicDouble", () -> new com.google.common.util.concurrent.AtomicDouble(1.5))
                .part("value", () -> new com.google.common.util.concurrent.AtomicDouble(1.25));
        library.type("AtomicLongMap", () -> com.google.common.util.concurrent.AtomicLongMap.create(Map.of("a", 1L)))
                .part("value", () -> com.google.common.util.concurrent.AtomicLongMap.create(Map.of("a", 2L)));
    }

    private static void lang(Survey survey) {
        Library library = survey.library("org.apache.commons:commons-lang3", "Apache's, in half of all artefacts");
        library.type("ImmutablePair", () -> Pair.of("a", 1))
                .part("left", () -> Pair.of("b", 1))
                .part("right", () -> Pair.of("a", 2));
        library.type("MutablePair", () -> MutablePair.of("a", 1))
                .part("left", () -> MutablePair.of("b", 1))
                .part("right", () -> MutablePair.of("a", 2));
        library.type("Triple", () -> Triple.of("a", 1, 2))
                .part("left", () -> Triple.of("b", 1, 2))
                .part("middle", () -> Triple.of("a", 3, 2))
                .part("right", () -> Triple.of("a", 1, 3));
        library.type("MutableInt", () -> new MutableInt(1)).part("value", () -> new MutableInt(2));
        library.type("MutableBoolean", () -> new MutableBoolean(true)).part("value", () -> new MutableBoolean(false));
        library.type("MutableObject", () -> new MutableObject<>("a")).part("value", () -> new MutableObject<>("b"));
        library.type("Range", () -> org.apache.commons.lang3.Range.between(1, 2))
                .part("maximum", () -> org.apache.commons.lang3.Range.between(1, 3));
        library.type("IntegerRange", () -> IntegerRange.of(1, 2))
                .part("maximum", () -> IntegerRange.of(1, 3))
                .part("minimum", () -> IntegerRange.of(0, 2));
        library.type("Fraction", () -> Fraction.getFraction(1, 2))
                .part("denominator", () -> Fraction.getFraction(1, 3))
                .part("numerator", () -> Fraction.getFraction(3, 2));
        library.type("BitField", () -> new BitField(1)).part("mask", () -> new BitField(2));
        library.type("StrBuilder", () -> new StrBuilder("a")).part("text", () -> new StrBuilder("b"));
        library.type(
                        "ContextedRuntimeException",
                        () -> new org.apache.commons.lang3.exception.ContextedRuntimeException("a")
                                .addContextValue("k", 1))
                .part(
                        "value",
                        () -> new org.apache.commons.lang3.exception.ContextedRuntimeException("a")
                                .addContextValue("k", 2));
    }

    private static void commons(Survey survey) {
        Library library = survey.library("org.apache.commons:commons-collections4", "more containers of Apache");
        library.type("HashBag of elements with one hash code", () -> new HashBag<>(List.of("Aa", "BB")))
                .same(() -> new HashBag<>(List.of("BB", "Aa")))
                .part("element", () -> new HashBag<>(List.of("BB", "BB")));
        library.type("HashBag", () -> new HashBag<>(List.of("a", "a", "b")))
                .same(() -> new HashBag<>(List.of("b", "a", "a")))
                .part("count", () -> new HashBag<>(List.of("a", "b", "b")));
        library.type("HashMultiSet", () -> new HashMultiSet<>(List.of("a", "a", "b")))
                .same(() -> new HashMultiSet<>(List.of("b", "a", "a")))
                .part("count", () -> new HashMultiSet<>(List.of("a", "b", "b")));
        library.type("DualHashBidiMap", () -> new DualHashBidiMap<>(Map.of("a", 1)))
                .part("value", () -> new DualHashBidiMap<>(Map.of("a", 2)));
        library.type("MultiKey", () -> new MultiKey<>("a", "b")).part("second key", () -> new MultiKey<>("a", "c"));
        library.type("MultiKeyMap", () -> multiKeyMap("a")).part("key", () -> multiKeyMap("c"));
        library.type("ArrayListValuedHashMap", () -> valued(1)).part("value", () -> valued(2));
        library.type("CaseInsensitiveMap", () -> new CaseInsensitiveMap<>(Map.of("a", 1)))
                .part("value", () -> new CaseInsensitiveMap<>(Map.of("a", 2)));
        library.type("LinkedMap", () -> new LinkedMap<>(Map.of("a", 1)))
                .part("value", () -> new LinkedMap<>(Map.of("a", 2)));
        library.type("values of a HashedMap", () -> colliding(new HashedMap<>(), "Aa", "BB"))
                .same(() -> colliding(new HashedMap<>(), "BB", "Aa"))
                .part("value", () -> colliding(new HashedMap<>(), "BB", "C"));
        library.type("values of a LinkedMap", () -> colliding(new LinkedMap<>(), "Aa", "BB"))
                .part("order", () -> colliding(new LinkedMap<>(), "BB", "Aa"));
        library.type("TreeList", () -> new TreeList<>(List.of(1, 2)))
                .part("element", () -> new TreeList<>(List.of(1, 3)));
        library.type("CircularFifoQueue", () -> new CircularFifoQueue<>(List.of(1, 2)))
                .part("element", () -> new CircularFifoQueue<>(List.of(1, 3)));
        library.type("PatriciaTrie", () -> new PatriciaTrie<>(Map.of("a", 1)))
                .part("value", () -> new PatriciaTrie<>(Map.of("a", 2)));

        Library csv = survey.library("org.apache.commons:commons-csv", "rows of text files");
        csv.type("CSVRecord", () -> row("a,b\n1,2"))
                .part("value", () -> row("a,b\n1,3"))
                .part("name", () -> row("a,c\n1,2"));
        csv.type("CSVFormat", () -> CSVFormat.DEFAULT).part("delimiter", () -> CSVFormat.TDF);

        Library math = survey.library("org.apache.commons:commons-math3", "numbers of science");
        math.type("Complex", () -> new Complex(1, 2))
                .part("real", () -> new Complex(3, 2))
                .part("imaginary", () -> new Complex(1, 3));
        math.type("Vector3D", () -> new Vector3D(1, 2, 3))
                .part("x", () -> new Vector3D(0, 2, 3))
                .part("z", () -> new Vector3D(1, 2, 4));
        math.type("ArrayRealVector", () -> new ArrayRealVector(new double[] {1, 2}))
                .part("element", () -> new ArrayRealVector(new double[] {1, 3}));
        math.type("RealMatrix", () -> new Array2DRowRealMatrix(new double[][] {{1, 2}}))
                .part("element", () -> new Array2DRowRealMatrix(new double[][] {{1, 3}}))
                .part("shape", () -> new Array2DRowRealMatrix(new double[][] {{1}, {2}}));
        math.type("Fraction", () -> new org.apache.commons.math3.fraction.Fraction(1, 2))
                .part("denominator", () -> new org.apache.commons.math3.fraction.Fraction(1, 3));
    }

    /** The values of a map whose keys have one hash code. */
    private static Object colliding(Map<String, String> map, String... keys) {
        for (String key : keys) {
            map.put(key, key);
        }
        return map.values();
    }

    private static Object multiKeyMap(String key) {
        MultiKeyMap<String, Integer> map = new MultiKeyMap<>();
        map.put(key, "b", 1);
        return map;
    }

    private static Object valued(int value) {
        ArrayListValuedHashMap<String, Integer> map = new ArrayListValuedHashMap<>();
        map.put("a", value);
        return map;
    }

    private static Object row(String text) throws Exception {
        return CSVParser.parse(
                        text,
                        CSVFormat.DEFAULT
                                .builder()
                                .setHeader()
                                .setSkipHeaderRecord(true)
                                .get())
                .getRecords()
                .get(0);
    }

    private static void eclipse(Survey survey) {
        Library library = survey.library("org.eclipse.collections:eclipse-collections", "containers of banks");
        library.type("FastList", () -> Lists.mutable.of(1, 2)).part("element", () -> Lists.mutable.of(1, 3));
        library.type("ImmutableList", () -> Lists.immutable.of(1, 2))
                .part("element", () -> Lists.immutable.of(1, 3))
                .part("order", () -> Lists.immutable.of(2, 1));
        library.type("ImmutableSet", () -> Sets.immutable.of(1, 2))
                .same(() -> Sets.immutable.of(2, 1))
                .part("element", () -> Sets.immutable.of(1, 3));
        library.type("UnifiedSet", () -> Sets.mutable.of(1, 2))
                .same(() -> Sets.mutable.of(2, 1))
                .part("element", () -> Sets.mutable.of(1, 3));
        library.type("UnifiedMap", () -> Maps.mutable.of("a", 1)).part("value", () -> Maps.mutable.of("a", 2));
        library.type("values of a UnifiedMap", () -> colliding(Maps.mutable.empty(), "Aa", "BB"))
                .same(() -> colliding(Maps.mutable.empty(), "BB", "Aa"))
                .part("value", () -> colliding(Maps.mutable.empty(), "BB", "C"));
        library.type("ImmutableMap", () -> Maps.immutable.of("a", 1, "b", 2))
                .same(() -> Maps.immutable.of("b", 2, "a", 1))
                .part("value", () -> Maps.immutable.of("a", 1, "b", 3))
                .part("key", () -> Maps.immutable.of("a", 1, "c", 2));
        library.type("HashBag", () -> Bags.mutable.of("a", "a", "b"))
                .same(() -> Bags.mutable.of("b", "a", "a"))
                .part("count", () -> Bags.mutable.of("a", "b", "b"));
        library.type("ImmutableBag", () -> Bags.immutable.of("a", "a", "b"))
                .same(() -> Bags.immutable.of("b", "a", "a"))
                .part("count", () -> Bags.immutable.of("a", "b", "b"));
        library.type("FastListMultimap", () -> eclipseMultimap(1)).part("value", () -> eclipseMultimap(2));
        library.type("IntArrayList", () -> IntLists.mutable.of(1, 2)).part("element", () -> IntLists.mutable.of(1, 3));
        library.type("LongArrayList", () -> LongLists.mutable.of(1, 2))
                .part("element", () -> LongLists.mutable.of(1, 3));
        library.type("IntHashSet", () -> IntSets.mutable.of(1, 2))
                .same(() -> IntSets.mutable.of(2, 1))
                .part("element", () -> IntSets.mutable.of(1, 3));
        library.type("ObjectIntHashMap", () -> ObjectIntMaps.mutable.of("a", 1))
                .part("value", () -> ObjectIntMaps.mutable.of("a", 2))
                .part("key", () -> ObjectIntMaps.mutable.of("b", 1));
        library.type("Pair", () -> org.eclipse.collections.impl.tuple.Tuples.pair("a", 1))
                .part("one", () -> org.eclipse.collections.impl.tuple.Tuples.pair("b", 1))
                .part("two", () -> org.eclipse.collections.impl.tuple.Tuples.pair("a", 2));
        library.type("Interval", () -> org.eclipse.collections.impl.list.Interval.fromTo(1, 3))
                .part("end", () -> org.eclipse.collections.impl.list.Interval.fromTo(1, 4));
    }

    private static Object eclipseMultimap(int value) {
        var map = org.eclipse.collections.impl.factory.Multimaps.mutable.list.<String, Integer>empty();
        map.put("a", value);
        return map;
    }

    private static void primitives(Survey survey) {
        Library fast = survey.library("it.unimi.dsi:fastutil-core", "containers of primitive numbers");
        fast.type(
                        "values of an Object2ObjectOpenHashMap",
                        () -> colliding(new Object2ObjectOpenHashMap<>(), "Aa", "BB"))
                .same(() -> colliding(new Object2ObjectOpenHashMap<>(), "BB", "Aa"))
                .part("value", () -> colliding(new Object2ObjectOpenHashMap<>(), "BB", "C"));
        fast.type(
                        "values of an Object2ObjectLinkedOpenHashMap",
                        () -> colliding(new Object2ObjectLinkedOpenHashMap<>(), "Aa", "BB"))
                .part("order", () -> colliding(new Object2ObjectLinkedOpenHashMap<>(), "BB", "Aa"));
        fast.type("LongArrayList", () -> LongArrayList.of(1, 2)).part("element", () -> LongArrayList.of(1, 3));
        fast.type("IntOpenHashSet", () -> IntOpenHashSet.of(1, 2))
                .same(() -> IntOpenHashSet.of(2, 1))
                .part("element", () -> IntOpenHashSet.of(1, 3));
        fast.type("Int2ObjectOpenHashMap", () -> new Int2ObjectOpenHashMap<>(Map.of(1, "a")))
                .part("value", () -> new Int2ObjectOpenHashMap<>(Map.of(1, "b")))
                .part("key", () -> new Int2ObjectOpenHashMap<>(Map.of(2, "a")));
        fast.type("Long2LongOpenHashMap", () -> new Long2LongOpenHashMap(Map.of(1L, 2L)))
                .part("value", () -> new Long2LongOpenHashMap(Map.of(1L, 3L)));

        Library hppc = survey.library("com.carrotsearch:hppc", "containers of Lucene and Elasticsearch");
        hppc.type("IntArrayList", () -> IntArrayList.from(1, 2)).part("element", () -> IntArrayList.from(1, 3));
        hppc.type("IntHashSet", () -> IntHashSet.from(1, 2))
                .same(() -> IntHashSet.from(2, 1))
                .part("element", () -> IntHashSet.from(1, 3));
        hppc.type("LongIntHashMap", () -> LongIntHashMap.from(new long[] {1}, new int[] {2}))
                .part("value", () -> LongIntHashMap.from(new long[] {1}, new int[] {3}));

        Library persistent = survey.library("org.pcollections:pcollections", "persistent containers");
        persistent
                .type("TreePVector", () -> TreePVector.from(List.of(1, 2)))
                .part("element", () -> TreePVector.from(List.of(1, 3)));
        persistent
                .type("HashTreePMap", () -> HashTreePMap.from(Map.of("a", 1)))
                .part("value", () -> HashTreePMap.from(Map.of("a", 2)));
        persistent
                .type("HashTreePSet", () -> HashTreePSet.from(Set.of(1, 2)))
                .same(() -> HashTreePSet.from(List.of(2, 1)))
                .part("element", () -> HashTreePSet.from(Set.of(1, 3)));

        Library roaring =
                survey.library("org.roaringbitmap:RoaringBitmap", "sets of numbers in Spark, Druid and Pinot");
        roaring.type("RoaringBitmap", () -> RoaringBitmap.bitmapOf(1, 2))
                .same(() -> RoaringBitmap.bitmapOf(2, 1))
                .part("number", () -> RoaringBitmap.bitmapOf(1, 3));

        Library reactive = survey.library("io.projectreactor:reactor-core", "Spring's reactive types");
        reactive.type("Tuple2", () -> Tuples.of("a", 1))
                .part("first", () -> Tuples.of("b", 1))
                .part("second", () -> Tuples.of("a", 2));
        reactive.type("Tuple3", () -> Tuples.of("a", 1, 2)).part("third", () -> Tuples.of("a", 1, 3));
        reactive.type("Signal", () -> reactor.core.publisher.Signal.next("a"))
                .part("value", () -> reactor.core.publisher.Signal.next("b"));
        reactive.type("Context", () -> reactor.util.context.Context.of("a", 1))
                .part("value", () -> reactor.util.context.Context.of("a", 2));
    }
}
