package io.idempotenttrace.core.failure;

/**
 * How much a record tells of the exception that ended its call: the setting {@code store-error}. A message may carry what a payload
 * said, and whoever reads the store reads it too.
 */
public enum StoredError {
    /** Type and message. */
    FULL,
    /** The name of the exception's class. */
    TYPE,
    /** That the call failed. */
    NONE;

    private static final String FAILED = "failed";

    /** What is stored of the exception. */
    public String of(Throwable failure) {
        return switch (this) {
            case FULL -> Failures.text(failure);
            case TYPE -> failure.getClass().getName();
            case NONE -> FAILED;
        };
    }

    /** What is stored of a text by which a caller tells what went wrong: nobody knows what it carries. */
    public String of(String error) {
        return this == FULL ? error : FAILED;
    }
}
