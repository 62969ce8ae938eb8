package io.idempotenttrace.bridge;

import org.jspecify.annotations.Nullable;

/** A call whose body is skipped: the woven code tests for this type. */
public final class SuppressedCall extends GuardedCall {

    /** Returns nothing, or null. */
    public static final SuppressedCall WITHOUT_VALUE = new SuppressedCall(null);

    private final @Nullable Object value;

    /** @param value what the method returns in its body's place, boxed; of its return type */
    public SuppressedCall(@Nullable Object value) {
        this.value = value;
    }

    @Override
    public @Nullable Object end(@Nullable Object returned, @Nullable Throwable thrown) {
        return value;
    }
}
