package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.core.store.RecordId;

/** Names failed notes, for tests in other packages. */
public final class NoteNames {

    private NoteNames() {}

    /** The note of a record with the usual prefix. */
    public static String of(String redisKey) {
        return FailedNote.nameOf(RecordId.DEFAULT_PREFIX, redisKey);
    }
}
