package io.idempotenttrace.core.store;

import io.idempotenttrace.IdempotencyStoreException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where records live. Each operation is one atomic step on one record, but for {@link #markCompletedTogether}, and is safe to run
 * twice with the same claim: a command that was sent again after a lost reply gets the answer of the first.
 *
 * <p>Safe for use by many threads. Every method throws {@link IdempotencyStoreException} if the store can't answer; then it
 * is unknown whether the step was made. Every method throws NullPointerException for an argument that is null, and
 * IllegalStateException once the store is closed; what else an argument may not be, its own class refuses.
 */
public interface IdempotencyStore extends AutoCloseable {

    /**
     * Claims the record.
     * <ul>
     *   <li>absent, failed, pending with its lease over, or pending by this very owner: NEW, and the claim's owner holds it;
     *   <li>another hash, or a hash of another form or secret, which is not comparable: CONFLICT;
     *   <li>completed: DUPLICATE;
     *   <li>pending with a running lease: IN_PROGRESS. A record without lease (another worker's) has one that began when
     *       the record was created.
     * </ul>
     */
    ClaimResult check(Claim claim);

    /**
     * As {@link #check} of an absent record, where the store is in this process and so has nothing else to tell of it.
     *
     * @return whether the record was absent and the claim's owner holds it now; else nothing has happened, and {@link #check} answers
     */
    default boolean placeFirst(Claim claim) {
        return false;
    }

    /**
     * The answer to a duplicate, as {@link #check} gives it, where it is at hand without a claim.
     *
     * @return null where the record has to be claimed to know
     */
    default @Nullable ClaimResult known(ClaimRequest request) {
        return null;
    }

    /**
     * The answer that {@link #check} would give, without a claim. For a store of this process, which can tell at no cost.
     *
     * @return null where the claim would be granted
     */
    default @Nullable ClaimResult peek(ClaimRequest request) {
        return known(request);
    }

    /** Completes the claim's record. A vanished record is written whole, with its TTL. */
    Update markCompleted(Claim claim, Completion completion);

    /**
     * Marks the claim's record as failed: claimable at once.
     *
     * @param error what went wrong; the first 500 characters are kept
     */
    Update markFailed(Claim claim, String error);

    /** Extends the claim's lease to its full length from now; the record's TTL is never shorter than the lease. */
    Update renew(Claim claim);

    /** Deletes the record, whoever owns it; whether there was one. */
    boolean delete(RecordId id);

    /** Deletes the record if this claim holds it, so that it is as if it had not been granted; whether it did. */
    boolean giveBack(Claim claim);

    /** The record as it stands; empty if there is none. */
    Optional<StoredRecord> status(RecordId id);

    /** Watches the record for a call that waits for its owner; to be closed. */
    RecordWatch watch(RecordId id);

    /**
     * As {@link #check}, without blocking the caller.
     *
     * @return fails with {@link IdempotencyStoreException} alone (or with it as the cause of a CompletionException), after the
     *         same time at the latest
     */
    default CompletableFuture<ClaimResult> checkAsync(Claim claim) {
        return answered(() -> check(claim));
    }

    /** As {@link #markCompleted}, without blocking the caller; see {@link #checkAsync}. */
    default CompletableFuture<Update> markCompletedAsync(Claim claim, Completion completion) {
        return answered(() -> markCompleted(claim, completion));
    }

    /**
     * As {@link #markCompletedAsync} of each, in one step where that is cheaper; each is told how it ended.
     *
     * @param completions of different records, at least one
     */
    default void markCompletedTogether(List<? extends PendingCompletion> completions) {
        for (PendingCompletion one : completions) {
            markCompletedAsync(one.claim(), one.completion()).whenComplete(one::ended);
        }
    }

    /** As {@link #markFailed}, without blocking the caller; see {@link #checkAsync}. */
    default CompletableFuture<Update> markFailedAsync(Claim claim, String error) {
        return answered(() -> markFailed(claim, error));
    }

    /** As {@link #renew}, without blocking the caller; see {@link #checkAsync}. */
    default CompletableFuture<Update> renewAsync(Claim claim) {
        return answered(() -> renew(claim));
    }

    /** For a store that answers at once. */
    private static <T> CompletableFuture<T> answered(Supplier<T> step) {
        try {
            return CompletableFuture.completedFuture(step.get());
        } catch (IdempotencyStoreException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * The part of the store that has the record, where parts fail each by itself, as the nodes of a Cluster do.
     *
     * @return equal for all records of a part; empty where the store is one, or it is not known
     */
    default String partOf(RecordId id) {
        return "";
    }

    /** After so long a step that was sent has been answered or has failed, in milliseconds; no answer comes later. */
    default long longestAnswerMillis() {
        return 10_000;
    }

    /** The claims whose owner is known to run, of a store in this process; it may be asked again and again. */
    default List<Claim> running() {
        return List.of();
    }

    /** What the records of a store in this process take, in bytes, roughly. */
    default long recordBytes() {
        return 0;
    }

    /** How many completed records a store in this process has dropped before their time, for lack of room. */
    default long droppedRecords() {
        return 0;
    }

    /** How many stored results were met that could not be decrypted, or are not encrypted where they have to be. */
    default long unreadableResults() {
        return 0;
    }

    /** What is asked of the whole fleet; null where the store is in this process alone. */
    default @Nullable FleetBoard fleet() {
        return null;
    }

    /** {@code redis} or {@code memory}. */
    String name();

    /** Frees connections and threads; does not throw, and a second call does nothing. */
    @Override
    void close();
}
