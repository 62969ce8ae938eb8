package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.core.redisclient.RedisLink;
import io.idempotenttrace.core.redisclient.ServerCommands;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Looks, once, whether the server may lose records by the way it is set up. A user without the right to ask is told nothing:
 * then nothing is known.
 */
final class ServerCheck {

    private static final long ANSWER_MILLIS = 1000;

    private ServerCheck() {}

    /** The warning, for people; null if there is no reason for one. */
    static @Nullable String warning(RedisLink link, String server) {
        List<String> risks = new ArrayList<>();
        ServerCommands commands = link.commands();
        try {
            String memory = commands.info("memory").get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
            String policy = value(memory, "maxmemory_policy");
            if (!value(memory, "maxmemory").equals("0") && !policy.isEmpty() && !policy.equals("noeviction")) {
                risks.add("may evict records when memory is short (maxmemory-policy " + policy + "; set noeviction)");
            }
            String persistence = commands.info("persistence").get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
            List<Object> save = commands.configGet("save").get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
            if (value(persistence, "aof_enabled").equals("0")
                    && save.size() == 2
                    && ((byte[]) save.get(1)).length == 0) {
                risks.add("keeps nothing on disk, so a restart forgets every record (set appendonly yes)");
            }
            String replication = commands.info("replication").get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
            List<Object> needed = commands.configGet("min-replicas-to-write").get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
            if (!value(replication, "connected_slaves").equals("0")
                    && needed.size() == 2
                    && new String((byte[]) needed.get(1), StandardCharsets.US_ASCII).equals("0")) {
                risks.add(
                        "has replicas and takes writes while it reaches none of them, so that after a failover a cut-off former"
                                + " primary goes on granting claims (set min-replicas-to-write 1)");
            }
        } catch (ExecutionException | TimeoutException e) {
            // NOPERM, or a managed service that hides it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return risks.isEmpty()
                ? null
                : "the store redis at " + server + " " + String.join(", and ", risks)
                        + ". What it forgets runs again when it is redelivered";
    }

    private static String value(String info, String name) {
        for (String line : info.split("\r\n")) {
            if (line.startsWith(name + ":")) {
                return line.substring(name.length() + 1);
            }
        }
        return "";
    }
}
