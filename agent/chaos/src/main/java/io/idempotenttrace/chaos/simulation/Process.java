package io.idempotenttrace.chaos.simulation;

import io.idempotenttrace.core.guard.CallCounters;
import io.idempotenttrace.core.guard.Guard;
import io.idempotenttrace.core.store.redis.RedisIdempotencyStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** One process of a worker, from its start to its end: what it runs, and how well it could reach Redis. */
final class Process {

    /** How messages get through between this process and Redis. */
    enum Path {
        UP,
        /** They vanish; connections that have lost some stay dead, though neither side closes them. */
        DROPS,
        /** They wait until the path is up again. */
        STALLS,
        /** What Redis sends vanishes. */
        DROPS_REPLIES,
        /** They take up to half a second longer. */
        SLOW
    }

    final World world;
    final int worker;
    final String name;
    final Set<SimThread> threads = new LinkedHashSet<>();
    final List<SimThread> frozenThreads = new ArrayList<>();
    final List<Runnable> frozenEvents = new ArrayList<>();
    final List<SimWire> wires = new ArrayList<>();
    /** Until when another process is known, by an answer of the store, to hold the key of a call; by owner token. */
    final Map<String, Long> heldByOthersUntil = new HashMap<>();
    /** The owner tokens whose claim was sent. */
    final Set<String> claimsSent = new LinkedHashSet<>();

    final SimPlatform platform;
    final CallCounters counters = new CallCounters();
    SimAccess access;
    RedisIdempotencyStore store;
    Guard guard;

    Path path = Path.UP;
    boolean startsNoThreads;
    /** How long it stands still once it has sent its next claim; 0 where it does not. */
    long pauseAtClaimNanos;
    /** Whether an Error was thrown in it. */
    boolean hadError;
    /** Calls that were told to run without a claim, and that ended well. */
    long endedUnguarded;
    /** How often it said that a completion is lost. */
    long saidLost;

    private boolean dead;
    private boolean frozen;
    private long steps;
    private long failAtStep = -1;
    private long dieAtStep = -1;
    private boolean well = true;
    private long wellSince;
    /** From and to, in turn: when it was well, Redis answered and messages got through. */
    private final List<long[]> wellTimes = new ArrayList<>();

    Process(World world, int worker, int incarnation) {
        this.world = world;
        this.worker = worker;
        this.name = "w" + worker + (incarnation == 0 ? "" : "'".repeat(incarnation));
        this.platform = new SimPlatform(this);
        this.wellSince = world.scheduler.now();
    }

    boolean isDead() {
        return dead;
    }

    boolean isFrozen() {
        return frozen;
    }

    void freeze() {
        frozen = true;
        noteHealth();
    }

    void thaw() {
        frozen = false;
        noteHealth();
        world.scheduler.thaw(this);
    }

    void die() {
        if (dead) {
            return;
        }
        dead = true;
        wires.forEach(SimWire::clientDied);
        world.scheduler.release(this);
    }

    /** The next of its steps ends it, or throws an Error. */
    void dieSoon(long afterSteps) {
        dieAtStep = steps + afterSteps;
    }

    void failSoon(long afterSteps) {
        failAtStep = steps + afterSteps;
    }

    /** The loop around the rounds of a background thread: it allocates nothing, so that no Error comes from there. */
    private static boolean isInNakedLoop() {
        String where = whereInCore();
        return where.startsWith("BackgroundLoop.") && !where.startsWith("BackgroundLoop.start");
    }

    /** The innermost methods of production that run now. */
    private static String whereInCore() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> frame.getClassName().startsWith("io.idempotenttrace.core."))
                        .limit(6)
                        .map(frame -> frame.getClassName()
                                        .substring(frame.getClassName().lastIndexOf('.') + 1)
                                + '.'
                                + frame.getMethodName())
                        .collect(Collectors.joining(" < ")));
    }

    /** No step ends it or fails any more, and its connections begin anew: one may be dead without having been noticed. */
    void calm() {
        dieAtStep = -1;
        failAtStep = -1;
        pauseAtClaimNanos = 0;
        List.copyOf(wires).forEach(SimWire::cut);
    }

    /** One step of its code: where it asks for time, threads or the network. */
    void step() {
        steps++;
        if (dead) {
            throw Killed.SIGNAL;
        }
        if (steps == dieAtStep) {
            world.story.tell(name, "crashes in the midst of a step");
            world.crash(this);
            throw Killed.SIGNAL;
        }
        if (steps == failAtStep && (isInNakedLoop() || whereInCore().isEmpty())) {
            // The latter is the application of this simulation, whose errors are its own.
            failAtStep++;
        } else if (steps == failAtStep) {
            hadError = true;
            interruptHealth();
            SimThread current = world.scheduler.current();
            world.story.tell(
                    name,
                    "an Error is thrown on " + (current == null ? "the client's thread" : current.getName()) + ", in "
                            + whereInCore());
            world.oracle.errorOn(current);
            throw new SimulatedError("unable to allocate (of the simulator)");
        }
    }

    /** Something that ends a stretch of health though it takes no time: a connection that is cut. */
    void interruptHealth() {
        if (well) {
            wellTimes.add(new long[] {wellSince, world.scheduler.now()});
            wellSince = world.scheduler.now();
        }
    }

    void noteHealth() {
        boolean now = !dead && !frozen && path == Path.UP && !startsNoThreads && world.redis.isWell();
        if (now == well) {
            return;
        }
        if (well) {
            wellTimes.add(new long[] {wellSince, world.scheduler.now()});
        }
        well = now;
        wellSince = world.scheduler.now();
    }

    /** The longest time without interruption in which it was well, of that span. */
    long longestWell(long from, long to) {
        long longest = 0;
        for (long[] span : wellTimes) {
            longest = Math.max(longest, Math.min(to, span[1]) - Math.max(from, span[0]));
        }
        if (well) {
            longest = Math.max(longest, to - Math.max(from, wellSince));
        }
        return longest;
    }

    @Override
    public String toString() {
        return name;
    }
}
