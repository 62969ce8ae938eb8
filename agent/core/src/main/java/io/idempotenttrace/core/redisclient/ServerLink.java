package io.idempotenttrace.core.redisclient;

import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A connection to one server. */
final class ServerLink extends RedisLink {

    private final LeanConnection connection;
    private final int majorVersion;
    private final boolean pushes;

    ServerLink(LeanConnection connection) {
        ServerHello hello = connection.hello();
        this.connection = connection;
        this.majorVersion = hello.majorVersion();
        this.pushes = hello.pushes();
    }

    @Override
    public boolean isCluster() {
        return false;
    }

    @Override
    public int majorVersion() {
        return majorVersion;
    }

    @Override
    public boolean pushes() {
        return pushes;
    }

    @Override
    public ServerCommands commands() {
        return connection.commands();
    }

    @Override
    public CompletableFuture<ServerCommands> commandsToPrimaryOf(byte[] key) {
        return CompletableFuture.completedFuture(connection.commands());
    }

    @Override
    @Nullable
    SocketAddress leadsTo() {
        return connection.server();
    }

    @Override
    protected String partOf(byte[] key) {
        return "";
    }

    @Override
    public boolean isOpen() {
        return connection.isOpen();
    }

    @Override
    protected void close() {
        connection.closeAsync();
    }
}
