package io.idempotenttrace.core.store;

/** What became of the wish to take a claim from its owner. */
public enum Release {

    /** Nobody holds the key now, and what its former owner still sends is refused. */
    APPLIED,
    /** There is no record. */
    GONE,
    /** It has failed: claimable already. */
    FREE,
    /** It is completed, and was not changed. */
    COMPLETED,
    /** Another owner holds it by now, or a newer version of the agent has written it; it was not changed. */
    REFUSED
}
