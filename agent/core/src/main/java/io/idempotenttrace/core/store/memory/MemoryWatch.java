package io.idempotenttrace.core.store.memory;

import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordWatch;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A watch on a record of the store's map: every change is heard of. */
final class MemoryWatch implements RecordWatch {

    private static final long NEVER_POLL_MILLIS = Long.MAX_VALUE;

    private final ConcurrentHashMap<RecordId, MemoryRecord> records;
    private final RecordId id;
    /** What the record is to complete; null if it is to complete nothing. */
    private @Nullable CompletableFuture<Void> armed;

    MemoryWatch(ConcurrentHashMap<RecordId, MemoryRecord> records, RecordId id) {
        this.records = records;
        this.id = id;
    }

    @Override
    public CompletableFuture<Void> ready() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> arm() {
        close();
        CompletableFuture<Void> change = new CompletableFuture<>();
        armed = change;
        MemoryRecord watched = records.computeIfPresent(id, (same, record) -> {
            record.onChange(change);
            return record;
        });
        if (watched == null) {
            change.complete(null);
        }
        return change;
    }

    @Override
    public long pollMillis() {
        return NEVER_POLL_MILLIS;
    }

    @Override
    public void close() {
        CompletableFuture<Void> unheard = armed;
        armed = null;
        if (unheard != null && !unheard.isDone()) {
            // The record may stay as it is for very long, and others come and go meanwhile.
            records.computeIfPresent(id, (same, record) -> {
                record.forget(unheard);
                return record;
            });
        }
    }
}
