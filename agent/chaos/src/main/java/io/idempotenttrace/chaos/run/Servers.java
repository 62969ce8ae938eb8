package io.idempotenttrace.chaos.run;

import io.idempotenttrace.testkit.ClockShift;
import io.idempotenttrace.testkit.RedisCluster;
import io.idempotenttrace.testkit.RedisDeployment;
import io.idempotenttrace.testkit.RedisSentinel;
import io.idempotenttrace.testkit.TcpProxy;
import io.idempotenttrace.testkit.TestRedis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The servers of a run, and the network between them and each worker. */
final class Servers implements AutoCloseable {

    /** A node that a busy machine lets wait for seconds must not count as dead; failovers are ordered. */
    private static final String[] PATIENT_CLUSTER = {"--cluster-node-timeout", "15000"};

    private final ServerKind kind;
    private final RedisDeployment deployment;
    /** One for each worker, so that a fault can hit it alone. Empty where clients learn the servers' own addresses. */
    private final List<TcpProxy> proxies = new ArrayList<>();
    /** The clock of the server and the workers; null where it can't be set. */
    private final ClockShift clock;

    private Duration behind = Duration.ZERO;

    private Servers(ServerKind kind, RedisDeployment deployment, ClockShift clock) {
        this.kind = kind;
        this.deployment = deployment;
        this.clock = clock;
    }

    static Servers start(RunSettings settings, Path folder) {
        String[] configuration = settings.serverConfiguration().toArray(new String[0]);
        switch (settings.server()) {
            case sentinel -> {
                return new Servers(
                        ServerKind.sentinel,
                        RedisSentinel.start(settings.binary(), 2, configuration).inWhichNobodyDies(),
                        null);
            }
            case cluster -> {
                List<String> all = new ArrayList<>(List.of(PATIENT_CLUSTER));
                all.addAll(List.of(configuration));
                return new Servers(
                        ServerKind.cluster, RedisCluster.start(settings.binary(), all.toArray(new String[0])), null);
            }
            default -> {
                ClockShift clock = ClockShift.in(folder);
                List<String> all = new ArrayList<>(List.of(configuration));
                // Its password changes in a run; the harness goes on as the default user.
                all.addAll(List.of("--user", "chaos", "on", ">chaos", "~*", "&*", "+@all"));
                String[] words = all.toArray(new String[0]);
                TestRedis redis = clock == null
                        ? TestRedis.start(settings.binary(), words)
                        : TestRedis.start(settings.binary(), clock, words);
                Servers servers = new Servers(ServerKind.standalone, redis, clock);
                for (int i = 0; i < settings.workers(); i++) {
                    servers.proxies.add(TcpProxy.to(redis));
                }
                return servers;
            }
        }
    }

    ServerKind kind() {
        return kind;
    }

    /** For the setting redis-url of that worker. */
    String url(int slot) {
        return proxies.isEmpty()
                ? deployment.url()
                : "redis://chaos:chaos@127.0.0.1:" + proxies.get(slot).port();
    }

    Map<String, String> environment() {
        return clock == null ? Map.of() : clock.environment();
    }

    /** How far back that clock is. */
    Duration behind() {
        return behind;
    }

    boolean hasClock() {
        return clock != null;
    }

    /** Sets the clock of the server and of the workers. */
    void clock(Duration ahead) {
        behind = ahead.negated();
        clock.set(ahead);
    }

    TestRedis redis() {
        return (TestRedis) deployment;
    }

    RedisSentinel sentinel() {
        return (RedisSentinel) deployment;
    }

    RedisCluster cluster() {
        return (RedisCluster) deployment;
    }

    List<TcpProxy> proxies() {
        return proxies;
    }

    /** The servers that take writes now. */
    List<TestRedis> primaries() {
        return switch (kind) {
            case standalone -> List.of(redis());
            case sentinel -> List.of(sentinel().primary());
            case cluster ->
                cluster().nodes().stream()
                        .filter(node -> node.answers()
                                && node.info("replication", "role").equals("master"))
                        .toList();
        };
    }

    /** How often the record says that it was claimed; 0 if there is none, or nobody can be asked. */
    long attempt(String record) {
        try {
            String claim = (String) deployment.primaryOf(record).call("HGET", record, "claim");
            if (claim == null) {
                return 0;
            }
            int space = claim.indexOf(' ');
            return space <= 0 ? 1 : Long.parseLong(claim.substring(0, space));
        } catch (RuntimeException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        proxies.forEach(TcpProxy::close);
        deployment.close();
    }
}
