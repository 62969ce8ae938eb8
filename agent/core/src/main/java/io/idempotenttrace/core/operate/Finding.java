package io.idempotenttrace.core.operate;

import org.jspecify.annotations.Nullable;

/**
 * What an examination of the server found in one respect.
 *
 * @param check what was looked at, a few words that stay as they are
 * @param message what was found, for people
 * @param fix what to do; null where nothing is to be done
 */
public record Finding(
        String check,
        Result result,
        String message,
        @Nullable String fix) {

    /** How it is. */
    public enum Result {
        OK,
        /** Works, with a risk or without a comfort; or it could not be looked at. */
        WARN,
        /** Records are lost, or calls are not guarded. */
        FAIL
    }

    static Finding ok(String check, String message) {
        return new Finding(check, Result.OK, message, null);
    }

    static Finding warn(String check, String message, String fix) {
        return new Finding(check, Result.WARN, message, fix);
    }

    static Finding fail(String check, String message, String fix) {
        return new Finding(check, Result.FAIL, message, fix);
    }
}
