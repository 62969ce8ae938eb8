package io.idempotenttrace.core.store.redis;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Text to bytes and back without loss. It is UTF-8, except that a lone surrogate, for which UTF-8 has no bytes and Java writes
 * {@code '?'}, keeps its three bytes (the generalized form that WTF-8 describes): else two keys could become one.
 */
final class Wtf8 {

    private Wtf8() {}

    static byte[] encode(String text) {
        int lone = loneSurrogate(text, 0);
        if (lone < 0) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length() * 3);
        int start = 0;
        for (; lone >= 0; lone = loneSurrogate(text, start)) {
            bytes.writeBytes(text.substring(start, lone).getBytes(StandardCharsets.UTF_8));
            char c = text.charAt(lone);
            bytes.write(0xe0 | c >> 12);
            bytes.write(0x80 | c >> 6 & 0x3f);
            bytes.write(0x80 | c & 0x3f);
            start = lone + 1;
        }
        bytes.writeBytes(text.substring(start).getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }

    /** The index of the first surrogate from there on that is not half of a pair; -1 if there is none. */
    private static int loneSurrogate(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else {
                return i;
            }
        }
        return -1;
    }

    static String decode(byte[] bytes) {
        int start = 0;
        StringBuilder text = null;
        for (int i = 0; i + 2 < bytes.length; i++) {
            if ((bytes[i] & 0xff) == 0xed && (bytes[i + 1] & 0xff) >= 0xa0) {
                text = text == null ? new StringBuilder(bytes.length) : text;
                text.append(new String(bytes, start, i - start, StandardCharsets.UTF_8));
                text.append((char) (0xd000 | (bytes[i + 1] & 0x3f) << 6 | bytes[i + 2] & 0x3f));
                start = i + 3;
                i += 2;
            }
        }
        String rest = new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8);
        return text == null ? rest : text.append(rest).toString();
    }
}
