package io.idempotenttrace.core.canonical;

import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;

/** Hashes members for digests that a secret keys, once the record is known that they are for, see {@link KeyedMembers}. */
final class KeyedMemberDigester extends MemberDigester {

    private final HashSecret secret;
    private final MessageDigest sha256;
    private final byte[] hashes = new byte[MemberDigests.KEYED.members() * KeyedMembers.HASH_BYTES];

    KeyedMemberDigester(HashSecret secret) {
        super(MemberDigests.KEYED.members());
        this.secret = secret;
        sha256 = Sha256.newDigest();
    }

    @Override
    void reset() {
        super.reset();
        sha256.reset();
    }

    @Override
    void update(byte[] bytes, int from, int count) {
        sha256.update(bytes, from, count);
    }

    @Override
    void ended(String name) {
        try {
            sha256.digest(hashes, (names().size() - 1) * KeyedMembers.HASH_BYTES, KeyedMembers.HASH_BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("there is room for the hash", e);
        }
    }

    @Override
    PayloadDigest digest(HashForm form, String hash) {
        int count = names().size();
        return new PayloadDigest(
                form,
                hash,
                /* digests= */ "",
                count == 0
                        ? null
                        : new KeyedMembers(
                                secret,
                                names().toArray(new String[0]),
                                Arrays.copyOf(hashes, count * KeyedMembers.HASH_BYTES),
                                hasMore()));
    }
}
