package io.idempotenttrace.core.redisclient;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisNoScriptException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Tells apart how commands fail. Whoever sends one needs no type of the client for it. */
public final class RedisFailure {

    private RedisFailure() {}

    /** Whether the failure itself, not a cause of it, is an answer of the server. */
    public static boolean isAnswer(Throwable failure) {
        return failure instanceof RedisCommandExecutionException;
    }

    /** Whether the server does not know the script that was named by its SHA-1, and so has not run it. */
    public static boolean isUnknownScript(Throwable failure) {
        return failure instanceof RedisNoScriptException;
    }

    /** Whether the server answered, and would answer the same again. */
    public static boolean isRefusal(Throwable failure) {
        return refusal(failure) != null && !passesSoon(failure);
    }

    /** Whether the server, or what stands between, sent what is no answer to us; its connection is closed. */
    public static boolean isUnusableReply(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnusableReplyException) {
                return true;
            }
        }
        return false;
    }

    /** The most bytes that a reply may have: one with more counts as unusable. */
    public static long mostReplyBytes() {
        return ReplyLimits.mostBytes();
    }

    /** Whether the user lacks the right to the step: an answer of a server that is well. */
    public static boolean isMissingRight(Throwable failure) {
        String refusal = refusal(failure);
        // Before Redis 7, what a script's command was refused with stands behind words about the script.
        return refusal != null
                && (refusal.startsWith("NOPERM")
                        || refusal.contains(": NOPERM ")
                        || refusal.contains("The user executing the script can't"));
    }

    /** Whether the server does not accept user and password. */
    static boolean isAboutLogin(Throwable failure) {
        String refusal = refusal(failure);
        return refusal != null
                && (startsWith(refusal, "WRONGPASS", "NOAUTH", "ERR AUTH", "ERR invalid password")
                        || refusal.contains("invalid username-password pair"));
    }

    /** Whether a re-send may be answered: the connection broke and comes back by itself, or the server is in transition. */
    public static boolean passesSoon(Throwable failure) {
        String refusal = refusal(failure);
        return refusal == null && !isUnusableReply(failure)
                || refusal != null
                        && startsWith(
                                refusal,
                                "LOADING",
                                "MASTERDOWN",
                                "CLUSTERDOWN",
                                "TRYAGAIN",
                                "BUSY ",
                                "READONLY",
                                "MOVED",
                                "ASK");
    }

    /** Whether the server answers, but no longer as the primary, or no longer to this connection. */
    public static boolean needsAnotherServer(Throwable failure) {
        String refusal = refusal(failure);
        return refusal != null && startsWith(refusal, "READONLY", "MOVED", "ASK", "NOAUTH");
    }

    /** Whether the server refused to be spoken to in RESP3 as one that does not know it. */
    static boolean speaksOnlyResp2(Throwable failure) {
        String refusal = refusal(failure);
        return refusal != null
                && (startsWith(refusal, "NOPROTO") || startsWith(refusal, "ERR") && refusal.contains("unknown"));
    }

    /** Whether the server, or a proxy before it, refused keys that lie apart. */
    public static boolean wantsOneSlot(Throwable failure) {
        String refusal = refusal(failure);
        return refusal != null && refusal.contains("CROSSSLOT");
    }

    /** Whether the server would have taken one key: a slot moves to another node and has not both, or as {@link #wantsOneSlot}. */
    public static boolean wantsOneKey(Throwable failure) {
        String refusal = refusal(failure);
        return refusal != null && (startsWith(refusal, "TRYAGAIN") || wantsOneSlot(failure));
    }

    private static boolean startsWith(String text, String... beginnings) {
        for (String beginning : beginnings) {
            if (text.startsWith(beginning)) {
                return true;
            }
        }
        return false;
    }

    /** The server's own words; null where it said nothing. */
    public static @Nullable String refusal(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RedisCommandExecutionException) {
                return String.valueOf(cause.getMessage());
            }
        }
        return null;
    }

    /** Whether it is about the encrypted connection: a certificate, a handshake. */
    public static boolean isAboutTls(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return true;
            }
        }
        return false;
    }
}
