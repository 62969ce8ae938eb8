package io.idempotenttrace.core.guard;

/**
 * Hears what became of each call of a method. It is called by the thread that has counted the call, which waits for it, and after the call
 * has left every state in which others wait for it.
 */
public interface CallListener {

    /** Whether somebody wants to know now; asked at each call. */
    boolean isHeard();

    /**
     * A call was counted: it has its answer, or its body has ended.
     *
     * @return whether all have taken it who wanted to know. What is thrown counts as well, and is not seen by the call
     */
    boolean ended(EndedCall call);
}
