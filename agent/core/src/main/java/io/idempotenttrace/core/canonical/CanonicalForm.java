package io.idempotenttrace.core.canonical;

import org.jspecify.annotations.Nullable;

/** How a document is written before it is hashed. */
public enum CanonicalForm {

    /** Byte for byte what Python's {@code json.dumps(value, sort_keys=True, separators=(",", ":"))} writes. */
    PYTHON("python"),
    /**
     * As {@link #PYTHON} with {@code default=str}: what JSON has no type for is the text that Python's {@code str} gives for it, see
     * {@link PythonStr}.
     */
    PYTHON_STR("python-str"),
    /** As {@link #PYTHON} with {@code ensure_ascii=False}, in UTF-8. Text with a lone surrogate has no UTF-8, and is refused. */
    PYTHON_UNICODE("python-unicode"),
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

    /** Whether numbers and the order of members are Python's, and not ECMAScript's. */
    boolean isPython() {
        return this != JCS;
    }

    /** Whether each character beyond ASCII, and DEL, is written as an escape. */
    boolean isAscii() {
        return this == PYTHON || this == PYTHON_STR;
    }

    /**
     * @param key as in the setting; null is none
     * @throws IllegalArgumentException if no form has that name
     */
    public static CanonicalForm of(@Nullable String key) {
        CanonicalForm known = named(key);
        if (known == null) {
            throw new IllegalArgumentException("canonical-form '" + key + "' is unknown; allowed is " + allowed());
        }
        return known;
    }

    /** The form that a record names; null if this version does not know it. */
    public static @Nullable CanonicalForm named(@Nullable String key) {
        for (CanonicalForm form : values()) {
            if (form.key.equals(key)) {
                return form;
            }
        }
        return null;
    }

    /** The names of all forms, separated by {@code |}. */
    public static String allowed() {
        StringBuilder names = new StringBuilder();
        for (CanonicalForm form : values()) {
            names.append(names.length() == 0 ? "" : "|").append(form.key);
        }
        return names.toString();
    }
}
