package io.idempotenttrace.chaos.worker;

/** A body has failed, as it was told to. */
final class BodyFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    BodyFailure(String message) {
        super(message);
    }
}
