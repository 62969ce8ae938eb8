package io.idempotenttrace.core.guard;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.background.BackgroundLoop;
import io.idempotenttrace.core.background.Platform;
import io.idempotenttrace.core.canonical.HashForm;
import io.idempotenttrace.core.canonical.PayloadDigest;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimRequest;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.MissingRightException;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordTimes;
import io.idempotenttrace.core.store.RefusedStepException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A circuit breaker around each part of the store: the whole of one server, or a node of a Cluster. After a few failures in a row it opens,
 * and calls no longer wait for a part that is away. While it is open a thread of its own asks that part, so that no call pays for the
 * question; the first answer closes it. Parts that are well have no entry here. Safe for use by many threads.
 */
final class StoreBreaker implements AutoCloseable {

    /** One lost connection must not send calls past the store; three in a row are no accident. */
    private static final int FAILURES_TO_OPEN = 3;

    private static final long PROBE_EVERY_NANOS = 250_000_000L;
    /** Among so many records some belong to each node of a Cluster. */
    private static final int MOST_PROBE_KEYS = 20_000;

    /** A part that has failed since it last answered. */
    private static final class Part {

        /** A record of it: where the failure was. */
        private final RecordId failing;

        private final AtomicInteger failuresInARow = new AtomicInteger();
        /** Whether others have failed as well: what fails for one record alone may be the record's own fault. */
        private volatile boolean othersFail;
        /** Whether so many calls have failed that the part is asked, or to be asked. */
        private volatile boolean suspected;

        private volatile boolean open;
        private volatile @Nullable IdempotencyStoreException lastFailure;

        private Part(RecordId failing) {
            this.failing = failing;
        }
    }

    private final IdempotencyStore store;
    private final GuardLog log;
    private final BackgroundLoop loop;
    private final ConcurrentHashMap<String, Part> failing = new ConcurrentHashMap<>();

    StoreBreaker(IdempotencyStore store, GuardLog log) {
        this(store, log, Platform.JVM);
    }

    StoreBreaker(IdempotencyStore store, GuardLog log, Platform platform) {
        this.store = store;
        this.log = log;
        this.loop = new BackgroundLoop("idempotent-trace-probe", this::probe, platform);
    }

    /** Whether the store as a whole is known to be away; then somebody asks it whether it is back. */
    boolean isOpen() {
        return isAway(wholeIfFailing());
    }

    private @Nullable Part wholeIfFailing() {
        return failing.isEmpty() ? null : failing.get("");
    }

    /** Whether the part that has the record is known to be away; then somebody asks it whether it is back. */
    boolean isOpen(RecordId id) {
        return isAway(ifFailing(id));
    }

    private @Nullable Part ifFailing(RecordId id) {
        return failing.isEmpty() ? null : failing.get(store.partOf(id));
    }

    private boolean isAway(@Nullable Part part) {
        if (part == null || !part.open) {
            return false;
        }
        if (loop.isAlive()) {
            return true;
        }
        // Nobody has asked the store since no thread could be started for it: the call does, whether or not one can be
        // now.
        loop.wake();
        return false;
    }

    void succeeded(RecordId id) {
        if (!failing.isEmpty()) {
            failing.remove(store.partOf(id));
        }
    }

    /** For a breaker that is open, or was so just before: why. */
    IdempotencyStoreException lastFailure(RecordId id) {
        Part part = ifFailing(id);
        IdempotencyStoreException failure = part == null ? null : part.lastFailure;
        return failure != null
                ? failure
                : new IdempotencyStoreException(
                        "the store " + store.name() + " has just come back; try again",
                        id.tenant(),
                        id.key(),
                        null,
                        null);
    }

    /** To how many parts of the store calls are not sent now. Asks nobody. */
    int partsAway() {
        int away = 0;
        for (Part part : failing.values()) {
            away += part.open ? 1 : 0;
        }
        return away;
    }

    /** Why calls are not sent to a part of the store now, the first of several; null if all are. Asks nobody. */
    @Nullable
    String problem() {
        for (Part part : failing.values()) {
            IdempotencyStoreException failure = part.lastFailure;
            if (part.open && failure != null) {
                return failure.getMessage();
            }
        }
        return null;
    }

    void failed(RecordId id, IdempotencyStoreException failure) {
        if (failure instanceof RefusedStepException || failure instanceof MissingRightException) {
            // An answer. What is refused to one record may be allowed to others.
            return;
        }
        Part part = failing.computeIfAbsent(store.partOf(id), name -> new Part(id));
        part.lastFailure = failure;
        // Nobody sets it back, and neither does the next one: another call may set it at the same time, as may the
        // probe.
        if (!id.equals(part.failing)) {
            part.othersFail = true;
        }
        if (part.failuresInARow.incrementAndGet() >= FAILURES_TO_OPEN && !part.open) {
            part.suspected = true;
            // Where one record alone has failed, the probe's record is the second: it decides.
            if (part.othersFail) {
                part.open = true;
            }
            loop.wake();
        }
    }

    /** One round: asks each part that is away. */
    long probe() {
        boolean someAway = false;
        for (var entry : failing.entrySet()) {
            Part part = entry.getValue();
            if (!part.suspected) {
                continue;
            }
            Claim question = questionTo(entry.getKey(), part.failing);
            if (question != null && !isAnswered(question)) {
                part.open = true;
                someAway = true;
                continue;
            }
            failing.remove(entry.getKey(), part);
            if (part.open) {
                log.sayOnceAPeriod(
                        GuardLog.Occasion.STORE_BACK, "the store answers again; calls are guarded by it from now on");
            }
        }
        return someAway ? PROBE_EVERY_NANOS : BackgroundLoop.END;
    }

    /**
     * A claim on a record of that part that nobody else has, and that goes by itself: a server that only reads would fail the calls again.
     *
     * @param failing a record that the part had
     * @return null where no record belongs to the part any more: others have taken its records over, and are asked by the next call
     */
    private @Nullable Claim questionTo(String part, RecordId failing) {
        for (int i = 0; i < MOST_PROBE_KEYS; i++) {
            RecordId id = new RecordId(failing.tenant(), "circuit-breaker", i == 0 ? "probe" : "probe" + i);
            if (store.partOf(id).equals(part)) {
                return new Claim(
                        new ClaimRequest(id, new PayloadDigest(HashForm.DEFAULT, "0".repeat(64), ""), ""),
                        new RecordTimes(1000, 1000, 1),
                        "0".repeat(32));
            }
        }
        return null;
    }

    private boolean isAnswered(Claim question) {
        try {
            store.check(question);
            return true;
        } catch (RefusedStepException | MissingRightException e) {
            return true;
        } catch (RuntimeException e) {
            // Whatever it is, the breaker stays open and the store is asked again.
            return false;
        }
    }

    boolean hasThread() {
        return loop.isAlive();
    }

    @Override
    public void close() {
        loop.close();
    }
}
