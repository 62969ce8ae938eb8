package io.idempotenttrace.core.operate;

import io.idempotenttrace.core.store.redis.RedisRecords;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Whether each slot of a Cluster is served, and each node answers, as one node sees it. */
final class ClusterCheck {

    private static final int SLOTS = 16_384;
    private static final int ADDRESS = 1;
    private static final int FLAGS = 2;
    private static final int LINK = 7;
    private static final int FIRST_SLOTS = 8;

    private ClusterCheck() {}

    static Finding of(Probe server) {
        String nodes;
        try {
            nodes = RedisRecords.text((byte[]) server.ask(server.commands.command("CLUSTER", Probe.bytes("NODES")))
                    .get(0));
        } catch (ExecutionException | TimeoutException e) {
            return Finding.warn("cluster", "its nodes can't be looked at", "ACL SETUSER <user> +cluster|nodes");
        }
        return of(nodes);
    }

    /** @param nodes as CLUSTER NODES answers */
    static Finding of(String nodes) {
        BitSet served = new BitSet(SLOTS);
        List<String> gone = new ArrayList<>();
        List<String> doubtful = new ArrayList<>();
        int moving = 0;
        int primaries = 0;
        for (String line : nodes.split("\n")) {
            String[] node = line.strip().split(" ");
            if (node.length < FIRST_SLOTS || node[FLAGS].contains("noaddr") || node[FLAGS].contains("handshake")) {
                continue;
            }
            List<String> flags = List.of(node[FLAGS].split(","));
            String address = node[ADDRESS].replaceAll("[@,].*", "");
            if (flags.contains("fail")) {
                gone.add(address);
            } else if (flags.contains("fail?") || node[LINK].equals("disconnected")) {
                doubtful.add(address);
            }
            boolean serves = flags.contains("master") && !flags.contains("fail");
            primaries += serves && node.length > FIRST_SLOTS ? 1 : 0;
            for (int i = FIRST_SLOTS; i < node.length; i++) {
                if (node[i].startsWith("[")) {
                    moving++;
                } else if (serves) {
                    String[] ends = node[i].split("-");
                    served.set(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]) + 1);
                }
            }
        }
        if (served.cardinality() < SLOTS) {
            return Finding.fail(
                    "cluster",
                    SLOTS - served.cardinality() + " of " + SLOTS + " slots are served by nobody, the first is "
                            + served.nextClearBit(0) + (gone.isEmpty() ? "" : "; away are " + String.join(", ", gone)),
                    "bring the nodes back, or redis-cli --cluster fix");
        }
        if (!gone.isEmpty() || !doubtful.isEmpty()) {
            gone.addAll(doubtful);
            return Finding.warn(
                    "cluster", "all slots are served; away are " + String.join(", ", gone), "bring these nodes back");
        }
        return Finding.ok(
                "cluster",
                "all slots are served by " + primaries + " primaries"
                        + (moving == 0 ? "" : ", " + moving + " are moving"));
    }
}
