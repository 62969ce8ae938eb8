package io.idempotenttrace.weaver.async;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The futures of one declared return type. Safe for use by many threads. */
public interface FutureShape {

    boolean isDone(Object future);

    /**
     * Calls back once, with value or failure, at once if the future has ended. The failure is what the future itself holds, so that
     * another one that ends with it looks the same.
     */
    void onEnd(Object future, BiConsumer<Object, Throwable> then);

    /**
     * A future that has not ended, of the declared type.
     *
     * @param like one of whose class it shall be, in whose place the caller would get it; null where there is none
     * @return null if none can be made, or if none should take the place of that one
     */
    @Nullable
    Object incomplete(@Nullable Object like);

    /** Whether its futures end without a value, whatever their type arguments say. */
    default boolean valueless() {
        return false;
    }

    /** Another future was given away in the place of this one of the body's: one that begins when it is waited for begins now. */
    default void begin(Object source) {
        // Most have begun.
    }

    /** Of no effect on one that has ended. The future is one that {@link #incomplete} made. */
    void end(Object made, @Nullable Object value, @Nullable Throwable failure);

    /** Whether the given future, which {@link #incomplete} made, was ended by a value that stands in for work that took too long. */
    default boolean hasTimedOut(Object given) {
        return false;
    }

    /** What the application did to the future that it was given is done to the body's own: it was cancelled, or ended from outside. */
    void pass(Object given, @Nullable Object value, @Nullable Throwable failure, Object source);
}
