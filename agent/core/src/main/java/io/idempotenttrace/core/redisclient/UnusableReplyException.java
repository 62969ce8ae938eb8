package io.idempotenttrace.core.redisclient;

/** A server, or what stands between, sent what no command of ours is answered with. Its connection is closed. */
final class UnusableReplyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** @param what the server sent, without any of its content */
    UnusableReplyException(String what) {
        super("it sent " + what, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
    }
}
