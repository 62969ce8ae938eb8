package io.idempotenttrace.examples.worker;

import java.util.Locale;

/**
 * What a run has done.
 *
 * @param emitted how many bodies have run to their end
 */
record Report(long spans, long deliveries, long emitted, long duplicates, long conflicts, long errors, double seconds) {

    /** One line of JSON, for programs. */
    String json() {
        return String.format(
                Locale.ROOT,
                "{\"spans\":%d,\"deliveries\":%d,\"emitted\":%d,\"duplicates\":%d,"
                        + "\"conflicts\":%d,\"errors\":%d,\"seconds\":%.3f}",
                spans,
                deliveries,
                emitted,
                duplicates,
                conflicts,
                errors,
                seconds);
    }

    /** The same for people, one figure a line, with the rate. */
    String table() {
        StringBuilder table = new StringBuilder();
        row(table, "spans", count(spans));
        row(table, "deliveries", count(deliveries));
        row(table, "bodies run", count(emitted));
        row(table, "duplicates", count(duplicates));
        row(table, "conflicts", count(conflicts));
        row(table, "errors", count(errors));
        row(table, "seconds", String.format(Locale.ROOT, "%,.2f", seconds));
        row(table, "verdicts per second", count(perSecond(deliveries, seconds)));
        return table.toString();
    }

    private static void row(StringBuilder table, String name, String value) {
        table.append(String.format(Locale.ROOT, "  %-19s %12s%n", name, value));
    }

    private static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    private static long perSecond(long count, double seconds) {
        return Math.round(count / Math.max(seconds, 0.001));
    }

    /** How far a run is, at what rate, and how long the rest takes at that rate. */
    static String progress(long handled, long total, double seconds) {
        String left =
                handled == 0 ? "" : ", " + count((long) Math.ceil(seconds / handled * (total - handled))) + " s left";
        return count(handled) + " of " + count(total) + " deliveries, " + count(perSecond(handled, seconds))
                + " per second" + left;
    }
}
