package io.idempotenttrace.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Three primaries, each with a replica, as local processes. A dead primary is replaced within about three seconds. */
public final class RedisCluster implements RedisDeployment {

    public static final int SLOTS = 16_384;
    /** Where no node is to be replaced: one that a busy machine lets wait for seconds must not count as dead. */
    public static final String[] NOBODY_DIES = {"--cluster-node-timeout", "60000"};

    private static final int PRIMARIES = 3;
    private static final int NODE_TIMEOUT_MILLIS = 1500;
    private static final int FLAGS = 2;
    private static final int EPOCH = 6;
    private static final int SLOT_RANGES = 8;

    private final List<TestRedis> nodes = new ArrayList<>();

    private RedisCluster() {}

    public static RedisCluster start(String... configuration) {
        return start(RedisBinary.newest(), configuration);
    }

    /** @param configuration of every node, as on the command line of redis-server */
    public static RedisCluster start(RedisBinary binary, String... configuration) {
        List<String> all = new ArrayList<>(List.of(
                "--cluster-enabled",
                "yes",
                "--cluster-config-file",
                "nodes.conf",
                "--cluster-node-timeout",
                Integer.toString(NODE_TIMEOUT_MILLIS),
                "--cluster-replica-validity-factor",
                "0",
                "--repl-diskless-sync",
                "yes",
                "--repl-diskless-sync-delay",
                "0",
                "--enable-debug-command",
                "local"));
        if (binary == RedisBinary.EMBEDDED_6) {
            // Before 7, DEBUG needs no permission.
            all.subList(all.size() - 2, all.size()).clear();
        }
        all.addAll(Arrays.asList(configuration));
        RedisCluster cluster = new RedisCluster();
        try {
            for (int i = 0; i < 2 * PRIMARIES; i++) {
                cluster.nodes.add(TestRedis.start(binary, all.toArray(new String[0])));
            }
            cluster.meet();
            return cluster;
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    /** As {@code redis-cli --cluster create} does, without its pauses. */
    private void meet() {
        for (int i = 0; i < nodes.size(); i++) {
            nodes.get(i).call("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
            if (i < PRIMARIES) {
                nodes.get(i).call(addSlots(SLOTS * i / PRIMARIES, SLOTS * (i + 1) / PRIMARIES));
            }
        }
        for (TestRedis node : nodes) {
            for (TestRedis other : nodes.subList(0, nodes.indexOf(node))) {
                node.call("CLUSTER", "MEET", "127.0.0.1", Integer.toString(other.port()));
            }
        }
        for (int i = 0; i < PRIMARIES; i++) {
            TestRedis replica = nodes.get(PRIMARIES + i);
            String primary = id(nodes.get(i));
            Await.until(
                    "a replica knows its primary", () -> "OK".equals(replica.call("CLUSTER", "REPLICATE", primary)));
        }
        awaitWhole();
    }

    private static String[] addSlots(int from, int to) {
        List<String> command = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
        IntStream.range(from, to).mapToObj(Integer::toString).forEach(command::add);
        return command.toArray(new String[0]);
    }

    private static String id(TestRedis node) {
        return (String) node.call("CLUSTER", "MYID");
    }

    /** Waits until every node that runs sees the whole Cluster, and every primary has a replica that follows it. */
    public void awaitWhole() {
        for (TestRedis node : nodes) {
            if (node.answers()) {
                Await.until("node " + node.port() + " sees a whole Cluster", () -> seesAll(node));
            }
        }
    }

    private boolean seesAll(TestRedis node) {
        String known = (String) node.call("CLUSTER", "NODES");
        boolean replicaFollows = !isReplica(node) || "up".equals(node.info("replication", "master_link_status"));
        return ((String) node.call("CLUSTER", "INFO")).contains("cluster_state:ok")
                && replicaFollows
                && known.lines()
                                .filter(line -> line.contains("slave") && !line.contains("fail"))
                                .count()
                        == PRIMARIES
                && known.lines()
                                .filter(line -> line.contains("master") && !line.contains("fail"))
                                .count()
                        == PRIMARIES;
    }

    private static boolean isReplica(TestRedis node) {
        return "slave".equals(node.info("replication", "role"));
    }

    @Override
    public String url() {
        return "redis-cluster://"
                + nodes.stream().map(node -> "127.0.0.1:" + node.port()).collect(Collectors.joining(","));
    }

    public List<TestRedis> nodes() {
        return List.copyOf(nodes);
    }

    @Override
    public TestRedis primaryOf(String key) {
        int slot = slot(key);
        return nodes.stream()
                .filter(node -> node.answers() && isPrimaryOf(ownLine(node).split(" "), slot))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no node of the Cluster serves slot " + slot + " now"));
    }

    /** A replica of the primary of that key's slot, which may be dead or paused. */
    public TestRedis replicaOf(String key) {
        String primary = id(primaryOf(key));
        return nodes.stream()
                .filter(node -> node.answers() && ownLine(node).contains("slave " + primary))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("node " + primary + " has no replica now"));
    }

    /** @param line of a node in CLUSTER NODES, split at its spaces */
    private static boolean isPrimaryOf(String[] line, int slot) {
        return line[FLAGS].contains("master")
                && Arrays.stream(line).skip(SLOT_RANGES).anyMatch(range -> holds(range, slot));
    }

    /** What the node says of itself: id, address, flags, primary, ping, pong, epoch, link, slots... */
    private static String ownLine(TestRedis node) {
        return line(node, line -> line.contains("myself"));
    }

    private static String line(TestRedis node, Predicate<String> wanted) {
        return ((String) node.call("CLUSTER", "NODES"))
                .lines()
                .filter(wanted)
                .findFirst()
                .orElseThrow();
    }

    private static boolean holds(String range, int slot) {
        if (range.startsWith("[")) {
            // A slot that is being moved.
            return false;
        }
        String[] ends = range.split("-");
        return Integer.parseInt(ends[0]) <= slot && slot <= Integer.parseInt(ends[ends.length - 1]);
    }

    /** Waits until another node than the given one serves that key's slot, and returns it. */
    public TestRedis awaitPrimaryOtherThan(TestRedis former, String key) {
        Await.until("a replica of " + former.port() + " is promoted", () -> primaryOf(key) != former);
        return primaryOf(key);
    }

    /** Another primary than that one, to move slots to. */
    public TestRedis otherPrimary(TestRedis than) {
        return nodes.stream()
                .filter(node -> node != than && node.answers() && !isReplica(node))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Begins to move a slot: from then on the source redirects by ASK what it no longer has, and the slot's keys move by
     * {@link #moveKeys}.
     */
    public void beginMove(int slot, TestRedis from, TestRedis to) {
        to.call("CLUSTER", "SETSLOT", Integer.toString(slot), "IMPORTING", id(from));
        from.call("CLUSTER", "SETSLOT", Integer.toString(slot), "MIGRATING", id(to));
    }

    /** Moves the slot's keys as they are now. */
    public void moveKeys(int slot, TestRedis from, TestRedis to) {
        while (true) {
            List<?> keys = (List<?>) from.call("CLUSTER", "GETKEYSINSLOT", Integer.toString(slot), "100");
            if (keys.isEmpty()) {
                return;
            }
            List<String> command = new ArrayList<>(
                    List.of("MIGRATE", "127.0.0.1", Integer.toString(to.port()), "", "0", "5000", "KEYS"));
            keys.forEach(key -> command.add((String) key));
            from.call(command.toArray(new String[0]));
        }
    }

    /**
     * Ends the move: from now on the source answers MOVED. Returns when every node knows the new owner and its epoch: a node
     * that is made the owner again before it heard of the former epoch keeps its own, lower one, and loses the slot to the
     * news that still travel; then nobody serves it.
     */
    public void endMove(int slot, TestRedis from, TestRedis to) {
        String number = Integer.toString(slot);
        String owner = id(to);
        to.call("CLUSTER", "SETSLOT", number, "NODE", owner);
        from.call("CLUSTER", "SETSLOT", number, "NODE", owner);
        for (TestRedis node : nodes) {
            if (node != to && node != from && node.answers() && !isReplica(node)) {
                node.call("CLUSTER", "SETSLOT", number, "NODE", owner);
            }
        }
        for (TestRedis node : nodes) {
            if (node.answers()) {
                Await.until("node " + node.port() + " knows the new owner of slot " + slot, () -> {
                    String[] ownersOwn = ownLine(to).split(" ");
                    String[] seen = line(node, line -> line.startsWith(owner)).split(" ");
                    return isPrimaryOf(seen, slot) && seen[EPOCH].equals(ownersOwn[EPOCH]);
                });
            }
        }
    }

    /** The slot of a key: CRC16 of the part in its first non-empty braces, else of all of it. */
    public static int slot(String key) {
        int open = key.indexOf('{');
        int close = open < 0 ? -1 : key.indexOf('}', open + 1);
        String hashed = close > open + 1 ? key.substring(open + 1, close) : key;
        int crc = 0;
        for (byte b : hashed.getBytes(StandardCharsets.UTF_8)) {
            crc ^= (b & 0xff) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
            }
            crc &= 0xffff;
        }
        return crc % SLOTS;
    }

    /** One command to every primary. */
    public void callPrimaries(String... command) {
        for (TestRedis node : nodes) {
            if (node.answers() && !isReplica(node)) {
                node.call(command);
            }
        }
    }

    @Override
    public void close() {
        nodes.forEach(TestRedis::close);
    }
}
