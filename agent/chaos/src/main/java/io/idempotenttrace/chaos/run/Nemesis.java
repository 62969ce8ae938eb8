package io.idempotenttrace.chaos.run;

import io.idempotenttrace.testkit.RedisCluster;
import io.idempotenttrace.testkit.TcpProxy;
import io.idempotenttrace.testkit.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Does harm, by a plan that is a function of the seed. Each method is the work of one phase; it ends its faults, but for workers that {@link
 * Fleet#heal} starts again.
 */
final class Nemesis {

    private static final long LEASE = RunSettings.LEASE_MILLIS;
    /** Sentinels that stood still with the machine end no failover for half a minute: two servers take themselves for the primary then. */
    private static final long MOST_MILLIS_TO_SETTLE = 180_000;

    private final Random plan;
    private final Fleet fleet;
    private final Servers servers;
    private final MessageQueue queue;
    private final HistoryWriter history;
    private final boolean loses;

    Nemesis(long seed, Fleet fleet, Servers servers, MessageQueue queue, HistoryWriter history, boolean loses) {
        this.plan = new Random(seed);
        this.fleet = fleet;
        this.servers = servers;
        this.queue = queue;
        this.history = history;
        this.loses = loses;
    }

    // The means.

    private void begin(String fault) {
        history.event("fault", "name", fault, "state", "begin", "loses", loses);
    }

    private void end(String fault) {
        history.event("fault", "name", fault, "state", "end", "loses", loses);
    }

    /** A fault that takes no time. */
    private void strike(String fault, Runnable harm) {
        begin(fault);
        harm.run();
        end(fault);
    }

    private long between(long least, long most) {
        return least + (long) (plan.nextDouble() * (most - least));
    }

    private static void pause(long millis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(millis);
    }

    /** A fault that is to hit bodies waits for them: the first calls of a worker take their time. */
    private void awaitBodies(List<Long> calls) throws InterruptedException {
        for (int look = 0; look < 500 && calls.stream().anyMatch(call -> queue.ranGuarded(call) == null); look++) {
            pause(20);
        }
    }

    private WorkerProcess someWorker() {
        return fleet.worker(plan.nextInt(fleet.size()));
    }

    private TcpProxy someProxy() {
        return servers.proxies().get(plan.nextInt(servers.proxies().size()));
    }

    // The phases.

    /** No fault: bodies that need their lease renewed, and messages that come again after a lease. */
    void calm() throws InterruptedException {
        for (int i = 0; i < 4; i++) {
            queue.sendLong(i % 2 == 0 ? "work" : "strict", RunSettings.LONG_BODY_MILLIS, /* throwing= */ false);
            pause(between(600, 1200));
        }
        pause(2_000);
    }

    void killWorkers() throws InterruptedException {
        for (int round = 0; round < 2; round++) {
            WorkerProcess victim = someWorker();
            List<Long> bodies = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                String scope = i == 0 ? "shared" : i == 1 ? "strict" : "work";
                bodies.add(queue.sendLongTo(victim, scope, between(1_500, 2_500), /* throwing= */ false));
            }
            awaitBodies(bodies);
            pause(between(0, 1_000));
            strike("kill -9 of " + victim.name(), () -> fleet.kill(victim));
            pause(between(500, 1500));
            fleet.startAgain(victim.slot());
            pause(between(500, 1500));
        }
    }

    /** Bodies of all kinds run while their worker stands still for longer than a lease. */
    void pauseWorkers() throws InterruptedException {
        WorkerProcess victim = someWorker();
        List<Long> bodies = new ArrayList<>();
        for (String scope : List.of("work", "strict")) {
            // Its successor ends before the pause does.
            bodies.add(queue.sendLongTo(victim, scope, 2_500, /* throwing= */ false));
            // They still run after the pause, beside their successors, and want their leases renewed. Each ends at
            // another time between two
            // renewals.
            bodies.add(queue.sendLongTo(victim, scope, scope.equals("work") ? 10_500 : 11_000, /* throwing= */ false));
            bodies.add(queue.sendLongTo(victim, scope, scope.equals("work") ? 11_500 : 12_000, /* throwing= */ false));
            // It throws after the pause, while its successor runs.
            bodies.add(queue.sendLongTo(victim, scope, 8_000, /* throwing= */ true));
        }
        awaitBodies(bodies);
        pause(200);
        begin("pause of " + victim.name());
        fleet.pause(victim);
        pause(LEASE + between(4_300, 4_800));
        fleet.resume(victim);
        end("pause of " + victim.name());
        pause(2_000);
    }

    /** Requests and replies are lost with their connections, at each worker apart. */
    void cutConnections() throws InterruptedException {
        for (int i = 0; i < 14; i++) {
            TcpProxy proxy = someProxy();
            int kind = plan.nextInt(4);
            String script = plan.nextBoolean() ? "EVALSHA" : "";
            queue.sendLong("patient", between(0, 100), /* throwing= */ false);
            switch (kind) {
                case 0 -> strike("request cut", () -> proxy.cutBeforeSending(1, words -> words.startsWith(script)));
                case 1 -> strike("reply cut", () -> proxy.cutReply(1, words -> words.startsWith(script)));
                case 2 -> strike("reply cut", () -> proxy.cutReply(1, words -> words.contains(":patient:")));
                default -> strike("connections cut", proxy::cutAll);
            }
            pause(between(250, 700));
        }
    }

    void stallServers() throws InterruptedException {
        for (int i = 0; i < 6; i++) {
            List<TestRedis> primaries = servers.primaries();
            TestRedis server = primaries.get(plan.nextInt(primaries.size()));
            begin("stall");
            server.pause();
            pause(between(100, 700));
            server.resume();
            end("stall");
            pause(between(300, 900));
        }
    }

    /** Redis is some milliseconds away, and workers are asked to stop meanwhile. */
    void delayAndDrain() throws InterruptedException {
        for (TcpProxy proxy : servers.proxies()) {
            proxy.delayReplies(between(1, 6));
        }
        begin("replies late by 1 to 5 ms");
        drainWorkers();
        servers.proxies().forEach(proxy -> proxy.delayReplies(0));
        end("replies late by 1 to 5 ms");
    }

    void burst() throws InterruptedException {
        for (int round = 0; round < 2; round++) {
            begin("burst");
            MessageQueue.Mix mix = new MessageQueue.Mix(0, 0, 0.05, 0.05, 0.02);
            for (int i = 0; i < 600; i++) {
                queue.send(mix);
            }
            end("burst");
            pause(between(2_500, 4_000));
        }
    }

    void drainWorkers() throws InterruptedException {
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 4; i++) {
                queue.sendLong(i % 2 == 0 ? "work" : "strict", between(1_000, 6_000), /* throwing= */ false);
            }
            pause(between(800, 1_500));
            WorkerProcess victim = someWorker();
            begin("SIGTERM of " + victim.name());
            fleet.stop(victim);
            victim.awaitEnd(45);
            end("SIGTERM of " + victim.name());
            fleet.startAgain(victim.slot());
        }
    }

    void flushScriptsAndKillClients() throws InterruptedException {
        for (int i = 0; i < 6; i++) {
            String type = plan.nextInt(3) == 0 ? "pubsub" : "normal";
            boolean flush = plan.nextBoolean();
            for (TestRedis server : servers.primaries()) {
                if (flush) {
                    strike("SCRIPT FLUSH", () -> server.call("SCRIPT", "FLUSH"));
                } else {
                    strike("CLIENT KILL of " + type, () -> server.call("CLIENT", "KILL", "TYPE", type));
                }
            }
            pause(between(500, 1_000));
        }
    }

    /** The clock of the server and of the workers is set back while a dead worker's leases run. */
    void setClockBack() throws InterruptedException {
        if (!servers.hasClock()) {
            System.err.println("skipped: clocks can't be set here");
            return;
        }
        // Further back each time: a clock that is set forward ends leases.
        Duration behind = servers.behind();
        WorkerProcess victim = someWorker();
        List<Long> bodies = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String scope = i % 2 == 0 ? "work" : "strict";
            bodies.add(queue.sendLongTo(victim, scope, between(2_000, 4_000), /* throwing= */ false));
        }
        awaitBodies(bodies);
        strike("kill -9 of " + victim.name(), () -> fleet.kill(victim));
        strike(
                "clocks set back by an hour",
                () -> servers.clock(behind.plusHours(1).negated()));
        fleet.startAgain(victim.slot());
        pause(between(2_000, 3_000));
        for (int i = 0; i < 3; i++) {
            queue.sendLong("work", RunSettings.LONG_BODY_MILLIS, /* throwing= */ false);
        }
        strike(
                "clocks set back by a day",
                () -> servers.clock(behind.plusDays(1).negated()));
        pause(3_000);
    }

    /** Redis can't be reached for longer than a command may take, and for less than a lease: what completes meanwhile is told in time. */
    void networkDown() throws InterruptedException {
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 16; i++) {
                queue.sendLong(i % 2 == 0 ? "work" : "strict", between(150, 250), /* throwing= */ false);
            }
            pause(130);
            begin("the network is down for less than a lease");
            servers.proxies().forEach(TcpProxy::refuse);
            pause(between(3_000, 3_200));
            servers.proxies().forEach(TcpProxy::heal);
            end("the network is down for less than a lease");
            pause(3_500);
        }
    }

    void restartServer() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            begin("kill -9 of the server");
            servers.redis().kill();
            pause(between(50, 700));
            servers.redis().restart();
            end("kill -9 of the server");
            pause(between(2_000, 3_000));
        }
    }

    /** Redis is gone for longer than a lease. */
    void outage() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            queue.sendLong(i % 2 == 0 ? "work" : "strict", LEASE + 1_000, /* throwing= */ false);
        }
        pause(500);
        begin("the server is gone for longer than a lease");
        servers.redis().kill();
        pause(LEASE + between(500, 2_000));
        servers.redis().restart();
        end("the server is gone for longer than a lease");
        pause(2_500);
    }

    void outageOfOne() throws InterruptedException {
        TcpProxy proxy = someProxy();
        boolean silent = plan.nextBoolean();
        begin("the network of one worker is down");
        if (silent) {
            proxy.beSilent();
        } else {
            proxy.refuse();
        }
        pause(between(4_000, 7_000));
        proxy.heal();
        end("the network of one worker is down");
        pause(2_500);
    }

    void blackHoles() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            TcpProxy proxy = someProxy();
            strike("a connection falls silent", () -> proxy.keepReply(1, words -> true));
            pause(between(2_000, 3_500));
        }
    }

    /** The password is changed, connections are closed, and the old password holds again. */
    void changePassword() throws InterruptedException {
        TestRedis redis = servers.redis();
        begin("the password is another");
        redis.call("ACL", "SETUSER", "chaos", "resetpass", ">another");
        redis.call("CLIENT", "KILL", "USER", "chaos");
        pause(between(1_500, 3_000));
        redis.call("ACL", "SETUSER", "chaos", "resetpass", ">chaos");
        end("the password is another");
        pause(3_000);
        begin("scripts are forbidden");
        redis.call("ACL", "SETUSER", "chaos", "-eval", "-evalsha");
        pause(between(1_000, 2_000));
        redis.call("ACL", "SETUSER", "chaos", "+eval", "+evalsha");
        end("scripts are forbidden");
        pause(1_500);
    }

    /** A worker runs out of heap and of stack, and then has to guard its calls again. */
    void exhaust() throws InterruptedException {
        WorkerProcess victim = someWorker();
        begin("no heap is left in " + victim.name());
        victim.tell("heap", Long.toString(between(1_500, 3_000)));
        pause(4_000);
        end("no heap is left in " + victim.name());
        begin("no stack is left in " + victim.name());
        for (int i = 0; i < 6; i++) {
            queue.sendTo(victim, i % 2 == 0 ? "work" : "strict", "deep-call");
            pause(100);
        }
        end("no stack is left in " + victim.name());
        if (fleet.limitsThreads()) {
            String fault = "no thread can be started in " + victim.name();
            begin(fault);
            ThreadLimit.begin(victim.pid());
            if (!servers.proxies().isEmpty()) {
                servers.proxies().get(victim.slot()).cutAll();
            }
            pause(between(2_000, 3_000));
            ThreadLimit.end(victim.pid());
            end(fault);
        }
        pause(1_000);
        awaitRecovery(victim);
    }

    private void awaitRecovery(WorkerProcess worker) throws InterruptedException {
        boolean guarded = false;
        for (int i = 0; i < 20 && !guarded && worker.isAlive(); i++) {
            long call = queue.sendTo(worker, "work", "call");
            for (int look = 0; look < 50 && queue.ranGuarded(call) == null; look++) {
                pause(20);
            }
            guarded = Boolean.TRUE.equals(queue.ranGuarded(call));
        }
        history.event("recovered", "worker", worker.name(), "guarded", guarded);
    }

    // Of Sentinel and Cluster.

    private String someKey() {
        return "{" + plan.nextInt(10_000) + "}";
    }

    /** The primary dies, and one of its replicas takes its place. */
    void failOver() throws InterruptedException {
        String key = someKey();
        if (servers.kind() == ServerKind.sentinel) {
            servers.sentinel()
                    .sentinels()
                    .forEach(one -> one.call("SENTINEL", "SET", "mymaster", "down-after-milliseconds", "1000"));
            TestRedis former = servers.sentinel().primary();
            begin("the primary dies");
            former.kill();
            servers.sentinel().awaitPrimaryOtherThan(former);
            former.restart();
            servers.sentinel().inWhichNobodyDies().awaitWhole(MOST_MILLIS_TO_SETTLE);
            end("the primary dies");
        } else {
            TestRedis former = servers.cluster().primaryOf(key);
            TestRedis replica = servers.cluster().replicaOf(key);
            begin("a primary dies");
            former.kill();
            replica.call("CLUSTER", "FAILOVER", "TAKEOVER");
            servers.cluster().awaitPrimaryOtherThan(former, key);
            pause(between(500, 2_000));
            former.restart();
            end("a primary dies");
        }
        pause(4_000);
    }

    /** The primary is cut off while another one takes its place, and then goes on as if it still were the primary. */
    void partition() throws InterruptedException {
        String key = someKey();
        if (servers.kind() == ServerKind.sentinel) {
            servers.sentinel()
                    .sentinels()
                    .forEach(one -> one.call("SENTINEL", "SET", "mymaster", "down-after-milliseconds", "1000"));
            TestRedis former = servers.sentinel().primary();
            begin("the primary is cut off");
            former.pause();
            servers.sentinel().awaitPrimaryOtherThan(former);
            former.resume();
            servers.sentinel().inWhichNobodyDies().awaitWhole(MOST_MILLIS_TO_SETTLE);
            end("the primary is cut off");
        } else {
            TestRedis former = servers.cluster().primaryOf(key);
            TestRedis replica = servers.cluster().replicaOf(key);
            begin("a primary is cut off");
            former.pause();
            replica.call("CLUSTER", "FAILOVER", "TAKEOVER");
            servers.cluster().awaitPrimaryOtherThan(former, key);
            pause(between(200, 1_000));
            former.resume();
            end("a primary is cut off");
        }
        pause(4_000);
    }

    void reshard() throws InterruptedException {
        RedisCluster cluster = servers.cluster();
        for (int i = 0; i < 6; i++) {
            String key = someKey();
            int slot = RedisCluster.slot(key);
            TestRedis from = cluster.primaryOf(key);
            TestRedis to = cluster.otherPrimary(from);
            begin("slot " + slot + " moves");
            cluster.beginMove(slot, from, to);
            pause(between(100, 400));
            cluster.moveKeys(slot, from, to);
            pause(between(50, 200));
            cluster.moveKeys(slot, from, to);
            cluster.endMove(slot, from, to);
            end("slot " + slot + " moves");
        }
    }

    /** A primary and its replica are gone for the rest of the phase. */
    void deadShard() throws InterruptedException {
        String key = someKey();
        TestRedis primary = servers.cluster().primaryOf(key);
        TestRedis replica = servers.cluster().replicaOf(key);
        begin("a shard is dead");
        primary.kill();
        replica.kill();
        pause(LEASE + between(1_000, 3_000));
        primary.restart();
        replica.restart();
        end("a shard is dead");
        pause(3_000);
    }
}
