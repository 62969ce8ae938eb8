package io.idempotenttrace.core.redisclient;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.push.PushMessage;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A connection of its own to one server, which tells over it of each change of a key that was read over it (client-side caching, RESP3).
 * The client reconnects it by itself, and asks for this again. Safe for use by many threads.
 */
public final class TrackedReads {

    /** Who wants to know of the changes. Called on the connection's own thread, so that no reply overtakes a change that came before it. */
    public interface Listener {

        /**
         * The server tells of changes from now on.
         *
         * @param from the connection that it tells by
         */
        void tracking(TrackedReads from);

        /**
         * The server does not tell of changes, or no longer.
         *
         * @param from the connection that is gone or was refused this; another one may be in use by now
         */
        void notTracking(TrackedReads from);

        /** The key was changed. */
        void changed(byte[] key);

        /** Any key may have been changed: FLUSHALL, FLUSHDB. */
        void changedAll();
    }

    private final LeanConnection connection;
    private final Listener listener;

    TrackedReads(LeanConnection connection, Listener listener) {
        this.connection = connection;
        this.listener = listener;
        connection.addPushListener(this::pushed);
        connection.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisConnected(RedisChannelHandler<?, ?> handler, SocketAddress address) {
                track();
            }

            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
                listener.notTracking(TrackedReads.this);
            }
        });
    }

    /** Asks the server to tell of changes; it is asked again by itself after each reconnect. */
    public void track() {
        connection.commands().trackChanges().whenComplete((done, failure) -> {
            if (failure == null) {
                listener.tracking(this);
            } else {
                listener.notTracking(this);
            }
        });
    }

    /** Commands over this connection. */
    public ServerCommands commands() {
        return connection.commands();
    }

    private void pushed(PushMessage message) {
        if (!message.getType().equals("invalidate")) {
            return;
        }
        if (message.getContent().size() > 1 && message.getContent().get(1) instanceof List<?> keys) {
            for (Object key : keys) {
                if (key instanceof ByteBuffer buffer) {
                    listener.changed(bytes(buffer));
                } else {
                    listener.changedAll();
                }
            }
        } else {
            listener.changedAll();
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    /** Whether it was closed from this side, and so does not come back. */
    public boolean isClosed() {
        return connection.isClosed();
    }

    /** Closes the connection, without waiting for it. */
    public void close() {
        connection.closeAsync();
    }
}
