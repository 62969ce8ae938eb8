package io.idempotenttrace.core.redisclient;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.push.PushMessage;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;

/** Tracked reads over a connection to one server. Safe for use by many threads. */
final class LeanTrackedReads implements TrackedReads {

    private final LeanConnection connection;
    private final Listener listener;

    LeanTrackedReads(LeanConnection connection, Listener listener) {
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
                listener.notTracking(LeanTrackedReads.this);
            }
        });
    }

    @Override
    public void track() {
        connection.commands().trackChanges().whenComplete((done, failure) -> {
            if (failure == null) {
                listener.tracking(this);
            } else {
                listener.notTracking(this);
            }
        });
    }

    @Override
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

    @Override
    public boolean isClosed() {
        return connection.isClosed();
    }

    @Override
    public void close() {
        connection.closeAsync();
    }
}
