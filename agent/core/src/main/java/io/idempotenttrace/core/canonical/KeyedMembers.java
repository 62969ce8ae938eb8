package io.idempotenttrace.core.canonical;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.crypto.Mac;

/**
 * The first top-level members of a document, to be digested for one record, by a secret. Their digests tell nothing to those who lack the
 * secret: they are bound to the record, so that two records with an equal member have different ones, and to the name of the member. Safe
 * for use by many threads.
 */
public final class KeyedMembers {

    static final int HASH_BYTES = 32;

    private static final byte[] OF_NAME = "name\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OF_MEMBER = "member\0".getBytes(StandardCharsets.US_ASCII);

    private final HashSecret secret;
    private final String[] names;
    private final byte[] hashes;
    private final boolean more;

    /**
     * @param names in the document's order
     * @param hashes SHA-256 of each member as it stands in the canonical JSON, its name included, one behind the other
     * @param more whether the document has more members
     */
    KeyedMembers(HashSecret secret, String[] names, byte[] hashes, boolean more) {
        this.secret = secret;
        this.names = names;
        this.hashes = hashes;
        this.more = more;
    }

    /**
     * The digests, as the record has them.
     *
     * @param record the record's name, without the prefix that all names have
     */
    public String of(String record) {
        return secret.ofMembers(record, this::text);
    }

    private String text(Mac mac) {
        Base64.Encoder base64 = Base64.getUrlEncoder();
        StringBuilder text = new StringBuilder(MemberDigests.KEYED.longestText());
        for (int i = 0; i < names.length; i++) {
            mac.update(OF_NAME);
            byte[] ofName = mac.doFinal(names[i].getBytes(StandardCharsets.UTF_8));
            text.append(base64.encodeToString(ofName), 0, MemberDigests.NAME_CHARACTERS);
            mac.update(OF_MEMBER);
            mac.update(hashes, i * HASH_BYTES, HASH_BYTES);
            text.append(
                    base64.encodeToString(mac.doFinal()),
                    0,
                    MemberDigests.KEYED.memberCharacters() - MemberDigests.NAME_CHARACTERS);
        }
        if (more) {
            text.append((char) MemberDigests.MORE);
        }
        return text.toString();
    }
}
