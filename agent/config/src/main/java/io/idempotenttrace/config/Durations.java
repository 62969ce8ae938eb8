package io.idempotenttrace.config;

import java.time.Duration;
import java.time.format.DateTimeParseException;

/** Durations as users write them, in settings and in annotations. */
public final class Durations {

    /** A thousand years: beyond it, Redis' millisecond arithmetic may overflow, and nobody means it. */
    private static final long LONGEST_MILLIS = 1000L * 365 * 24 * 60 * 60 * 1000;

    /** The same as users write it. */
    public static final String LONGEST = "365000d";

    /**
     * A lease is renewed at a third of its length. A shorter one ends in any pause of the JVM or of the network, and the body of a
     * worker that lives runs a second time.
     */
    public static final long SHORTEST_LEASE_MILLIS = 100;

    /** A shorter wait ends before the answer of a store can have come: that is no wait, for which there is {@code throw}. */
    public static final long SHORTEST_WAIT_MILLIS = 10;

    private Durations() {}

    /**
     * Reads {@code 500ms}, {@code 90s}, {@code 15m}, {@code 24h}, {@code 7d} or ISO-8601 ({@code PT24H}).
     *
     * @return milliseconds, 0 or more; -1 if the text is no duration, is negative, or is longer than 1,000 years
     */
    public static long parseMillis(String text) {
        if (text.isEmpty()) {
            return -1;
        }
        if (text.charAt(0) == 'P' || text.charAt(0) == 'p') {
            return parseIso(text);
        }
        int digits = 0;
        long number = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            number = number * 10 + (text.charAt(digits) - '0');
            if (++digits > 15) {
                return -1;
            }
        }
        long unit = unitMillis(text.substring(digits));
        if (digits == 0 || unit == 0 || number > LONGEST_MILLIS / unit) {
            return -1;
        }
        return number * unit;
    }

    private static long unitMillis(String unit) {
        switch (unit) {
            case "ms":
                return 1;
            case "s":
                return 1000;
            case "m":
                return 60_000;
            case "h":
                return 3_600_000;
            case "d":
                return 86_400_000;
            default:
                return 0;
        }
    }

    private static long parseIso(String text) {
        try {
            Duration duration = Duration.parse(text);
            if (duration.isNegative() || duration.toSeconds() > LONGEST_MILLIS / 1000) {
                return -1;
            }
            return duration.toMillis();
        } catch (DateTimeParseException e) {
            return -1;
        }
    }
}
