package io.idempotenttrace.core.store.redis;

import java.util.List;
import java.util.Map;

/**
 * How figures stand in Redis while somebody watches: a key that those who watch keep alive, so that processes see that there are some; and a
 * hash with a field for each process, its last line. Both end by themselves when nobody watches any more. No record has such a name.
 */
public final class FigureRecord {

    /** How long one sign of those who watch lasts; they give one each second. */
    public static final long WATCHED_MILLIS = 5_000;
    /** How long figures stay that nobody renews. */
    public static final long FIGURES_MILLIS = 60_000;

    private FigureRecord() {}

    /** The key that tells that somebody watches. */
    public static byte[] watched(String prefix) {
        return Wtf8.encode(prefix + ":%watched");
    }

    /** The hash of the lines. */
    public static byte[] figures(String prefix) {
        return Wtf8.encode(prefix + ":%figures");
    }

    /** The lines by process. */
    public static Map<String, String> read(List<?> reply) {
        return RedisIdempotencyStore.fields(reply);
    }
}
