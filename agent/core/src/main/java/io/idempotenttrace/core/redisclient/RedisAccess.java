package io.idempotenttrace.core.redisclient;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The way to the server, as the store of records needs it: the one connection for commands, and those for what the server tells by itself.
 * {@link RedisConnector} is the way over a network; the simulator of {@code agent/chaos} has another. Safe for use by many threads.
 */
public interface RedisAccess extends AutoCloseable {

    /** The server for messages, without user and password. */
    String server();

    /**
     * Runs that after the time, on a thread that it must not block. A connection that is replaced meanwhile does not matter to it.
     *
     * @throws java.util.concurrent.RejectedExecutionException once this is closed
     */
    void later(Runnable task, long nanos);

    /**
     * The part of the server that has the key: a node of a Cluster; the same for all keys where there is one server, or none is connected.
     * Parts fail each by itself.
     */
    String partOf(byte[] key);

    /** The open connection; null while there is none. */
    @Nullable
    RedisLink link();

    /** Begins to connect, if no attempt is under way and the last one did not just fail. */
    CompletableFuture<RedisLink> begin();

    /**
     * Gives that connection up and opens another one: it leads to a server that no longer takes writes, or does not answer
     * though nobody closed it. Does nothing if it has been replaced already.
     */
    void replace(RedisLink broken);

    /** Reads a Cluster's layout again, aside. */
    void refreshTopology();

    /** A connection to the one server, to read by and to be told of changes of what was read. Blocks while it connects. */
    TrackedReads openTrackedReads(TrackedReads.Listener listener);

    /**
     * A connection for messages, of the kind of the open one. Blocks while it connects.
     *
     * @param sharded whether channels belong to slots of the Cluster, as keys do
     * @param received told of each message, by channel and content, on a thread of the client's
     */
    ChannelMessages openMessages(boolean cluster, boolean sharded, BiConsumer<byte[], byte[]> received);

    @Override
    void close();
}
