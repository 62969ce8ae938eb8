package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.core.store.FleetMode;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How the modes stand in Redis that the fleet is asked to have: a hash beside the records, with a field {@code all} and a field {@code
 * scope:NAME} for each scope that has one of its own. A value is the mode, since when, and who asks, in three words. It has no TTL: processes
 * that start later have to find it. No record has its name.
 */
public final class ModeRecord {

    private static final String NAME = ":%mode";
    private static final String ALL = "all";
    private static final String SCOPE = "scope:";

    private ModeRecord() {}

    /** @param prefix of all names, without {@code ':'} */
    public static byte[] nameOf(String prefix) {
        return Wtf8.encode(prefix + NAME);
    }

    /** @param scope empty for all */
    public static byte[] field(String scope) {
        return Wtf8.encode(scope.isEmpty() ? ALL : SCOPE + scope);
    }

    public static byte[] value(FleetMode mode) {
        return Wtf8.encode(mode.mode() + ' ' + mode.when() + ' ' + mode.who());
    }

    /**
     * The modes by scope, sorted.
     *
     * @param reply fields and values in turn; what this version does not know is left out
     */
    public static Map<String, FleetMode> read(List<?> reply) {
        Map<String, FleetMode> modes = new TreeMap<>();
        for (Map.Entry<String, String> entry :
                RedisIdempotencyStore.fields(reply).entrySet()) {
            String[] words = entry.getValue().split(" ", 3);
            String field = entry.getKey();
            if (words.length == 3 && (field.equals(ALL) || field.startsWith(SCOPE))) {
                modes.put(
                        field.equals(ALL) ? "" : field.substring(SCOPE.length()),
                        new FleetMode(words[0], words[1], words[2]));
            }
        }
        return Collections.unmodifiableMap(modes);
    }
}
