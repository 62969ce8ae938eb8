package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.core.redisclient.ChannelMessages;
import io.idempotenttrace.core.redisclient.RedisAccess;
import io.idempotenttrace.core.redisclient.RedisLink;
import io.idempotenttrace.core.redisclient.TrackedReads;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/** The way of a test to a server: it is connected, and has no connections but the one for commands. */
abstract class ConnectedAccess implements RedisAccess {

    @Override
    public final String server() {
        return "the server of a test";
    }

    @Override
    public abstract RedisLink link();

    @Override
    public final CompletableFuture<RedisLink> begin() {
        return CompletableFuture.completedFuture(link());
    }

    @Override
    public void replace(RedisLink broken) {
        // The test's link is as good as any.
    }

    @Override
    public void refreshTopology() {
        // It does not change.
    }

    @Override
    public TrackedReads openTrackedReads(TrackedReads.Listener listener) {
        throw new UnsupportedOperationException("not of this test");
    }

    @Override
    public ChannelMessages openMessages(boolean cluster, boolean sharded, BiConsumer<byte[], byte[]> received) {
        throw new UnsupportedOperationException("not of this test");
    }

    @Override
    public final void close() {
        // There is nothing to close.
    }
}
