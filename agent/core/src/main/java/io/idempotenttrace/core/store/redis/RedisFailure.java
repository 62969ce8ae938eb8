package io.idempotenttrace.core.store.redis;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.concurrent.TimeoutException;

/** Says what went wrong with a command and what to do, in one line without passwords and payload. */
final class RedisFailure {

    private RedisFailure() {
    }

    static String describe(String server, LuaScript script, long timeoutMillis, Throwable failure) {
        String step = script.name().toLowerCase(java.util.Locale.ROOT);
        if (failure instanceof TimeoutException) {
            return "store redis at " + server + " did not answer a " + step + " within " + timeoutMillis
                    + " ms (command-timeout, connect-timeout); check its load and the network";
        }
        if (failure instanceof InterruptedException) {
            return "the thread was interrupted while it waited for store redis at " + server + " to answer a " + step;
        }
        Throwable refusal = find(failure);
        if (refusal != null) {
            return "store redis at " + server + " refused a " + step + ": " + refusal.getMessage() + advice(refusal.getMessage());
        }
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return "store redis at " + server + " can't be reached (" + oneLine(root) + "); check redis-url, and that the server runs";
    }

    private static Throwable find(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RedisCommandExecutionException) {
                return cause;
            }
        }
        return null;
    }

    private static String advice(String message) {
        String text = message == null ? "" : message;
        if (text.contains("NOAUTH") || text.contains("WRONGPASS") || text.contains("invalid password")) {
            return " (give user and password in redis-url, or redis-password-file)";
        }
        if (text.startsWith("NOPERM")) {
            return " (the ACL user lacks a right; see the README's ACL line)";
        }
        return text.startsWith("OOM") ? " (raise maxmemory)" : "";
    }

    private static String oneLine(Throwable root) {
        String message = root.getMessage();
        return message == null ? root.getClass().getSimpleName() : message.replace('\n', ' ');
    }
}
