package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MemberDigestsTest {

    private static final String RECORD = "default:42";
    private static final byte[] KEY = "a secret of this test".getBytes(StandardCharsets.UTF_8);
    private static final PayloadHasher PLAIN = new PayloadHasher(CanonicalForm.PYTHON);
    private static final PayloadHasher KEYED = hasher(KEY);

    static Stream<PayloadHasher> hashers() {
        return Stream.of(PLAIN, KEYED);
    }

    private static PayloadHasher hasher(byte[] key) {
        return new PayloadHasher(CanonicalForm.PYTHON, 500, 64 << 20, HashSecrets.of(new HashSecret("k1", key)));
    }

    private static String digests(PayloadHasher hasher, Object document, String record) {
        return hasher.digest(document, Exclusions.NONE).digestsFor(record);
    }

    private static List<String> differing(PayloadHasher hasher, Object stored, Object own) {
        return hasher.differing(null, own, Exclusions.NONE, RECORD, digests(hasher, stored, RECORD));
    }

    private static Map<String, Object> members(int count) {
        Map<String, Object> members = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            members.put("member" + (10 + i), i);
        }
        return members;
    }

    private static Map<String, Object> with(Map<String, Object> members, String name, Object value) {
        Map<String, Object> changed = new HashMap<>(members);
        changed.put(name, value);
        return changed;
    }

    private static Map<String, Object> without(Map<String, Object> members, String name) {
        Map<String, Object> changed = new HashMap<>(members);
        changed.remove(name);
        return changed;
    }

    @ParameterizedTest
    @MethodSource("hashers")
    void theMembersThatDifferAreNamed(PayloadHasher hasher) {
        Map<String, Object> stored = Map.of("id", 1, "durationMs", 2, "tags", Map.of("a", "b"), "a/b", 1);
        Map<String, Object> own = Map.of("id", 1, "durationMs", 3, "tags", Map.of("a", "c"), "a/b", 2);
        assertEquals(List.of("/a~1b", "/durationMs", "/tags"), differing(hasher, stored, own));
        assertEquals(List.of(), differing(hasher, stored, stored));
    }

    @ParameterizedTest
    @MethodSource("hashers")
    void membersOfOnlyOnePayloadAreTold(PayloadHasher hasher) {
        assertEquals(List.of("/new"), differing(hasher, Map.of("id", 1), Map.of("id", 1, "new", 2)));
        assertEquals(
                List.of("1 member(s) that this payload lacks"),
                differing(hasher, Map.of("id", 1, "old", 2), Map.of("id", 1)));
    }

    @ParameterizedTest
    @MethodSource("hashers")
    void ofALargeDocumentTheFirstMembersAreKnownAndNoneIsNamedWronglyOfTheOthers(PayloadHasher hasher) {
        Map<String, Object> stored = members(40);
        int known = MemberDigests.of(hasher.form()).members();
        String others = "members after the first " + known;
        assertEquals(List.of(others), differing(hasher, stored, with(stored, "member49", -1)));
        assertEquals(
                List.of("/member11", "perhaps " + others), differing(hasher, stored, with(stored, "member11", -1)));
        // The first of those without a digest comes among those with one.
        assertEquals(
                List.of("1 member(s) that this payload lacks", "perhaps " + others),
                differing(hasher, stored, without(stored, "member10")));
        assertEquals(List.of("/a", "perhaps " + others), differing(hasher, stored, with(stored, "a", 1)));
        assertEquals(
                List.of("/b", "perhaps " + others),
                differing(hasher, Map.of("a", 1), with(with(members(12), "a", 1), "b", 2)).stream()
                        .filter(told -> !told.startsWith("/member"))
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("hashers")
    void aMemberOfAHolderIsAMember(PayloadHasher hasher) {
        assertEquals(
                List.of("/message"), differing(hasher, new IllegalStateException("a"), new IllegalStateException("b")));
        assertEquals(List.of("/a"), differing(hasher, Optional.of(Map.of("a", 1)), Map.of("a", 2)));
    }

    @ParameterizedTest
    @MethodSource("hashers")
    void anExcludedMemberHasNoDigest(PayloadHasher hasher) {
        Exclusions exclusions = Exclusions.parse("/id", "/tags/volatile");
        String stored = hasher.digest(Map.of("id", 1, "tags", Map.of("volatile", 1, "a", 1)), exclusions)
                .digestsFor(RECORD);
        assertEquals(MemberDigests.of(hasher.form()).memberCharacters(), stored.length());
        Object other = Map.of("id", 2, "tags", Map.of("volatile", 2, "a", 1));
        assertEquals(List.of(), hasher.differing(null, other, exclusions, RECORD, stored));
        Object another = Map.of("id", 2, "tags", Map.of("a", 2));
        assertEquals(List.of("/tags"), hasher.differing(null, another, exclusions, RECORD, stored));
    }

    @ParameterizedTest
    @MethodSource("hashers")
    void whatIsNoObjectHasNoMembers(PayloadHasher hasher) {
        assertEquals("", digests(hasher, List.of(1), RECORD));
        assertEquals(List.of(), differing(hasher, List.of(1), List.of(2)));
    }

    @ParameterizedTest
    @MethodSource("hashers")
    void aMemberThatIsLargerThanTheBufferIsDigestedWhole(PayloadHasher hasher) {
        Map<String, Object> stored = Map.of("a", "x".repeat(100_000) + "y", "b", 1);
        Map<String, Object> own = Map.of("a", "z" + "x".repeat(100_000), "b", 1);
        assertEquals(List.of("/a"), differing(hasher, stored, own));
    }

    @ParameterizedTest
    @MethodSource("hashers")
    void halfAMillionMembersHaveNoMoreDigestsThanAFew(PayloadHasher hasher) {
        Object[] members = new Object[500_000];
        Arrays.setAll(members, i -> "");
        String[] names = new String[members.length];
        Arrays.setAll(names, Integer::toString);
        String text = hasher.digest(names, members, Exclusions.NONE).digestsFor(RECORD);
        assertTrue(text.length() <= (hasher.form().isKeyed() ? 60 : 61) && text.endsWith("+"), text);
        assertEquals(text.length(), digests(hasher, members(13), RECORD).length());
    }

    // With a secret.

    @Test
    void aSecretMakesTheHashAnHmacSha256() {
        PayloadHasher hasher = hasher("secret".getBytes(StandardCharsets.UTF_8));
        // echo -n '{"a":1}' | openssl dgst -sha256 -hmac secret
        assertEquals(
                "aa9e2e3575f5d7098b6caccd790888c36d5fdb63342a73bada2d6a51747a8494",
                hasher.hash(Map.of("a", 1), Exclusions.NONE));
    }

    private static byte[] hmac(byte[] key, byte[]... parts) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        for (byte[] part : parts) {
            mac.update(part);
        }
        return mac.doFinal();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] sha256(String text) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(ascii(text));
    }

    /** What a client in another language computes, step by step. */
    @Test
    void digestsIdsAndHashesOfResultsAreAsSpecified() throws Exception {
        byte[] ofRecord = hmac(KEY, ascii("idempotent-trace:members\0" + RECORD));
        StringBuilder expected = new StringBuilder();
        for (String[] member : new String[][] {{"a", "\"a\":1"}, {"b", "\"b\":[\"x\"]"}}) {
            Base64.Encoder base64 = Base64.getUrlEncoder();
            expected.append(base64.encodeToString(hmac(ofRecord, ascii("name\0" + member[0]))), 0, 2);
            expected.append(base64.encodeToString(hmac(ofRecord, ascii("member\0"), sha256(member[1]))), 0, 7);
        }
        assertEquals(expected.toString(), digests(KEYED, Map.of("b", List.of("x"), "a", 1), RECORD));

        // By Python's hmac, hashlib and base64.
        assertEquals("_iTwU5Bl800yejy9c3", expected.toString());
        assertEquals(
                "_iTwU5Bl800srTXUnxFXOTst99zVScNsMMG51Y0fJtlLt6NwXhaqZm+",
                digests(KEYED, Map.of("a", 1, "b", 1, "c", 1, "d", 1, "e", 1, "f", 1, "g", 1), RECORD));
        assertEquals("e69aa96787d79639", new HashSecret(null, KEY).keyId());
        assertEquals(
                "01b35abdf3201585e83c4a121754ad88d3e3acc2b6ad274071de16842d4aa274",
                KEYED.resultHashOf(ascii("{\"n\":1}")));

        HexFormat hex = HexFormat.of();
        assertEquals(
                hex.formatHex(hmac(KEY, ascii("idempotent-trace:key-id\0"))).substring(0, 16),
                new HashSecret(null, KEY).keyId());
        assertEquals(
                hex.formatHex(hmac(KEY, ascii("idempotent-trace:response_hash\0"), sha256("{\"n\":1}"))),
                KEYED.resultHashOf(ascii("{\"n\":1}")));
        assertEquals(hex.formatHex(sha256("{\"n\":1}")), PLAIN.resultHashOf(ascii("{\"n\":1}")));
    }

    @Test
    void equalMembersOfTwoRecordsHaveDigestsThatSayNothingOfThat() {
        Map<String, Object> document = members(6);
        List<String> records = List.of("default:42", "default:43", "other:42", "default%:scope:42");
        for (int i = 0; i < records.size(); i++) {
            for (int j = 0; j < i; j++) {
                String one = digests(KEYED, document, records.get(i));
                String other = digests(KEYED, document, records.get(j));
                assertEquals(54, one.length());
                for (int k = 0; k < 54; k += 9) {
                    // Two characters of a name may be equal by chance.
                    assertNotEquals(one.substring(k + 2, k + 9), other.substring(k + 2, k + 9));
                }
            }
        }
        // Nor do two members of one record that have equal values.
        String equal = digests(KEYED, Map.of("a", 1, "b", 1), RECORD);
        assertNotEquals(equal.substring(2, 9), equal.substring(11, 18));
    }

    @Test
    void aPinOfFourDigitsIsFoundWithTheSecretAlone() {
        String stored = digests(KEYED, Map.of("nonce", "d5b1c2a4", "pin", "4711"), RECORD);
        assertTrue(isPin("4711", stored, KEYED));
        PayloadHasher guess = hasher("another secret of this test".getBytes(StandardCharsets.UTF_8));
        for (int pin = 0; pin < 10_000; pin++) {
            assertFalse(isPin(Integer.toString(10_000 + pin).substring(1), stored, guess));
        }
        // Where plain digests would be stored, the pin could be found beside a nonce that nobody can guess.
        String plain = digests(PLAIN, Map.of("nonce", "d5b1c2a4", "pin", "4711"), RECORD);
        assertTrue(isPin("4711", plain, PLAIN), plain);
        assertFalse(stored.contains(plain.substring(5)), stored);
    }

    /** Whether a reader of the record who has the hasher's secret takes that for the pin. */
    private static boolean isPin(String pin, String stored, PayloadHasher hasher) {
        return stored.endsWith(digests(hasher, Map.of("pin", pin), RECORD));
    }
}
