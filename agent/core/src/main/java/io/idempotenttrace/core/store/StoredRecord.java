package io.idempotenttrace.core.store;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record as it stands in the store, for people and tests.
 *
 * @param fields all fields by name, as in Redis ({@code hash}, {@code tenant_id}, {@code trace_id}, {@code created_at},
 *        {@code status}, ...)
 * @param ttlMillis what is left of its life; -1 if it has no TTL
 */
public record StoredRecord(Map<String, String> fields, long ttlMillis) {

    /** The status; null if the record has none. */
    public @Nullable RecordStatus status() {
        return RecordStatus.of(fields.get("status"));
    }
}
