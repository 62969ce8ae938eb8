package io.idempotenttrace.dist.matrix;

/** A set of policies that a method of the matrix is annotated with. Together they cover each policy of each kind. */
enum MethodPolicy {

    /** RETURN_STORED, WAIT, THROW, PROCEED. */
    DEFAULTS("@IdempotentTrace"),
    THROWING(
            "@IdempotentTrace(onDuplicate = OnDuplicate.THROW, onInProgress = OnInProgress.THROW, onConflict = OnConflict.SKIP,"
                    + " onStoreFailure = OnStoreFailure.THROW)"),
    LENIENT("@IdempotentTrace(onDuplicate = OnDuplicate.RETURN_STORED, onInProgress = OnInProgress.SKIP, onConflict ="
            + " OnConflict.PROCEED, onStoreFailure = OnStoreFailure.PROCEED)");

    final String annotation;

    MethodPolicy(String annotation) {
        this.annotation = annotation;
    }
}
