package io.idempotenttrace.core.store;

import io.idempotenttrace.core.store.memory.InMemoryIdempotencyStore;
import io.idempotenttrace.testkit.Linearizable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The store in memory, and what is remembered of records, under threads that meet at one record. */
class LinearizableStoreTest {

    private static final RecordId ID = new RecordId("tenant", "scope", "key");
    private static final RecordId OTHER = new RecordId("tenant", "scope", "other");
    private static final Claim A = claim(ID, "a", "owner-a");
    private static final Claim B = claim(ID, "a", "owner-b");
    private static final Claim CONFLICTING = claim(ID, "b", "owner-d");

    private static Claim claim(RecordId id, String hash, String owner) {
        return Claims.of(id, hash.repeat(64), "python", "trace-" + owner, owner, 60_000, 60_000, 60_000, "");
    }

    /**
     * All steps but {@code placeFirst}: where the record is completed, its claim may be seen for a moment before it is withdrawn, so that
     * a renewal, or a completion that the same owner repeats, is refused in that moment. Neither is sent to this store twice.
     */
    private static Linearizable<InMemoryIdempotencyStore> store() {
        return Linearizable.of(() -> new InMemoryIdempotencyStore(1000, 1 << 20, 1000, warning -> {}, () -> 1))
                .step("a claims", store -> verdict(store.check(A)))
                .step("b claims", store -> verdict(store.check(B)))
                .step("another payload claims", store -> verdict(store.check(CONFLICTING)))
                .step("a completes", store -> store.markCompleted(A, new Completion("done-a", "1", "")))
                .step("b completes", store -> store.markCompleted(B, new Completion("done-b", "2", "")))
                .step("a fails", store -> store.markFailed(A, "x"))
                .step("b fails", store -> store.markFailed(B, "y"))
                .step("a renews", store -> store.renew(A))
                .step("b gives back", store -> store.giveBack(B))
                .step("somebody deletes", store -> store.delete(ID))
                .step("somebody looks", store -> store.status(ID).map(StoredRecord::status))
                .step("a peeks", store -> {
                    ClaimResult seen = store.peek(A.request());
                    return seen == null ? "nothing" : verdict(seen);
                });
    }

    private static String verdict(ClaimResult result) {
        return result.verdict() + " " + result.attempt() + " " + result.traceId() + " " + result.result();
    }

    @Test
    void theStoreInMemoryIsAsIfCallsCameOneAfterTheOther() throws Exception {
        store().check(/* scenarios= */ 40, /* runs= */ 10, /* each= */ 2, /* seed= */ 24);
    }

    @Test
    @Tag("matrix")
    void theStoreInMemoryIsSoInLongerScenariosToo() throws Exception {
        store().check(/* scenarios= */ 150, /* runs= */ 500, /* each= */ 3, /* seed= */ 25);
    }

    private static Linearizable<WeighedEntries<String>> memory() {
        return Linearizable.of(() -> {
                    WeighedEntries<String> entries = new WeighedEntries<>(100, () -> 1);
                    entries.add(ID, "known before", 40, 1000);
                    return entries;
                })
                .step("add", entries -> added(entries, ID, "one", 40))
                .step("add in its place", entries -> added(entries, ID, "two", 60))
                .step("add another", entries -> added(entries, OTHER, "other", 50))
                .step("add one too large", entries -> added(entries, OTHER, "large", 101))
                .step("find", entries -> String.valueOf(entries.find(ID)))
                .step("find another", entries -> String.valueOf(entries.find(OTHER)))
                .step("forget", entries -> {
                    entries.forget(ID);
                    return "";
                });
    }

    private static String added(WeighedEntries<String> entries, RecordId id, String value, long bytes) {
        entries.add(id, value, bytes, 1000);
        return "";
    }

    /** While it takes the place of another, a record must not seem to be unknown: in an outage its redelivery would run. */
    @Test
    void whatIsRememberedOfRecordsIsReplacedInOneStep() throws Exception {
        memory().check(/* scenarios= */ 40, /* runs= */ 10, /* each= */ 2, /* seed= */ 26);
    }

    @Test
    @Tag("matrix")
    void whatIsRememberedIsSoInLongerScenariosToo() throws Exception {
        memory().check(/* scenarios= */ 100, /* runs= */ 500, /* each= */ 3, /* seed= */ 27);
    }
}
