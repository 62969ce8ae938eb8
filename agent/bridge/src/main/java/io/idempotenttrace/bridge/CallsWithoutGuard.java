package io.idempotenttrace.bridge;

/**
 * Counts the calls that the engine could not decide: it is not there, or a fault of its own came between. Such a fault may mean that no
 * stack and no memory is left. So who counts does that in place, without a call of a method and without an object:
 * <pre>
 * synchronized (CallsWithoutGuard.COUNTED) {
 *     CallsWithoutGuard.COUNTED.bodies++;
 * }
 * </pre>
 */
public final class CallsWithoutGuard {

    public static final CallsWithoutGuard COUNTED = new CallsWithoutGuard();

    /** How many bodies ran. Guarded by this. */
    public long bodies;

    /** How many calls were refused. Guarded by this. */
    public long refused;

    /** Whether the JVM has an annotated class that could neither be woven nor changed, so that nobody counts its bodies. */
    public volatile boolean classMissed;

    private CallsWithoutGuard() {}

    public synchronized long bodies() {
        return bodies;
    }

    public synchronized long refused() {
        return refused;
    }
}
