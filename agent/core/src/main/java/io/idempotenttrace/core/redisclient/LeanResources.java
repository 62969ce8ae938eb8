package io.idempotenttrace.core.redisclient;

import io.idempotenttrace.core.background.BackgroundThread;
import io.lettuce.core.event.Event;
import io.lettuce.core.event.EventBus;
import io.lettuce.core.event.EventPublisherOptions;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultEventLoopGroupProvider;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.DnsResolver;
import io.lettuce.core.resource.EventLoopGroupProvider;
import io.lettuce.core.resource.NettyCustomizer;
import io.lettuce.core.resource.SocketAddressResolver;
import io.lettuce.core.resource.ThreadFactoryProvider;
import io.lettuce.core.resource.Transports;
import io.lettuce.core.tracing.Tracing;
import io.netty.channel.EventLoopGroup;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.DefaultAddressResolverGroup;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timer;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * What one connection needs of Lettuce's surroundings. Lettuce's own resources also prepare an asynchronous DNS client, an
 * event bus and metrics, which nobody uses here: in a cold JVM they are half of the time that the first connection takes.
 * Host names are resolved as everywhere else in the JVM.
 */
final class LeanResources implements ClientResources {

    /** One connection keeps one thread busy, the other one reconnects. */
    private static final int THREADS = 2;

    /** Event loops, executors and the timer. */
    private static final int ALL_THREADS = 2 * THREADS + 1;

    private static final EventBus NO_EVENTS = new EventBus() {
        @Override
        public Flux<Event> get() {
            return Flux.empty();
        }

        @Override
        public void publish(Event event) {
            // Nobody listens.
        }
    };

    /** How many of {@link #ALL_THREADS} run now. */
    private final AtomicInteger running = new AtomicInteger();

    private final EventLoopGroupProvider eventLoopProvider =
            new DefaultEventLoopGroupProvider(THREADS, (ThreadFactoryProvider) pool -> threads("idempotent-trace-io")) {
                @Override
                public <T extends EventLoopGroup> T allocate(Class<T> type) {
                    T group = super.allocate(type);
                    eventLoops = group;
                    eventLoop = group.next();
                    return group;
                }
            };
    /** Null until a connection was opened. */
    private volatile @Nullable Executor eventLoop;
    /** Null as {@link #eventLoop}. */
    private volatile @Nullable EventExecutorGroup eventLoops;

    private final EventExecutorGroup executors =
            new DefaultEventExecutorGroup(THREADS, threads("idempotent-trace-lettuce"));
    private final HashedWheelTimer timer = new HashedWheelTimer(threads("idempotent-trace-timer"));
    private final AtomicBoolean timerRuns = new AtomicBoolean();
    /** Null while all threads could be started. */
    private volatile @Nullable Throwable failureOfThreads;

    private final SocketAddressResolver addressResolver = SocketAddressResolver.create(DnsResolver.unresolved());
    private final Delay reconnectDelay;
    private final NettyCustomizer nettyCustomizer;
    private final Runnable whenThreadEnded;
    /** Whether threads end because they were told to. */
    private volatile boolean ending;
    /** Whether one has ended though it was not told to. */
    private volatile boolean threadEnded;

    /** Netty's own factory makes a thread that inherits from whichever of the application's threads needs it first. */
    private ThreadFactory threads(String name) {
        AtomicInteger count = new AtomicInteger();
        return work -> BackgroundThread.of(name + '-' + count.incrementAndGet(), () -> {
            running.incrementAndGet();
            try {
                FastThreadLocalThread.runWithFastThreadLocal(work);
            } finally {
                running.decrementAndGet();
                if (!ending) {
                    threadEnded = true;
                    whenThreadEnded.run();
                }
            }
        });
    }

    /**
     * @param whenThreadEnded told, on the thread itself, when one has ended though {@link #shutdown()} was not called: by an
     *     OutOfMemoryError, say. Netty starts no other one, and tells nobody
     */
    LeanResources(Delay reconnectDelay, NettyCustomizer nettyCustomizer, Runnable whenThreadEnded) {
        this.reconnectDelay = reconnectDelay;
        this.nettyCustomizer = nettyCustomizer;
        this.whenThreadEnded = whenThreadEnded;
    }

    /** Whether a thread has ended though {@link #shutdown()} was not called. */
    boolean hasLostThread() {
        return threadEnded;
    }

    /**
     * Starts the threads that are not there yet, and looks whether they take what they are given. One that can't be started takes down
     * with it what it was given, some of it without a word: so they are started before a connection needs them.
     *
     * @param millis how long each may take to answer. One that is late stands at its work, say at the resolution of a host name
     * @return what keeps one from running, by which these resources are of no use any more; null if all run
     */
    @Nullable
    Throwable failureOfThreads(long millis) {
        if (hasLostThread() && failureOfThreads == null) {
            failureOfThreads = new IllegalStateException("a thread of the Redis client has ended");
        }
        if (failureOfThreads != null || running.get() == ALL_THREADS) {
            return failureOfThreads;
        }
        try {
            if (timerRuns.compareAndSet(false, true)) {
                timer.start();
            }
            if (eventLoops == null) {
                eventLoopProvider.allocate(Transports.eventLoopGroupClass());
            }
            answer(Objects.requireNonNull(eventLoops), millis);
            answer(executors, millis);
            return null;
        } catch (TimeoutException late) {
            // Netty may keep it to itself that a thread could not be started.
            failureOfThreads = running.get() < ALL_THREADS ? late : null;
            return failureOfThreads;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (Throwable noThread) {
            failureOfThreads = noThread;
            return noThread;
        }
    }

    private static void answer(EventExecutorGroup threads, long millis) throws Exception {
        for (EventExecutor thread : threads) {
            thread.submit(() -> null).get(millis, TimeUnit.MILLISECONDS);
        }
    }

    /** Runs that on a thread that connections are served by, whose queue is without lock. Only once a connection was opened. */
    void onEventLoop(Runnable command) {
        Objects.requireNonNull(eventLoop, "no connection was opened").execute(command);
    }

    @Override
    public Future<Boolean> shutdown() {
        return shutdown(0, 1, TimeUnit.SECONDS);
    }

    @Override
    public Future<Boolean> shutdown(long quietPeriod, long timeout, TimeUnit unit) {
        ending = true;
        timer.stop();
        Promise<Boolean> ended = ImmediateEventExecutor.INSTANCE.newPromise();
        AtomicInteger running = new AtomicInteger(2);
        GenericFutureListener<Future<Object>> one = future -> {
            if (running.decrementAndGet() == 0) {
                ended.trySuccess(true);
            }
        };
        listen(eventLoopProvider.shutdown(quietPeriod, timeout, unit), one);
        listen(executors.shutdownGracefully(quietPeriod, timeout, unit), one);
        return ended;
    }

    @SuppressWarnings("unchecked")
    private static void listen(Future<?> future, GenericFutureListener<Future<Object>> listener) {
        ((Future<Object>) future).addListener(listener);
    }

    @Override
    public Builder mutate() {
        throw new UnsupportedOperationException("these resources are as they are");
    }

    @Override
    public AddressResolverGroup<?> addressResolverGroup() {
        return DefaultAddressResolverGroup.INSTANCE;
    }

    @Override
    public @Nullable EventPublisherOptions commandLatencyPublisherOptions() {
        return null;
    }

    @Override
    public CommandLatencyRecorder commandLatencyRecorder() {
        return CommandLatencyRecorder.disabled();
    }

    @Override
    public int computationThreadPoolSize() {
        return THREADS;
    }

    @Override
    public EventBus eventBus() {
        return NO_EVENTS;
    }

    @Override
    public EventLoopGroupProvider eventLoopGroupProvider() {
        return eventLoopProvider;
    }

    @Override
    public EventExecutorGroup eventExecutorGroup() {
        return executors;
    }

    @Override
    public int ioThreadPoolSize() {
        return THREADS;
    }

    @Override
    public NettyCustomizer nettyCustomizer() {
        return nettyCustomizer;
    }

    @Override
    public Delay reconnectDelay() {
        return reconnectDelay;
    }

    @Override
    public SocketAddressResolver socketAddressResolver() {
        return addressResolver;
    }

    @Override
    public Timer timer() {
        return timer;
    }

    @Override
    public Tracing tracing() {
        return Tracing.disabled();
    }
}
