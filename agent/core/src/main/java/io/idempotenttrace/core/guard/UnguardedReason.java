package io.idempotenttrace.core.guard;

/** Why a body ran without a claim that other processes see. */
public enum UnguardedReason {

    /** The store could not answer, and {@code on-store-failure} lets bodies run. */
    STORE("store"),
    /** The call had no key, and {@code on-missing-key} lets bodies run. */
    NO_KEY("no-key"),
    /** The payload could not be hashed, and {@code on-unhashable} lets bodies run. */
    UNHASHABLE("unhashable"),
    /** The body returned what goes on where nobody sees its end. */
    UNOBSERVABLE("unobservable"),
    /** The method is of a kind that can't be guarded. */
    UNGUARDABLE("unguardable"),
    /** Somebody has switched the scope off while the process runs. */
    SWITCHED_OFF("switched-off"),
    /** The agent itself could not: its engine was not there, or a fault of its own came before the body. */
    AGENT("agent");

    private final String label;

    UnguardedReason(String label) {
        this.label = label;
    }

    /** As metrics name it, such as {@code no-key}. */
    public String label() {
        return label;
    }
}
