package io.idempotenttrace.config;

/** What the text of a setting has to be. */
public enum ValueKind {

    /** One of a few words. */
    CHOICE,
    /** A duration above zero: {@code 500ms}, {@code 90s}, {@code 15m}, {@code 24h}, {@code 7d} or ISO-8601 {@code PT24H}. */
    DURATION,
    /** As DURATION, or {@code off}. */
    DURATION_OR_OFF,
    /** A duration of at least one second: Redis counts a TTL in seconds. */
    SECONDS,
    /** A duration of at least {@link Durations#SHORTEST_LEASE_MILLIS}. */
    LEASE,
    /** A duration of at least {@link Durations#SHORTEST_WAIT_MILLIS}. */
    WAIT,
    /** A whole number above zero. */
    COUNT,
    /** A whole number, zero included. */
    COUNT_OR_ZERO,
    /** A port of this machine, or {@code HOST:PORT}; an IPv6 address stands in brackets. */
    LISTEN_ADDRESS,
    /** A number of bytes of which a quarter holds the largest result that is stored where nobody sets max-result-bytes. */
    STORE_BYTES,
    TEXT,
    /** What stands at the beginning of other names: a few characters that mean nothing to whoever reads these. */
    NAME,
    /** Text that is never printed. */
    SECRET_TEXT,
    /** Classes with the methods that map them, see {@link MappingEntries}. */
    MAPPINGS,
    /** JSON Pointers, see {@link PointerList}. */
    POINTERS,
    /** The same, of which none names all that a text holds: nothing would be left of it. */
    EXCLUDED_POINTERS,
    /** A scope that records are named by; not that of the shared keys, whose records have no scope. */
    SCOPE,
    /** A URL of one of the Redis schemes. It may carry a password: never printed. */
    REDIS_URL;

    /** The scope of shared keys, as the annotation writes it. */
    static final String SHARED = "*shared*";

    private static final int SMALLEST_STORE_BYTES = 1 << 20;
    private static final int LONGEST_NAME = 64;
    private static final int LAST_PORT = 65_535;

    /** Whether {@code value} is allowed; {@code allowed} lists the words of a choice. */
    boolean accepts(String value, String allowed) {
        switch (this) {
            case CHOICE:
                return value.indexOf('|') < 0 && !value.isEmpty() && ("|" + allowed + "|").contains("|" + value + "|");
            case DURATION:
                return Durations.parseMillis(value) > 0;
            case DURATION_OR_OFF:
                return value.equals("off") || Durations.parseMillis(value) > 0;
            case SECONDS:
                return Durations.parseMillis(value) >= 1000;
            case LEASE:
                return Durations.parseMillis(value) >= Durations.SHORTEST_LEASE_MILLIS;
            case WAIT:
                return Durations.parseMillis(value) >= Durations.SHORTEST_WAIT_MILLIS;
            case COUNT:
                return parseCount(value) > 0;
            case COUNT_OR_ZERO:
                return parseCount(value) >= 0;
            case LISTEN_ADDRESS:
                return isListenAddress(value);
            case STORE_BYTES:
                return parseCount(value) >= SMALLEST_STORE_BYTES;
            case NAME:
                return isName(value);
            case MAPPINGS:
                return isMappings(value);
            case POINTERS:
            case EXCLUDED_POINTERS:
                return PointerList.problem(value, this) == null;
            case SCOPE:
                return !value.isEmpty() && !value.equals(SHARED);
            case REDIS_URL:
                return RedisUrl.of(value).problem() == null;
            default:
                return true;
        }
    }

    private static boolean isName(String value) {
        if (value.isEmpty() || value.length() > LONGEST_NAME) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (!letter && !(c >= '0' && c <= '9') && c != '.' && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isListenAddress(String value) {
        int port = parseCount(value.substring(value.lastIndexOf(':') + 1));
        if (port < 0 || port > LAST_PORT) {
            return false;
        }
        int end = value.lastIndexOf(':');
        String host = end < 0 ? "localhost" : value.substring(0, end);
        boolean bracketed = host.startsWith("[") && host.endsWith("]") && host.length() > 2;
        return bracketed || !host.isEmpty() && host.indexOf(':') < 0 && host.indexOf(' ') < 0;
    }

    private static boolean isMappings(String value) {
        try {
            MappingEntries.parse(value);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The number, or -1 if the text is none that fits an {@code int}. */
    static int parseCount(String value) {
        if (value.isEmpty() || value.length() > 10) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = number * 10 + (c - '0');
        }
        return number <= Integer.MAX_VALUE ? (int) number : -1;
    }
}
