package io.idempotenttrace.testkit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of a fuzzer as decisions and texts. It never ends: behind the last byte all are zero. */
public final class FuzzInput {

    private final byte[] data;
    private int at;

    public FuzzInput(byte[] data) {
        this.data = data;
    }

    public boolean isAtEnd() {
        return at >= data.length;
    }

    /** From 0 to 255. */
    public int octet() {
        return at < data.length ? data[at++] & 0xff : 0;
    }

    /** From 0 to {@code bound - 1}; the bound is at most 256. */
    public int below(int bound) {
        return octet() % bound;
    }

    public boolean flag() {
        return (octet() & 1) == 1;
    }

    public long number() {
        long number = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            number = number << 8 | octet();
        }
        return number;
    }

    /** One of those that interest numbers' readers, or any other. */
    public long oddNumber() {
        long[] odd = {0, 1, -1, -2, 9, 255, 65_536, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE
        };
        int choice = below(odd.length + 2);
        return choice < odd.length ? odd[choice] : number();
    }

    /** As many bytes as the next one says; fewer at the end. */
    public byte[] bytes() {
        int length = Math.min(octet(), data.length - Math.min(at, data.length));
        byte[] bytes = Arrays.copyOfRange(data, at, at + length);
        at += length;
        return bytes;
    }

    /** As {@link #bytes()}, each a character. */
    public String text() {
        return new String(bytes(), StandardCharsets.ISO_8859_1);
    }

    /** What is left, as UTF-8; what is no UTF-8 becomes a replacement character. */
    public String restAsText() {
        String rest = at >= data.length ? "" : new String(data, at, data.length - at, StandardCharsets.UTF_8);
        at = data.length;
        return rest;
    }
}
