package io.idempotenttrace.core.operate;

import io.idempotenttrace.core.redisclient.RedisLink;
import io.idempotenttrace.core.store.redis.RedisRecords;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How one server is set up, and how it is. */
final class ServerChecks {

    private static final double LITTLE_ROOM = 0.9;

    private final DoctorSettings settings;

    ServerChecks(DoctorSettings settings) {
        this.settings = settings;
    }

    Finding version(Probe server) {
        boolean valkey = server.info("server_name").equals("valkey");
        String version = server.info(valkey ? "valkey_version" : "redis_version");
        if (version.isEmpty()) {
            return Finding.warn("version", "the server does not tell its version", "grant +info to see it");
        }
        String named = (valkey ? "Valkey " : "Redis ") + version;
        if (valkey || !version.matches("([0-5]|6\\.[01])\\..*")) {
            return Finding.ok("version", named);
        }
        return version.startsWith("6.")
                ? Finding.warn("version", named + " is older than what is tested", "upgrade to Redis 6.2 or later")
                : Finding.fail("version", named + " is older than the agent can use", "upgrade to Redis 6.2 or later");
    }

    /** Whether it takes writes, told by a HSET that the server refuses as the last thing of all. */
    Finding writes(Probe server) {
        String refusal = server.refusalOnKey("HSET", "a", "b", "c");
        if (refusal == null || refusal.contains("wrong number") || refusal.contains("NOPERM")) {
            return Finding.ok("writes", "it takes writes");
        }
        if (refusal.startsWith("OOM")) {
            return Finding.fail(
                    "writes",
                    "memory is full, so that no key can be claimed: " + refusal,
                    "raise maxmemory, or let records live shorter (ttl)");
        }
        if (refusal.startsWith("NOREPLICAS")) {
            return Finding.fail(
                    "writes",
                    "it takes no writes while it reaches fewer replicas than min-replicas-to-write: " + refusal,
                    "bring the replicas back, or lower min-replicas-to-write");
        }
        if (refusal.startsWith("READONLY")) {
            return Finding.fail(
                    "writes",
                    "it is a replica: " + refusal,
                    "name the primary, its Sentinels or the Cluster in redis-url");
        }
        return refusal.startsWith("MISCONF")
                ? Finding.fail(
                        "writes",
                        "it can't save to disk, and so takes no writes: " + refusal,
                        "look into the server's log, and at the room on its disk")
                : Finding.fail("writes", "it takes no writes: " + refusal, "look into the server's log");
    }

    Finding eviction(Probe server) {
        String policy = server.info("maxmemory_policy");
        if (policy.isEmpty()) {
            return unseen("eviction");
        }
        if (policy.equals("noeviction")) {
            return Finding.ok("eviction", "noeviction");
        }
        return server.number("maxmemory") > 0
                ? Finding.fail(
                        "eviction",
                        "maxmemory-policy " + policy
                                + " lets the server drop records when memory is short; their bodies run" + " again",
                        "CONFIG SET maxmemory-policy noeviction")
                : Finding.warn(
                        "eviction",
                        "maxmemory-policy " + policy
                                + " would let the server drop records once a maxmemory is set; there is none",
                        "CONFIG SET maxmemory-policy noeviction");
    }

    Finding memory(Probe server) {
        long most = server.number("maxmemory");
        long used = server.number("used_memory");
        if (most < 0 || used < 0) {
            return unseen("memory");
        }
        if (most == 0) {
            return Finding.ok("memory", mebibytes(used) + " used, no maxmemory");
        }
        long counted = Math.max(0, used - Math.max(0, server.number("mem_not_counted_for_evict")));
        String said = mebibytes(counted) + " of " + mebibytes(most) + " (maxmemory) used";
        if (counted >= most) {
            return Finding.fail(
                    "memory", said + ": no key can be claimed", "raise maxmemory, or let records live shorter (ttl)");
        }
        return counted >= LITTLE_ROOM * most
                ? Finding.warn(
                        "memory",
                        said + ": soon no key can be claimed",
                        "raise maxmemory, or let records live shorter (ttl)")
                : Finding.ok("memory", said);
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
    }

    Finding persistence(Probe server) {
        String aof = server.info("aof_enabled");
        if (aof.isEmpty()) {
            return unseen("persistence");
        }
        if (aof.equals("1")) {
            return server.info("aof_last_write_status").equals("err")
                    ? Finding.fail(
                            "persistence", "the last write to the AOF failed", "look at the room on the server's disk")
                    : Finding.ok("persistence", "AOF" + suffix(", appendfsync ", server.config("appendfsync")));
        }
        String save = server.config("save");
        if (save == null) {
            return Finding.ok("persistence", "no AOF; whether it saves snapshots can't be seen without +config|get");
        }
        if (save.isEmpty()) {
            return Finding.warn(
                    "persistence",
                    "it keeps nothing on disk, so that a restart forgets every record and bodies run again",
                    "CONFIG SET appendonly yes, and write it into the server's configuration");
        }
        return server.info("rdb_last_bgsave_status").equals("err")
                ? Finding.fail("persistence", "the last snapshot failed", "look at the room on the server's disk")
                : Finding.ok(
                        "persistence", "snapshots (save " + save + "); a crash forgets what came after the last one");
    }

    private static String suffix(String before, @Nullable String text) {
        return text == null ? "" : before + text;
    }

    Finding replicas(Probe server) {
        long replicas = server.number("connected_slaves");
        if (replicas < 0) {
            return unseen("replicas");
        }
        Map<String, String> info = server.info();
        long online = info == null
                ? 0
                : info.entrySet().stream()
                        .filter(entry -> entry.getKey().matches("slave\\d+")
                                && entry.getValue().contains("state=online"))
                        .count();
        if (settings.waitReplicas() > online) {
            return Finding.fail(
                    "replicas",
                    "each claim waits for " + settings.waitReplicas() + " replicas (wait-replicas), and " + online
                            + " follow",
                    "bring the replicas back, or lower wait-replicas");
        }
        String required = server.config("min-replicas-to-write");
        long good = server.number("min_slaves_good_slaves");
        if (required != null
                && !required.equals("0")
                && good >= 0
                && required.matches("\\d{1,9}")
                && good < Long.parseLong(required)) {
            return Finding.fail(
                    "replicas",
                    "min-replicas-to-write is " + required + ", and " + good
                            + " replicas are near enough: it takes no writes",
                    "bring the replicas back, or lower min-replicas-to-write");
        }
        if (online < replicas) {
            return Finding.warn(
                    "replicas", online + " of " + replicas + " replicas follow", "look into the replicas' logs");
        }
        if (replicas > 0 && "0".equals(required)) {
            return Finding.warn(
                    "replicas",
                    "it has " + replicas
                            + " and takes writes while it reaches none of them: after a failover, a cut-off former"
                            + " primary goes on granting claims",
                    "CONFIG SET min-replicas-to-write 1");
        }
        return Finding.ok(
                "replicas",
                replicas == 0 ? "none" : replicas + " follow" + suffix(", min-replicas-to-write ", required));
    }

    private static Finding unseen(String check) {
        return Finding.warn(check, "can't be looked at: the user may not run INFO", "ACL SETUSER <user> +info");
    }

    /** Whether it runs our scripts and keeps them. */
    static Finding scripts(RedisRecords records, RedisLink link, Probe server) {
        Throwable problem = records.scriptProblem(link, server.commands, server.key);
        return problem == null
                ? Finding.ok("scripts", "they load and run")
                : Finding.fail(
                        "scripts",
                        records.describe("script", problem),
                        "let the user run EVAL and EVALSHA, and the server run Lua");
    }

    /** @param findings of the servers */
    static boolean areAllOk(List<Finding> findings) {
        return findings.stream().allMatch(finding -> finding.result() == Finding.Result.OK);
    }
}
