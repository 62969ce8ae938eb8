package io.idempotenttrace.bridge;

import org.jspecify.annotations.Nullable;

/** One woven method, as its call site sees it. Implemented by the engine; safe for use by many threads. */
public abstract class GuardPoint {

    /** Guards nothing: every body runs. */
    public static final GuardPoint NONE = new GuardPoint() {
        @Override
        public @Nullable GuardedCall enter(Object[] arguments) {
            return null;
        }
    };

    /**
     * Called before the body.
     *
     * @param arguments the call's arguments, boxed; never null
     * @return null to run the body as if the agent were not there; a {@link SuppressedCall} to skip it; else the call to
     *         end when the body has ended
     * @throws RuntimeException only what the method's policy asks for, as the application's own exception class
     */
    public abstract @Nullable GuardedCall enter(Object[] arguments);
}
