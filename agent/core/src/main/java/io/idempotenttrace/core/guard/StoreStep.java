package io.idempotenttrace.core.guard;

/** What a store in another process is asked to do for a call. */
public enum StoreStep {
    CLAIM("claim"),
    COMPLETE("complete"),
    FAIL("fail"),
    RENEW("renew");

    private final String label;

    StoreStep(String label) {
        this.label = label;
    }

    /** As metrics name it. */
    public String label() {
        return label;
    }
}
