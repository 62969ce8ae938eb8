package io.idempotenttrace.bridge;

import org.jspecify.annotations.Nullable;

/** One call of a woven method, from its entry to its end. */
public abstract class GuardedCall {

    /**
     * Called once, after the body or in its place.
     *
     * @param returned what the body returned, boxed; null for {@code void}, and where it threw
     * @param thrown what the body threw; null where it returned
     * @return what the method returns, if it does not throw
     */
    public abstract @Nullable Object end(@Nullable Object returned, @Nullable Throwable thrown);

    /** The body returned: what the method returns. Called by woven code; {@code call} is null where nothing guards it. */
    public static @Nullable Object returned(@Nullable Object value, @Nullable GuardedCall call) {
        return call == null ? value : ended(value, null, call);
    }

    /** The body threw: what the method throws, which is what the body threw. */
    public static Throwable thrown(Throwable failure, @Nullable GuardedCall call) {
        if (call != null) {
            ended(null, failure, call);
        }
        return failure;
    }

    private static @Nullable Object ended(@Nullable Object value, @Nullable Throwable failure, GuardedCall call) {
        return Permissions.areChecked()
                ? Permissions.privileged(() -> call.end(value, failure))
                : call.end(value, failure);
    }
}
