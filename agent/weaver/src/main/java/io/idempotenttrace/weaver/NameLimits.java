package io.idempotenttrace.weaver;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** How long a key, a tenant and a trace id may be, so that no author of payloads fills Redis or a log with them. */
final class NameLimits {

    /** In characters; an idempotency key of a queue or an API has a tenth of it. */
    static final int LONGEST = 1024;

    private static final int READABLE = 128;

    private NameLimits() {}

    static boolean isTooLong(@Nullable String name) {
        return name != null && name.length() > LONGEST;
    }

    /**
     * What a private scope uses for a key that is too long: its readable start and its SHA-256, so that different keys stay different. Only
     * there, since other workers use a shared key as it is.
     */
    static String shortened(String key) {
        int end = Character.isHighSurrogate(key.charAt(READABLE - 1)) ? READABLE - 1 : READABLE;
        return key.substring(0, end) + "...sha256:" + HexFormat.of().formatHex(sha256(key));
    }

    /** Of its UTF-16 units, two bytes each: an encoder would write a lone surrogate as it writes another one. */
    private static byte[] sha256(String key) {
        ByteBuffer units = ByteBuffer.allocate(key.length() * Character.BYTES);
        units.asCharBuffer().put(key);
        try {
            return MessageDigest.getInstance("SHA-256").digest(units.array());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
