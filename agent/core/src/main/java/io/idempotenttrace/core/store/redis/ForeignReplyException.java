package io.idempotenttrace.core.store.redis;

/** A command got the reply to another one: its connection's replies are out of step with its commands. */
final class ForeignReplyException extends Exception {

    private static final long serialVersionUID = 1;

    ForeignReplyException() {
        super("the reply to another command", null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
    }
}
