package io.idempotenttrace.chaos.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Time and threads of a simulated world.
 *
 * <p>The problem: threads of the JVM run when the operating system likes, so that no two runs are alike. Here one thread runs at a time.
 * It goes on until it has to wait, or until it offers its turn at a step; then the seed chooses among those that can run. Only when none
 * can, the clock moves on to the next event: an end of a wait, or a message that arrives.
 *
 * <p>The invariant: whoever has the turn, and nobody else, touches the world. It is handed from one real thread to the next by {@link
 * Carrier#giveTurn}, which orders their reads and writes.
 */
final class Scheduler {

    private static final class Event implements Comparable<Event> {

        final long at;
        final long number;
        final Process process;
        final Runnable action;

        Event(long at, long number, Process process, Runnable action) {
            this.at = at;
            this.number = number;
            this.process = process;
            this.action = action;
        }

        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
        }
    }

    /** More events than any world that goes on has: something asks again and again without letting time pass. */
    private static final int MOST_EVENTS = 400_000;

    private final SplittableRandom random;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final List<SimThread> ready = new ArrayList<>();
    private final Deque<Carrier> idle;
    private final Thread main = Thread.currentThread();
    private final Deque<Throwable> faults = new ArrayDeque<>();

    private volatile boolean mainHasTurn = true;
    private SimThread current;
    private long now;
    private long numbers;
    private int count;
    private boolean ended;
    private int switches;

    /** @param idle real threads without work, which are kept from one world to the next */
    Scheduler(SplittableRandom random, Deque<Carrier> idle) {
        this.random = random;
        this.idle = idle;
    }

    /** Nanoseconds since the world began. */
    long now() {
        return now;
    }

    int events() {
        return count;
    }

    int switches() {
        return switches;
    }

    boolean hadTooManyEvents() {
        return count >= MOST_EVENTS;
    }

    /** What ended a thread of the harness. */
    Deque<Throwable> faults() {
        return faults;
    }

    /** Null while an event happens. */
    SimThread current() {
        return current;
    }

    /** @param process whose event it is: it does not happen while that is paused, nor once it is gone. Null for one of the world */
    void at(long nanos, Process process, Runnable action) {
        events.add(new Event(Math.max(now, nanos), numbers++, process, action));
    }

    void after(long nanos, Process process, Runnable action) {
        at(now + nanos, process, action);
    }

    void start(SimThread thread) {
        thread.started = true;
        thread.process.threads.add(thread);
        ready.add(thread);
    }

    /** The world runs until it has no event left, or {@link #end} was called. Only for the thread that made this. */
    void run() {
        mainHasTurn = false;
        SimThread next = next();
        current = next;
        if (next != null) {
            giveTurn(next);
            while (!mainHasTurn) {
                LockSupport.park(this);
            }
        }
        mainHasTurn = true;
    }

    /** No event happens after this. */
    void end() {
        ended = true;
    }

    /** Lets the threads of a process that is gone come to their end. */
    void release(Process process) {
        for (SimThread thread : List.copyOf(process.threads)) {
            if (thread.blocked) {
                thread.blocked = false;
                ready.add(thread);
            }
        }
    }

    /** Null at the end of the world. */
    private SimThread next() {
        while (true) {
            while (!ready.isEmpty()) {
                int chosen = ready.size() == 1 ? 0 : random.nextInt(ready.size());
                SimThread thread = ready.get(chosen);
                SimThread last = ready.remove(ready.size() - 1);
                if (last != thread) {
                    ready.set(chosen, last);
                }
                if (!thread.process.isFrozen() || thread.process.isDead()) {
                    return thread;
                }
                thread.process.frozenThreads.add(thread);
            }
            Event event = ended || count >= MOST_EVENTS ? null : events.poll();
            if (event == null) {
                return null;
            }
            now = event.at;
            if (event.process != null && event.process.isDead()) {
                continue;
            }
            count++;
            if (event.process != null && event.process.isFrozen()) {
                event.process.frozenEvents.add(event.action);
                continue;
            }
            current = null;
            happen(event);
        }
    }

    private void happen(Event event) {
        try {
            event.action.run();
        } catch (Killed gone) {
            // Of a process that ended in the midst of it.
        } catch (Throwable fault) {
            if (!(fault instanceof SimulatedError)) {
                faults.add(fault);
            }
        }
    }

    /** The process goes on: what it has missed happens now. */
    void thaw(Process process) {
        ready.addAll(process.frozenThreads);
        process.frozenThreads.clear();
        List<Runnable> missed = List.copyOf(process.frozenEvents);
        process.frozenEvents.clear();
        missed.forEach(action -> at(now, process, action));
    }

    private void giveTurn(SimThread thread) {
        switches++;
        if (thread.carrier != null) {
            thread.carrier.giveTurn();
            return;
        }
        Carrier carrier = idle.pollFirst();
        if (carrier == null) {
            carrier = new Carrier(this);
        }
        carrier.scheduledBy(this).begin(thread);
    }

    private void giveMainTurn() {
        mainHasTurn = true;
        LockSupport.unpark(main);
    }

    /** The current thread waits until somebody makes it ready. */
    private void block(SimThread self) {
        self.blocked = true;
        pass(self);
    }

    private void pass(SimThread self) {
        Carrier own = self.carrier;
        SimThread next = next();
        current = next;
        if (next == self) {
            dieIfGone(self);
            return;
        }
        if (next == null) {
            giveMainTurn();
        } else {
            giveTurn(next);
        }
        own.awaitTurn();
        current = self;
        dieIfGone(self);
    }

    private static void dieIfGone(SimThread self) {
        if (self.process.isDead()) {
            throw Killed.SIGNAL;
        }
    }

    /** @return what the carrier runs next; null if another one has the turn now */
    SimThread ended(SimThread thread, Carrier carrier) {
        thread.dead = true;
        thread.process.threads.remove(thread);
        SimThread next = next();
        current = next;
        if (next != null && next.carrier == null) {
            return next;
        }
        idle.addFirst(carrier);
        if (next == null) {
            giveMainTurn();
        } else {
            giveTurn(next);
        }
        return null;
    }

    void threadFailed(SimThread thread, Throwable end) {
        if (end != Killed.SIGNAL && !(end instanceof SimulatedError)) {
            faults.add(end);
        }
    }

    private void wake(SimThread thread, long wait) {
        if (thread.blocked && thread.wait == wait) {
            thread.blocked = false;
            ready.add(thread);
        }
    }

    private SimThread self() {
        if (current == null) {
            throw new IllegalStateException("a simulated event, which stands for a thread that must not block, waits");
        }
        return current;
    }

    /** Lets some time pass for the current thread. */
    void sleep(long nanos) {
        SimThread self = self();
        long wait = ++self.wait;
        after(nanos, self.process, () -> wake(self, wait));
        block(self);
    }

    void park(long nanos) {
        SimThread self = self();
        if (self.permit) {
            self.permit = false;
            return;
        }
        self.parked = true;
        sleep(nanos);
        self.parked = false;
        self.permit = false;
    }

    void unpark(SimThread thread) {
        if (thread.blocked && thread.parked) {
            wake(thread, thread.wait);
        } else {
            thread.permit = true;
        }
    }

    <T> T get(Future<T> awaited, long nanos) throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<T> future = (CompletableFuture<T>) awaited;
        if (!future.isDone()) {
            SimThread self = self();
            long wait = ++self.wait;
            future.whenComplete((value, failure) -> wake(self, wait));
            if (nanos != Long.MAX_VALUE) {
                after(Math.max(0, nanos), self.process, () -> wake(self, wait));
            }
            block(self);
            if (!future.isDone()) {
                throw new TimeoutException();
            }
        }
        return future.get();
    }

    /** A step at which the seed may let others go first, or some time pass. */
    void offerTurn() {
        SimThread self = current;
        if (self == null) {
            return;
        }
        int choice = random.nextInt(64);
        if (choice < 4) {
            sleep(random.nextLong(3_000_000));
        } else if (choice < 20 && !ready.isEmpty()) {
            ready.add(self);
            pass(self);
        }
    }
}
