package io.idempotenttrace.core.canonical;

import org.jspecify.annotations.Nullable;

/** How a document is written before it is hashed. */
public enum CanonicalForm {

    /** Byte for byte what Python's {@code json.dumps(value, sort_keys=True, separators=(",", ":"))} writes. */
    PYTHON("python"),
    /** RFC 8785, JSON Canonicalization Scheme. */
    JCS("jcs");

    private final String key;

    CanonicalForm(String key) {
        this.key = key;
    }

    /** The name in settings and records. */
    public String key() {
        return key;
    }

    /**
     * @param key as in the setting; null is none
     * @throws IllegalArgumentException if no form has that name
     */
    public static CanonicalForm of(@Nullable String key) {
        for (CanonicalForm form : values()) {
            if (form.key.equals(key)) {
                return form;
            }
        }
        throw new IllegalArgumentException("canonical-form '" + key + "' is unknown; allowed is python|jcs");
    }
}
