package io.idempotenttrace.bridge;

/** A call whose body is skipped: the woven code tests for this type. */
public final class SuppressedCall extends GuardedCall {

    /** Returns nothing, or null. */
    public static final SuppressedCall WITHOUT_VALUE = new SuppressedCall(null);

    private final Object value;

    /** @param value what the method returns in its body's place, boxed; of its return type */
    public SuppressedCall(Object value) {
        this.value = value;
    }

    @Override
    public Object end(Object returned, Throwable thrown) {
        return value;
    }
}
