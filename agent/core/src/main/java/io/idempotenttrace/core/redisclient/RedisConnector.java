package io.idempotenttrace.core.redisclient;

import io.idempotenttrace.core.background.BackgroundLoop;
import io.idempotenttrace.core.background.TimeLimit;
import io.idempotenttrace.core.background.Waiting;
import io.idempotenttrace.core.failure.Failures;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.codec.ByteArrayCodec;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Opens the one connection, aside and again until it is there: a server that is down when the application starts must not
 * mean "in memory" for the life of the process. Once open, the client reconnects by itself. Safe for use by many threads.
 */
public final class RedisConnector implements RedisAccess {

    /** How many commands may wait for a reply: what a stalled server can cost in memory. */
    static final int REQUEST_QUEUE = 32_768;
    /** How soon after a failed attempt the next one begins: calls in between fail at once. */
    private static final long RETRY_AFTER_NANOS = 250_000_000L;
    /** How long a change of a password may take to reach both the server and the file. */
    private static final long RETRY_LOGIN_AFTER_NANOS = 200_000_000L;
    /** Of these a connect consists at most: the server's or its Sentinels' address, TCP, TLS, the handshake. */
    private static final int TIMED_STEPS = 4;

    private final RedisAddress address;
    private final RedisSettings settings;
    private final Consumer<RedisLink> whenOpened;
    private final BackgroundLoop repair = new BackgroundLoop("idempotent-trace-repair", this::repair);
    private volatile RedisClients clients;
    /** Null where the URL names none. */
    private final @Nullable Sentinels sentinels;

    private volatile @Nullable RedisLink link;
    /** To open {@code link}, under way or ended; null before the first, and until the next after {@link #replace}. */
    private @Nullable CompletableFuture<RedisLink> attempt;

    private long attemptBegunAtNanos;
    private long attemptFailedAtNanos;
    private volatile boolean closed;

    /**
     * Connects nowhere yet.
     *
     * @param whenOpened told of each new connection before a call may use it
     * @throws IllegalArgumentException if a setting can't be used; the message carries no password
     */
    public RedisConnector(RedisSettings settings, Consumer<RedisLink> whenOpened) {
        SilentNetty.installWhereNoLoggingIs();
        this.settings = settings;
        this.address = RedisAddress.of(settings);
        this.whenOpened = whenOpened;
        settings.tls().check();
        clients = new RedisClients(address, settings, this::threadEnded);
        sentinels = address.sentinel() ? new Sentinels(this, address.uri(), connectNanos()) : null;
    }

    @Override
    public String server() {
        return address.toString();
    }

    @Override
    public void later(Runnable task, long nanos) {
        if (closed) {
            throw new RejectedExecutionException("the connection to Redis is closed");
        }
        TimeLimit.within(nanos, new CompletableFuture<Void>()).thenRun(task);
    }

    @Override
    public String partOf(byte[] key) {
        RedisLink open = link;
        return open == null ? "" : open.partOf(key);
    }

    @Override
    public @Nullable RedisLink link() {
        return link;
    }

    @Override
    public synchronized CompletableFuture<RedisLink> begin() {
        CompletableFuture<RedisLink> known = attempt;
        long now = System.nanoTime();
        if (known != null && !known.isDone() && now - attemptBegunAtNanos > 2 * connectNanos()) {
            // Its waits are bounded; the thread itself has died or stands still.
            replaceClients(clients);
            failed(known, new IllegalStateException("the attempt to connect to Redis did not end; another one begins"));
            known = null;
        }
        boolean failed = known != null && known.isCompletedExceptionally();
        if (known == null || failed && now - attemptFailedAtNanos >= RETRY_AFTER_NANOS && !closed) {
            CompletableFuture<RedisLink> begun = new CompletableFuture<>();
            attempt = begun;
            attemptBegunAtNanos = now;
            if (!BackgroundLoop.runOnce("idempotent-trace-connect", () -> connect(begun))) {
                failed(
                        begun,
                        new IllegalStateException(
                                "no thread can be started to connect to Redis; the next call tries again"));
            }
            return begun;
        }
        return known;
    }

    /** How long a connect may take in all. */
    private long connectNanos() {
        return TimeUnit.MILLISECONDS.toNanos(TIMED_STEPS * settings.connectTimeoutMillis());
    }

    private void connect(CompletableFuture<RedisLink> result) {
        try {
            RedisLink opened = open();
            whenOpened.accept(opened);
            taken(result, opened);
        } catch (Throwable failure) {
            failed(result, failure);
        }
    }

    private RedisLink open() {
        try {
            return address.cluster() ? openCluster() : openServer();
        } catch (RuntimeException e) {
            if (!RedisFailure.isAboutLogin(e)) {
                throw e;
            }
            // The password file may have been replaced since it was read: it is read again before this counts.
            LockSupport.parkNanos(RETRY_LOGIN_AFTER_NANOS);
            return address.cluster() ? openCluster() : openServer();
        }
    }

    /** The link is in use before the result says so: who is told of it may ask for it. */
    private void taken(CompletableFuture<RedisLink> result, RedisLink opened) {
        boolean late;
        synchronized (this) {
            late = attempt != result || closed;
            if (!late) {
                link = opened;
            }
        }
        if (sentinels != null) {
            sentinels.listen();
        }
        if (late) {
            opened.close();
        }
        result.complete(opened);
    }

    private synchronized void replaceClients(RedisClients broken) {
        if (clients == broken && !closed) {
            clients = new RedisClients(address, settings, this::threadEnded);
            // On no thread of theirs, and not on the caller's: to end them may hang as they did.
            BackgroundLoop.runOnce("idempotent-trace-disconnect", broken::close);
        }
    }

    /**
     * On the thread that ends. Memory may be what it ended of, so this allocates nothing but the thread for the repair; where that can't
     * be started, the next call finds no connection and begins another one.
     */
    private void threadEnded(RedisClients of) {
        synchronized (this) {
            if (clients != of || closed) {
                return;
            }
            link = null;
            attempt = null;
        }
        repair.wake();
    }

    /** A round that fails is tried again. */
    private long repair() {
        RedisClients used = clients;
        if (used.resources().hasLostThread()) {
            replaceClients(used);
            begin();
            used.endCommandsWithoutThread();
        }
        return BackgroundLoop.END;
    }

    private void failed(CompletableFuture<RedisLink> result, Throwable failure) {
        synchronized (this) {
            attemptFailedAtNanos = System.nanoTime();
        }
        result.completeExceptionally(failure);
    }

    private RedisLink openServer() {
        LeanConnection opened = openServerConnection();
        if (opened.hello().cluster() && !address.sentinel()) {
            opened.closeAsync();
            return openCluster();
        }
        return new ServerLink(opened);
    }

    private RedisLink openCluster() {
        RedisClients used = clientsWithThreads();
        RedisClusterClient client = used.cluster();
        return new ClusterLink(
                opened(client.refreshPartitionsAsync()
                        .thenCompose(known -> client.connectAsync(ByteArrayCodec.INSTANCE))),
                used.resources()::onEventLoop,
                settings.connectTimeoutMillis());
    }

    RedisClients clients() {
        return clients;
    }

    /**
     * Those in use, all of whose threads run.
     *
     * @throws IllegalStateException if a thread can't be started; the next attempt tries again
     */
    private RedisClients clientsWithThreads() {
        RedisClients used = clients;
        if (used.resources().failureOfThreads(settings.connectTimeoutMillis()) == null) {
            return used;
        }
        replaceClients(used);
        RedisClients next = clients;
        Throwable failure = next.resources().failureOfThreads(settings.connectTimeoutMillis());
        if (failure != null) {
            throw new IllegalStateException(
                    "a thread of the Redis client can't be started (" + failure + "); the next call tries again",
                    failure);
        }
        return next;
    }

    /** What a client opens, within the time that a connect may take. */
    private <T> T opened(CompletionStage<T> opening) {
        CompletableFuture<T> future = opening.toCompletableFuture();
        try {
            return Waiting.uninterruptibly(future, connectNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw Failures.toThrow(e);
        } catch (TimeoutException e) {
            future.cancel(false);
            throw new RedisConnectionException("no connection within " + TimeUnit.NANOSECONDS.toMillis(connectNanos())
                    + " ms (" + TIMED_STEPS + " x connect-timeout)");
        }
    }

    @Override
    public synchronized void replace(RedisLink broken) {
        if (link == broken && !closed) {
            link = null;
            attempt = null;
            broken.close();
            begin();
        }
    }

    @Override
    public void refreshTopology() {
        clients.refreshTopology();
    }

    /** A connection to the one server. Blocks while it connects. */
    LeanConnection openServerConnection() {
        RedisURI uri = address.uri();
        RedisClients used = clientsWithThreads();
        LeanClient client = used.lean();
        Sentinels asked = sentinels;
        return client.connect(
                uri,
                asked == null ? client.addressOf(uri) : Mono.fromFuture(() -> asked.primary(used)),
                connectNanos());
    }

    @Override
    public TrackedReads openTrackedReads(TrackedReads.Listener listener) {
        return new LeanTrackedReads(openServerConnection(), listener);
    }

    @Override
    public ChannelMessages openMessages(boolean cluster, boolean sharded, BiConsumer<byte[], byte[]> received) {
        RedisClients used = clientsWithThreads();
        if (!cluster) {
            var connection = opened(used.whole().connectPubSubAsync(ByteArrayCodec.INSTANCE, address.uri()));
            return new PubSubMessages(connection, sharded, used.resources()::onEventLoop, received);
        }
        var connection = opened(used.cluster().connectPubSubAsync(ByteArrayCodec.INSTANCE));
        connection.setNodeMessagePropagation(true);
        return new PubSubMessages(connection, sharded, used.resources()::onEventLoop, received);
    }

    @Override
    public synchronized void close() {
        closed = true;
        repair.close();
        if (sentinels != null) {
            sentinels.close();
        }
        clients.close();
    }
}
