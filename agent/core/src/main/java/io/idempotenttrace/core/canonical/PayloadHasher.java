package io.idempotenttrace.core.canonical;

/**
 * Hashes documents in one canonical form. Safe for use by many threads. Java values map to JSON by a fixed set of rules, so
 * that a value has the same hash on every JVM version, after every restart, in every locale and time zone.
 */
public final class PayloadHasher {

    private final CanonicalForm form;

    public PayloadHasher(CanonicalForm form) {
        this.form = form;
    }

    public CanonicalForm form() {
        return form;
    }
}
