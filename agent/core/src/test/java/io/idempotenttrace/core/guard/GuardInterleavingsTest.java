package io.idempotenttrace.core.guard;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.Interleavings;
import io.idempotenttrace.core.StillPlatform;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.Claims;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.memory.InMemoryIdempotencyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The orders in which threads can meet in what a process knows of its own calls: those that run, the updates that wait for the store, the
 * completions that wait for each other, and the breaker.
 */
@Isolated("Lincheck changes classes while it runs")
class GuardInterleavingsTest {

    private static final RecordId ID = new RecordId("tenant", "scope", "a");
    private static final RecordId OTHER = new RecordId("tenant", "scope", "b");

    private static GuardLog log() {
        return new GuardLog(
                new GuardLog.Lines() {
                    @Override
                    public void say(GuardLog.Level level, String message) {}

                    @Override
                    public boolean isDebug() {
                        return false;
                    }
                },
                1000);
    }

    private static InMemoryIdempotencyStore records() {
        return new InMemoryIdempotencyStore(1000, 1 << 20, 1000, warning -> {}, () -> 1);
    }

    private static Claim claim(RecordId id, String owner) {
        return Claims.of(id, "a".repeat(64), "python", "", owner, 60_000, 60_000, 60_000, "");
    }

    private static PendingUpdate update(RecordId id) {
        return new PendingUpdate(claim(id, "owner"), new Completion("t", null, ""), null, null, false, Long.MAX_VALUE);
    }

    /** Calls follow one that runs, and that ends: nobody waits for ever, and all get the same [P41]. */
    public static class FollowedCall {

        private final RunningCall call =
                new RunningCall(claim(ID, "owner"), LinearizableGuardTest.POLICY, new CallCounters());
        private final List<CompletableFuture<Admission.Stored>> followers = new ArrayList<>();
        private boolean ended;

        private String left(CompletableFuture<Admission.Stored> end) {
            if (!end.isDone()) {
                return "nothing yet";
            }
            Admission.Stored stored = end.join();
            return stored == null ? "nothing" : stored.traceId();
        }

        @Operation
        public String follow() {
            CompletableFuture<Admission.Stored> end = call.whenEnded();
            synchronized (followers) {
                followers.add(end);
            }
            return left(end);
        }

        @Operation
        public void complete() {
            call.release(new Completion("completed", null, ""));
            noteEnd();
        }

        @Operation
        public void fail() {
            call.release(null);
            noteEnd();
        }

        private void noteEnd() {
            synchronized (followers) {
                ended = true;
            }
        }

        @Validate
        public void nobodyWaitsForACallThatHasEnded() {
            TreeSet<String> all = new TreeSet<>();
            followers.forEach(follower -> all.add(left(follower)));
            if (ended ? all.size() > 1 || all.contains("nothing yet") : all.size() > 1) {
                throw new IllegalStateException("those who follow the call got " + all);
            }
        }
    }

    /** Updates that wait: neither lost nor doubled, and those of one record in their order. */
    public static class Waiting {

        private final PendingUpdate first = update(ID);
        private final PendingUpdate second = update(ID);
        private final PendingUpdate other = update(OTHER);
        private final WaitingUpdates waiting = new WaitingUpdates(first.bytes() + other.bytes());

        @Operation(runOnce = true)
        public boolean add() {
            return waiting.add(first);
        }

        @Operation(runOnce = true)
        public boolean addTheNextOfTheSameRecord() {
            return waiting.add(second);
        }

        @Operation(runOnce = true)
        public boolean addAnother() {
            return waiting.add(other);
        }

        @Operation
        public boolean has() {
            return waiting.has(ID);
        }

        @Operation
        public boolean knows() {
            return waiting.completed(ID) != null;
        }

        @Operation
        public String take() {
            StringBuilder taken = new StringBuilder();
            waiting.take(8, away -> false)
                    .forEach(update ->
                            taken.append(update == first ? "first " : update == second ? "second " : "other "));
            return taken.toString();
        }

        @Operation
        public void isWritten() {
            waiting.settled(first);
        }

        @Operation
        public void isNotWritten() {
            waiting.putBack(List.of(first));
        }

        @Operation
        public void forget() {
            waiting.forgetEnds(ID);
        }

        @Operation
        public long bytes() {
            return waiting.bytes();
        }

        @Operation
        public int size() {
            return waiting.size();
        }

        @Validate
        public void nothingIsCountedThatIsNotThere() {
            List.of(first, second, other).forEach(waiting::settled);
            if (waiting.size() != 0 || waiting.bytes() != 0) {
                throw new IllegalStateException(waiting.size() + " updates of " + waiting.bytes() + " bytes are left");
            }
        }
    }

    /** A claim finds no completion of its own process unsent [P42]. */
    public static class Lingering {

        private final TreeSet<String> sent = new TreeSet<>();
        private final LingeringCompletions<String> lingering =
                new LingeringCompletions<>(this::send, new StillPlatform());
        private int calls;

        private void send(List<String> together) {
            synchronized (sent) {
                sent.addAll(together);
            }
        }

        private String sent(String record) {
            synchronized (sent) {
                return sent.tailSet(record).toString();
            }
        }

        /** It owns its key, so no other call of this record ends at the same time. */
        @Operation(nonParallelGroup = "owner")
        public void aCallClaimsAndCompletes() {
            lingering.release(ID);
            lingering.add(ID, "a" + ++calls);
        }

        @Operation
        public String aClaimComes() {
            lingering.release(ID);
            return sent("a");
        }

        @Operation
        public void aRoundSendsAll() {
            lingering.releaseAll();
        }
    }

    /** Calls that fail and calls that succeed: the breaker is open when it would be in some order. */
    public static class Breaker {

        private final FickleStore store = new FickleStore(records());
        private final StoreBreaker breaker = new StoreBreaker(store, log(), new StillPlatform());

        private static IdempotencyStoreException failure(RecordId id) {
            return new IdempotencyStoreException("away", id.tenant(), id.key(), null, null);
        }

        private void fail(RecordId id) {
            breaker.failed(id, failure(id));
        }

        public Breaker() {
            fail(ID);
        }

        @Operation
        public void aCallFails() {
            fail(ID);
        }

        @Operation
        public void aCallOfAnotherRecordFails() {
            fail(OTHER);
        }

        @Operation
        public void aCallSucceeds() {
            breaker.succeeded(ID);
        }

        /** As the figures have it: a call that comes before the probe's thread is there asks the store itself. */
        @Operation
        public boolean isOpen() {
            return breaker.partsAway() > 0;
        }
    }

    @Test
    @Tag("matrix")
    void whoFollowsACallHearsOfItsEnd() {
        Interleavings.check(FollowedCall.class);
    }

    @Test
    void updatesThatWaitAreNeitherLostNorDoubled() {
        Interleavings.check(Waiting.class);
    }

    @Test
    @Tag("matrix")
    void noClaimOvertakesACompletionThatLingers() {
        Interleavings.check(Lingering.class);
    }

    /** So many, since a late failure must meet two others to undo what they have done. */
    @Test
    @Tag("matrix")
    void theBreakerIsOpenAsInSomeOrderOfTheFailures() {
        Interleavings.check(Breaker.class, /* scenarios= */ 60, /* orders= */ 150);
    }
}
