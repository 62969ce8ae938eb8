package io.idempotenttrace.chaos.simulation;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.locks.LockSupport;

/** A real thread that runs simulated ones, one after the other. It only moves while it has the turn. */
final class Carrier implements Runnable {

    /**
     * Makes virtual threads; null where there are none that may park while they hold a monitor, which JDK 24 brought (JEP 491). A turn
     * that goes from one of them to the next does not take the operating system.
     */
    private static final MethodHandle VIRTUAL = virtual();

    /** Of the world that it is used in. */
    private Scheduler scheduler;

    private final Thread thread;
    private volatile boolean turn;
    private volatile boolean dismissed;
    /** What it runs next; set before its turn. */
    private SimThread next;

    Carrier(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.thread = thread(this);
    }

    private static MethodHandle virtual() {
        if (Runtime.version().feature() < 24) {
            return null;
        }
        try {
            return MethodHandles.publicLookup()
                    .findStatic(
                            Thread.class, "startVirtualThread", MethodType.methodType(Thread.class, Runnable.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a JDK without virtual threads", e);
        }
    }

    private static Thread thread(Carrier carrier) {
        if (VIRTUAL != null) {
            try {
                return (Thread) VIRTUAL.invokeExact((Runnable) carrier);
            } catch (Throwable e) {
                throw new IllegalStateException("no virtual thread can be started", e);
            }
        }
        Thread thread = new Thread(null, carrier, "carrier", 0, false);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** It may have served another world before. */
    Carrier scheduledBy(Scheduler world) {
        scheduler = world;
        return this;
    }

    void begin(SimThread simulated) {
        next = simulated;
        giveTurn();
    }

    void giveTurn() {
        turn = true;
        LockSupport.unpark(thread);
    }

    void dismiss() {
        dismissed = true;
        LockSupport.unpark(thread);
    }

    void awaitTurn() {
        while (!turn && !dismissed) {
            LockSupport.park(this);
        }
        turn = false;
    }

    @Override
    public void run() {
        awaitTurn();
        while (!dismissed) {
            SimThread simulated = next;
            next = null;
            simulated.carrier = this;
            try {
                if (!simulated.process.isDead()) {
                    simulated.work.run();
                }
            } catch (Throwable end) {
                scheduler.threadFailed(simulated, end);
            }
            simulated.carrier = null;
            SimThread more = scheduler.ended(simulated, this);
            if (more != null) {
                next = more;
            } else {
                awaitTurn();
            }
        }
    }
}
