package io.idempotenttrace.chaos.worker;

/** The call that a thread makes: what its body is to do, and what it did. It is no part of the payload. */
final class CurrentCall {

    private static final ThreadLocal<CurrentCall> OF_THREAD = new ThreadLocal<>();

    final long id;
    final String key;
    final long bodyMillis;
    final boolean throwing;
    boolean ran;
    /** How often it was made, where there is no stack for it. */
    int tries;
    /** Whether it has said how its body ended. */
    boolean ended;

    CurrentCall(long id, String key, long bodyMillis, boolean throwing) {
        this.id = id;
        this.key = key;
        this.bodyMillis = bodyMillis;
        this.throwing = throwing;
    }

    void enter() {
        OF_THREAD.set(this);
    }

    static void leave() {
        OF_THREAD.remove();
    }

    static CurrentCall get() {
        return OF_THREAD.get();
    }
}
