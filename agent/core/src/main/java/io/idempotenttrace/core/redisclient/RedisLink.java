package io.idempotenttrace.core.redisclient;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** An open connection, to one server or to a Cluster. The client reconnects it by itself. Safe for use by many threads. */
public final class RedisLink {

    private final StatefulConnection<byte[], byte[]> connection;
    /** Null unless it leads to a Cluster. */
    private final @Nullable Executor writing;

    private final ServerCommands commands;
    /** The same connection; null unless it leads to a Cluster. */
    private final @Nullable StatefulRedisClusterConnection<byte[], byte[]> cluster;

    private final int majorVersion;
    private final boolean pushes;
    /** When the last reply came, {@link System#nanoTime()}. */
    private volatile long repliedAtNanos = System.nanoTime();

    RedisLink(LeanConnection connection) {
        ServerHello hello = connection.hello();
        this.connection = connection;
        this.writing = null;
        this.commands = connection.commands();
        this.cluster = null;
        this.majorVersion = hello.majorVersion();
        this.pushes = hello.pushes();
    }

    /**
     * @param writing the thread that hands commands to their nodes' connections
     * @param helloMillis how long the Cluster may take to say what it is
     */
    RedisLink(StatefulRedisClusterConnection<byte[], byte[]> connection, Executor writing, long helloMillis) {
        this.connection = connection;
        this.writing = writing;
        this.commands = commandsOver(connection, writing);
        this.cluster = connection;
        ServerHello hello = ServerHello.ask(commands, helloMillis);
        this.majorVersion = hello.majorVersion();
        this.pushes = false;
    }

    /** Whether it leads to a Cluster. */
    public boolean isCluster() {
        return cluster != null;
    }

    /** The server's major version; 0 where it does not say. */
    public int majorVersion() {
        return majorVersion;
    }

    /** Whether there is one server, which pushes messages: it can tell of changes. */
    public boolean pushes() {
        return pushes;
    }

    /** Commands that find their node by their key. */
    public ServerCommands commands() {
        return commands;
    }

    /** Commands to the primary of the key's slot, all over the same connection, as WAIT needs it. */
    public CompletableFuture<ServerCommands> commandsToPrimaryOf(byte[] key) {
        Executor thread = writing;
        if (cluster == null || thread == null) {
            return CompletableFuture.completedFuture(commands);
        }
        RedisClusterNode node = cluster.getPartitions().getPartitionBySlot(SlotHash.getSlot(key));
        if (node == null) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("no node of the Cluster serves the key's slot"));
        }
        return cluster.getConnectionAsync(node.getUri().getHost(), node.getUri().getPort())
                .thenApply(toNode -> commandsOver(toNode, thread));
    }

    /**
     * A server that takes writes.
     *
     * @param name host and port, without user and password; empty where there is one server
     * @param id the id of a Cluster's node, as {@link RedisConnector#partOf} names it; else empty
     */
    public record Primary(String name, String id) {}

    /** The one server, or the primaries of the Cluster that serve slots, as its layout is known now. */
    public List<Primary> primaries() {
        if (cluster == null) {
            return List.of(new Primary("", ""));
        }
        List<Primary> primaries = new ArrayList<>();
        for (RedisClusterNode node : cluster.getPartitions()) {
            if (node.getRole().isUpstream() && !node.hasNoSlots()) {
                primaries.add(new Primary(
                        node.getUri().getHost() + ':' + node.getUri().getPort(), node.getNodeId()));
            }
        }
        return primaries;
    }

    /** Commands to that server, whatever their keys are. */
    public CompletableFuture<ServerCommands> commandsTo(Primary primary) {
        Executor thread = writing;
        return cluster == null || thread == null
                ? CompletableFuture.completedFuture(commands)
                : cluster.getConnectionAsync(primary.id()).thenApply(toNode -> commandsOver(toNode, thread));
    }

    /** The one server, as it was named when it was last connected; null for a Cluster. */
    @Nullable
    SocketAddress leadsTo() {
        return connection instanceof LeanConnection lean ? lean.server() : null;
    }

    /** See {@link RedisConnector#partOf}. */
    String partOf(byte[] key) {
        if (cluster == null) {
            return "";
        }
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

    /** Whether it is connected now; to a Cluster, to some node. */
    public boolean isOpen() {
        return connection.isOpen();
    }

    /** Notes that a reply came. */
    public void replied() {
        repliedAtNanos = System.nanoTime();
    }

    /**
     * Whether nothing came back since then: the connection may be dead without either side having closed it.
     *
     * @param nanos a moment of {@link System#nanoTime()}
     */
    public boolean isSilentSince(long nanos) {
        return repliedAtNanos - nanos < 0;
    }

    void close() {
        connection.closeAsync();
    }
}
