package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.RecordBytes;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.WeighedEntries;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Answers to duplicates, by record. Safe for use by many threads. */
final class DuplicateAnswers {

    /**
     * An answer of the claim script, which is the same for every duplicate.
     *
     * @param form of the record's hash, as the record names it
     */
    private record Entry(String form, ClaimResult answer) {}

    private final WeighedEntries<Entry> entries;

    /**
     * @param maxBytes what the answers may take, roughly; above 0
     * @param nanoClock as {@link System#nanoTime()}
     */
    DuplicateAnswers(long maxBytes, LongSupplier nanoClock) {
        entries = new WeighedEntries<>(maxBytes, nanoClock);
    }

    /** The answer to a duplicate of that payload; null if it is not known. */
    @Nullable
    ClaimResult find(RecordId id, String form, String hash) {
        Entry entry = entries.find(id);
        return entry != null && entry.answer.hash().equals(hash) && entry.form.equals(form) ? entry.answer : null;
    }

    /** @param nanos how long the record lives; at most half the range */
    void add(RecordId id, String form, ClaimResult answer, long nanos) {
        long bytes = RecordBytes.of(id) + RecordBytes.of(answer.traceId()) + RecordBytes.of(answer.result());
        entries.add(id, new Entry(form, answer), bytes, nanos);
    }

    void forget(RecordId id) {
        entries.forget(id);
    }

    void forgetAll() {
        entries.forgetAll();
    }

    int size() {
        return entries.size();
    }
}
