package io.idempotenttrace.core.open;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.idempotenttrace.TraceConflictException;
import io.idempotenttrace.core.store.StoredRecord;
import io.idempotenttrace.core.store.Verdict;
import io.idempotenttrace.testkit.TestRedis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers of different secrets and forms on one Redis, as in a fleet that changes them step by step. */
class SecretChangesIT {

    private static final String ONE = "the first secret of this test";
    private static final String TWO = "the second secret of this test";
    private static final Map<String, Object> PAYLOAD = Map.of("id", 1.0, "name", "\u00e9");
    private static final Map<String, Object> OTHER_PAYLOAD = Map.of("id", 1.0, "name", "e");

    private final String tenant = UUID.randomUUID().toString();
    private final List<IdempotentCalls> opened = new ArrayList<>();
    private int keys;

    @AfterEach
    void close() {
        opened.forEach(IdempotentCalls::close);
    }

    private IdempotentCalls worker(String form, String secrets) {
        return worker(form, "hash-secret", secrets);
    }

    private IdempotentCalls worker(String form, String setting, String secrets) {
        Map<String, String> settings = new java.util.HashMap<>(Map.of(
                "tenant",
                tenant,
                "command-timeout",
                "30s",
                "redis-url",
                TestRedis.shared().url(),
                "canonical-form",
                form));
        if (!secrets.isEmpty()) {
            settings.put(setting, secrets);
        }
        IdempotentCalls calls = IdempotencyStores.open(settings, warning -> {});
        opened.add(calls);
        return calls;
    }

    /** Whatever one of them leaves, the other one knows equal payloads as equal, and different ones as different. */
    private void assertCompatible(IdempotentCalls first, IdempotentCalls second) {
        String key = "k" + keys++;
        CheckResponse running = first.check(key, PAYLOAD);
        assertTrue(running.isNew(), running::toString);
        assertEquals(Verdict.IN_PROGRESS, second.check(key, PAYLOAD).verdict());
        assertEquals(Verdict.CONFLICT, second.check(key, OTHER_PAYLOAD).verdict());
        first.markFailed(running, "boom");
        assertEquals(Verdict.CONFLICT, second.check(key, OTHER_PAYLOAD).verdict());
        CheckResponse taken = second.check(key, PAYLOAD);
        assertTrue(taken.isNew(), taken::toString);
        second.markCompleted(taken, "trace", "7");
        for (int i = 0; i < 3; i++) {
            // From the second time on, a duplicate may be answered from memory.
            assertEquals("trace", second.check(key, PAYLOAD).storedTraceId());
            assertEquals(Verdict.DUPLICATE, first.check(key, PAYLOAD).verdict());
            assertEquals(Verdict.CONFLICT, first.check(key, OTHER_PAYLOAD).verdict());
            assertEquals(Verdict.CONFLICT, second.check(key, OTHER_PAYLOAD).verdict());
        }
    }

    private void assertEachStepIsCompatibleWithTheNext(String... secrets) {
        for (int i = 0; i + 1 < secrets.length; i++) {
            for (String otherForm : List.of("python", "jcs")) {
                IdempotentCalls before = worker("python", secrets[i]);
                IdempotentCalls after = worker(otherForm, secrets[i + 1]);
                assertCompatible(before, after);
                assertCompatible(after, before);
            }
        }
    }

    @Test
    void aSecretIsSwitchedOnRotatedAndSwitchedOffInSteps() {
        assertEachStepIsCompatibleWithTheNext(
                "",
                "plain;k1=" + ONE,
                "k1=" + ONE,
                "k1=" + ONE + ";k2=" + TWO,
                "k2=" + TWO + ";k1=" + ONE,
                // Once no record names k1 any more.
                "k2=" + TWO,
                "plain;k2=" + TWO,
                // Once no record names k2 any more.
                "");
    }

    @Test
    void aSecretWithoutANameIsRotatedToOneWithAName() {
        assertEachStepIsCompatibleWithTheNext(ONE, "=" + ONE + ";k2=" + TWO, "k2=" + TWO + ";=" + ONE, "k2=" + TWO);
        // A name for the same secret: those who do not know it yet must not meet it.
        IdempotentCalls named = worker("python", "k1=" + ONE);
        String key = "k" + keys++;
        worker("python", ONE).run(key, PAYLOAD, () -> "trace");
        assertEquals("trace", named.run(key, PAYLOAD, () -> fail("a duplicate")));
    }

    @Test
    void filesGiveTheSameSecrets(@TempDir Path folder) throws Exception {
        String several = Files.writeString(folder.resolve("several"), "k1=" + ONE + "\nk2=" + TWO + "\n")
                .toString();
        String one = Files.writeString(folder.resolve("one"), ONE + "\n").toString();
        assertCompatible(worker("python", "hash-secret-file", several), worker("python", "k1=" + ONE + ";k2=" + TWO));
        assertCompatible(worker("python", "hash-secret-file", one), worker("python", ONE));
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> worker(
                        "python",
                        "hash-secret-file",
                        Files.writeString(folder.resolve("bad"), "k1=" + ONE + "\n" + TWO)
                                .toString()));
        assertTrue(refused.getMessage().contains("bad line 2"), refused::getMessage);
        assertFalse(refused.getMessage().contains("of this test"), refused::getMessage);
    }

    @Test
    void aRecordOfASecretThatIsNotKnownIsAConflictThatNamesWhatToConfigure() {
        String key = "k" + keys++;
        worker("python", "k9=" + ONE).run(key, PAYLOAD, () -> "trace");
        for (IdempotentCalls other :
                List.of(worker("python", ""), worker("jcs", "k1=" + TWO), worker("python", "k9=" + TWO))) {
            TraceConflictException conflict = assertThrows(
                    TraceConflictException.class, () -> other.run(key, PAYLOAD, () -> fail("must not run")));
            assertFalse(conflict.getMessage().contains("of this test"), conflict::getMessage);
        }
        String message = assertThrows(
                        TraceConflictException.class,
                        () -> worker("python", "").run(key, PAYLOAD, () -> fail("must not run")))
                .getMessage();
        assertTrue(message.contains("Add the secret with the key id 'k9' to hash-secret or hash-secret-file"), message);
    }

    @Test
    void theRecordOfAWorkerWithASecretTellsNothingOfThePayload() {
        IdempotentCalls plain = worker("python", "");
        IdempotentCalls keyed = worker("python", "k1=" + ONE);
        Map<String, Object> payload = Map.of("nonce", 1, "pin", "4711");
        for (String key : List.of("a", "b")) {
            keyed.markCompleted(keyed.check(key, payload), "", "{\"pin\":\"4711\"}");
        }
        plain.markCompleted(plain.check("c", payload), "", "7");
        StoredRecord a = keyed.status("a").orElseThrow();
        StoredRecord b = keyed.status("b").orElseThrow();
        StoredRecord c = keyed.status("c").orElseThrow();
        assertEquals("python+hmac:k1", a.fields().get("form"));
        assertEquals(18, a.fields().get("members").length());
        assertNotEquals(
                a.fields().get("members").substring(2, 9),
                b.fields().get("members").substring(2, 9));
        assertNotEquals(
                a.fields().get("members").substring(11),
                b.fields().get("members").substring(11));
        assertNotEquals(c.fields().get("hash"), a.fields().get("hash"));
        // Without a secret there is nothing but the hash.
        assertFalse(c.fields().containsKey("members") || c.fields().containsKey("digests"), c::toString);
        assertFalse(a.fields().containsKey("digests"), a::toString);
        assertEquals(
                List.of("/pin"),
                keyed.check("a", Map.of("nonce", 1, "pin", "4712")).differingMembers());
        assertEquals(
                List.of(), plain.check("c", Map.of("nonce", 1, "pin", "4712")).differingMembers());
    }
}
