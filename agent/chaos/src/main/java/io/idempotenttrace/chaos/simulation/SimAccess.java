package io.idempotenttrace.chaos.simulation;

import io.idempotenttrace.core.redisclient.ChannelMessages;
import io.idempotenttrace.core.redisclient.RedisAccess;
import io.idempotenttrace.core.redisclient.RedisLink;
import io.idempotenttrace.core.redisclient.ServerCommands;
import io.idempotenttrace.core.redisclient.TrackedReads;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;

/** The way of a simulated process to the simulated Redis: connects and connects again as the one of production does. */
final class SimAccess implements RedisAccess {

    /** As {@code RedisConnector}. */
    private static final long RETRY_AFTER_NANOS = 250_000_000L;

    private final Process process;
    private final World world;
    private SimLink link;
    private CompletableFuture<RedisLink> attempt;
    private long attemptFailedAt;

    SimAccess(Process process) {
        this.process = process;
        this.world = process.world;
    }

    /** A connection for commands. */
    private final class SimLink extends RedisLink {

        private final SimWire wire;
        private final ServerCommands commands;

        SimLink(SimWire wire) {
            super(process.platform::now);
            this.wire = wire;
            this.commands = new ServerCommands(new SimSender(wire));
        }

        @Override
        public boolean isCluster() {
            return false;
        }

        @Override
        public int majorVersion() {
            return 7;
        }

        @Override
        public boolean pushes() {
            return true;
        }

        @Override
        public ServerCommands commands() {
            return commands;
        }

        @Override
        public CompletableFuture<ServerCommands> commandsToPrimaryOf(byte[] key) {
            return CompletableFuture.completedFuture(commands);
        }

        @Override
        protected String partOf(byte[] key) {
            return "";
        }

        @Override
        public boolean isOpen() {
            return wire.isConnected();
        }

        @Override
        protected void close() {
            wire.close();
        }
    }

    /** A connection for messages. It subscribes again by itself when it is connected again. */
    private final class SimMessages implements ChannelMessages {

        private final SimWire wire;
        private final Set<String> channels = new LinkedHashSet<>();

        SimMessages(SimWire wire) {
            this.wire = wire;
            wire.onConnected = () -> channels.forEach(channel -> ask(channel, new CompletableFuture<>()));
        }

        @Override
        public CompletableFuture<Void> subscribe(byte[] channel) {
            String name = new String(channel, StandardCharsets.UTF_8);
            channels.add(name);
            CompletableFuture<Void> done = new CompletableFuture<>();
            ask(name, done);
            return done;
        }

        private void ask(String channel, CompletableFuture<Void> done) {
            wire.send(
                    () -> {
                        world.redis.subscribe(wire, channel);
                        return LuaValue.TRUE;
                    },
                    reply -> done.complete(null),
                    done::completeExceptionally);
        }

        @Override
        public void unsubscribe(byte[] channel) {
            String name = new String(channel, StandardCharsets.UTF_8);
            channels.remove(name);
            wire.send(
                    () -> {
                        world.redis.unsubscribe(wire, name);
                        return LuaValue.TRUE;
                    },
                    reply -> {},
                    failure -> {});
        }

        @Override
        public void close() {
            wire.close();
        }
    }

    private final class SimTrackedReads implements TrackedReads {

        private final SimWire wire;
        private final Listener listener;
        private final ServerCommands commands;

        SimTrackedReads(SimWire wire, Listener listener) {
            this.wire = wire;
            this.listener = listener;
            this.commands = new ServerCommands(new SimSender(wire));
            wire.onTracked = key -> listener.changed(SimWire.bytes(key));
            wire.onConnected = this::track;
            wire.onDisconnected = () -> listener.notTracking(this);
        }

        @Override
        public void track() {
            wire.send(
                    () -> {
                        wire.track();
                        return new LuaTable();
                    },
                    reply -> listener.tracking(this),
                    failure -> listener.notTracking(this));
        }

        @Override
        public ServerCommands commands() {
            return commands;
        }

        @Override
        public boolean isClosed() {
            return wire.isClosed();
        }

        @Override
        public void close() {
            wire.close();
            listener.notTracking(this);
        }
    }

    @Override
    public String server() {
        return "redis://simulated";
    }

    @Override
    public void later(Runnable task, long nanos) {
        process.platform.within(nanos, new CompletableFuture<Void>()).thenRun(task);
    }

    @Override
    public String partOf(byte[] key) {
        return "";
    }

    @Override
    public RedisLink link() {
        return link;
    }

    @Override
    public CompletableFuture<RedisLink> begin() {
        boolean failed = attempt != null && attempt.isCompletedExceptionally();
        if (attempt != null && !(failed && world.scheduler.now() - attemptFailedAt >= RETRY_AFTER_NANOS)) {
            return attempt;
        }
        CompletableFuture<RedisLink> begun = new CompletableFuture<>();
        attempt = begun;
        SimWire wire = new SimWire(process);
        wire.connect().thenAccept(there -> {
            if (!there) {
                wire.close();
                attemptFailedAt = world.scheduler.now();
                begun.completeExceptionally(SimWire.notConnected("Unable to connect to the simulated Redis"));
                return;
            }
            SimLink opened = new SimLink(wire);
            if (attempt == begun) {
                link = opened;
            } else {
                opened.close();
            }
            begun.complete(opened);
        });
        return begun;
    }

    @Override
    public void replace(RedisLink broken) {
        if (link == broken) {
            world.count("replaced connection");
            link = null;
            attempt = null;
            ((SimLink) broken).close();
            begin();
        }
    }

    @Override
    public void refreshTopology() {}

    @Override
    public TrackedReads openTrackedReads(TrackedReads.Listener listener) {
        return new SimTrackedReads(connected(), listener);
    }

    @Override
    public ChannelMessages openMessages(boolean cluster, boolean sharded, BiConsumer<byte[], byte[]> received) {
        SimWire wire = connected();
        wire.onMessage = message -> received.accept(message[0], message[1]);
        return new SimMessages(wire);
    }

    private SimWire connected() {
        SimWire wire = new SimWire(process);
        try {
            if (process.platform.get(wire.connect(), Long.MAX_VALUE)) {
                return wire;
            }
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            wire.close();
            throw new IllegalStateException(e);
        }
        wire.close();
        throw SimWire.notConnected("Unable to connect to the simulated Redis");
    }

    @Override
    public void close() {}
}
