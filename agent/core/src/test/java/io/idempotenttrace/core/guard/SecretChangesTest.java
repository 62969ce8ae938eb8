package io.idempotenttrace.core.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.core.canonical.CanonicalForm;
import io.idempotenttrace.core.canonical.Exclusions;
import io.idempotenttrace.core.canonical.HashSecret;
import io.idempotenttrace.core.canonical.HashSecrets;
import io.idempotenttrace.core.canonical.PayloadHasher;
import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimRequest;
import io.idempotenttrace.core.store.RecordId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every pair of workers, of which the second has another canonical form, another secret, or both: equal payloads are never a conflict where
 * the second knows the first one's secret, and different ones are never a duplicate.
 */
@Timeout(120)
class SecretChangesTest extends GuardOfFickleStore {

    private static final CallPolicy WAIT = policy(OnInProgress.WAIT, OnStoreFailure.PROCEED);
    private static final CallPolicy THROW = policy(OnInProgress.THROW, OnStoreFailure.PROCEED);
    private static final HashSecret ONE = secret("k1", "the first secret of this test");
    private static final HashSecret TWO = secret("k2", "the second secret of this test");
    private static final Map<String, Object> PAYLOAD = Map.of("id", 1.0, "name", "\u00e9");
    private static final Map<String, Object> OTHER_PAYLOAD = Map.of("id", 2.0, "name", "\u00e9");
    private static final List<PayloadHasher> WORKERS = workers();

    private static HashSecret secret(String keyId, String text) {
        return new HashSecret(keyId, text.getBytes(StandardCharsets.UTF_8));
    }

    /** The steps of switching a secret on, rotating it and switching it off, in each form. */
    private static List<PayloadHasher> workers() {
        List<PayloadHasher> workers = new ArrayList<>();
        for (CanonicalForm form : CanonicalForm.values()) {
            for (HashSecrets secrets : List.of(
                    HashSecrets.NONE,
                    new HashSecrets(null, List.of(ONE)),
                    new HashSecrets(ONE, List.of(ONE)),
                    new HashSecrets(ONE, List.of(ONE, TWO)),
                    new HashSecrets(TWO, List.of(TWO, ONE)),
                    new HashSecrets(TWO, List.of(TWO)))) {
                workers.add(new PayloadHasher(form, 500, 1 << 20, secrets));
            }
        }
        return workers;
    }

    private static ClaimRequest request(PayloadHasher worker, RecordId id, Object payload) {
        return new ClaimRequest(
                id,
                worker.digest(payload, Exclusions.NONE),
                "",
                (form, recordHash, arguments) -> {
                    PayloadHasher other = worker.with(form);
                    return other == null ? null : other.digest(arguments[0], Exclusions.NONE);
                },
                new Object[] {payload});
    }

    private static boolean knows(PayloadHasher second, PayloadHasher first) {
        return second.with(first.form()) != null;
    }

    private interface Pair {

        void of(PayloadHasher first, PayloadHasher second, RecordId id);
    }

    private static void each(Pair pair) {
        for (PayloadHasher first : WORKERS) {
            for (PayloadHasher second : WORKERS) {
                pair.of(first, second, new RecordId("t", "s", WORKERS.indexOf(first) + "-" + WORKERS.indexOf(second)));
            }
        }
    }

    private void assertConflict(PayloadHasher first, PayloadHasher second, RecordId id, Object payload) {
        String message = assertThrows(
                        PayloadConflictException.class, () -> guard.admit(request(second, id, payload), THROW))
                .getMessage();
        boolean named = message.contains(
                "Add the secret with the key id '" + first.form().keyId() + "' to hash-secret");
        assertEquals(!knows(second, first), named, message);
        assertTrue(!message.contains("of this test"), message);
    }

    @Test
    void aCompletedRecordOfAnotherWorker() {
        each((first, second, id) -> {
            Claim claim = new Claim(request(first, id, PAYLOAD), TIMES, "other-process");
            records.check(claim);
            records.markCompleted(claim, result("1"));
            if (knows(second, first)) {
                assertEquals(
                        "1",
                        assertInstanceOf(Admission.Stored.class, guard.admit(request(second, id, PAYLOAD), THROW))
                                .result());
            } else {
                assertConflict(first, second, id, PAYLOAD);
            }
            assertConflict(first, second, id, OTHER_PAYLOAD);
        });
        assertEquals(0, counters.get(Ending.NEW));
    }

    @Test
    void aFailedRecordOfAnotherWorkerIsTakenOverInItsForm() {
        each((first, second, id) -> {
            Claim claim = new Claim(request(first, id, PAYLOAD), TIMES, "other-process");
            records.check(claim);
            records.markFailed(claim, "boom");
            assertConflict(first, second, id, OTHER_PAYLOAD);
            if (knows(second, first)) {
                RunningCall running = own(request(second, id, PAYLOAD), THROW);
                assertEquals(first.form(), running.claim().form());
                guard.completed(running, result("2"));
            }
        });
    }

    @Test
    void aCallOfTheSameProcessThatRuns() {
        each((first, second, id) -> {
            RunningCall running = own(request(first, id, PAYLOAD), THROW);
            assertConflict(first, second, id, OTHER_PAYLOAD);
            if (knows(second, first)) {
                CompletableFuture<Admission> follower = guard.admitAsync(request(second, id, PAYLOAD), WAIT, true);
                guard.completed(running, result("3"));
                assertEquals(
                        "3",
                        assertInstanceOf(Admission.Stored.class, follower.join())
                                .result());
            } else {
                assertConflict(first, second, id, PAYLOAD);
                guard.completed(running, result("3"));
            }
        });
    }

    @Test
    void whileTheStoreIsAwayWhatIsRememberedIsComparedAsTheStoreWould() {
        each((first, second, id) -> guard.completed(own(request(first, id, PAYLOAD), THROW), result("4")));
        store.always(FickleStore.Step.CHECK, FickleStore.Fate.UNREACHABLE);
        each((first, second, id) -> {
            assertConflict(first, second, id, OTHER_PAYLOAD);
            if (knows(second, first)) {
                assertEquals(
                        "4",
                        assertInstanceOf(Admission.Stored.class, guard.admit(request(second, id, PAYLOAD), THROW))
                                .result());
            } else {
                assertConflict(first, second, id, PAYLOAD);
            }
        });
    }

    @Test
    void whatIsOnlyObservedIsCountedAsItWouldBeAnswered() {
        int[] known = {0};
        each((first, second, id) -> {
            Claim claim = new Claim(request(first, id, PAYLOAD), TIMES, "other-process");
            records.check(claim);
            records.markCompleted(claim, result("1"));
            known[0] += knows(second, first) ? 1 : 0;
        });
        guard.mode(GuardMode.OBSERVE);
        each((first, second, id) -> {
            assertSame(Admission.UNGUARDED, guard.admit(request(second, id, PAYLOAD), THROW));
            assertSame(Admission.UNGUARDED, guard.admit(request(second, id, OTHER_PAYLOAD), THROW));
        });
        int pairs = WORKERS.size() * WORKERS.size();
        assertEquals(known[0], counters.get(Ending.DUPLICATE));
        assertEquals(2 * pairs - known[0], counters.get(Ending.CONFLICT));
    }

    // What a conflict names without a secret.

    @Test
    void withoutASecretTheMembersAreNamedWhereThisProcessKnowsTheFirstPayload() {
        PayloadHasher plain = WORKERS.get(0);
        RecordId ours = new RecordId("t", "s", "ours");
        RunningCall running = own(request(plain, ours, PAYLOAD), THROW);
        assertEquals(List.of("/id"), namedBy(plain, ours));
        guard.completed(running, result("1"));
        assertEquals(List.of("/id"), namedBy(plain, ours));

        RecordId theirs = new RecordId("t", "s", "theirs");
        store.check(new Claim(request(plain, theirs, PAYLOAD), TIMES, "other-process"));
        assertEquals(List.of(), namedBy(plain, theirs));

        // What is remembered here of a record that another process has made anew is not its first payload.
        records.delete(ours);
        store.check(new Claim(request(plain, ours, Map.of("id", 3.0)), TIMES, "other-process"));
        assertEquals(List.of(), namedBy(plain, ours));
    }

    private List<String> namedBy(PayloadHasher hasher, RecordId id) {
        PayloadConflictException conflict = assertThrows(
                PayloadConflictException.class, () -> guard.admit(request(hasher, id, OTHER_PAYLOAD), THROW));
        return hasher.differing(
                null, OTHER_PAYLOAD, Exclusions.NONE, conflict.record().name(), conflict.storedDigests());
    }
}
