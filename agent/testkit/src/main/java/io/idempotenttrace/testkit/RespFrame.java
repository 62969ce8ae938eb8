package io.idempotenttrace.testkit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** One command or reply of Redis' protocol, RESP2 or RESP3, as it came over the wire. */
final class RespFrame {

    private final byte[] bytes;
    private final String words;

    private RespFrame(byte[] bytes, String words) {
        this.bytes = bytes;
        this.words = words;
    }

    /** Reads one. */
    static RespFrame read(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        StringBuilder words = new StringBuilder();
        readElement(in, bytes, words);
        return new RespFrame(bytes.toByteArray(), words.toString().trim());
    }

    byte[] bytes() {
        return bytes;
    }

    /** Its texts, separated by blanks. */
    String words() {
        return words;
    }

    /** Whether it is a message that answers no command. */
    boolean isPush() {
        return bytes[0] == '>';
    }

    private static void readElement(InputStream in, ByteArrayOutputStream bytes, StringBuilder words)
            throws IOException {
        String line = readLine(in, bytes);
        switch (line.charAt(0)) {
            case '$', '!', '=' -> readBulk(in, bytes, words, Integer.parseInt(line.substring(1)));
            case '*', '~', '>' -> readElements(in, bytes, words, Integer.parseInt(line.substring(1)));
            case '%' -> readElements(in, bytes, words, 2 * Integer.parseInt(line.substring(1)));
            case '|' -> {
                readElements(in, bytes, words, 2 * Integer.parseInt(line.substring(1)));
                readElement(in, bytes, words);
            }
            default -> words.append(line, 1, line.length()).append(' ');
        }
    }

    private static void readElements(InputStream in, ByteArrayOutputStream bytes, StringBuilder words, int count)
            throws IOException {
        for (int i = 0; i < count; i++) {
            readElement(in, bytes, words);
        }
    }

    private static void readBulk(InputStream in, ByteArrayOutputStream bytes, StringBuilder words, int length)
            throws IOException {
        if (length < 0) {
            return;
        }
        byte[] bulk = in.readNBytes(length + 2);
        if (bulk.length < length + 2) {
            throw new EOFException();
        }
        bytes.writeBytes(bulk);
        words.append(new String(bulk, 0, length, StandardCharsets.UTF_8)).append(' ');
    }

    private static String readLine(InputStream in, ByteArrayOutputStream bytes) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException();
            }
            bytes.write(b);
            if (b == '\n') {
                return line.toString(StandardCharsets.UTF_8);
            }
            if (b != '\r') {
                line.write(b);
            }
        }
    }
}
