package io.idempotenttrace.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A primary and its replicas, watched by three Sentinels, as local processes. A dead primary is replaced within seconds. */
public final class RedisSentinel implements RedisDeployment {

    public static final String MASTER = "mymaster";
    private static final long MOST_MILLIS_TO_BEGIN = 60_000;
    private static final int SENTINELS = 3;
    private static final int DOWN_AFTER_MILLIS = 1000;

    private final List<TestRedis> servers = new ArrayList<>();
    private final List<TestRedis> sentinels = new ArrayList<>();

    private RedisSentinel() {}

    public static RedisSentinel start(int replicas, String... configuration) {
        return start(RedisBinary.newest(), replicas, configuration);
    }

    /** @param configuration of every server, as on the command line of redis-server */
    public static RedisSentinel start(RedisBinary binary, int replicas, String... configuration) {
        RedisSentinel set = new RedisSentinel();
        try {
            List<String> all =
                    new ArrayList<>(List.of("--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0"));
            all.addAll(List.of(configuration));
            TestRedis primary = TestRedis.start(binary, all.toArray(new String[0]));
            set.servers.add(primary);
            all.addAll(List.of("--replicaof", "127.0.0.1", Integer.toString(primary.port())));
            for (int i = 0; i < replicas; i++) {
                set.servers.add(TestRedis.start(binary, all.toArray(new String[0])));
            }
            set.startSentinels(binary);
            set.awaitWhole(MOST_MILLIS_TO_BEGIN);
            return set;
        } catch (RuntimeException | Error e) {
            set.close();
            throw e;
        }
    }

    /** Where no server is to be replaced: one that a busy machine lets wait for seconds must not count as dead. */
    public RedisSentinel inWhichNobodyDies() {
        sentinels.forEach(sentinel -> sentinel.call("SENTINEL", "SET", MASTER, "down-after-milliseconds", "60000"));
        return this;
    }

    /** Each is told of the others and of the replicas: to find them by itself takes a Sentinel ten seconds. */
    private void startSentinels(RedisBinary binary) {
        List<Integer> ports = new ArrayList<>();
        while (ports.size() < SENTINELS) {
            int port = FreePort.find();
            if (!ports.contains(port)) {
                ports.add(port);
            }
        }
        for (int port : ports) {
            List<String> configuration = new ArrayList<>(List.of(
                    "sentinel myid " + id(port),
                    "sentinel monitor " + MASTER + " 127.0.0.1 "
                            + servers.get(0).port() + " 2",
                    "sentinel down-after-milliseconds " + MASTER + " " + DOWN_AFTER_MILLIS,
                    "sentinel failover-timeout " + MASTER + " 3000"));
            servers.stream()
                    .skip(1)
                    .forEach(replica ->
                            configuration.add("sentinel known-replica " + MASTER + " 127.0.0.1 " + replica.port()));
            ports.stream()
                    .filter(other -> other != port)
                    .forEach(other -> configuration.add(
                            "sentinel known-sentinel " + MASTER + " 127.0.0.1 " + other + " " + id(other)));
            sentinels.add(new TestRedis(RedisProcess.startSentinel(binary, port, configuration)));
        }
    }

    private static String id(int port) {
        return String.format("%040x", port);
    }

    /** Waits until every replica follows, and a majority of Sentinels could order a failover; at most that long for each of them. */
    public void awaitWhole(long maxMillis) {
        for (TestRedis server : servers) {
            if (server.answers()) {
                Await.until(
                        "server " + server.port() + " is the primary or follows it",
                        maxMillis,
                        () -> server == primary() || "up".equals(server.info("replication", "master_link_status")));
            }
        }
        for (TestRedis sentinel : sentinels) {
            Await.until("Sentinel " + sentinel.port() + " sees its quorum and every replica", maxMillis, () -> {
                List<?> master = (List<?>) sentinel.call("SENTINEL", "MASTER", MASTER);
                String slaves = (String) master.get(master.indexOf("num-slaves") + 1);
                return ((String) sentinel.call("SENTINEL", "CKQUORUM", MASTER)).startsWith("OK")
                        && "master".equals(master.get(master.indexOf("flags") + 1))
                        && Integer.parseInt(slaves) >= servers.size() - 1;
            });
        }
    }

    @Override
    public String url() {
        return "redis-sentinel://"
                + sentinels.stream()
                        .map(sentinel -> "127.0.0.1:" + sentinel.port())
                        .collect(Collectors.joining(",")) + "/0#" + MASTER;
    }

    /** The primary by its own word; there are two for a moment after a paused one goes on. */
    public TestRedis primary() {
        return servers.stream()
                .filter(server -> server.answers() && "master".equals(server.info("replication", "role")))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no server is primary now"));
    }

    @Override
    public TestRedis primaryOf(String key) {
        return primary();
    }

    /** Waits until the Sentinels have made another server the primary, and returns it. */
    public TestRedis awaitPrimaryOtherThan(TestRedis former) {
        Await.until(
                "a replica of " + former.port() + " is promoted",
                () -> servers.stream()
                        .anyMatch(server -> server != former
                                && server.answers()
                                && "master".equals(server.info("replication", "role"))));
        return servers.stream()
                .filter(server ->
                        server != former && server.answers() && "master".equals(server.info("replication", "role")))
                .findFirst()
                .orElseThrow();
    }

    public List<TestRedis> servers() {
        return List.copyOf(servers);
    }

    public List<TestRedis> sentinels() {
        return List.copyOf(sentinels);
    }

    @Override
    public void close() {
        sentinels.forEach(TestRedis::close);
        servers.forEach(TestRedis::close);
    }
}
