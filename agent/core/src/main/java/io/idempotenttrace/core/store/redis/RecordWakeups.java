package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.core.background.BackgroundLoop;
import io.idempotenttrace.core.redisclient.ChannelMessages;
import io.idempotenttrace.core.redisclient.RedisConnector;
import io.idempotenttrace.core.redisclient.RedisFailure;
import io.idempotenttrace.core.redisclient.RedisLink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Hears of changes of the records that calls of this process wait for. A record's channel has its key's name, so that in a
 * Cluster it belongs to the key's slot; there the sharded commands are used. The connection is opened by the first wait; until
 * it is there, and where the user may not subscribe, waits poll. Safe for use by many threads.
 */
final class RecordWakeups {

    /** Announced to the claim script: which command the owner has to publish by. */
    static final String PLAIN = "p";

    static final String SHARDED = "s";
    private static final long RETRY_NANOS = 20_000_000;

    /** One record that is waited for. Guarded by the map's lock for its key, but for {@code subscription}. */
    static final class Channel {

        private final List<RedisRecordWatch> watches = new ArrayList<>();
        /** Completes when the subscription is in effect; fails if it can't be had. */
        final CompletableFuture<Void> subscription = new CompletableFuture<>();

        boolean inEffect() {
            return subscription.isDone() && !subscription.isCompletedExceptionally();
        }
    }

    private final RedisConnector connector;
    private final ConcurrentHashMap<String, Channel> channels = new ConcurrentHashMap<>();
    private final CompletableFuture<ChannelMessages> connection = new CompletableFuture<>();
    private final AtomicBoolean opening = new AtomicBoolean();
    private volatile boolean sharded;

    RecordWakeups(RedisConnector connector) {
        this.connector = connector;
    }

    /** How this process hears of changes of the record; empty while it does not. */
    String listens(String redisKey) {
        if (channels.isEmpty()) {
            return "";
        }
        Channel channel = channels.get(redisKey);
        return channel == null || !channel.inEffect() ? "" : sharded ? SHARDED : PLAIN;
    }

    Channel add(String redisKey, RedisRecordWatch watch) {
        open();
        return channels.compute(redisKey, (key, known) -> {
            Channel channel = known;
            if (channel == null) {
                channel = new Channel();
                subscribe(key, channel);
            }
            channel.watches.add(watch);
            return channel;
        });
    }

    void remove(String redisKey, RedisRecordWatch watch) {
        channels.computeIfPresent(redisKey, (key, channel) -> {
            channel.watches.remove(watch);
            if (!channel.watches.isEmpty()) {
                return channel;
            }
            unsubscribe(key);
            return null;
        });
    }

    private void open() {
        RedisLink link = connector.link();
        if (link == null || !opening.compareAndSet(false, true)) {
            return;
        }
        boolean begun = BackgroundLoop.runOnce("idempotent-trace-wakeups", () -> {
            try {
                sharded = link.isCluster() && link.majorVersion() >= 7;
                connection.complete(connector.openMessages(link.isCluster(), sharded, this::message));
            } catch (Throwable failure) {
                // Waits go on by polling; a later connection is not worth a second thread's trouble.
                connection.completeExceptionally(failure);
            }
        });
        if (!begun) {
            // The next wait tries again; this one polls.
            opening.set(false);
        }
    }

    private void subscribe(String redisKey, Channel channel) {
        byte[] name = Wtf8.encode(redisKey);
        connection.thenCompose(messages -> messages.subscribe(name)).whenComplete((done, failure) -> {
            if (failure == null) {
                channel.subscription.complete(null);
            } else if (connection.isCompletedExceptionally() || RedisFailure.isRefusal(failure)) {
                channel.subscription.completeExceptionally(failure);
            } else {
                // Not connected: to a Cluster's node, the first use is what connects.
                connector.later(() -> subscribeAgain(redisKey, channel), RETRY_NANOS);
            }
        });
    }

    private void subscribeAgain(String redisKey, Channel channel) {
        if (channels.get(redisKey) == channel) {
            subscribe(redisKey, channel);
        }
    }

    private void unsubscribe(String redisKey) {
        byte[] name = Wtf8.encode(redisKey);
        connection.thenAccept(messages -> messages.unsubscribe(name));
    }

    private void message(byte[] name, byte[] what) {
        List<RedisRecordWatch> woken = new ArrayList<>();
        channels.computeIfPresent(Wtf8.decode(name), (key, channel) -> {
            woken.addAll(channel.watches);
            return channel;
        });
        // Outside of the map's lock: what a woken call does next may need it.
        woken.forEach(RedisRecordWatch::changed);
    }
}
