package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.core.background.BackgroundLoop;
import io.idempotenttrace.core.background.Platform;
import io.idempotenttrace.core.redisclient.ChannelMessages;
import io.idempotenttrace.core.redisclient.RedisAccess;
import io.idempotenttrace.core.redisclient.RedisFailure;
import io.idempotenttrace.core.redisclient.RedisLink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Hears of changes of the records that calls of this process wait for. A record's channel has its key's name, so that in a
 * Cluster it belongs to the key's slot; there the sharded commands are used. The connection is opened by the first wait; until
 * it is there, and where the user may not subscribe, waits poll. A connection that is dead without either side having closed it is found by
 * the polls, which go on more slowly beside it: each subscribes again, and what is not confirmed in {@link #SILENT_NANOS} is opened anew.
 * Safe for use by many threads.
 */
final class RecordWakeups {

    /** Announced to the claim script: which command the owner has to publish by. */
    static final String PLAIN = "p";

    static final String SHARDED = "s";
    private static final long RETRY_NANOS = 20_000_000;
    /** README: two seconds, after a poll that comes a second after the last. */
    private static final long SILENT_NANOS = 2_000_000_000L;
    /** Between two attempts to connect: waits can do without. */
    private static final long PAUSE_NANOS = 5_000_000_000L;

    /** One record that is waited for. Guarded by the map's lock for its key, but for {@code subscription}. */
    static final class Channel {

        private final List<RedisRecordWatch> watches = new ArrayList<>();
        /** Completes when the subscription is in effect; fails if it can't be had. */
        volatile CompletableFuture<Void> subscription = new CompletableFuture<>();

        boolean inEffect() {
            CompletableFuture<Void> now = subscription;
            return now.isDone() && !now.isCompletedExceptionally();
        }
    }

    private final RedisAccess connector;
    private final Platform platform;
    private final ConcurrentHashMap<String, Channel> channels = new ConcurrentHashMap<>();
    /** The one in use, or to come. */
    private volatile CompletableFuture<ChannelMessages> connection = new CompletableFuture<>();

    private final AtomicBoolean opening = new AtomicBoolean();
    /** The one that commands went over when it was opened; null before. */
    private volatile @Nullable RedisLink openedBeside;

    private volatile long openedAtNanos;
    private final AtomicBoolean confirming = new AtomicBoolean();
    private volatile long confirmingSinceNanos;
    private volatile boolean sharded;

    RecordWakeups(RedisAccess connector, Platform platform) {
        this.connector = connector;
        this.platform = platform;
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

    /** The record is polled beside its subscription: looks whether that would still tell of a change. */
    void confirm(String redisKey) {
        CompletableFuture<ChannelMessages> asked = connection;
        ChannelMessages messages = asked.isCompletedExceptionally() ? null : asked.getNow(null);
        if (messages == null) {
            return;
        }
        long now = platform.nanoTime();
        if (openedBeside != connector.link()) {
            // Commands go to another server by now.
            openAnew(asked);
        } else if (confirming.compareAndSet(false, true)) {
            confirmingSinceNanos = now;
            messages.subscribe(Wtf8.encode(redisKey)).whenComplete((done, failure) -> confirming.set(false));
        } else if (now - confirmingSinceNanos > SILENT_NANOS) {
            openAnew(asked);
        }
    }

    private void openAnew(CompletableFuture<ChannelMessages> broken) {
        synchronized (this) {
            if (connection != broken || platform.nanoTime() - openedAtNanos < PAUSE_NANOS) {
                return;
            }
            connection = new CompletableFuture<>();
            confirming.set(false);
            opening.set(false);
        }
        broken.thenAccept(ChannelMessages::close);
        channels.keySet()
                .forEach(key -> channels.computeIfPresent(key, (same, channel) -> {
                    channel.subscription = new CompletableFuture<>();
                    subscribe(same, channel);
                    return channel;
                }));
        open();
    }

    private void open() {
        CompletableFuture<ChannelMessages> last = connection;
        if (last.isCompletedExceptionally()) {
            openAnew(last);
            return;
        }
        RedisLink link = connector.link();
        if (link == null || !opening.compareAndSet(false, true)) {
            return;
        }
        CompletableFuture<ChannelMessages> own = connection;
        openedAtNanos = platform.nanoTime();
        openedBeside = link;
        boolean begun = BackgroundLoop.runOnce(
                "idempotent-trace-wakeups",
                () -> {
                    try {
                        sharded = link.isCluster() && link.majorVersion() >= 7;
                        own.complete(connector.openMessages(link.isCluster(), sharded, this::message));
                    } catch (Throwable failure) {
                        // Waits go on by polling; a later one tries to connect again.
                        own.completeExceptionally(failure);
                    }
                },
                platform);
        if (!begun) {
            // The next wait tries again; this one polls.
            opening.set(false);
        }
    }

    private void subscribe(String redisKey, Channel channel) {
        byte[] name = Wtf8.encode(redisKey);
        CompletableFuture<ChannelMessages> used = connection;
        CompletableFuture<Void> subscription = channel.subscription;
        used.thenCompose(messages -> messages.subscribe(name)).whenComplete((done, failure) -> {
            if (failure == null) {
                subscription.complete(null);
            } else if (used.isCompletedExceptionally() || RedisFailure.isRefusal(failure)) {
                subscription.completeExceptionally(failure);
            } else {
                // Not connected: to a Cluster's node, the first use is what connects.
                subscribeLater(redisKey, channel, subscription);
            }
        });
    }

    private void subscribeLater(String redisKey, Channel channel, CompletableFuture<Void> subscription) {
        try {
            connector.later(() -> subscribeAgain(redisKey, channel, subscription), RETRY_NANOS);
        } catch (RuntimeException closedOrNoThread) {
            // Waits go on by polling.
            subscription.completeExceptionally(closedOrNoThread);
        }
    }

    private void subscribeAgain(String redisKey, Channel channel, CompletableFuture<Void> subscription) {
        if (channels.get(redisKey) == channel && channel.subscription == subscription) {
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
