package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.core.store.RecordWatch;
import java.util.concurrent.CompletableFuture;

/** Watches one record by a message from its owner; by polling, ever more slowly, where no message can be heard. */
final class RedisRecordWatch implements RecordWatch {

    private static final long FIRST_POLL_MILLIS = 10;
    private static final long SLOWEST_POLL_MILLIS = 250;
    /** A message can be lost with its connection. */
    private static final long POLL_WHILE_LISTENING_MILLIS = 1000;

    private final RecordWakeups wakeups;
    private final String redisKey;
    private final RecordWakeups.Channel channel;
    private volatile CompletableFuture<Void> change = new CompletableFuture<>();
    private boolean announced;
    private long pollMillis = FIRST_POLL_MILLIS;

    RedisRecordWatch(RecordWakeups wakeups, String redisKey) {
        this.wakeups = wakeups;
        this.redisKey = redisKey;
        this.channel = wakeups.add(redisKey, this);
    }

    @Override
    public CompletableFuture<Void> ready() {
        return channel.subscription.handle((inEffect, failure) -> null);
    }

    @Override
    public CompletableFuture<Void> arm() {
        CompletableFuture<Void> next = new CompletableFuture<>();
        change = next;
        // The owner learns of a listener by a claim that is made while the subscription is in effect: the one that
        // comes now.
        announced = channel.inEffect();
        return next;
    }

    @Override
    public long pollMillis() {
        if (announced) {
            wakeups.confirm(redisKey);
            return POLL_WHILE_LISTENING_MILLIS;
        }
        long poll = pollMillis;
        pollMillis = Math.min(SLOWEST_POLL_MILLIS, poll * 2);
        return poll;
    }

    /** The record changed. */
    void changed() {
        change.complete(null);
    }

    @Override
    public void close() {
        wakeups.remove(redisKey, this);
    }
}
