package io.idempotenttrace.core.canonical;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Digests without a secret, for the memory of this process alone: whoever reads them could find small values by trying. See {@link
 * MemberDigests#PLAIN}.
 */
final class PlainMemberDigester extends MemberDigester {

    private static final byte[] ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".getBytes(StandardCharsets.US_ASCII);

    private final CRC32C crc = new CRC32C();
    private final byte[] text = new byte[MemberDigests.PLAIN.longestText()];
    private int length;

    PlainMemberDigester() {
        super(MemberDigests.PLAIN.members());
    }

    @Override
    void reset() {
        super.reset();
        length = 0;
        crc.reset();
    }

    @Override
    void update(byte[] bytes, int from, int count) {
        crc.update(bytes, from, count);
    }

    @Override
    void ended(String name) {
        int member = checksum();
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        crc.update(bytes, 0, bytes.length);
        append(checksum(), MemberDigests.NAME_CHARACTERS);
        append(member, MemberDigests.PLAIN.memberCharacters() - MemberDigests.NAME_CHARACTERS);
    }

    private int checksum() {
        int value = (int) crc.getValue();
        crc.reset();
        return value;
    }

    private void append(int bits, int characters) {
        for (int i = 0; i < characters; i++) {
            text[length++] = ALPHABET[bits >>> 6 * i & 63];
        }
    }

    @Override
    PayloadDigest digest(HashForm form, String hash) {
        if (hasMore()) {
            text[length++] = MemberDigests.MORE;
        }
        return new PayloadDigest(form, hash, new String(text, 0, length, StandardCharsets.ISO_8859_1));
    }
}
