package io.idempotenttrace;

import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets an application hear what became of each guarded call:
 *
 * <pre>{@code
 * CallVerdicts.onVerdict(call -> log.info("{} {}", call.verdict(), call.method()));
 * }</pre>
 *
 * <p>Each call is told once, when it has its answer, or where its body ran, when that has ended. Then its key is free or completed already,
 * so nothing that a listener does changes what becomes of the call. Without the agent nobody is told anything.
 *
 * <p>A listener is called by the thread that ends the call, which waits for it: what takes long belongs on another thread. What a listener
 * throws is caught; the agent counts it, and prints the first one. A guarded method that a listener calls runs as without the agent: it
 * claims no key, and nobody is told of it. Calls that the agent itself could not guard, by a fault of its own, are not told.
 *
 * <p>Safe for use by many threads.
 */
public final class CallVerdicts {

    private static final CopyOnWriteArrayList<Consumer<? super CallVerdict>> LISTENERS = new CopyOnWriteArrayList<>();

    private CallVerdicts() {}

    /**
     * Adds a listener of the calls of all classes that see this very class. A web application that brings the annotations along has a class
     * of its own, which goes with its listeners when it is undeployed; where a server has them for all, a web application has to
     * {@link #remove} its listeners.
     *
     * @param listener is called by many threads at a time; one that is added twice is told twice
     * @throws NullPointerException if it is null
     */
    public static void onVerdict(Consumer<? super CallVerdict> listener) {
        LISTENERS.add(Objects.requireNonNull(listener, "listener"));
    }

    /**
     * Removes a listener, once. Calls that end meanwhile may still be told to it.
     *
     * @param listener as it was given
     * @return whether it was there
     */
    public static boolean remove(Consumer<? super CallVerdict> listener) {
        return LISTENERS.remove(listener);
    }

    /**
     * Asked by the agent at each call.
     *
     * @return whether there is a listener
     */
    public static boolean isHeard() {
        return !LISTENERS.isEmpty();
    }

    /**
     * Tells all listeners, in the order in which they were added. For the agent, and for tests of a listener.
     *
     * @param verdict what to tell
     * @return what the first of the listeners threw that failed, an Error too; null where none did. The others are told all the same
     */
    public static @Nullable Throwable tell(CallVerdict verdict) {
        Throwable failure = null;
        for (Consumer<? super CallVerdict> listener : LISTENERS) {
            try {
                listener.accept(verdict);
            } catch (Throwable thrown) {
                failure = failure == null ? thrown : failure;
            }
        }
        return failure;
    }
}
