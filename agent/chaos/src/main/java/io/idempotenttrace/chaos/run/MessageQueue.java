package io.idempotenttrace.chaos.run;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A queue that delivers each message at least once, until it is acknowledged: again where a worker refused it, died, or is silent for too
 * long, and sometimes for no reason, at once or long after. Some keys get a second message with another payload. Safe for use by many
 * threads.
 */
final class MessageQueue implements AutoCloseable {

    /** How the messages of a phase are. Shares are of 1. */
    record Mix(int perSecond, double longBodies, double throwing, double conflicts, double lateRepeats) {

        static final Mix USUAL = new Mix(30, 0.03, 0.08, 0.12, 0.05);
    }

    private static final long VISIBILITY_MILLIS = 3_000;
    private static final long AFTER_A_LEASE = RunSettings.LEASE_MILLIS + 1_500;

    /** A payload of a key. */
    private static final class Message {

        private final String key;
        private final String payload;
        private final String scope;
        private final long bodyMillis;
        private final AtomicInteger throwsLeft;
        /** When it comes again though it was acknowledged; 0 for never. */
        private final long repeatedAfterMillis;
        /** Sent when this one is acknowledged; null for none. */
        private final Message conflicting;

        private volatile boolean acknowledged;

        private Message(
                String key,
                String payload,
                String scope,
                long bodyMillis,
                int throwsLeft,
                long repeatedAfterMillis,
                Message conflicting) {
            this.key = key;
            this.payload = payload;
            this.scope = scope;
            this.bodyMillis = bodyMillis;
            this.throwsLeft = new AtomicInteger(throwsLeft);
            this.repeatedAfterMillis = repeatedAfterMillis;
            this.conflicting = conflicting;
        }
    }

    private record Delivery(Message message, WorkerProcess worker) {}

    private final HistoryWriter history;
    private final Fleet fleet;
    private final Random random;
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2, task -> {
        Thread thread = new Thread(task, "chaos-queue");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicLong calls = new AtomicLong();
    private final Map<Long, Delivery> open = new ConcurrentHashMap<>();
    /** Whether a call's body ran guarded, of those that begin in this phase. */
    private final Map<Long, Boolean> bodies = new ConcurrentHashMap<>();

    private final Map<Long, Message> messageOfCall = new ConcurrentHashMap<>();
    /** How many bodies of a key have begun; guarded by itself. */
    private final Map<Message, Integer> bodiesOfMessage = new HashMap<>();

    private final Set<Message> unacknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicInteger scheduled = new AtomicInteger();
    private volatile int phase;
    private int keys;
    private volatile boolean closed;

    MessageQueue(HistoryWriter history, Fleet fleet, long seed) {
        this.history = history;
        this.fleet = fleet;
        this.random = new Random(seed);
    }

    /** Messages belong to that phase from now on, in which nothing is left of former ones. */
    void beginPhase(int number) {
        phase = number;
        open.clear();
        bodies.clear();
        messageOfCall.clear();
        unacknowledged.clear();
        synchronized (bodiesOfMessage) {
            bodiesOfMessage.clear();
        }
    }

    /** A new message as the mix says. */
    void send(Mix mix) {
        Message message;
        boolean twice;
        synchronized (random) {
            double kind = random.nextDouble();
            String scope = kind < 0.45 ? "work" : kind < 0.75 ? "strict" : kind < 0.9 ? "result" : "shared";
            message = message(
                    scope,
                    random.nextDouble() < mix.longBodies ? RunSettings.LONG_BODY_MILLIS : random.nextInt(20),
                    random.nextDouble() < mix.throwing ? 1 : 0,
                    random.nextDouble() < mix.lateRepeats ? AFTER_A_LEASE : 0,
                    random.nextDouble() < mix.conflicts);
            twice = random.nextDouble() < 0.3;
        }
        send(message);
        if (twice) {
            deliver(message);
        }
    }

    /** A message whose body takes that long. */
    void sendLong(String scope, long bodyMillis, boolean throwing) {
        send(message(scope, bodyMillis, throwing ? 1 : 0, AFTER_A_LEASE, /* conflicts= */ false));
    }

    /**
     * A message that goes to that worker first, whose body takes that long, and that comes again long after it was acknowledged. Tells later,
     * by {@link #ranGuarded}, whether its body has begun.
     */
    long sendLongTo(WorkerProcess worker, String scope, long bodyMillis, boolean throwing) {
        Message message = message(scope, bodyMillis, throwing ? 1 : 0, 2 * AFTER_A_LEASE, /* conflicts= */ false);
        note(message);
        return deliver(message, worker, "call");
    }

    private synchronized Message message(
            String scope, long bodyMillis, int throwsLeft, long repeatedAfterMillis, boolean conflicts) {
        String key = "p" + phase + "-" + ++keys;
        Message other = conflicts ? new Message(key, "other", scope, 0, 0, 0, null) : null;
        return new Message(key, "payload", scope, bodyMillis, throwsLeft, repeatedAfterMillis, other);
    }

    private void send(Message message) {
        note(message);
        deliver(message);
    }

    private void note(Message message) {
        unacknowledged.add(message);
        history.event(
                "message", "phase", phase, "key", message.key, "payload", message.payload, "scope", message.scope);
    }

    private void deliver(Message message) {
        WorkerProcess worker;
        synchronized (random) {
            worker = fleet.pick(random);
        }
        if (worker == null) {
            later(200, () -> deliver(message));
            return;
        }
        deliver(message, worker, "call");
    }

    private long deliver(Message message, WorkerProcess worker, String command) {
        long call = calls.incrementAndGet();
        open.put(call, new Delivery(message, worker));
        messageOfCall.put(call, message);
        boolean throwing = message.throwsLeft.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
        history.event(
                "deliver",
                "call",
                call,
                "key",
                message.key,
                "payload",
                message.payload,
                "scope",
                message.scope,
                "worker",
                worker.name());
        worker.tell(
                command,
                Long.toString(call),
                message.scope,
                message.key,
                message.payload,
                Long.toString(message.bodyMillis),
                throwing ? "throw" : "");
        if (!worker.isAlive()) {
            // Its end may have been heard before this delivery was noted.
            workerEnded(worker);
        }
        timer.schedule(
                () -> {
                    if (open.containsKey(call) && !message.acknowledged) {
                        deliver(message);
                    }
                },
                VISIBILITY_MILLIS + message.bodyMillis / 2,
                TimeUnit.MILLISECONDS);
        return call;
    }

    /** A message for that worker alone; tells later, by {@link #ranGuarded}, how its body ran. */
    long sendTo(WorkerProcess worker, String scope, String command) {
        Message message = message(scope, 0, 0, 0, /* conflicts= */ false);
        note(message);
        return deliver(message, worker, command);
    }

    /** Null while the call's body has not begun. */
    Boolean ranGuarded(long call) {
        return bodies.get(call);
    }

    private void later(long millis, Runnable task) {
        scheduled.incrementAndGet();
        timer.schedule(
                () -> {
                    try {
                        if (!closed) {
                            task.run();
                        }
                    } finally {
                        scheduled.decrementAndGet();
                    }
                },
                millis,
                TimeUnit.MILLISECONDS);
    }

    void begun(long call, boolean guarded) {
        bodies.put(call, guarded);
        Message message = messageOfCall.get(call);
        if (message != null) {
            synchronized (bodiesOfMessage) {
                bodiesOfMessage.merge(message, 1, Integer::sum);
            }
        }
    }

    void answered(long call, String answer) {
        Delivery delivery = open.remove(call);
        if (delivery == null) {
            return;
        }
        Message message = delivery.message;
        switch (answer) {
            case "ran", "duplicate", "conflict" -> acknowledge(call, message);
            default -> again(message);
        }
    }

    private void acknowledge(long call, Message message) {
        synchronized (message) {
            if (message.acknowledged) {
                return;
            }
            message.acknowledged = true;
        }
        history.event("ack", "call", call);
        unacknowledged.remove(message);
        boolean repeated;
        synchronized (random) {
            repeated = random.nextDouble() < 0.25;
        }
        if (repeated) {
            later(20, () -> deliver(message));
        }
        if (message.repeatedAfterMillis > 0) {
            later(message.repeatedAfterMillis, () -> deliver(message));
        }
        if (message.conflicting != null) {
            later(30, () -> send(message.conflicting));
        }
    }

    private void again(Message message) {
        if (!message.acknowledged) {
            later(150, () -> {
                if (!message.acknowledged) {
                    deliver(message);
                }
            });
        }
    }

    /** What was delivered to it and not answered is delivered again. */
    void workerEnded(WorkerProcess worker) {
        open.forEach((call, delivery) -> {
            if (delivery.worker == worker && open.remove(call, delivery)) {
                again(delivery.message);
            }
        });
    }

    /** Whether each message is acknowledged, each repetition was made, and each call answered. */
    boolean isSettled() {
        return unacknowledged.isEmpty() && scheduled.get() == 0 && open.isEmpty();
    }

    /** The keys of this phase whose body began more than once, and the scope of each. */
    Map<String, String> repeatedKeys() {
        Map<String, String> repeated = new TreeMap<>();
        synchronized (bodiesOfMessage) {
            bodiesOfMessage.forEach((message, bodies) -> {
                if (bodies > 1) {
                    repeated.put(message.key, message.scope);
                }
            });
        }
        return repeated;
    }

    /** For people, where it does not settle. */
    String unsettled() {
        return "unacknowledged=" + unacknowledged.size() + " unanswered=" + open.size() + " scheduled="
                + scheduled.get();
    }

    long calls() {
        return calls.get();
    }

    @Override
    public void close() {
        closed = true;
        timer.shutdownNow();
    }
}
