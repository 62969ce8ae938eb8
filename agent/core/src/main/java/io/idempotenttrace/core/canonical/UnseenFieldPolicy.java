package io.idempotenttrace.core.canonical;

/** What becomes of an object that has fields which none of its properties shows: setting {@code unseen-fields}. */
public enum UnseenFieldPolicy {

    /** It has no hash: two different ones could have the same. */
    REFUSE,
    /** The fields' values are a part of the payload, each under the field's name. */
    HASH,
    /** Only what the properties show counts. */
    IGNORE
}
