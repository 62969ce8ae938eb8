package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.core.store.RecordId;
import org.jspecify.annotations.Nullable;

/**
 * What records are named in Redis. Their channels have the same names.
 *
 * @param prefix of all names, without {@code ':'}
 */
record RecordNames(String prefix) {

    String of(RecordId id) {
        return id.redisKey(prefix);
    }

    byte[] bytesOf(RecordId id) {
        return Wtf8.encode(of(id));
    }

    /** What the scripts are given as KEYS: the record, and the failed note of one that is shared. */
    byte[][] keysOf(RecordId id) {
        String name = of(id);
        return id.scope() != null
                ? new byte[][] {Wtf8.encode(name)}
                : new byte[][] {Wtf8.encode(name), Wtf8.encode(FailedNote.nameOf(prefix, name))};
    }

    /** The record of that name; null if no record has it. */
    @Nullable
    RecordId recordOf(byte[] name) {
        return RecordId.ofRedisKey(prefix, Wtf8.decode(name));
    }
}
