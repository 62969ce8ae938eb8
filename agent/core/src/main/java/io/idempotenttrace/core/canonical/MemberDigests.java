package io.idempotenttrace.core.canonical;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Short digests of a document's top-level members, to say in which of them two payloads differ. Five characters for each
 * member, in the document's order: two for its name (12 bits), three for its canonical JSON (18 bits). They are a hint for
 * people, not a proof: the payload's hash decides. Twelve members fit the 64 bytes up to which Redis keeps a record compact.
 */
public final class MemberDigests {

    private static final int NAME_CHARACTERS = 2;
    private static final int CHARACTERS = 5;
    private static final byte[] ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".getBytes(StandardCharsets.US_ASCII);

    private MemberDigests() {}

    /**
     * The members that differ.
     *
     * @param stored the digests of the other payload
     * @param own the digests of this payload
     * @param ownNames the names of this payload's members, in the order of {@code own}
     * @return JSON Pointers, and a phrase for members that only the other payload has: their names are not stored
     */
    public static List<String> differing(String stored, String own, List<String> ownNames) {
        // In a large document some names share their two characters; both documents have such members in the same
        // order.
        Map<String, Deque<String>> values = new HashMap<>();
        for (int i = 0; i + CHARACTERS <= stored.length(); i += CHARACTERS) {
            values.computeIfAbsent(stored.substring(i, i + NAME_CHARACTERS), name -> new ArrayDeque<>())
                    .add(stored.substring(i + NAME_CHARACTERS, i + CHARACTERS));
        }
        List<String> differing = new ArrayList<>();
        int matched = 0;
        for (int i = 0; i + CHARACTERS <= own.length() && i / CHARACTERS < ownNames.size(); i += CHARACTERS) {
            Deque<String> before = values.get(own.substring(i, i + NAME_CHARACTERS));
            String value = before == null ? null : before.poll();
            matched += value == null ? 0 : 1;
            if (!own.substring(i + NAME_CHARACTERS, i + CHARACTERS).equals(value)) {
                differing.add("/" + Pointer.escape(ownNames.get(i / CHARACTERS)));
            }
        }
        int lacking = stored.length() / CHARACTERS - matched;
        if (lacking > 0) {
            differing.add(lacking + " member(s) that this payload lacks");
        }
        return differing;
    }

    /** Collects the digests while a document is written. */
    static final class Builder {

        private final CRC32C crc = new CRC32C();
        private final @Nullable Mac hmac;
        private final List<String> names = new ArrayList<>();
        private byte[] text = new byte[64];
        private int length;
        /** Where the current member begins in the writer's buffer; -1 between members. */
        private int mark = -1;

        /** @param secret the key of HMAC-SHA-256; null for a plain checksum, which hides small values no less than a plain hash */
        Builder(byte @Nullable [] secret) {
            try {
                hmac = secret == null ? null : Mac.getInstance("HmacSHA256");
                if (hmac != null) {
                    hmac.init(new SecretKeySpec(secret, "HmacSHA256"));
                }
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
            }
        }

        void reset() {
            length = 0;
            mark = -1;
            names.clear();
        }

        List<String> names() {
            return List.copyOf(names);
        }

        void begin(String name, int start) {
            names.add(name);
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            append(checksum(bytes, 0, bytes.length), NAME_CHARACTERS);
            mark = start;
        }

        /** The writer is about to empty its buffer. */
        void flush(byte[] buffer, int size) {
            if (mark >= 0) {
                update(buffer, mark, size - mark);
                mark = 0;
            }
        }

        void end(byte[] buffer, int size) {
            append(checksum(buffer, mark, size - mark), CHARACTERS - NAME_CHARACTERS);
            mark = -1;
        }

        private void update(byte[] bytes, int from, int count) {
            if (hmac != null) {
                hmac.update(bytes, from, count);
            } else {
                crc.update(bytes, from, count);
            }
        }

        private int checksum(byte[] bytes, int from, int count) {
            update(bytes, from, count);
            if (hmac != null) {
                byte[] full = hmac.doFinal();
                return (full[0] & 0xff) << 16 | (full[1] & 0xff) << 8 | full[2] & 0xff;
            }
            int value = (int) crc.getValue();
            crc.reset();
            return value;
        }

        private void append(int bits, int characters) {
            if (length + characters > text.length) {
                text = Arrays.copyOf(text, text.length * 2);
            }
            for (int i = 0; i < characters; i++) {
                text[length++] = ALPHABET[bits >>> 6 * i & 63];
            }
        }

        @Override
        public String toString() {
            return new String(text, 0, length, StandardCharsets.ISO_8859_1);
        }
    }
}
