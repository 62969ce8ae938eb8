package io.idempotenttrace.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.canonical.Exclusions;
import io.idempotenttrace.core.canonical.PayloadHasher;
import io.idempotenttrace.core.canonical.UnhashableException;
import io.idempotenttrace.core.open.PayloadHashers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which arguments are key, tenant, trace id and payload, and how the parts of a key are joined. */
class CallDocumentTest {

    private static final Configuration DEFAULTS = Configuration.defaults();
    private static final PayloadHasher HASHER = PayloadHashers.open(DEFAULTS);

    private static MethodSpecification.Parameter key(String name, String... pointers) {
        return new MethodSpecification.Parameter(name, List.of(pointers), null, null, false);
    }

    private static MethodSpecification.Parameter payload(String name) {
        return new MethodSpecification.Parameter(name, null, null, null, false);
    }

    private static CallDocument document(MethodSpecification.Parameter... parameters) {
        return document(List.of(), parameters);
    }

    private static CallDocument document(List<String> exclude, MethodSpecification.Parameter... parameters) {
        return document(DEFAULTS, List.of(), exclude, parameters);
    }

    private static CallDocument document(
            Configuration configuration,
            List<String> include,
            List<String> exclude,
            MethodSpecification.Parameter... parameters) {
        return new CallDocument(
                new MethodSpecification(
                        "com.acme.Emitter",
                        "emit",
                        "()V",
                        "",
                        "",
                        "",
                        include,
                        exclude,
                        List.of(),
                        "DEFAULT",
                        "DEFAULT",
                        "DEFAULT",
                        "DEFAULT",
                        false,
                        Arrays.asList(parameters),
                        ""),
                configuration);
    }

    private static String keyOf(Object... parts) {
        MethodSpecification.Parameter[] parameters = new MethodSpecification.Parameter[parts.length];
        for (int i = 0; i < parts.length; i++) {
            parameters[i] = key("p" + i);
        }
        return document(parameters).key(parts, "HASH");
    }

    @ParameterizedTest
    @CsvSource({"a,b,a:b", "a:b,c,a%3Ab:c", "a,b:c,a:b%3Ac", "a%,b,a%25:b", "a%3A,b,a%253A:b", "'',b,:b", "a,'',a:"})
    void partsAreJoinedSoThatNoOtherPartsGiveTheSameKey(String first, String second, String expected) {
        assertEquals(expected, keyOf(first, second));
    }

    /** All pairs of short texts of the letters that matter. */
    @Test
    void noTwoPairsOfPartsShareAKey() {
        List<String> texts = new ArrayList<>(List.of(""));
        for (int from = 0, length = 0; length < 3; length++) {
            int to = texts.size();
            for (; from < to; from++) {
                for (char letter : "a:%3A".toCharArray()) {
                    texts.add(texts.get(from) + letter);
                }
            }
        }
        Set<String> keys = new HashSet<>();
        Set<String> distinct = new HashSet<>(texts);
        for (String first : distinct) {
            for (String second : distinct) {
                if (!first.isEmpty() || !second.isEmpty()) {
                    assertTrue(
                            keys.add(keyOf(first, second)),
                            () -> first + " and " + second + " share a key with other parts");
                }
            }
        }
        assertEquals(distinct.size() * distinct.size() - 1, keys.size());
    }

    @Test
    void theOnlyPartIsTheKeyAsItIs() {
        assertEquals("a:b%c", keyOf("a:b%c"));
        assertEquals("7", keyOf(7L));
    }

    @Test
    void aPartThatIsNullIsEmptyAndOneThatIsNotThereLeavesNoKey() {
        CallDocument document = document(key("span", "/traceId", "/id"));
        Map<String, Object> withNull = new java.util.HashMap<>(Map.of("traceId", "t"));
        withNull.put("id", null);
        assertEquals("t:", document.key(new Object[] {withNull}, "HASH"));
        Object[] missing = {Map.of("traceId", "t", "Id", "x")};
        assertEquals("", document.key(missing, "HASH"));
        assertTrue(document.describeMissingKeyPart(missing).contains("'span'"));
        assertNull(document.describeMissingKeyPart(new Object[] {withNull}));
    }

    @Test
    void aKeyOfNullsAloneIsNone() {
        assertEquals("", keyOf(null, null));
        assertEquals("", keyOf("", ""));
        assertEquals("", keyOf(new Object[] {null}));
    }

    @Test
    void withoutKeyTheHashIsTheKey() {
        assertEquals("HASH", document(payload("a")).key(new Object[] {"x"}, "HASH"));
    }

    @Test
    void onePayloadIsHashedAsItselfAndSeveralAsAnObject() {
        String alone = document(payload("a"), key("k"))
                .digest(HASHER, new Object[] {Map.of("b", 1), "key"})
                .hash();
        assertEquals(HASHER.hash(Map.of("b", 1), Exclusions.NONE), alone);
        String several = document(payload("a"), payload("c"))
                .digest(HASHER, new Object[] {1, 2})
                .hash();
        assertEquals(HASHER.hash(Map.of("a", 1, "c", 2), Exclusions.NONE), several);
    }

    @Test
    void whatIsKeyTenantOrTraceIdAsAWholeIsNoPayload() {
        MethodSpecification.Parameter tenant = new MethodSpecification.Parameter("tenant", null, "", null, false);
        MethodSpecification.Parameter traceId = new MethodSpecification.Parameter("trace", null, null, "", false);
        CallDocument document = document(key("k"), tenant, traceId, payload("a").asUnhashed(), payload("b"));
        Object[] arguments = {"key", "acme", "t1", "unhashed", "payload"};
        assertEquals("acme", document.tenant(arguments));
        assertEquals("t1", document.traceId(arguments));
        assertEquals(
                document.digest(HASHER, arguments).hash(),
                document.digest(HASHER, new Object[] {"other", "x", "y", "z", "payload"})
                        .hash());
        assertNotEquals(
                document.digest(HASHER, arguments).hash(),
                document.digest(HASHER, new Object[] {"key", "acme", "t1", "unhashed", "changed"})
                        .hash());
    }

    @Test
    void excludedMembersDoNotCount() {
        CallDocument document = document(List.of("/at"), payload("a"), key("k"));
        assertEquals(
                document.digest(HASHER, new Object[] {Map.of("v", 1, "at", 5), "k"})
                        .hash(),
                document.digest(HASHER, new Object[] {Map.of("v", 1, "at", 6), "k"})
                        .hash());
    }

    /** The settings of the scope add to what the annotation says. */
    @Test
    void includedPlacesAloneCountAndSettingsAdd() {
        Configuration settings = Configuration.defaults()
                .with(Setting.INCLUDE, "/b ; /c/x")
                .with(Setting.EXCLUDE, "/c/x/at")
                .with(Setting.NULL_MEMBERS, "drop");
        CallDocument document =
                document(settings, List.of("/a"), List.of("/c/x/by"), payload("a"), payload("b"), payload("c"));
        assertEquals(
                HASHER.hash(Map.of("a", 1, "b", 2, "c", Map.of("x", Map.of("v", 3))), Exclusions.NONE),
                document.digest(HASHER, new Object[] {
                            1, 2, Map.of("x", Map.of("v", 3, "at", 4, "by", 5, "none", Optional.empty()), "y", 6)
                        })
                        .hash());
    }

    @Test
    void aCallWithoutAnyIncludedPlaceCantBeHashed() {
        CallDocument document = document(DEFAULTS, List.of("/id"), List.of(), payload("a"));
        String reason = assertThrows(
                        UnhashableException.class, () -> document.digest(HASHER, new Object[] {Map.of("ID", 1)}))
                .reason();
        assertTrue(reason.contains("include=/id"), reason);
    }

    @Test
    void aTenantThatIsMissingIsDescribed() {
        CallDocument document = document(new MethodSpecification.Parameter("span", null, "/tenant", null, false));
        Object[] arguments = {Map.of("tenent", "acme")};
        assertTrue(document.isTenantMissing(arguments));
        assertTrue(document.describeMissingTenant(arguments).contains("tenent"));
        assertNull(document.tenant(arguments));
    }
}
