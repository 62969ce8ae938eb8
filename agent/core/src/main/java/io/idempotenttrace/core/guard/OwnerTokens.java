package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.background.Platform;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Owner tokens: 128 bits, another for each call in the whole fleet. The upper half is random and fixed for the process, the
 * lower half counts from a random start: tokens need to be unique, not secret, and drawing 128 random bits for each call
 * would cost more than the rest of a claim.
 */
public final class OwnerTokens implements Supplier<String> {

    private final long process;
    private final AtomicLong call;

    public OwnerTokens() {
        this(Platform.JVM);
    }

    OwnerTokens(Platform platform) {
        this.process = platform.randomLong();
        this.call = new AtomicLong(platform.randomLong());
    }

    /** 22 characters without a space: with what else a record says of its owner, they stay within the 64 bytes of a compact field of Redis. */
    @Override
    public String get() {
        byte[] bits = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(process)
                .putLong(call.getAndIncrement())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    }
}
