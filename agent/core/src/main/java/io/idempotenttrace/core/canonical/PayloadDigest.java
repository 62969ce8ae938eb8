package io.idempotenttrace.core.canonical;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A payload's hash and what says later which of its members differ.
 *
 * @param form how the hash was made: hashes of two forms can't be compared
 * @param hash SHA-256 of the canonical JSON (HMAC-SHA-256 with a secret), 64 lower-case hex digits
 * @param digests {@link MemberDigests} of the document's top-level members; empty where not wanted, where the document is no object, or
 *        where {@code members} has them
 * @param members of which a secret makes digests for one record; null where there are none
 */
public record PayloadDigest(
        HashForm form,
        String hash,
        String digests,
        @Nullable KeyedMembers members) {

    /** Of a payload that needs no more digests made. */
    public PayloadDigest(HashForm form, String hash, String digests) {
        this(form, hash, digests, /* members= */ null);
    }

    /** The same hash and digests under the name of another form, which a record has for them. */
    PayloadDigest inForm(HashForm recorded) {
        return recorded.equals(form) ? this : new PayloadDigest(recorded, hash, digests, members);
    }

    /**
     * The digests of the members.
     *
     * @param record the name of the record that they are for, without the prefix that all names have
     */
    public String digestsFor(String record) {
        return members == null ? digests : members.of(record);
    }

    /**
     * @throws NullPointerException if an argument is null that must not be
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
