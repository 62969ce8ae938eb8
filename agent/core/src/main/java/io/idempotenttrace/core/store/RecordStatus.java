package io.idempotenttrace.core.store;

import org.jspecify.annotations.Nullable;

/** The status field of a record, as every worker of the system writes it, in lower case. */
public enum RecordStatus {
    PENDING("pending"),
    COMPLETED("completed"),
    FAILED("failed");

    private final String text;

    RecordStatus(String text) {
        this.text = text;
    }

    /** As it stands in the record. */
    public String text() {
        return text;
    }

    /** The status of that text; null for a text that is none. */
    public static @Nullable RecordStatus of(@Nullable String text) {
        for (RecordStatus status : values()) {
            if (status.text.equals(text)) {
                return status;
            }
        }
        return null;
    }
}
