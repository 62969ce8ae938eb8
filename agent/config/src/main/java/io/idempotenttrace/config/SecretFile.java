package io.idempotenttrace.config;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** A file whose first line is a secret. It is read by java.io alone, since premain must not be the first to load the JDK's file systems. */
public final class SecretFile {

    /** No secret is so long, and a wrong file, such as a log, is not read whole. */
    static final int LONGEST_BYTES = 64 * 1024;

    private SecretFile() {}

    /**
     * The first line, without its end, as it is written there.
     *
     * @throws IOException if there is no secret to be had; the message says why, in words that go on from "the file", and holds nothing
     *         of the file
     */
    public static String firstLine(String file) throws IOException {
        return firstLine(begin(new File(file), LONGEST_BYTES + 1));
    }

    /**
     * As {@link #firstLine(String)}.
     *
     * @param begin the first bytes of the file, one more than it may have
     */
    static String firstLine(byte[] begin) throws IOException {
        int end = 0;
        while (end < begin.length && begin[end] != '\n' && begin[end] != '\r') {
            end++;
        }
        if (end > LONGEST_BYTES) {
            throw new IOException("has a first line of more than " + LONGEST_BYTES + " bytes");
        }
        String line;
        try {
            line = text(begin, end);
        } catch (CharacterCodingException e) {
            throw new IOException("has a first line that is no text in UTF-8");
        }
        if (line.trim().isEmpty()) {
            throw new IOException(begin.length == 0 ? "is empty" : "has an empty first line");
        }
        return line;
    }

    /** The first bytes as text, none of them replaced: a secret with a byte that is no UTF-8 would be another secret. */
    static String text(byte[] bytes, int count) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes, 0, count))
                .toString();
    }

    /**
     * The first bytes of the file.
     *
     * @throws IOException as {@link #firstLine}
     */
    static byte[] begin(File file, int most) throws IOException {
        checkReadable(file);
        try (InputStream in = new FileInputStream(file)) {
            return in.readNBytes(most);
        } catch (IOException e) {
            throw new IOException("can't be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    static void checkReadable(File file) throws IOException {
        if (file.isDirectory()) {
            throw new IOException("is a directory");
        }
        if (!file.exists()) {
            throw new IOException("is not there");
        }
        if (!file.canRead()) {
            throw new IOException("can't be read by this user");
        }
    }
}
