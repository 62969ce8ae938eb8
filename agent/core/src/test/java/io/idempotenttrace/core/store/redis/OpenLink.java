package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.core.redisclient.RedisLink;
import io.idempotenttrace.core.redisclient.ServerCommands;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/** A connection of a test, always open, to one server. It has no commands. */
class OpenLink extends RedisLink {

    OpenLink(LongSupplier nanoClock) {
        super(nanoClock);
    }

    @Override
    public boolean isCluster() {
        return false;
    }

    @Override
    public int majorVersion() {
        return 7;
    }

    @Override
    public boolean pushes() {
        return !isCluster();
    }

    @Override
    public ServerCommands commands() {
        throw new UnsupportedOperationException("not of this test");
    }

    @Override
    public CompletableFuture<ServerCommands> commandsToPrimaryOf(byte[] key) {
        throw new UnsupportedOperationException("not of this test");
    }

    @Override
    protected String partOf(byte[] key) {
        return "";
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    protected void close() {
        // There is nothing to close.
    }
}
