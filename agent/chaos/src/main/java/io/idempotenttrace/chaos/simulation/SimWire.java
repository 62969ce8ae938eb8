package io.idempotenttrace.chaos.simulation;

import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;

/**
 * One connection. It keeps the order of what goes over it, as TCP does; messages of two connections may overtake each other. When it breaks,
 * what was on its way may still arrive, and the client connects it again.
 */
final class SimWire {

    /** A command that was sent, and what its reply is for. */
    private record Sent(Consumer<LuaValue> replied, Consumer<Throwable> failed) {}

    private static final long CONNECT_NANOS = 1_000_000_000L;

    final Process client;
    private final World world;
    private final Deque<Sent> inFlight = new ArrayDeque<>();
    /** Told on the client's own thread. */
    Consumer<byte[][]> onMessage = message -> {};

    Consumer<LuaString> onTracked = key -> {};
    Runnable onConnected = () -> {};
    Runnable onDisconnected = () -> {};

    private boolean connected;
    private boolean closed;
    private boolean deaf;
    private boolean tracking;
    /** How often it was connected: what was sent over an earlier one is not answered. */
    private int epoch;

    private long lastArrival;
    private long lastReply;
    /** How many of the next replies are lost though the connection lives on, so that replies get out of step. */
    private int repliesToSkip;

    private boolean repeatNext;

    SimWire(Process client) {
        this.client = client;
        this.world = client.world;
        client.wires.add(this);
    }

    boolean isConnected() {
        return connected;
    }

    boolean isClosed() {
        return closed;
    }

    boolean isTracking() {
        return tracking;
    }

    void track() {
        tracking = true;
    }

    /** Connects now; completes with whether it is there, within the time that a connect may take. */
    CompletableFuture<Boolean> connect() {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        if (closed) {
            done.complete(false);
        } else if (client.path == Process.Path.UP || client.path == Process.Path.SLOW) {
            world.scheduler.after(delay() + delay(), client, () -> {
                if (closed || world.redis.isDown()) {
                    done.complete(false);
                } else {
                    opened();
                    done.complete(true);
                }
            });
        } else {
            world.scheduler.after(CONNECT_NANOS, client, () -> done.complete(false));
        }
        return done;
    }

    private void opened() {
        connected = true;
        deaf = false;
        epoch++;
        lastArrival = 0;
        lastReply = 0;
        repliesToSkip = 0;
        onConnected.run();
    }

    private void reconnect() {
        if (!closed && !connected) {
            connect().thenAccept(there -> {
                if (!there) {
                    reconnectLater();
                }
            });
        }
    }

    private void reconnectLater() {
        world.scheduler.after(world.random.nextLong(10_000_000, 500_000_000), client, this::reconnect);
    }

    private long delay() {
        long usual = world.random.nextLong(100_000, 2_000_000);
        return client.path == Process.Path.SLOW ? usual + world.random.nextLong(400_000_000) : usual;
    }

    /**
     * Sends a command.
     *
     * @param what runs it at the server
     */
    void send(Supplier<LuaValue> what, Consumer<LuaValue> replied, Consumer<Throwable> failed) {
        if (!connected) {
            failed.accept(new RedisException("Currently not connected. Commands are rejected."));
            return;
        }
        inFlight.add(new Sent(replied, failed));
        int sentIn = epoch;
        boolean twice = repeatNext;
        repeatNext = false;
        lastArrival = Math.max(lastArrival + 1, world.scheduler.now() + delay());
        arriveAt(lastArrival, sentIn, twice, what);
    }

    private void arriveAt(long at, int sentIn, boolean twice, Supplier<LuaValue> what) {
        world.scheduler.at(at, null, () -> arrive(sentIn, twice, what));
    }

    private void arrive(int sentIn, boolean twice, Supplier<LuaValue> what) {
        if (sentIn == epoch && (deaf || client.path == Process.Path.DROPS)) {
            // From here on the connection has a gap, and nothing on it is heard any more.
            deaf = true;
            world.count("lost message");
            return;
        }
        if (client.path == Process.Path.STALLS) {
            lastArrival = Math.max(lastArrival, world.scheduler.now() + 50_000_000);
            arriveAt(world.scheduler.now() + 50_000_000, sentIn, twice, what);
            return;
        }
        if (world.redis.isDown() || sentIn != epoch && world.random.nextBoolean()) {
            world.count("lost message");
            return;
        }
        if (world.redis.busyUntil() > world.scheduler.now()) {
            lastArrival = Math.max(lastArrival, world.redis.busyUntil());
            arriveAt(world.redis.busyUntil(), sentIn, twice, what);
            return;
        }
        if (sentIn != epoch) {
            world.count("late command of a broken connection");
        }
        LuaValue first = what.get();
        if (twice) {
            world.count("repeated command");
        }
        LuaValue reply = twice ? what.get() : first;
        if (sentIn == epoch && client.path != Process.Path.DROPS_REPLIES) {
            if (repliesToSkip > 0) {
                repliesToSkip--;
                return;
            }
            push(() -> {
                Sent sent = inFlight.poll();
                if (sent != null) {
                    sent.replied.accept(reply);
                }
            });
        } else if (sentIn == epoch) {
            deaf = true;
            world.count("lost message");
        }
    }

    /** Redis sends something. */
    void push(Runnable received) {
        if (!connected || deaf) {
            return;
        }
        if (client.path == Process.Path.DROPS || client.path == Process.Path.DROPS_REPLIES) {
            deaf = true;
            world.count("lost message");
            return;
        }
        int sentIn = epoch;
        lastReply = Math.max(lastReply + 1, world.scheduler.now() + delay());
        receiveAt(lastReply, sentIn, received);
    }

    private void receiveAt(long at, int sentIn, Runnable received) {
        world.scheduler.at(at, client, () -> {
            if (sentIn != epoch || closed) {
                return;
            }
            if (client.path == Process.Path.STALLS) {
                lastReply = Math.max(lastReply, world.scheduler.now() + 50_000_000);
                receiveAt(world.scheduler.now() + 50_000_000, sentIn, received);
            } else {
                received.run();
            }
        });
    }

    void message(LuaString channel, LuaString content) {
        onMessage.accept(new byte[][] {bytes(channel), bytes(content)});
    }

    void tracked(LuaString key) {
        onTracked.accept(key);
    }

    static byte[] bytes(LuaString text) {
        byte[] bytes = new byte[text.length()];
        text.copyInto(0, bytes, 0, bytes.length);
        return bytes;
    }

    /** The connection breaks: the client hears of it soon. */
    void cut() {
        if (!connected) {
            return;
        }
        connected = false;
        epoch++;
        tracking = false;
        world.redis.forget(this);
        world.scheduler.after(world.random.nextLong(5_000_000), client, () -> {
            failAll(new RedisException("Connection disconnected"));
            onDisconnected.run();
            reconnectLater();
        });
    }

    /** The reply to the next command is lost, and those after it go to the wrong commands. */
    void skipReply() {
        repliesToSkip = 1;
    }

    /** What stands between sends the next command twice. */
    void repeatNext() {
        repeatNext = true;
    }

    private void failAll(Throwable failure) {
        while (!inFlight.isEmpty()) {
            inFlight.poll().failed.accept(failure);
        }
    }

    /** The client closes it. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        connected = false;
        epoch++;
        client.wires.remove(this);
        world.redis.forget(this);
        world.scheduler.after(0, client, () -> failAll(new RedisException("Connection closed")));
    }

    void clientDied() {
        connected = false;
        closed = true;
        epoch++;
        world.redis.forget(this);
    }

    static RedisConnectionException notConnected(String why) {
        return new RedisConnectionException(why);
    }
}
