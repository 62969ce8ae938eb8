package io.idempotenttrace.core.canonical;

import java.util.Objects;

/**
 * A payload's hash and what says later which of its members differ.
 *
 * @param form the canonical form that was hashed: hashes of two forms can't be compared
 * @param hash SHA-256 of the canonical JSON (HMAC-SHA-256 with a secret), 64 lower-case hex digits
 * @param digests {@link MemberDigests} of the document's top-level members; empty where not wanted, or where the document is
 *        no object
 */
public record PayloadDigest(CanonicalForm form, String hash, String digests) {

    /**
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if the hash is empty
     */
    public PayloadDigest {
        Objects.requireNonNull(form, "form");
        Objects.requireNonNull(digests, "digests: empty where not wanted");
        if (hash.isEmpty()) {
            throw new IllegalArgumentException("the hash is empty; give the 64 hex digits of a SHA-256");
        }
    }
}
