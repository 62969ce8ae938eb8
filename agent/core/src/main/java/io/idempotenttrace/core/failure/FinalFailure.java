package io.idempotenttrace.core.failure;

import org.jspecify.annotations.Nullable;

/**
 * A failure that a retry must not repeat. To every reader its record is a completed one, so that workers which know nothing of
 * it answer DUPLICATE too; in place of the result stands what was thrown, with a mark before it that no JSON begins with.
 */
public final class FinalFailure {

    private static final char MARK = '!';
    private static final int MOST_CHARACTERS = 500;
    private static final String UNTOLD = "an exception of which nothing is stored (store-error=none)";

    private FinalFailure() {}

    /**
     * What is stored in place of a result.
     *
     * @param stored how much of type and message that is
     */
    public static String toResult(Throwable thrown, StoredError stored) {
        if (stored == StoredError.NONE) {
            return marked(UNTOLD);
        }
        String message = stored == StoredError.TYPE ? null : Failures.message(thrown);
        String text = MARK + thrown.getClass().getName() + (message == null ? "" : ": " + message);
        return text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS) : text;
    }

    /** What stands in place of a result for a failure of which that is said. */
    public static String marked(String text) {
        return MARK + text;
    }

    /** Type and message of the failure that stands in place of the result; null if it is a result, or null. */
    public static @Nullable String of(@Nullable String result) {
        return result != null && !result.isEmpty() && result.charAt(0) == MARK ? result.substring(1) : null;
    }
}
