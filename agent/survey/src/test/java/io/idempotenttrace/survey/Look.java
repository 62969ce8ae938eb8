package io.idempotenttrace.survey;

/** A way in which an object is looked at. */
interface Look {

    /**
     * What the agent takes the object for.
     *
     * @return null where it is no key
     * @throws io.idempotenttrace.core.canonical.UnhashableException if it is refused
     */
    String of(Object value);

    /** Whether the object counts by its text alone. */
    default boolean isText() {
        return false;
    }

    /** Whether the object is the payload itself, so that its refusal is the type's. */
    default boolean isPayload() {
        return false;
    }
}
