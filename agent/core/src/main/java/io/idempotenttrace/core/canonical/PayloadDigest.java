package io.idempotenttrace.core.canonical;

/**
 * A payload's hash and what says later which of its members differ.
 *
 * @param hash SHA-256 of the canonical JSON (HMAC-SHA-256 with a secret), 64 lower-case hex digits
 * @param digests {@link MemberDigests} of the document's top-level members; empty where not wanted, or where the document is
 *        no object
 */
public record PayloadDigest(String hash, String digests) {
}
