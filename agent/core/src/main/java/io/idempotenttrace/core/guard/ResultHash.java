package io.idempotenttrace.core.guard;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The {@code response_hash} of a record. */
public final class ResultHash {

    private ResultHash() {}

    /** SHA-256 of a result's JSON, 64 lower-case hex digits. */
    public static String of(byte[] json) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(json));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
