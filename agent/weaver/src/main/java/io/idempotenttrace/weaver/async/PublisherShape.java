package io.idempotenttrace.weaver.async;

import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The publishers of one declared return type, guarded by operators of their own library: context, backpressure, cancel and scheduling
 * stay what that library makes of them. Safe for use by many threads.
 */
public interface PublisherShape {

    /** Whether it brings any number of items; else one at most. */
    boolean many();

    /** Whether its subscribers get no item at all, whatever its type arguments say. */
    default boolean empty() {
        return false;
    }

    /** A publisher each of whose subscriptions is a call, and gets what its answer says. */
    Object guard(Object source, Supplier<SubscribedCall> calls);

    /** A publisher that fails at each subscription. */
    Object failed(Throwable failure);

    /** Where the library would run what may block. */
    Executor executor();
}
