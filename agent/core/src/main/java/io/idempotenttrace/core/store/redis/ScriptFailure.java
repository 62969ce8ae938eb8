package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.core.redisclient.RedisFailure;
import java.util.Locale;
import java.util.concurrent.TimeoutException;

/** Says why a script did not do its step, in one line without passwords and payload. */
final class ScriptFailure {

    private ScriptFailure() {}

    /** Whether the refusal is about this record alone, so that it tells nothing about the server's health. */
    static boolean concernsOneRecord(Throwable failure) {
        String refusal = RedisFailure.refusal(failure);
        // Before Redis 7, what a script's command was refused with stands behind words about the script.
        return refusal != null
                && (refusal.startsWith("WRONGTYPE") || refusal.startsWith("IDEM") || refusal.contains(": WRONGTYPE "));
    }

    /**
     * What went wrong and what to do, for people.
     *
     * @param server the server's name, without user and password
     */
    static String describe(String server, LuaScript script, long timeoutMillis, Throwable failure) {
        return describe(server, script.name().toLowerCase(Locale.ROOT), timeoutMillis, failure);
    }

    /** @param step what was asked for, in a word */
    static String describe(String server, String step, long timeoutMillis, Throwable failure) {
        if (failure instanceof TimeoutException) {
            return "store redis at " + server + " did not answer a " + step + " within " + timeoutMillis
                    + " ms (command-timeout); check its load and the network";
        }
        if (failure instanceof ForeignReplyException) {
            return "store redis at " + server + " answered a " + step
                    + " with the reply to another command, again and again; each"
                    + " such connection was closed. Look for what stands between, and for errors in Netty's threads";
        }
        if (RedisFailure.isUnusableReply(failure)) {
            return "store redis at " + server + " can't be used: " + oneLine(root(failure))
                    + ". The connection was closed; look for what stands between, and that redis-url names a Redis";
        }
        String refusal = RedisFailure.refusal(failure);
        if (refusal != null) {
            return "store redis at " + server + " refused a " + step + ": " + refusal + advice(refusal);
        }
        return "store redis at " + server + " can't be reached (" + oneLine(root(failure))
                + "); check redis-url, and that the server runs"
                + (RedisFailure.isAboutTls(failure)
                        ? ", and redis-ca-file, redis-cert-file, redis-key-file, redis-verify-peer"
                        : "");
    }

    private static String advice(String text) {
        if (text.contains("NOAUTH") || text.contains("WRONGPASS") || text.contains("invalid password")) {
            return " (give user and password in redis-url, or redis-password-file)";
        }
        if (text.startsWith("NOPERM")) {
            return " (the ACL user lacks a right; agent/docs/redis.md lists them)";
        }
        if (text.startsWith("READONLY")) {
            return " (redis-url names a replica; name the primary, its Sentinels or the Cluster)";
        }
        return text.startsWith("OOM") ? " (raise maxmemory)" : "";
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root;
    }

    private static String oneLine(Throwable root) {
        String message = root.getMessage();
        return message == null ? root.getClass().getSimpleName() : message.replace('\n', ' ');
    }
}
