package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemberDigestsTest {

    private static final PayloadHasher PLAIN = new PayloadHasher(CanonicalForm.PYTHON);
    private static final PayloadHasher SECRET =
            new PayloadHasher(CanonicalForm.PYTHON, 500, 1 << 20, "secret".getBytes(StandardCharsets.UTF_8));

    private static List<String> differing(PayloadHasher hasher, Object stored, Object own) {
        return hasher.differing(
                null,
                own,
                Exclusions.NONE,
                hasher.digest(stored, Exclusions.NONE).digests());
    }

    @Test
    void theMembersThatDifferAreNamed() {
        Map<String, Object> stored = Map.of("id", 1, "durationMs", 2, "tags", Map.of("a", "b"), "a/b", 1);
        Map<String, Object> own = Map.of("id", 1, "durationMs", 3, "tags", Map.of("a", "c"), "a/b", 2);
        for (PayloadHasher hasher : List.of(PLAIN, SECRET)) {
            assertEquals(List.of("/a~1b", "/durationMs", "/tags"), differing(hasher, stored, own));
            assertEquals(List.of(), differing(hasher, stored, stored));
        }
    }

    @Test
    void membersOfOnlyOnePayloadAreTold() {
        assertEquals(List.of("/new"), differing(PLAIN, Map.of("id", 1), Map.of("id", 1, "new", 2)));
        assertEquals(
                List.of("1 member(s) that this payload lacks"),
                differing(PLAIN, Map.of("id", 1, "old", 2), Map.of("id", 1)));
    }

    @Test
    void inALargeDocumentNoMemberIsNamedThatDoesNotDiffer() {
        // Of 300 names, a dozen share their two characters with another one.
        Map<String, Object> stored = new java.util.HashMap<>();
        for (int i = 0; i < 300; i++) {
            stored.put("member" + i, i);
        }
        assertEquals(List.of(), differing(PLAIN, stored, stored));
        Map<String, Object> own = new java.util.HashMap<>(stored);
        own.put("member7", -1);
        own.put("member250", -1);
        assertEquals(List.of("/member250", "/member7"), differing(PLAIN, stored, own));
    }

    @Test
    void aMemberOfAHolderIsAMember() {
        assertEquals(
                List.of("/message"), differing(PLAIN, new IllegalStateException("a"), new IllegalStateException("b")));
        assertEquals(List.of("/a"), differing(PLAIN, java.util.Optional.of(Map.of("a", 1)), Map.of("a", 2)));
    }

    @Test
    void anExcludedMemberHasNoDigest() {
        Exclusions exclusions = Exclusions.parse("/id", "/tags/volatile");
        String stored = PLAIN.digest(Map.of("id", 1, "tags", Map.of("volatile", 1, "a", 1)), exclusions)
                .digests();
        assertEquals(5, stored.length());
        assertEquals(
                List.of(),
                PLAIN.differing(null, Map.of("id", 2, "tags", Map.of("volatile", 2, "a", 1)), exclusions, stored));
        assertEquals(
                List.of("/tags"), PLAIN.differing(null, Map.of("id", 2, "tags", Map.of("a", 2)), exclusions, stored));
    }

    @Test
    void whatIsNoObjectHasNoMembers() {
        assertEquals("", PLAIN.digest(List.of(1), Exclusions.NONE).digests());
        assertEquals(List.of(), differing(PLAIN, List.of(1), List.of(2)));
    }

    @Test
    void aMemberThatIsLargerThanTheBufferIsDigestedWhole() {
        Map<String, Object> stored = Map.of("a", "x".repeat(100_000) + "y", "b", 1);
        Map<String, Object> own = Map.of("a", "z" + "x".repeat(100_000), "b", 1);
        assertEquals(List.of("/a"), differing(PLAIN, stored, own));
    }

    @Test
    void twelveMembersFitWhatRedisKeepsCompact() {
        Map<String, Object> twelve = new java.util.HashMap<>();
        for (int i = 0; i < 12; i++) {
            twelve.put("member" + i, i);
        }
        assertEquals(60, PLAIN.digest(twelve, Exclusions.NONE).digests().length());
    }

    @Test
    void aSecretChangesHashAndDigestsAndIsHmacSha256() {
        Object document = Map.of("a", 1);
        assertNotEquals(PLAIN.hash(document, Exclusions.NONE), SECRET.hash(document, Exclusions.NONE));
        assertNotEquals(
                PLAIN.digest(document, Exclusions.NONE).digests(),
                SECRET.digest(document, Exclusions.NONE).digests());
        // echo -n '{"a":1}' | openssl dgst -sha256 -hmac secret
        assertEquals(
                "aa9e2e3575f5d7098b6caccd790888c36d5fdb63342a73bada2d6a51747a8494",
                SECRET.hash(document, Exclusions.NONE));
        assertFalse(SECRET.digest(document, Exclusions.NONE).digests().isEmpty());
        assertTrue(SECRET.hash(document, Exclusions.NONE).matches("[0-9a-f]{64}"));
    }
}
