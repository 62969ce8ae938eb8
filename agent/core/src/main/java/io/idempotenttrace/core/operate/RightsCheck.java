package io.idempotenttrace.core.operate;

import io.idempotenttrace.core.background.Waiting;
import io.idempotenttrace.core.failure.Failures;
import io.idempotenttrace.core.redisclient.ChannelMessages;
import io.idempotenttrace.core.redisclient.RedisFailure;
import io.idempotenttrace.core.redisclient.RedisLink;
import io.idempotenttrace.core.store.redis.RedisRecords;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which rights the user has, one command after the other: each is sent so that it changes nothing, on a key that is not there, or with
 * an argument that the command itself refuses after the server has looked at the user's rights.
 */
final class RightsCheck {

    private static final long RESEND_AFTER_NANOS = 20_000_000L;
    private static final String ABSENT_SCRIPT = "0000000000000000000000000000000000000000";

    private final RedisRecords records;
    private final RedisLink link;
    private final DoctorSettings settings;
    private final List<Probe> servers;
    private final Consumer<Finding> each;

    RightsCheck(
            RedisRecords records,
            RedisLink link,
            DoctorSettings settings,
            List<Probe> servers,
            Consumer<Finding> each) {
        this.records = records;
        this.link = link;
        this.settings = settings;
        this.servers = servers;
        this.each = each;
    }

    /**
     * Sends a command.
     *
     * @param grant as ACL SETUSER takes it
     * @param missed what follows where it is missing, for people
     */
    private record Right(
            String grant, Finding.Result missing, String missed, Function<Probe, @Nullable String> refusal) {}

    void run() {
        rights().forEach(this::examine);
        channels();
    }

    private List<Right> rights() {
        List<Right> rights = new ArrayList<>();
        String claims = "no call is guarded";
        need(
                rights,
                "+eval",
                claims,
                probe -> probe.refusal(probe.commands.command("EVAL", Probe.bytes("return 1", "0"))));
        need(
                rights,
                "+evalsha",
                claims,
                probe -> probe.refusal(probe.commands.command("EVALSHA", Probe.bytes(ABSENT_SCRIPT, "0"))));
        need(rights, "+hmget", claims, probe -> probe.refusalOnKey("HMGET", "hash"));
        // An odd number of arguments: HSET itself refuses it.
        need(rights, "+hset", claims, probe -> probe.refusalOnKey("HSET", "a", "b", "c"));
        need(rights, "+hdel", "nothing is failed or completed", probe -> probe.refusalOnKey("HDEL", "hash"));
        need(rights, "+expire", claims, probe -> probe.refusalOnKey("EXPIRE", "1"));
        need(rights, "+pexpire", claims, probe -> probe.refusalOnKey("PEXPIRE", "1"));
        need(rights, "+pttl", claims, probe -> probe.refusalOnKey("PTTL"));
        need(rights, "+del", claims, probe -> probe.refusalOnKey("DEL"));
        need(rights, "+time", claims, probe -> probe.refusal(probe.commands.command("TIME")));
        need(rights, "+ping", "connections are lost", probe -> probe.refusal(probe.commands.command("PING")));
        need(rights, "+hello", "connections are lost", probe -> probe.refusal(probe.commands.command("HELLO")));
        want(
                rights,
                "+client|setname",
                "CLIENT LIST does not tell who is connected",
                probe -> probe.refusal(probe.commands.command("CLIENT", Probe.bytes("SETNAME", "idempotent-trace"))));
        want(
                rights,
                "+hstrlen",
                "long results are read before they are dropped",
                probe -> probe.refusalOnKey("HSTRLEN", "result"));
        want(
                rights,
                "+hgetall",
                "the library's status and the cache of duplicates do not work",
                probe -> probe.refusalOnKey("HGETALL"));
        want(
                rights,
                "+rename",
                "workers with five fields take a failed record for one to acknowledge",
                probe -> probe.refusalOnKey("RENAME", RedisRecords.text(probe.key)));
        want(
                rights,
                "+publish",
                "calls that wait for another process are woken late",
                probe -> probe.refusalOnKey("PUBLISH", ""));
        if (settings.waitReplicas() > 0) {
            need(
                    rights,
                    "+wait",
                    "no call is guarded, since wait-replicas is set",
                    probe -> probe.refusal(probe.commands.command("WAIT", Probe.bytes("0", "1"))));
        }
        if (settings.duplicateCache() && link.pushes()) {
            want(
                    rights,
                    "+client|tracking",
                    "each duplicate asks Redis",
                    probe -> probe.refusal(probe.commands.command("CLIENT", Probe.bytes("TRACKING", "MAYBE"))));
        }
        if (link.isCluster()) {
            need(
                    rights,
                    "+cluster|nodes",
                    "no connection to the Cluster",
                    probe -> probe.refusal(probe.commands.command("CLUSTER", Probe.bytes("NODES"))));
            need(
                    rights,
                    "+asking",
                    "calls fail while slots move",
                    probe -> probe.refusal(probe.commands.command("ASKING")));
            if (link.majorVersion() >= 7) {
                want(
                        rights,
                        "+spublish",
                        "calls that wait for another process are woken late",
                        probe -> probe.refusalOnKey("SPUBLISH", ""));
            }
        }
        String unseen = "this command can't look at how the server is set up, and the agent does not warn of it";
        want(rights, "+info", unseen, probe -> probe.refusal(probe.commands.command("INFO", Probe.bytes("server"))));
        want(
                rights,
                "+config|get",
                unseen,
                probe -> probe.refusal(probe.commands.command("CONFIG", Probe.bytes("GET", "maxmemory"))));
        want(
                rights,
                "+scan",
                "list, count, purge, and status without a scope do not work",
                probe -> probe.refusal(probe.commands.command("SCAN", Probe.bytes("0", "COUNT", "1"))));
        want(
                rights,
                "+memory|usage",
                "count tells no bytes",
                probe -> probe.refusal(probe.commands.command("MEMORY", RedisRecords.bytes("USAGE"), probe.key)));
        want(
                rights,
                "+dbsize",
                "count reads each record, however many there are",
                probe -> probe.refusal(probe.commands.command("DBSIZE")));
        want(
                rights,
                "+xadd",
                "release, delete and purge leave no line in the audit log",
                probe -> probe.refusalOnKey("XADD", "no-id", "a", "b"));
        return rights;
    }

    private static void need(
            List<Right> rights, String grant, String missed, Function<Probe, @Nullable String> refusal) {
        rights.add(new Right(grant, Finding.Result.FAIL, missed, refusal));
    }

    private static void want(
            List<Right> rights, String grant, String missed, Function<Probe, @Nullable String> refusal) {
        rights.add(new Right(grant, Finding.Result.WARN, missed, refusal));
    }

    private void examine(Right right) {
        List<String> without = new ArrayList<>();
        String fix = "ACL SETUSER <user> " + right.grant;
        for (Probe server : servers) {
            String refusal = right.refusal.apply(server);
            if (refusal != null && refusal.contains("NOPERM")) {
                without.add(server.name);
                fix = refusal.contains("key") && refusal.contains("access")
                        ? "ACL SETUSER <user> ~" + records.prefix() + ":*"
                        : refusal.contains("channel") && refusal.contains("access")
                                ? "ACL SETUSER <user> &" + records.prefix() + ":*"
                                : fix;
            }
        }
        String check = "right " + right.grant;
        each.accept(
                without.isEmpty()
                        ? Finding.ok(check, "the user has it")
                        : new Finding(
                                check,
                                right.missing,
                                "the user lacks it at " + String.join(", ", without) + ": " + right.missed,
                                fix));
    }

    /** As the calls do that wait: over a connection for messages. */
    private void channels() {
        boolean sharded = link.isCluster() && link.majorVersion() >= 7;
        String command = sharded ? "ssubscribe" : "subscribe";
        String check = "right +" + command + " &" + records.prefix() + ":*";
        ChannelMessages messages = null;
        try {
            messages = records.connector().openMessages(link.isCluster(), sharded, (channel, content) -> {});
            subscribe(messages);
            each.accept(Finding.ok(check, "the user has it"));
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            String refusal = RedisFailure.refusal(e);
            String said = refusal != null ? refusal : Failures.text(Failures.cause(e));
            boolean channel = said.contains("channel") && said.contains("access");
            String fix = "ACL SETUSER <user> &" + records.prefix() + ":*";
            each.accept(Finding.warn(
                    check,
                    "calls that wait for another process are woken late, since they can't subscribe: " + said,
                    channel ? fix : fix + " +" + command + (sharded ? " +sunsubscribe" : " +unsubscribe")));
        } finally {
            if (messages != null) {
                messages.close();
            }
        }
    }

    /** In a Cluster, the connection to the channel's node opens meanwhile, and refuses commands until then. */
    private void subscribe(ChannelMessages messages) throws ExecutionException, TimeoutException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(records.commandTimeoutMillis());
        while (true) {
            try {
                CompletableFuture<Void> subscribed = messages.subscribe(servers.get(0).key);
                Waiting.uninterruptibly(subscribed, records.commandTimeoutMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (ExecutionException e) {
                if (RedisFailure.refusal(e) != null || System.nanoTime() - deadline > 0) {
                    throw e;
                }
                LockSupport.parkNanos(RESEND_AFTER_NANOS);
            }
        }
    }
}
