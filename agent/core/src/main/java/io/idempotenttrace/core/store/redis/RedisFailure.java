package io.idempotenttrace.core.store.redis;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Tells failures of a command apart, and says what went wrong and what to do, in one line without passwords and payload. */
final class RedisFailure {

    private RedisFailure() {
    }

    /** Whether the server answered, and would answer the same again. */
    static boolean isRefusal(Throwable failure) {
        return refusal(failure) != null && !passesSoon(failure);
    }

    /** Whether a re-send may be answered: the connection broke and comes back by itself, or the server is in transition. */
    static boolean passesSoon(Throwable failure) {
        String refusal = refusal(failure);
        return refusal == null || startsWith(refusal, "LOADING", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "BUSY ", "READONLY", "MOVED",
                "ASK");
    }

    /** Whether the server answers, but no longer as the primary, or no longer to this connection. */
    static boolean needsAnotherServer(Throwable failure) {
        String refusal = refusal(failure);
        return refusal != null && startsWith(refusal, "READONLY", "MOVED", "ASK", "NOAUTH");
    }

    /** Whether the server refused to be spoken to in RESP3 as one that does not know it. */
    static boolean speaksOnlyResp2(Throwable failure) {
        String refusal = refusal(failure);
        return refusal != null && (startsWith(refusal, "NOPROTO") || startsWith(refusal, "ERR") && refusal.contains("unknown"));
    }

    /** Whether the refusal is about this record alone, so that it tells nothing about the server's health. */
    static boolean concernsOneRecord(Throwable failure) {
        String refusal = refusal(failure);
        // Before Redis 7, what a script's command was refused with stands behind words about the script.
        return refusal != null && (startsWith(refusal, "WRONGTYPE", "IDEM") || refusal.contains(": WRONGTYPE "));
    }

    /** Whether the server, or a proxy before it, refused keys that lie apart. */
    static boolean wantsOneSlot(Throwable failure) {
        String refusal = refusal(failure);
        return refusal != null && refusal.contains("CROSSSLOT");
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
    private static String refusal(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RedisCommandExecutionException) {
                return String.valueOf(cause.getMessage());
            }
        }
        return null;
    }

    static String describe(String server, LuaScript script, long timeoutMillis, Throwable failure) {
        String step = script.name().toLowerCase(Locale.ROOT);
        if (failure instanceof TimeoutException) {
            return "store redis at " + server + " did not answer a " + step + " within " + timeoutMillis
                    + " ms (command-timeout); check its load and the network";
        }
        if (failure instanceof ForeignReplyException) {
            return "store redis at " + server + " answered a " + step + " with the reply to another command, again and again; each"
                    + " such connection was closed. Look for what stands between, and for errors in Netty's threads";
        }
        String refusal = refusal(failure);
        if (refusal != null) {
            return "store redis at " + server + " refused a " + step + ": " + refusal + advice(refusal);
        }
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return "store redis at " + server + " can't be reached (" + oneLine(root) + "); check redis-url, and that the server runs"
                + (isAboutTls(failure) ? ", and redis-ca-file, redis-cert-file, redis-key-file, redis-verify-peer" : "");
    }

    private static String advice(String text) {
        if (text.contains("NOAUTH") || text.contains("WRONGPASS") || text.contains("invalid password")) {
            return " (give user and password in redis-url, or redis-password-file)";
        }
        if (text.startsWith("NOPERM")) {
            return " (the ACL user lacks a right; see the README's ACL line)";
        }
        if (text.startsWith("READONLY")) {
            return " (redis-url names a replica; name the primary, its Sentinels or the Cluster)";
        }
        return text.startsWith("OOM") ? " (raise maxmemory)" : "";
    }

    private static boolean isAboutTls(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return true;
            }
        }
        return false;
    }

    private static String oneLine(Throwable root) {
        String message = root.getMessage();
        return message == null ? root.getClass().getSimpleName() : message.replace('\n', ' ');
    }
}
