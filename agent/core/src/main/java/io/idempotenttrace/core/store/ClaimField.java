package io.idempotenttrace.core.store;

import org.jspecify.annotations.Nullable;

/**
 * The field {@code claim} of a record, which says by whom and how it is held: seven parts with one space between each two, {@code
 * attempt length seconds micros deadline waiting owner}, each empty where it has nothing to say; or the owner alone. The scripts
 * write it, see {@code claim.lua}.
 *
 * @param attempt how often the record was claimed; 0 where only another worker claimed it
 * @param leaseMillis the length of the running lease; 0 where none runs
 * @param fence the fencing token, which is when the claim was granted, in microseconds by the store's clock; 0 where there is none
 * @param deadlineMillis when the lease ends, by the store's clock; 0 where none runs
 * @param waiting how those who wait for the owner listen; empty where nobody does
 * @param owner the owner token; empty where another worker wrote the record
 */
public record ClaimField(
        long attempt, long leaseMillis, long fence, long deadlineMillis, String waiting, String owner) {

    /** The field's name. */
    public static final String NAME = "claim";

    private static final ClaimField NONE = new ClaimField(0, 0, 0, 0, "", "");
    private static final long MICROS = 1_000_000;
    private static final int PARTS = 7;

    /** Reads the field; null, as any text that is none, says nothing. */
    public static ClaimField of(@Nullable String text) {
        if (text == null) {
            return NONE;
        }
        int[] ends = new int[PARTS - 1];
        for (int i = 0, start = 0; i < ends.length; i++, start = ends[i - 1] + 1) {
            ends[i] = text.indexOf(' ', start);
            if (ends[i] < 0) {
                return i == 0 ? new ClaimField(0, 0, 0, 0, "", text) : NONE;
            }
        }
        try {
            long attempt = number(text, 0, ends[0]);
            long leaseMillis = number(text, ends[0] + 1, ends[1]);
            long fence = number(text, ends[1] + 1, ends[2]) * MICROS + number(text, ends[2] + 1, ends[3]);
            long deadlineMillis = number(text, ends[3] + 1, ends[4]);
            // A first claim leaves out that it is one, and that its lease began with it.
            return new ClaimField(
                    fence > 0 ? Math.max(1, attempt) : attempt,
                    leaseMillis,
                    fence,
                    deadlineMillis == 0 && leaseMillis > 0 ? fence / 1000 + leaseMillis : deadlineMillis,
                    text.substring(ends[4] + 1, ends[5]),
                    text.substring(ends[5] + 1));
        } catch (NumberFormatException e) {
            return NONE;
        }
    }

    private static long number(String text, int start, int end) {
        return start == end ? 0 : Long.parseLong(text, start, end, 10);
    }

    /** As the scripts write it. */
    public String text() {
        if (fence == 0 && leaseMillis == 0) {
            return owner;
        }
        return part(attempt)
                + ' '
                + part(leaseMillis)
                + ' '
                + part(fence / MICROS)
                + ' '
                + part(fence % MICROS)
                + ' '
                + part(deadlineMillis)
                + ' '
                + waiting
                + ' '
                + owner;
    }

    private static String part(long number) {
        return number == 0 ? "" : Long.toString(number);
    }
}
