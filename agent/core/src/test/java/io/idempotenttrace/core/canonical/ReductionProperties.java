package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** Whatever is left out of a document, its hash is that of the document from which it was taken by hand. */
class ReductionProperties {

    /** Few names, so that pointers meet members. */
    private static final Arbitrary<String> NAMES = Arbitraries.of("a", "b", "c", "0", "1", "long".repeat(50));

    private static final Arbitrary<Object> SCALARS =
            Arbitraries.of(1, 2, -3L, "text", "null", "", true, 1.5, "ü".repeat(40));

    @Provide
    Arbitrary<Object> documents() {
        return document(4);
    }

    private static Arbitrary<Object> document(int depth) {
        Arbitrary<Object> scalar = Arbitraries.oneOf(
                SCALARS, SCALARS, Arbitraries.just((Object) null).injectNull(0.5));
        if (depth == 0) {
            return scalar;
        }
        Arbitrary<Object> below = document(depth - 1);
        return Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(1, scalar),
                net.jqwik.api.Tuple.of(2, below.list().ofMaxSize(4).map(value -> (Object) value)),
                net.jqwik.api.Tuple.of(
                        4, Arbitraries.maps(NAMES, below).ofMaxSize(5).map(value -> (Object) value)));
    }

    @Provide
    Arbitrary<List<List<String>>> pointers() {
        return Arbitraries.of("a", "b", "c", "0", "1", "*")
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .list()
                .ofMaxSize(3);
    }

    @Property(shrinking = ShrinkingMode.BOUNDED)
    void theHashIsThatOfWhatIsLeft(
            @ForAll("documents") Object document,
            @ForAll("pointers") List<List<String>> include,
            @ForAll("pointers") List<List<String>> exclude,
            @ForAll boolean dropsNulls,
            @ForAll CanonicalForm form) {
        PayloadHasher hasher = new PayloadHasher(form);
        Exclusions exclusions = Exclusions.parse(texts(include), texts(exclude)).ofNullMembers(dropsNulls);
        ReducedDocument left = ReducedDocument.of(
                dropsNulls ? ReducedDocument.withoutNullMembers(document) : document, include, exclude);
        if (!left.met()) {
            assertThrows(UnhashableException.class, () -> hasher.hash(document, exclusions));
            return;
        }
        assertArrayEquals(
                hasher.canonical(left.value(), Exclusions.NONE), hasher.canonical(document, exclusions), () -> "");
        PayloadDigest digest = hasher.digest(document, exclusions);
        assertEquals(hasher.digest(left.value(), Exclusions.NONE).hash(), digest.hash());
        assertEquals(hasher.digest(left.value(), Exclusions.NONE).digests(), digest.digests());
    }

    /** Two documents with the same hash have the same in each included place, and lack the same ones. */
    @Property(shrinking = ShrinkingMode.BOUNDED)
    void documentsThatDifferInAnIncludedPlaceDoNotHashAlike(
            @ForAll("documents") Object one,
            @ForAll("documents") Object other,
            @ForAll("pointers") List<List<String>> include) {
        PayloadHasher hasher = new PayloadHasher(CanonicalForm.PYTHON);
        Exclusions exclusions = Exclusions.parse(texts(include), List.of());
        String hash;
        String otherHash;
        try {
            hash = hasher.hash(one, exclusions);
            otherHash = hasher.hash(other, exclusions);
        } catch (UnhashableException e) {
            return;
        }
        for (List<String> pointer : include) {
            if (!pointer.contains("*") && hash.equals(otherHash)) {
                Pointer place = Pointer.parse("/" + String.join("/", pointer));
                assertEquals(place.matches(one), place.matches(other));
                assertEquals(place.textAt(one), place.textAt(other));
            }
        }
    }

    private static List<String> texts(List<List<String>> pointers) {
        return pointers.stream().map(names -> "/" + String.join("/", names)).toList();
    }
}
