package io.idempotenttrace.chaos.simulation;

import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.guard.Guard;
import io.idempotenttrace.core.guard.GuardLimits;
import io.idempotenttrace.core.guard.GuardLog;
import io.idempotenttrace.core.guard.GuardMode;
import io.idempotenttrace.core.redisclient.RedisSettings;
import io.idempotenttrace.core.redisclient.TlsFiles;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.memory.InMemoryIdempotencyStore;
import io.idempotenttrace.core.store.redis.Durability;
import io.idempotenttrace.core.store.redis.RedisIdempotencyStore;
import io.idempotenttrace.core.store.redis.RedisStoreSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** One schedule: a plan, carried out once. */
final class World {

    static final long LEASE_MILLIS = 8_000;
    /**
     * A process that is well for that long without interruption renews the leases of its bodies, and tells Redis of what they completed:
     * they are due after a third of the lease, looked at each sixth, and a connection that is dead is known for it after two looks.
     */
    static final long RENEWED_AFTER_MILLIS = 5_500;

    /** How the counted names of faults begin. */
    static final String FAULT = "fault ";

    static final long WAIT_MILLIS = 3_000;
    private static final long COMMAND_MILLIS = 500;
    private static final long SECOND = 1_000_000_000L;
    /** By then every fault is over, and what was redelivered is done. */
    private static final long DEADLINE = 150 * SECOND;
    /** Longer than any call may take before it is told something. */
    private static final long LONGEST_CALL = 60 * SECOND;

    private static final RedisStoreSettings STORE = new RedisStoreSettings(
            new RedisSettings(
                    "redis://simulated",
                    "",
                    RedisSettings.PeerVerification.FULL,
                    RedisSettings.Protocol.AUTO,
                    new TlsFiles("", "", ""),
                    /* connectTimeoutMillis= */ 1_000),
            RecordId.DEFAULT_PREFIX,
            COMMAND_MILLIS,
            Durability.NONE,
            /* duplicateCacheBytes= */ 1 << 20,
            scope -> 1 << 20,
            List.of(),
            /* plainResults= */ true,
            /* logPeriodMillis= */ 1 << 30);

    final Plan plan;
    final SplittableRandom random;
    final Scheduler scheduler;
    final Story story;
    final Oracle oracle;
    final SimRedis redis;
    final Map<String, Integer> counts = new TreeMap<>();
    int calls;

    private final Process[] workers;
    private final int[] incarnations;
    private final KeyState[] keys;
    private final Map<Message, Delivery> deliveries = new LinkedHashMap<>();
    private int activeFaults;
    private int activeStrangers;
    private boolean probing;
    private int probes;

    /** @param lane what is kept from one world to the next */
    World(Plan plan, Lane lane, boolean told) {
        this.plan = plan;
        this.random = new SplittableRandom(plan.seed());
        this.scheduler = new Scheduler(random.split(), lane.idle());
        this.story = new Story(scheduler, told);
        this.oracle = new Oracle(this);
        this.redis = new SimRedis(this, lane.scripts(), lane.shaOf());
        this.workers = new Process[plan.workers()];
        this.incarnations = new int[plan.workers()];
        this.keys = new KeyState[plan.keys()];
    }

    void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    void noteHealth() {
        for (Process worker : workers) {
            if (worker != null) {
                worker.noteHealth();
            }
        }
    }

    /** Every other key is one that workers of other languages share. The first one is that of another tenant, too. */
    RecordId id(int key) {
        return key == 2
                ? new RecordId("another", "S", "k1")
                : new RecordId("t", key % 2 == 0 ? "S" : null, "k" + (key + 1));
    }

    int payloadOf(String hash) {
        return Integer.parseInt(hash.substring(hash.length() - 2), 16);
    }

    static String hashOf(int payload) {
        return "0".repeat(62) + String.format("%02x", payload);
    }

    KeyState key(Message message) {
        return keys[message.key()];
    }

    /** Lives through the plan. */
    void run() {
        for (int i = 0; i < keys.length; i++) {
            keys[i] = new KeyState("k" + (i + 1));
            oracle.know(keys[i], id(i).redisKey());
        }
        for (int i = 0; i < workers.length; i++) {
            start(i);
        }
        for (Message message : plan.messages()) {
            Delivery delivery = new Delivery(this, message);
            deliveries.put(message, delivery);
            scheduler.at(message.atNanos(), null, delivery::deliver);
            for (int i = 0; i < message.again(); i++) {
                delivery.expectAgain();
                scheduler.at(message.atNanos() + random.nextLong(20 * SECOND), null, delivery::deliverAgain);
            }
        }
        activeFaults = plan.faults().size();
        for (Stranger stranger : plan.strangers()) {
            activeStrangers++;
            StrangerCall call = new StrangerCall(this, stranger, keys[stranger.key()], activeStrangers);
            scheduler.at(stranger.atNanos(), null, call::begin);
        }
        for (Fault fault : plan.faults()) {
            scheduler.at(fault.atNanos(), null, () -> strike(fault));
        }
        scheduler.at(SECOND, null, this::look);
        scheduler.run();
        finish();
    }

    private void finish() {
        if (scheduler.hadTooManyEvents()) {
            oracle.violated(Property.STUCK, "P32", "the processes ask again and again without end");
        }
        scheduler.end();
        for (Process worker : workers) {
            worker.die();
        }
        scheduler.run();
        if (!scheduler.faults().isEmpty()) {
            throw new IllegalStateException(
                    "the simulator itself failed with the seed " + plan.seed(),
                    scheduler.faults().peek());
        }
    }

    private void start(int worker) {
        Process process = new Process(this, worker + 1, incarnations[worker]++);
        workers[worker] = process;
        process.access = new SimAccess(process);
        process.store =
                RedisIdempotencyStore.open(STORE, warning -> {}, whenOpened -> process.access, process.platform);
        process.guard = new Guard(
                process.store,
                new InMemoryIdempotencyStore(10_000, 64L << 20, 1 << 30, warning -> {}, process.platform::now),
                GuardMode.ENFORCE,
                plan.hasLittleRoom()
                        ? new GuardLimits(GuardLimits.DEFAULT.outageMemoryBytes(), plan.pendingBytes())
                        : GuardLimits.DEFAULT,
                process.counters,
                // Where nothing may be lost, each repeated line would cost time.
                new GuardLog(new Said(process), plan.hasLittleRoom() ? 0 : 1 << 30),
                process.platform);
    }

    /** Listens for the one line that is an excuse. */
    private final class Said implements GuardLog.Lines {

        private final Process process;

        Said(Process process) {
            this.process = process;
        }

        @Override
        public boolean isDebug() {
            return false;
        }

        @Override
        public void say(GuardLog.Level level, String message) {
            if (!message.contains(" was not recorded: ")) {
                return;
            }
            process.saidLost++;
            for (int i = 0; i < keys.length; i++) {
                if (message.startsWith("the completion of " + id(i).forPeople() + " was not recorded: ")) {
                    oracle.givenUp(keys[i], process);
                }
            }
        }
    }

    /** A process that is there, or null. */
    Process anyProcess() {
        List<Process> alive = new ArrayList<>();
        for (Process worker : workers) {
            if (!worker.isDead()) {
                alive.add(worker);
            }
        }
        return alive.isEmpty() ? null : alive.get(random.nextInt(alive.size()));
    }

    void crash(Process process) {
        if (process.isDead()) {
            return;
        }
        count("crash");
        process.die();
        process.noteHealth();
        deliveries.values().forEach(delivery -> delivery.processDied(process));
        scheduler.after(random.nextLong(200_000_000, 3 * SECOND), null, () -> {
            start(process.worker - 1);
            story.tell(workers[process.worker - 1].name, "starts");
        });
    }

    // Faults.

    private void strike(Fault fault) {
        Process process = workers[fault.worker()];
        Fault.Kind kind = fault.kind();
        boolean strikesProcess = kind.ordinal() <= Fault.Kind.NO_THREADS.ordinal();
        if (strikesProcess && process.isDead()) {
            over();
            return;
        }
        count(FAULT + kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
        story.tell(strikesProcess ? process.name : "redis", kind.meaning);
        switch (kind) {
            case CUT -> cut(process);
            case REPEAT -> List.copyOf(process.wires).forEach(SimWire::repeatNext);
            case SKIP_REPLY -> {
                process.interruptHealth();
                List.copyOf(process.wires).forEach(SimWire::skipReply);
            }
            case DROP -> path(process, Process.Path.DROPS, fault.nanos());
            case DROP_REPLIES -> path(process, Process.Path.DROPS_REPLIES, fault.nanos());
            case STALL -> path(process, Process.Path.STALLS, fault.nanos());
            case SLOW_NETWORK -> path(process, Process.Path.SLOW, fault.nanos());
            case PAUSE -> {
                if (!process.isFrozen()) {
                    process.freeze();
                    until(fault.nanos(), () -> {
                        story.tell(process.name, "goes on");
                        process.thaw();
                    });
                    return;
                }
            }
            // Longer than its lease, in half of the cases: the answer is there when it goes on.
            case PAUSE_AT_CLAIM -> process.pauseAtClaimNanos = LEASE_MILLIS * 750_000 + fault.nanos();
            case CRASH -> crash(process);
            case CRASH_AT_STEP -> process.dieSoon(fault.number());
            case ERROR_AT_STEP -> process.failSoon(fault.number());
            case NO_THREADS -> {
                process.startsNoThreads = true;
                process.noteHealth();
                until(fault.nanos(), () -> {
                    process.startsNoThreads = false;
                    process.noteHealth();
                    if (!process.isDead()) {
                        // A thread that could not be started is started by a later call that needs it, TimeLimit says.
                        // This is one.
                        process.platform.within(SECOND, new CompletableFuture<Void>());
                    }
                });
                return;
            }
            case RESTART -> restart(true, fault.nanos());
            case RESTART_EMPTY -> restart(false, fault.nanos());
            case FAILOVER -> {
                story.tell(
                        "redis",
                        "has lost the last writes of " + redis.rollBack(fault.number() * 2_000_000) + " names");
                redis.restart(true);
                everyWire(SimWire::cut);
            }
            case EVICT -> redis.evict((int) fault.number());
            case SLOW_REDIS -> {
                redis.busyFor(fault.nanos());
                until(fault.nanos(), () -> {});
            }
            case REFUSE_MEMORY -> refuse(SimRedis.Refusal.OUT_OF_MEMORY, fault.nanos());
            case REFUSE_READ_ONLY -> refuse(SimRedis.Refusal.READ_ONLY, fault.nanos());
            case REFUSE_RIGHT -> refuse(SimRedis.Refusal.NO_RIGHT, fault.nanos());
            case FLUSH_SCRIPTS -> redis.flushScripts();
            case CLOCK_BACK -> clock(-fault.number() * 100);
            case CLOCK_FORWARD -> clock(fault.number() * 100);
        }
        if (!isLasting(kind)) {
            over();
        }
    }

    /** Before the answer can be there. */
    void claimSent(Process process) {
        long nanos = process.pauseAtClaimNanos;
        if (nanos == 0) {
            return;
        }
        process.pauseAtClaimNanos = 0;
        activeFaults++;
        scheduler.after(0, null, () -> {
            if (process.isDead() || process.isFrozen()) {
                over();
                return;
            }
            story.tell(process.name, "stands still, with a claim under way");
            process.freeze();
            until(nanos, () -> {
                story.tell(process.name, "goes on");
                process.thaw();
            });
        });
    }

    void strangerIsDone() {
        activeStrangers--;
    }

    private static boolean isLasting(Fault.Kind kind) {
        return switch (kind) {
            case DROP,
                    DROP_REPLIES,
                    STALL,
                    SLOW_NETWORK,
                    RESTART,
                    RESTART_EMPTY,
                    SLOW_REDIS,
                    REFUSE_MEMORY,
                    REFUSE_READ_ONLY,
                    REFUSE_RIGHT -> true;
            default -> false;
        };
    }

    private void over() {
        activeFaults--;
    }

    private void until(long nanos, Runnable then) {
        scheduler.after(nanos, null, () -> {
            try {
                then.run();
            } finally {
                over();
            }
        });
    }

    private void cut(Process process) {
        process.interruptHealth();
        List.copyOf(process.wires).forEach(SimWire::cut);
    }

    private void everyWire(java.util.function.Consumer<SimWire> does) {
        for (Process worker : workers) {
            worker.interruptHealth();
            List.copyOf(worker.wires).forEach(does);
        }
    }

    private void path(Process process, Process.Path path, long nanos) {
        process.path = path;
        process.noteHealth();
        until(nanos, () -> {
            if (process.path == path) {
                process.path = Process.Path.UP;
                process.noteHealth();
                story.tell(process.name, "reaches Redis again");
            }
        });
    }

    private void restart(boolean keepsData, long nanos) {
        redis.down(true);
        redis.restart(keepsData);
        everyWire(SimWire::cut);
        until(nanos, () -> {
            redis.down(false);
            story.tell("redis", "is back");
        });
    }

    private void refuse(SimRedis.Refusal refusal, long nanos) {
        redis.refuse(refusal);
        until(nanos, () -> {
            redis.refuse(SimRedis.Refusal.NONE);
            story.tell("redis", "serves again");
        });
    }

    private void clock(long byMillis) {
        redis.setClock(byMillis);
        oracle.clockSet(byMillis);
    }

    // The end.

    /** Once a second: whether all is done, or has taken too long. */
    private void look() {
        for (Delivery delivery : deliveries.values()) {
            if (delivery.longestCall() > LONGEST_CALL) {
                oracle.violated(
                        Property.STUCK,
                        "P30",
                        "a call for " + key(delivery.message()).name + " has waited for more than "
                                + LONGEST_CALL / SECOND + " s");
                scheduler.end();
                return;
            }
        }
        boolean done = activeFaults == 0
                && activeStrangers == 0
                && deliveries.values().stream().allMatch(Delivery::isDone);
        if (scheduler.now() > DEADLINE && !probing) {
            oracle.violated(
                    Property.STUCK,
                    "P32",
                    "after " + DEADLINE / SECOND + " s not every message is done: "
                            + deliveries.values().stream()
                                    .filter(delivery -> !delivery.isDone())
                                    .map(Delivery::message)
                                    .toList());
            scheduler.end();
        } else if (scheduler.now() > 2 * DEADLINE) {
            oracle.violated(Property.STUCK, "P31", "a call in a calm world has no answer");
            scheduler.end();
        } else if (!oracle.violations().isEmpty() || probing && probes == 0) {
            if (probing) {
                checkCounts();
            }
            scheduler.end();
        } else if (done && !probing) {
            probing = true;
            probes = 1;
            for (Process worker : workers) {
                worker.calm();
            }
            // The breaker asks each quarter of a second; the threads that could not be started are tried by the next
            // call.
            scheduler.after(5 * SECOND, null, this::probe);
            scheduler.after(SECOND, null, this::look);
        } else {
            scheduler.after(SECOND, null, this::look);
        }
    }

    /** The world is calm: each process has to guard its calls by the store again. */
    private void probe() {
        probes = 0;
        for (Process worker : workers) {
            if (!worker.isDead()) {
                probes++;
                Delivery.probe(this, worker, () -> probes--);
            }
        }
    }

    private void checkCounts() {
        for (Process worker : workers) {
            long counted = worker.counters.get(Ending.UNGUARDED);
            if (!worker.hadError && !worker.isDead() && counted != worker.endedUnguarded) {
                oracle.violated(
                        Property.WRONG_VALUE,
                        "P27",
                        worker + " counts " + counted + " unguarded calls, and it had " + worker.endedUnguarded);
            }
            if (!worker.hadError && !worker.isDead()) {
                oracle.checkLost(worker, worker.guard.lostCompletions(), worker.guard.pendingUpdates());
            }
        }
    }
}
