package io.idempotenttrace.core.redisclient;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** A connection to the nodes of a Cluster. */
final class ClusterLink extends RedisLink {

    private final StatefulRedisClusterConnection<byte[], byte[]> cluster;
    private final Executor writing;
    private final ServerCommands commands;
    private final int majorVersion;

    /**
     * @param writing the thread that hands commands to their nodes' connections
     * @param helloMillis how long the Cluster may take to say what it is
     */
    ClusterLink(StatefulRedisClusterConnection<byte[], byte[]> cluster, Executor writing, long helloMillis) {
        this.cluster = cluster;
        this.writing = writing;
        this.commands = commandsOver(cluster, writing);
        this.majorVersion = ServerHello.ask(commands, helloMillis).majorVersion();
    }

    @Override
    public boolean isCluster() {
        return true;
    }

    @Override
    public int majorVersion() {
        return majorVersion;
    }

    @Override
    public boolean pushes() {
        return false;
    }

    @Override
    public ServerCommands commands() {
        return commands;
    }

    @Override
    public CompletableFuture<ServerCommands> commandsToPrimaryOf(byte[] key) {
        RedisClusterNode node = cluster.getPartitions().getPartitionBySlot(SlotHash.getSlot(key));
        if (node == null) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("no node of the Cluster serves the key's slot"));
        }
        return cluster.getConnectionAsync(node.getUri().getHost(), node.getUri().getPort())
                .thenApply(toNode -> commandsOver(toNode, writing));
    }

    @Override
    public List<Primary> primaries() {
        List<Primary> primaries = new ArrayList<>();
        for (RedisClusterNode node : cluster.getPartitions()) {
            if (node.getRole().isUpstream() && !node.hasNoSlots()) {
                primaries.add(new Primary(
                        node.getUri().getHost() + ':' + node.getUri().getPort(), node.getNodeId()));
            }
        }
        return primaries;
    }

    @Override
    public CompletableFuture<ServerCommands> commandsTo(Primary primary) {
        return cluster.getConnectionAsync(primary.id()).thenApply(toNode -> commandsOver(toNode, writing));
    }

    @Override
    protected String partOf(byte[] key) {
        RedisClusterNode node = cluster.getPartitions().getPartitionBySlot(SlotHash.getSlot(key));
        return node == null ? "unserved" : node.getNodeId();
    }

    private static ServerCommands commandsOver(StatefulConnection<byte[], byte[]> toNodes, Executor writing) {
        return new ServerCommands(new ServerCommands.Sender() {
            @Override
            public <T> CompletableFuture<T> send(
                    ProtocolKeyword command,
                    CommandOutput<byte[], byte[], T> output,
                    CommandArgs<byte[], byte[]> arguments) {
                return HandedCommand.send(writing, toNodes::dispatch, command, output, arguments);
            }
        });
    }

    @Override
    public boolean isOpen() {
        return cluster.isOpen();
    }

    @Override
    protected void close() {
        cluster.closeAsync();
    }
}
