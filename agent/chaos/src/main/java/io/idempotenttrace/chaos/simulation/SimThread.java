package io.idempotenttrace.chaos.simulation;

/** A thread of a simulated process. It is never started itself: a {@link Carrier} runs its work when it has its turn. */
final class SimThread extends Thread {

    final Process process;
    final Runnable work;
    /** Null before its first turn and after its end. */
    Carrier carrier;

    boolean started;
    boolean dead;
    boolean blocked;
    /** Whether it is blocked by a park, which an unpark ends. */
    boolean parked;
    /** Of a park; an unpark that comes before it is not lost. */
    boolean permit;
    /** Counts its waits: a timer of an earlier one must not end a later one. */
    long wait;

    SimThread(Process process, String name, Runnable work) {
        super(null, null, name, 0, false);
        this.process = process;
        this.work = work;
    }
}
