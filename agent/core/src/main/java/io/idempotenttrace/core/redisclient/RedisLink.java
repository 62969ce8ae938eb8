package io.idempotenttrace.core.redisclient;

import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** An open connection, to one server or to a Cluster. The client reconnects it by itself. Safe for use by many threads. */
public abstract class RedisLink {

    private final LongSupplier nanoClock;
    /** When the last reply came, {@link System#nanoTime()}. */
    private volatile long repliedAtNanos;

    RedisLink() {
        this(System::nanoTime);
    }

    /** @param nanoClock as {@link System#nanoTime()} */
    protected RedisLink(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.repliedAtNanos = nanoClock.getAsLong();
    }

    /** Whether it leads to a Cluster. */
    public abstract boolean isCluster();

    /** The server's major version; 0 where it does not say. */
    public abstract int majorVersion();

    /** Whether there is one server, which pushes messages: it can tell of changes. */
    public abstract boolean pushes();

    /** Commands that find their node by their key. */
    public abstract ServerCommands commands();

    /** Commands to the primary of the key's slot, all over the same connection, as WAIT and WAITAOF need it. */
    public abstract CompletableFuture<ServerCommands> commandsToPrimaryOf(byte[] key);

    /**
     * A server that takes writes.
     *
     * @param name host and port, without user and password; empty where there is one server
     * @param id the id of a Cluster's node, as {@link RedisAccess#partOf} names it; else empty
     */
    public record Primary(String name, String id) {}

    /** The one server, or the primaries of the Cluster that serve slots, as its layout is known now. */
    public List<Primary> primaries() {
        return List.of(new Primary("", ""));
    }

    /** Commands to that server, whatever their keys are. */
    public CompletableFuture<ServerCommands> commandsTo(Primary primary) {
        return CompletableFuture.completedFuture(commands());
    }

    /** The one server, as it was named when it was last connected; null for a Cluster. */
    @Nullable
    SocketAddress leadsTo() {
        return null;
    }

    /** See {@link RedisAccess#partOf}. */
    protected abstract String partOf(byte[] key);

    /** Whether it is connected now; to a Cluster, to some node. */
    public abstract boolean isOpen();

    /** Notes that a reply came. */
    public final void replied() {
        repliedAtNanos = nanoClock.getAsLong();
    }

    /**
     * Whether nothing came back since then: the connection may be dead without either side having closed it.
     *
     * @param nanos a moment of {@link System#nanoTime()}
     */
    public final boolean isSilentSince(long nanos) {
        return repliedAtNanos - nanos < 0;
    }

    /** Closes the connection, without waiting for it. */
    protected abstract void close();
}
