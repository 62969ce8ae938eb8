package io.idempotenttrace.core.canonical;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/** Bytes as texts in JSON, in quotes. A part is written at a time, so that large ones need no second copy in memory. */
final class BytesText {

    /** Bytes that become base64 at a time; a multiple of three, so that padding comes only at the end. */
    private static final int BASE64_PART = 3 << 10;
    /** Bytes that become Python's text of them at a time. */
    private static final int PYTHON_PART = 1 << 10;

    private BytesText() {}

    static void base64(ByteBuffer bytes, JsonOutput out) {
        int length = bytes.remaining();
        out.refuseMoreThanMost((length + 2L) / 3 * 4);
        out.ascii('"');
        byte[] part = new byte[Math.min(length, BASE64_PART)];
        while (bytes.hasRemaining()) {
            int count = Math.min(part.length, bytes.remaining());
            bytes.get(part, 0, count);
            out.raw(Base64.getEncoder().encode(count == part.length ? part : Arrays.copyOf(part, count)));
        }
        out.ascii('"');
    }

    /** As Python's {@code repr}, {@code b'...'}: its backslashes are escaped once more. */
    static void python(ByteBuffer bytes, JsonOutput out) {
        boolean single = false;
        boolean both = false;
        for (int i = bytes.position(); i < bytes.limit() && !both; i++) {
            single |= bytes.get(i) == '\'';
            both = bytes.get(i) == '"';
        }
        String quote = single && !both ? "\\\"" : "'";
        out.ascii("\"b" + quote);
        while (bytes.hasRemaining()) {
            // At its longest \\xff.
            out.ensure(PYTHON_PART * 5);
            for (int i = 0; i < PYTHON_PART && bytes.hasRemaining(); i++) {
                pythonByte(bytes.get(), quote, out);
            }
        }
        out.ascii(quote + "\"");
    }

    private static void pythonByte(byte value, String quote, JsonOutput out) {
        switch (value) {
            case '\t' -> escapedTwice((byte) 't', out);
            case '\n' -> escapedTwice((byte) 'n', out);
            case '\r' -> escapedTwice((byte) 'r', out);
            case '"' -> out.escape((byte) '"');
            case '\\' -> {
                out.escape((byte) '\\');
                out.escape((byte) '\\');
            }
            case '\'' -> {
                if (quote.equals("'")) {
                    out.escape((byte) '\\');
                }
                out.put((byte) '\'');
            }
            default -> {
                if (value >= ' ' && value < 0x7f) {
                    out.put(value);
                } else {
                    escapedTwice((byte) 'x', out);
                    out.put(JsonOutput.HEX[value >> 4 & 15]);
                    out.put(JsonOutput.HEX[value & 15]);
                }
            }
        }
    }

    private static void escapedTwice(byte c, JsonOutput out) {
        out.escape((byte) '\\');
        out.put(c);
    }
}
