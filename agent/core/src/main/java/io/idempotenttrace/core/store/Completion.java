package io.idempotenttrace.core.store;

/**
 * What a finished body leaves behind.
 *
 * @param traceId the trace id it returned; empty to keep the claim's
 * @param result its result as JSON; null where none is to be stored
 * @param responseHash SHA-256 of the result's JSON, hex; empty where there is none
 */
public record Completion(String traceId, String result, String responseHash) {

    /** A body that returned nothing worth storing. */
    public static final Completion EMPTY = new Completion("", null, "");
}
