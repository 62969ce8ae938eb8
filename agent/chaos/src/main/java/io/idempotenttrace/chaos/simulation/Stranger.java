package io.idempotenttrace.chaos.simulation;

/**
 * A worker of another kind that gets one message of a key which workers with the agent have, too.
 *
 * @param payload which of the key's payloads
 * @param atNanos when it first asks for the key
 * @param bodyNanos how long its body runs
 */
record Stranger(Kind kind, int key, int payload, long atNanos, long bodyNanos, End end) {

    /** What it knows of records. */
    enum Kind {
        /** It has a later version of the agent, whose records this one does not understand. */
        NEWER,
        /** It knows the five shared fields, and takes whatever record is there for one to acknowledge. */
        FIVE_FIELDS
    }

    /** How its body ends. */
    enum End {
        COMPLETES,
        FAILS,
        DIES
    }
}
