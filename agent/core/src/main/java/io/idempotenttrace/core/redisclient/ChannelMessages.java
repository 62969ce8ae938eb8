package io.idempotenttrace.core.redisclient;

import java.util.concurrent.CompletableFuture;

/** A connection over which messages of channels are heard. The client reconnects it by itself. Safe for use by many threads. */
public interface ChannelMessages {

    /** @return completes once the server sends the channel's messages; fails if it does not */
    CompletableFuture<Void> subscribe(byte[] channel);

    /** The end of {@link #subscribe}; nobody waits for it. */
    void unsubscribe(byte[] channel);

    /** Closes the connection, without waiting for it. */
    void close();
}
