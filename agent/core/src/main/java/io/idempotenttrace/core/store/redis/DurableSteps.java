package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.core.background.Platform;
import io.idempotenttrace.core.failure.Failures;
import io.idempotenttrace.core.redisclient.RedisAccess;
import io.idempotenttrace.core.redisclient.RedisFailure;
import io.idempotenttrace.core.redisclient.RedisLink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Waits, by WAIT or WAITAOF, until replicas or disks have what a step wrote. It narrows the window in which a failover or a crash forgets
 * the step, and does not close it: a replica that did not acknowledge may be promoted.
 *
 * <p>The problem: both commands speak of what their own connection has written, and hold up whatever that connection sends behind them, for
 * up to a second where {@code appendfsync} is {@code everysec}. On the connection of all calls they would let every other call wait.
 *
 * <p>So they have a connection of their own. The step is made on the connection of all calls, and then made once more on this one, which
 * changes nothing but writes: the scripts answer a command that is sent again as they answered the first, and they write again. Steps that
 * come meanwhile wait, and the next command waits for all of them together. A Cluster has a queue for each node.
 *
 * <p>The invariant: nothing counts that was not written by the very connection that answered for it. A connection that broke in
 * between has written nothing, so WAIT would answer at once; therefore the connection's number is asked for before and behind, and where
 * the two differ all of it is done again. Safe for use by many threads.
 */
final class DurableSteps implements AutoCloseable {

    private static final int MOST_TOGETHER = 256;
    private static final long AGAIN_AFTER_NANOS = 20_000_000L;
    private static final long CHECK_MILLIS = 1000;

    private final Durability asked;
    private final RedisAccess connector;
    private final Platform platform;
    private final long limitNanos;
    private final Consumer<String> warnings;
    private final AtomicBoolean checked = new AtomicBoolean();
    /** By {@link RedisAccess#partOf}. */
    private final Map<String, Part> parts = new ConcurrentHashMap<>();

    private DurableSteps(
            RedisStoreSettings settings,
            Consumer<String> warnings,
            Function<Consumer<RedisLink>, RedisAccess> access,
            Platform platform) {
        this.asked = settings.durability();
        this.limitNanos = TimeUnit.MILLISECONDS.toNanos(asked.timeoutMillis() + settings.commandTimeoutMillis());
        this.warnings = warnings;
        this.platform = platform;
        this.connector = access.apply(this::check);
    }

    /** Null where none is asked for. Connects nowhere yet. */
    static @Nullable DurableSteps of(
            RedisStoreSettings settings,
            Consumer<String> warnings,
            Function<Consumer<RedisLink>, RedisAccess> access,
            Platform platform) {
        return settings.durability().isAsked() ? new DurableSteps(settings, warnings, access, platform) : null;
    }

    /** Begins to connect. */
    void begin() {
        connector.begin();
    }

    /** Whether completions that somebody waits for have to be on disk as well. */
    boolean holdsForCompletions() {
        return asked.disk();
    }

    /**
     * Waits for a step that was made.
     *
     * @return completes with {@link Shortfall#NONE} once it is where it has to be, else with what is missing, in time
     */
    CompletableFuture<Shortfall> await(RepeatedStep step) {
        Waiting one = new Waiting(step, platform.nanoTime() + limitNanos);
        connector.begin().whenComplete((link, failure) -> {
            if (failure != null) {
                one.result.complete(unreachable(failure));
            } else {
                queue(one);
            }
        });
        return platform.within(limitNanos, one.result).thenApply(end -> end != null ? end : late(null));
    }

    /** To the server that has its record now. */
    private void queue(Waiting one) {
        parts.computeIfAbsent(connector.partOf(one.step.keys()[0]), Part::new).add(one);
    }

    /** Says once, at the first connection, if this server can't tell. */
    private void check(RedisLink opened) {
        if (!asked.disk() || !checked.compareAndSet(false, true)) {
            return;
        }
        try {
            opened.commands()
                    .waitForDisk(/* replicas= */ 0, /* timeoutMillis= */ 1)
                    .get(CHECK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (RedisFailure.isRefusal(e)) {
                warnings.accept(refused(Failures.cause(e)).message() + ". Until then each claim is a store failure");
            }
        } catch (TimeoutException late) {
            // The first claim finds out.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Shortfall unreachable(Throwable failure) {
        return new Shortfall(
                "can't be asked of the store redis at " + connector.server() + ", which can't be reached ("
                        + asked.settings() + ")",
                Failures.cause(failure));
    }

    private Shortfall late(@Nullable Throwable last) {
        return new Shortfall(asked.missing(/* onDisk= */ false, /* acknowledged= */ 0), last);
    }

    private Shortfall refused(Throwable refusal) {
        String command = asked.disk() ? "WAITAOF" : "WAIT";
        String advice = RedisFailure.isMissingRight(refusal)
                ? "the ACL user lacks +" + command.toLowerCase(Locale.ROOT) + "; see agent/docs/redis.md"
                : asked.disk()
                        ? "wait-disk needs Redis 7.2 or newer, or Valkey, as primary, with appendonly yes"
                        : "wait-replicas needs a primary";
        return new Shortfall(
                "can't be asked of the store redis at " + connector.server() + ", which refuses " + command + ": "
                        + RedisFailure.refusal(refusal) + " (" + advice + ")",
                refusal);
    }

    /** One that waits, until its result is there or its time is over. */
    private final class Waiting {

        final RepeatedStep step;
        final long deadlineNanos;
        final CompletableFuture<Shortfall> result = new CompletableFuture<>();

        Waiting(RepeatedStep step, long deadlineNanos) {
            this.step = step;
            this.deadlineNanos = deadlineNanos;
        }

        boolean isOver() {
            return result.isDone() || platform.nanoTime() - deadlineNanos >= 0;
        }
    }

    /**
     * The queue of one server: one command at a time waits, for all that were there when it was sent.
     *
     * <p>Whoever sends has the turn. A turn whose end nobody has told long after the last of its steps was given up is taken by the next
     * step that comes, so that nothing that gets lost can stop the queue; what the former turn still hears counts for its own steps alone.
     */
    private final class Part {

        private final String name;
        private final Deque<Waiting> queue = new ArrayDeque<>();
        /** The number of the turn that sends; guarded by this, as all here. */
        private long turn;

        private boolean busy;
        private long busyUntilNanos;

        Part(String name) {
            this.name = name;
        }

        void add(Waiting one) {
            long mine;
            synchronized (this) {
                queue.add(one);
                if (busy && platform.nanoTime() - busyUntilNanos < 0) {
                    return;
                }
                mine = takeTurn();
            }
            next(mine);
        }

        /** Guarded by this. */
        private long takeTurn() {
            busy = true;
            // More than a turn takes: it gives up before, and sends its steps again after a pause.
            busyUntilNanos = platform.nanoTime() + 2 * limitNanos + AGAIN_AFTER_NANOS;
            return ++turn;
        }

        private synchronized boolean isTurn(long mine) {
            return turn == mine;
        }

        private void next(long mine) {
            List<Waiting> together = new ArrayList<>();
            long sending;
            synchronized (this) {
                if (turn != mine) {
                    return;
                }
                while (together.size() < MOST_TOGETHER && !queue.isEmpty()) {
                    Waiting one = queue.remove();
                    if (!one.isOver()) {
                        together.add(one);
                    }
                }
                sending = takeTurn();
                busy = !together.isEmpty();
            }
            if (!together.isEmpty()) {
                send(sending, together, /* whole= */ false);
            }
        }

        private void send(long mine, List<Waiting> together, boolean whole) {
            try {
                CompletableFuture<Boolean> sent = connector
                        .begin()
                        .thenCompose(link -> link.commandsToPrimaryOf(
                                        together.get(0).step.keys()[0])
                                .thenCompose(commands -> {
                                    WaitedGroup group = WaitedGroup.send(commands, link, asked, steps(together), whole);
                                    return platform.within(limitNanos, group.ended())
                                            .thenApply(end -> {
                                                ended(mine, together, group, link, whole, end != null);
                                                return true;
                                            });
                                }));
                // Neither the connection nor the way to the node has to be there in time.
                platform.within(limitNanos + AGAIN_AFTER_NANOS, sent).whenComplete((told, failure) -> {
                    if (told == null) {
                        again(mine, together, Failures.causeOrNull(failure));
                    }
                });
            } catch (RuntimeException | Error fault) {
                again(mine, together, fault);
            }
        }

        private List<RepeatedStep> steps(List<Waiting> together) {
            return together.stream().map(one -> one.step).toList();
        }

        private void ended(
                long mine, List<Waiting> together, WaitedGroup group, RedisLink link, boolean whole, boolean inTime) {
            if (!inTime) {
                // The connection may be dead though neither side has closed it.
                connector.replace(link);
                again(mine, together, null);
                return;
            }
            if (!isTurn(mine)) {
                // Another turn has taken them over.
                return;
            }
            if (group.needsAnotherServer()) {
                if (link.isCluster()) {
                    connector.refreshTopology();
                } else {
                    connector.replace(link);
                }
                again(mine, together, group.failure());
                return;
            }
            Throwable refusal = group.refusal();
            if (refusal != null) {
                together.forEach(one -> one.result.complete(refused(refusal)));
                next(mine);
                return;
            }
            if (!whole && group.lacksScript()) {
                send(mine, together, /* whole= */ true);
                return;
            }
            List<Waiting> unsure = new ArrayList<>();
            for (int i = 0; i < together.size(); i++) {
                Waiting one = together.get(i);
                Shortfall end = group.endOf(i);
                if (end == null) {
                    unsure.add(one);
                } else {
                    one.result.complete(end);
                }
            }
            if (unsure.isEmpty()) {
                next(mine);
            } else {
                again(mine, unsure, group.failure());
            }
        }

        /**
         * For what nobody has answered for. Those that come meanwhile go with it, and those whose records have moved to another server of a
         * Cluster go to that one's queue: they would have the others sent again and again.
         */
        private void again(long mine, List<Waiting> unsure, @Nullable Throwable failure) {
            long again;
            synchronized (this) {
                if (turn != mine) {
                    return;
                }
                for (Waiting one : unsure) {
                    if (one.isOver()) {
                        one.result.complete(late(failure));
                    } else {
                        queue.addFirst(one);
                    }
                }
                again = takeTurn();
            }
            try {
                connector.later(
                        () -> {
                            moveOthers();
                            next(again);
                        },
                        AGAIN_AFTER_NANOS);
            } catch (RuntimeException closed) {
                endAll(closed);
            }
        }

        private void moveOthers() {
            List<Waiting> moved = new ArrayList<>();
            synchronized (this) {
                queue.removeIf(one -> !connector.partOf(one.step.keys()[0]).equals(name) && moved.add(one));
            }
            moved.forEach(DurableSteps.this::queue);
        }

        private void endAll(Throwable closed) {
            List<Waiting> all;
            synchronized (this) {
                all = new ArrayList<>(queue);
                queue.clear();
                busy = false;
            }
            all.forEach(one -> one.result.complete(late(closed)));
        }
    }

    @Override
    public void close() {
        connector.close();
    }
}
