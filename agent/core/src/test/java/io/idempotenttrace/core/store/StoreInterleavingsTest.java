package io.idempotenttrace.core.store;

import io.idempotenttrace.core.Interleavings;
import io.idempotenttrace.core.store.memory.InMemoryIdempotencyStore;
import java.util.HashMap;
import java.util.Map;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The orders in which the steps of two calls on one record can meet, in the store in memory and in what is remembered of records:
 * {@link LinearizableStoreTest} has real threads meet there, this takes what they may do apart. Each step on the record is atomic [P2].
 */
@Isolated("Lincheck changes classes while it runs")
class StoreInterleavingsTest {

    private static final RecordId ID = new RecordId("tenant", "scope", "key");
    private static final RecordId OTHER = new RecordId("tenant", "scope", "other");
    private static final String HASH = "a".repeat(64);
    private static final String OTHER_HASH = "b".repeat(64);

    private static Claim claim(String hash, String owner) {
        return Claims.of(ID, hash, "python", "trace-" + owner, owner, 60_000, 60_000, 60_000, "");
    }

    private static String verdict(ClaimResult result) {
        return result.verdict() + " " + result.attempt() + " " + result.traceId() + " " + result.result();
    }

    private static InMemoryIdempotencyStore store() {
        return new InMemoryIdempotencyStore(1000, 1 << 20, 1000, warning -> {}, () -> 1);
    }

    /** A store on which two owners and a stranger with another payload meet. Nothing is left of a record that goes. */
    public static class StoreSteps {

        private final InMemoryIdempotencyStore store = store();
        private final Claim a = claim(HASH, "a");
        private final Claim b = claim(HASH, "b");
        private final Claim conflicting = claim(OTHER_HASH, "c");

        @Operation
        public String aClaims() {
            return verdict(store.check(a));
        }

        @Operation
        public String bClaims() {
            return verdict(store.check(b));
        }

        @Operation
        public String anotherPayloadClaims() {
            return verdict(store.check(conflicting));
        }

        @Operation
        public Update aCompletes() {
            return store.markCompleted(a, new Completion("done-a", "1", ""));
        }

        @Operation
        public Update bCompletes() {
            return store.markCompleted(b, new Completion("done-b", "2", ""));
        }

        @Operation
        public Update aFails() {
            return store.markFailed(a, "x");
        }

        @Operation
        public Update bFails() {
            return store.markFailed(b, "y");
        }

        @Operation
        public Update aRenews() {
            return store.renew(a);
        }

        @Operation
        public boolean bGivesBack() {
            return store.giveBack(b);
        }

        @Operation
        public boolean somebodyDeletes() {
            return store.delete(ID);
        }

        @Operation
        public String somebodyLooks() {
            return store.status(ID).map(record -> record.status().toString()).orElse("nothing");
        }

        @Operation
        public String somebodyPeeks() {
            ClaimResult seen = store.peek(a.request());
            return seen == null ? "nothing" : verdict(seen);
        }

        @Validate
        public void nothingIsCountedThatIsNotThere() {
            store.delete(ID);
            leavesNothing(store);
        }
    }

    private static void leavesNothing(InMemoryIdempotencyStore store) {
        if (store.recordBytes() != 0 || store.size() != 0) {
            throw new IllegalStateException(
                    "no record is left, but " + store.size() + " of " + store.recordBytes() + " bytes are counted");
        }
    }

    /**
     * As the guard claims: it places a first record without looking for a completed one, and withdraws it where there is one. A call ends
     * once it has its answer.
     */
    public static class FirstClaims {

        private final InMemoryIdempotencyStore store = store();
        private final Claim a = claim(HASH, "a");
        private final Claim b = claim(HASH, "b");

        private String claimed(Claim claim) {
            return store.placeFirst(claim)
                    ? "NEW"
                    : store.check(claim).verdict().toString();
        }

        @Operation(nonParallelGroup = "a")
        public String aClaims() {
            return claimed(a);
        }

        @Operation(nonParallelGroup = "b")
        public String bClaims() {
            return claimed(b);
        }

        @Operation(nonParallelGroup = "a")
        public Update aCompletes() {
            return store.markCompleted(a, new Completion("done-a", "1", ""));
        }

        @Operation(nonParallelGroup = "b")
        public Update bFails() {
            return store.markFailed(b, "y");
        }

        @Operation
        public boolean aDuplicateIsKnown() {
            return store.known(a.request()) != null;
        }

        @Validate
        public void nothingIsCountedThatIsNotThere() {
            store.delete(ID);
            leavesNothing(store);
        }
    }

    /** Room for two records: what is remembered of one must not seem to be unknown while it is replaced. */
    public static class RememberedSteps {

        private final WeighedEntries<String> entries = new WeighedEntries<>(100, () -> 1);

        @Operation
        public void add() {
            entries.add(ID, "one", 40, 1000);
        }

        @Operation
        public void addInItsPlace() {
            entries.add(ID, "two", 60, 1000);
        }

        @Operation
        public void addAnother() {
            entries.add(OTHER, "other", 50, 1000);
        }

        @Operation
        public String find() {
            return String.valueOf(entries.find(ID));
        }

        @Operation
        public String findAnother() {
            return String.valueOf(entries.find(OTHER));
        }

        @Operation
        public void forget() {
            entries.forget(ID);
        }

        @Operation
        public void forgetAll() {
            entries.forgetAll();
        }
    }

    /** Looks first and writes then. */
    public static class ClaimInTwoSteps {

        private final Map<RecordId, String> owners = new HashMap<>();

        private synchronized String owner() {
            return owners.get(ID);
        }

        private synchronized void owner(String owner) {
            owners.put(ID, owner);
        }

        private Verdict claimed(String owner) {
            if (owner() != null) {
                return Verdict.IN_PROGRESS;
            }
            owner(owner);
            return Verdict.NEW;
        }

        @Operation
        public Verdict aClaims() {
            return claimed("a");
        }

        @Operation
        public Verdict bClaims() {
            return claimed("b");
        }

        @Operation
        public synchronized void theOwnerFails() {
            owners.remove(ID);
        }
    }

    @Test
    @Tag("matrix")
    void eachStepOfTheStoreInMemoryIsAtomic() {
        Interleavings.check(StoreSteps.class);
    }

    @Test
    @Tag("matrix")
    void aFirstClaimIsGrantedToOne() {
        Interleavings.check(FirstClaims.class);
    }

    @Test
    @Tag("matrix")
    void whatIsRememberedIsReplacedInOneStep() {
        Interleavings.check(RememberedSteps.class);
    }

    @Test
    void aClaimThatLooksFirstAndWritesThenIsFound() {
        Interleavings.refute(ClaimInTwoSteps.class);
    }
}
