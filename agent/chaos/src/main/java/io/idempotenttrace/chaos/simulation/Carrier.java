package io.idempotenttrace.chaos.simulation;

import java.util.concurrent.locks.LockSupport;

/** A real thread that runs simulated ones, one after the other. It only moves while it has the turn. */
final class Carrier extends Thread {

    /** Of the world that it is used in. */
    private Scheduler scheduler;

    private volatile boolean turn;
    private volatile boolean dismissed;
    /** What it runs next; set before its turn. */
    private SimThread next;

    Carrier(Scheduler scheduler) {
        super(null, null, "carrier", 0, false);
        this.scheduler = scheduler;
        setDaemon(true);
    }

    /** It may have served another world before. */
    Carrier scheduledBy(Scheduler world) {
        scheduler = world;
        return this;
    }

    void begin(SimThread thread) {
        next = thread;
        giveTurn();
    }

    void giveTurn() {
        turn = true;
        LockSupport.unpark(this);
    }

    void dismiss() {
        dismissed = true;
        LockSupport.unpark(this);
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
            SimThread thread = next;
            next = null;
            thread.carrier = this;
            try {
                if (!thread.process.isDead()) {
                    thread.work.run();
                }
            } catch (Throwable end) {
                scheduler.threadFailed(thread, end);
            }
            thread.carrier = null;
            SimThread more = scheduler.ended(thread, this);
            if (more != null) {
                next = more;
            } else {
                awaitTurn();
            }
        }
    }
}
