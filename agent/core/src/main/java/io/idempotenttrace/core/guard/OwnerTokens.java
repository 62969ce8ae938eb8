package io.idempotenttrace.core.guard;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Owner tokens: 128 bits, another for each call in the whole fleet. The upper half is random and fixed for the process, the
 * lower half counts from a random start: tokens need to be unique, not secret, and drawing 128 random bits for each call
 * would cost more than the rest of a claim.
 */
final class OwnerTokens {

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final long process;
    private final AtomicLong call;

    OwnerTokens() {
        SecureRandom random = new SecureRandom();
        this.process = random.nextLong();
        this.call = new AtomicLong(random.nextLong());
    }

    /** 32 lower-case hex digits. */
    String next() {
        byte[] text = new byte[32];
        writeHex(process, text, 0);
        writeHex(call.getAndIncrement(), text, 16);
        return new String(text, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static void writeHex(long bits, byte[] text, int offset) {
        for (int i = 15; i >= 0; i--) {
            text[offset + i] = (byte) HEX[(int) bits & 15];
            bits >>>= 4;
        }
    }
}
