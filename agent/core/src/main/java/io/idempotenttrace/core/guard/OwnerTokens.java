package io.idempotenttrace.core.guard;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * Owner tokens: 128 bits, another for each call in the whole fleet. The upper half is random and fixed for the process, the
 * lower half counts from a random start: tokens need to be unique, not secret, and drawing 128 random bits for each call
 * would cost more than the rest of a claim.
 */
final class OwnerTokens implements LongFunction<String> {

    /** As base64url of RFC 4648, section 5: with what else a record says of its owner, the token stays below Redis's 64 bytes. */
    private static final byte[] ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
            .getBytes(StandardCharsets.ISO_8859_1);
    private static final int HALF = 11;

    private final byte[] process = new byte[HALF];
    private final AtomicLong call;

    OwnerTokens() {
        SecureRandom random = new SecureRandom();
        write(random.nextLong(), process, 0);
        this.call = new AtomicLong(random.nextLong());
    }

    /** Another number for each call of this process. */
    long nextCall() {
        return call.getAndIncrement();
    }

    /** 22 characters, of which none is a space. */
    @Override
    public String apply(long numberOfCall) {
        byte[] text = new byte[2 * HALF];
        System.arraycopy(process, 0, text, 0, HALF);
        write(numberOfCall, text, HALF);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static void write(long bits, byte[] text, int offset) {
        for (int i = 0; i < HALF; i++) {
            text[offset + i] = ALPHABET[(int) (bits >>> 6 * i) & 63];
        }
    }
}
