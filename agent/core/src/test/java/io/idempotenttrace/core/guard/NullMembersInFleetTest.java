package io.idempotenttrace.core.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.core.canonical.CanonicalForm;
import io.idempotenttrace.core.canonical.Exclusions;
import io.idempotenttrace.core.canonical.HashSecret;
import io.idempotenttrace.core.canonical.HashSecrets;
import io.idempotenttrace.core.canonical.PayloadHasher;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimRequest;
import io.idempotenttrace.core.store.RecordId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every pair of workers that keep null members or leave them out, in equal forms and in different ones: what one has written is no conflict
 * for the other, and payloads that differ in more than what one of the two leaves out are never a duplicate.
 */
@Timeout(120)
class NullMembersInFleetTest extends GuardOfFickleStore {

    private static final CallPolicy WAIT = policy(OnInProgress.WAIT, OnStoreFailure.PROCEED);
    private static final CallPolicy THROW = policy(OnInProgress.THROW, OnStoreFailure.PROCEED);
    private static final HashSecrets SECRETS = new HashSecrets(
            new HashSecret("k1", "a secret".getBytes(StandardCharsets.UTF_8)),
            List.of(new HashSecret("k1", "a secret".getBytes(StandardCharsets.UTF_8))));
    private static final List<Map<String, Object>> PAYLOADS =
            List.of(payload(), payload("x"), payload("note"), payload("x", "note"));

    private record Worker(PayloadHasher hasher, boolean dropsNulls) {

        ClaimRequest request(RecordId id, Object payload) {
            Exclusions exclusions = Exclusions.NONE.ofNullMembers(dropsNulls);
            return new ClaimRequest(
                    id,
                    hasher.digest(payload, exclusions),
                    "",
                    (form, recordHash, arguments) -> {
                        PayloadHasher other = hasher.with(form);
                        return other == null
                                ? null
                                : exclusions.comparableWith(
                                        form, recordHash, leftOut -> other.digest(arguments[0], leftOut));
                    },
                    new Object[] {payload});
        }
    }

    private static Map<String, Object> payload(String... nulls) {
        Map<String, Object> payload = new TreeMap<>(Map.of("id", 1.0, "inner", new TreeMap<>(Map.of("a", "b"))));
        for (String name : nulls) {
            payload.put(name, null);
        }
        return payload;
    }

    private static List<Worker> workers() {
        List<Worker> workers = new ArrayList<>();
        for (PayloadHasher hasher : List.of(
                new PayloadHasher(CanonicalForm.PYTHON),
                new PayloadHasher(CanonicalForm.JCS),
                new PayloadHasher(CanonicalForm.PYTHON, 500, 1 << 20, SECRETS))) {
            workers.add(new Worker(hasher, false));
            workers.add(new Worker(hasher, true));
        }
        return workers;
    }

    private interface Pair {

        void of(Worker first, Map<String, Object> written, Worker second, Map<String, Object> met, RecordId id);
    }

    private static void each(Pair pair) {
        int number = 0;
        for (Worker first : workers()) {
            for (Worker second : workers()) {
                boolean secretKnown = second.hasher().with(first.hasher().form()) != null;
                for (Map<String, Object> written : PAYLOADS) {
                    for (Map<String, Object> met : secretKnown ? PAYLOADS : List.<Map<String, Object>>of()) {
                        pair.of(first, written, second, met, new RecordId("t", "s", "key" + number++));
                    }
                }
            }
        }
    }

    /** The rule of the documentation: who writes says whether nulls count; of a record without nulls, who reads says it. */
    private static boolean isSame(Worker first, Map<String, Object> written, Worker second, Map<String, Object> met) {
        boolean hadNulls = written.containsValue(null);
        return written.equals(met)
                || (first.dropsNulls() ? hadNulls || second.dropsNulls() : !hadNulls && second.dropsNulls());
    }

    @Test
    void aCompletedRecordOfAnotherWorker() {
        each((first, written, second, met, id) -> {
            Claim claim = new Claim(first.request(id, written), TIMES, "other-process");
            records.check(claim);
            records.markCompleted(claim, result("1"));
            String pair = first + " wrote " + written + ", " + second + " meets " + met;
            if (isSame(first, written, second, met)) {
                assertInstanceOf(Admission.Stored.class, guard.admit(second.request(id, met), THROW), pair);
            } else {
                assertThrows(PayloadConflictException.class, () -> guard.admit(second.request(id, met), THROW), pair);
            }
            Map<String, Object> other = new TreeMap<>(met);
            other.put("id", 2.0);
            assertThrows(PayloadConflictException.class, () -> guard.admit(second.request(id, other), THROW), pair);
        });
    }

    @Test
    void aFailedRecordIsTakenOverAsItsWorkerWroteIt() {
        each((first, written, second, met, id) -> {
            Claim claim = new Claim(first.request(id, written), TIMES, "other-process");
            records.check(claim);
            records.markFailed(claim, "boom");
            if (isSame(first, written, second, met)) {
                RunningCall running = own(second.request(id, met), THROW);
                assertEquals(claim.hash(), running.claim().hash());
                guard.completed(running, result("2"));
            }
        });
    }

    @Test
    void aCallOfTheSameProcessThatRuns() {
        each((first, written, second, met, id) -> {
            RunningCall running = own(first.request(id, written), THROW);
            if (isSame(first, written, second, met)) {
                CompletableFuture<Admission> follower = guard.admitAsync(second.request(id, met), WAIT, true);
                guard.completed(running, result("3"));
                assertEquals(
                        "3",
                        assertInstanceOf(Admission.Stored.class, follower.join())
                                .result());
            } else {
                assertThrows(PayloadConflictException.class, () -> guard.admit(second.request(id, met), THROW));
                guard.completed(running, result("3"));
            }
        });
    }

    /** A payload without nulls has the form that every worker knows. */
    @Test
    void onlyWhatWasLeftOutIsNamedInTheForm() {
        PayloadHasher hasher = new PayloadHasher(CanonicalForm.PYTHON);
        Exclusions drop = Exclusions.NONE.ofNullMembers(true);
        assertEquals("python", hasher.digest(payload(), drop).form().text());
        assertEquals("python+nonulls", hasher.digest(payload("x"), drop).form().text());
        assertEquals(
                "python+nonulls+hmac:k1",
                new PayloadHasher(CanonicalForm.PYTHON, 500, 1 << 20, SECRETS)
                        .hashed(payload("x"), drop)
                        .form()
                        .text());
    }
}
