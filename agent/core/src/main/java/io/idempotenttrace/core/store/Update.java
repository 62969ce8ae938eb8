package io.idempotenttrace.core.store;

/** What became of a completion, a failure or a renewal. */
public enum Update {

    /** The record was the caller's and is changed; or it was changed so by an earlier send of the same command. */
    APPLIED,
    /** The record was gone (expired, flushed, failed over); a completion wrote it whole again, anything else left it. */
    GONE,
    /** The record belongs to another owner by now and was not changed: the body ran twice. */
    REFUSED
}
