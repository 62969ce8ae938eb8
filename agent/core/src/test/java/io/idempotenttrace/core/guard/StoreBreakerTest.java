package io.idempotenttrace.core.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.MemoryStore;
import io.idempotenttrace.core.store.MissingRightException;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RefusedStepException;
import io.idempotenttrace.testkit.Await;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A part of the store that is away takes the guard from its own records alone, and an answer is no outage. */
class StoreBreakerTest {

    private final Set<String> away = ConcurrentHashMap.newKeySet();
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private final IdempotencyStore records = MemoryStore.of(1000, System::nanoTime);
    private volatile boolean refuses;

    /** Whether its other part has taken over the records of the odd one. */
    private volatile boolean evenHasAll;
    /** The agent's own, at each question; null where there is none. */
    private volatile RuntimeException fault;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final GuardLog log = new GuardLog(new PrintStream(said, true), 1000);
    private final StoreBreaker breaker = new StoreBreaker(store(), log);

    @AfterEach
    void close() {
        breaker.close();
        records.close();
    }

    /** Its parts are named by whether the key's hash is even. */
    private IdempotencyStore store() {
        return (IdempotencyStore) Proxy.newProxyInstance(
                IdempotencyStore.class.getClassLoader(),
                new Class<?>[] {IdempotencyStore.class},
                (proxy, method, a) -> {
                    if (method.getName().equals("partOf")) {
                        return evenHasAll ? "even" : partOf((RecordId) a[0]);
                    }
                    if (method.getName().equals("check")) {
                        RecordId id = ((Claim) a[0]).id();
                        asked.add(partOf(id));
                        if (refuses) {
                            throw new MissingRightException("NOPERM", id.tenant(), id.key(), null, null);
                        }
                        if (fault != null) {
                            throw fault;
                        }
                        if (away.contains(partOf(id))) {
                            throw failure(id);
                        }
                    }
                    try {
                        return method.invoke(records, a);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static String partOf(RecordId id) {
        return id.key().hashCode() % 2 == 0 ? "even" : "odd";
    }

    /** The n-th of that part. */
    private static RecordId record(String part, int n) {
        for (int i = 0, found = 0; ; i++) {
            RecordId id = new RecordId("tenant", "scope", "k" + i);
            if (partOf(id).equals(part) && found++ == n) {
                return id;
            }
        }
    }

    private static IdempotencyStoreException failure(RecordId id) {
        return new IdempotencyStoreException("away", id.tenant(), id.key(), null, null);
    }

    private void failThreeTimes(String part) {
        for (int n = 0; n < 3; n++) {
            breaker.failed(record(part, n), failure(record(part, n)));
        }
    }

    @Test
    void onlyThePartThatFailsIsAway() {
        away.add("odd");
        failThreeTimes("odd");
        assertTrue(breaker.isOpen(record("odd", 7)));
        assertFalse(breaker.isOpen(record("even", 0)));
        Await.until("the probe has asked", () -> !asked.isEmpty());
        assertEquals(Set.of("odd"), asked, "the probe asks where the failure was");
        breaker.succeeded(record("even", 0));
        assertTrue(breaker.isOpen(record("odd", 7)), "another part's answer says nothing");
        away.clear();
        Await.until("the part is back", () -> !breaker.isOpen(record("odd", 7)));
    }

    @Test
    void oneRecordThatFailsAloneTakesTheGuardFromNoOther() {
        for (int i = 0; i < 10; i++) {
            breaker.failed(record("odd", 0), failure(record("odd", 0)));
            assertFalse(breaker.isOpen(record("odd", 1)));
            Await.until("the probe has been answered", () -> asked.contains("odd") || !breaker.hasThread());
        }
    }

    /** It was never away. */
    @Test
    void oneRecordThatFailsAloneIsNotSaidToBeBack() {
        for (int i = 0; i < 3; i++) {
            breaker.failed(record("odd", 0), failure(record("odd", 0)));
        }
        Await.until("the probe has been answered", () -> asked.contains("odd") && !breaker.hasThread());
        assertEquals("", said.toString());
        assertEquals(0, breaker.partsAway());
    }

    @Test
    void whatIsAwayAndWhyIsToldUntilItIsBack() {
        assertNull(breaker.problem());
        away.add("odd");
        failThreeTimes("odd");
        assertTrue(breaker.isOpen(record("odd", 0)));
        assertEquals("away", breaker.problem());
        assertEquals("away", breaker.lastFailure(record("odd", 7)).getMessage());
        assertEquals(1, breaker.partsAway());
        away.clear();
        Await.until("it is said to be back", () -> said.toString().contains("the store answers again"));
        assertNull(breaker.problem());
        assertEquals(0, breaker.partsAway());
        // A call that was refused meanwhile asks for the reason when the part is back.
        assertTrue(breaker.lastFailure(record("odd", 7)).getMessage().endsWith("has just come back; try again"));
    }

    @Test
    void anAnswerToACallClosesIt() {
        away.add("odd");
        failThreeTimes("odd");
        assertTrue(breaker.isOpen(record("odd", 0)));
        breaker.succeeded(record("odd", 7));
        assertFalse(breaker.isOpen(record("odd", 0)));
    }

    /** Failures that an answer came between are not in a row. */
    @Test
    void failuresBeforeAnAnswerDoNotCount() {
        away.add("odd");
        for (int i = 0; i < 5; i++) {
            breaker.failed(record("odd", 0), failure(record("odd", 0)));
            breaker.failed(record("odd", 1), failure(record("odd", 1)));
            assertFalse(breaker.isOpen(record("odd", 0)));
            assertEquals(0, breaker.partsAway());
            assertNull(breaker.problem());
            breaker.succeeded(record("odd", 2));
        }
        assertFalse(breaker.hasThread(), "nothing is to be asked");
    }

    /** As after a node of a Cluster was taken out of it while it was away. */
    @Test
    void aPartWhoseRecordsAllBelongToAnotherOneIsNotAwayForEver() {
        away.add("odd");
        failThreeTimes("odd");
        assertEquals(1, breaker.partsAway());
        evenHasAll = true;
        Await.until("it is forgotten", () -> breaker.partsAway() == 0);
        Await.until("nobody is asked any more", () -> !breaker.hasThread());
    }

    @Test
    void aFaultAtTheQuestionIsNoAnswer() {
        fault = new IllegalStateException("of a test");
        failThreeTimes("odd");
        Await.until("the probe has asked", () -> !asked.isEmpty());
        assertTrue(breaker.isOpen(record("odd", 0)));
        fault = null;
        Await.until("the store is asked again", () -> !breaker.isOpen(record("odd", 0)));
    }

    /** Else nobody would find that it is back. */
    @Test
    void whereNoThreadCanAskTheStoreTheCallsDo() {
        ThreadlessPlatform platform = new ThreadlessPlatform();
        try (StoreBreaker threadless = new StoreBreaker(store(), log, platform)) {
            away.add("odd");
            for (int n = 0; n < 3; n++) {
                threadless.failed(record("odd", n), failure(record("odd", n)));
            }
            assertFalse(threadless.isOpen(record("odd", 0)));
            assertEquals(1, threadless.partsAway(), "it is away all the same");
            platform.threadsAreThereAgain();
            assertFalse(threadless.isOpen(record("odd", 0)), "this call asks once more");
            assertTrue(threadless.isOpen(record("odd", 0)));
        }
    }

    // [P31]
    @Test
    void oneRecordThatFailsWithTheProbeOpensIt() {
        away.add("odd");
        for (int i = 0; i < 3; i++) {
            breaker.failed(record("odd", 0), failure(record("odd", 0)));
        }
        Await.until("the probe has failed as well", () -> breaker.isOpen(record("odd", 1)));
    }

    /** What is refused to one record may be allowed to others. */
    @Test
    void aRefusedStepIsAnAnswer() {
        for (int n = 0; n < 10; n++) {
            RecordId id = record("odd", n);
            breaker.failed(id, new RefusedStepException("WRONGTYPE", id.tenant(), id.key(), null, null));
            assertFalse(breaker.isOpen(id));
        }
        assertFalse(breaker.hasThread(), "nothing is to be asked");
    }

    @Test
    void aMissingRightIsAnAnswer() {
        for (int n = 0; n < 10; n++) {
            RecordId id = record("odd", n);
            breaker.failed(id, new MissingRightException("NOPERM", id.tenant(), id.key(), null, null));
            assertFalse(breaker.isOpen(id));
        }
        refuses = true;
        failThreeTimes("even");
        Await.until("the probe takes a refusal for an answer", () -> !breaker.isOpen(record("even", 0)));
    }
}
