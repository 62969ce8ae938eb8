package io.idempotenttrace.weaver;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/** Takes a result's JSON: hashes all of it, keeps it only up to a limit, so that a huge result does not need its size again. */
final class ResultBytes extends OutputStream {

    private final int most;
    private final MessageDigest digest;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream(256);
    private long length;

    ResultBytes(int most) {
        this.most = most;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
        digest.update(bytes, offset, count);
        length += count;
        if (length <= most) {
            kept.write(bytes, offset, count);
        }
    }

    /** The JSON; null if it is longer than what is kept. */
    @Nullable
    String text() {
        return length <= most ? kept.toString(StandardCharsets.UTF_8) : null;
    }

    /** SHA-256 of all of it. To be asked once. */
    byte[] sha256() {
        return digest.digest();
    }
}
