package io.idempotenttrace.chaos.check;

/** One delivery of a message to a worker, and what came of it. Times are microseconds; {@link #NEVER} for what did not happen. */
final class Call {

    static final long NEVER = Long.MAX_VALUE;

    final long id;
    final String key;
    final String payload;
    final String scope;
    final String worker;
    final long delivered;

    long begun = NEVER;
    boolean guarded;
    long done = NEVER;
    long threw = NEVER;
    /** How often it was made before, each time without stack for its body. */
    long triedBefore;

    String left = "";
    long answered = NEVER;
    String answer = "";
    String value = "";

    Call(Event deliver) {
        id = deliver.number("call");
        key = deliver.text("key");
        payload = deliver.text("payload");
        scope = deliver.text("scope");
        worker = deliver.text("worker");
        delivered = deliver.at();
    }

    boolean ran() {
        return begun != NEVER;
    }

    boolean ranToItsEnd() {
        return done != NEVER;
    }

    @Override
    public String toString() {
        return "call " + id + " of key '" + key + "' with payload '" + payload + "' on " + worker
                + (ran() ? guarded ? ", guarded" : ", unguarded" : "") + (ranToItsEnd() ? ", ran to its end" : "")
                + (answered == NEVER ? ", never answered" : ", answered '" + answer + "'");
    }
}
