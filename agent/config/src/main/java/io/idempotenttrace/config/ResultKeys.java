package io.idempotenttrace.config;

import java.io.File;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The file that {@code result-key-file} names: lines {@code id=key}, the key in Base64; the first one encrypts, and all decrypt. Empty
 * lines and those that begin with {@code '#'} do not count. It is read by java.io alone, as {@link SecretFile} says.
 */
public final class ResultKeys {

    /** AES-256. */
    private static final int KEY_BYTES = 32;

    private ResultKeys() {}

    /**
     * One key.
     *
     * @param id its name, which stands beside what it has encrypted
     * @param bytes 32 of them
     */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares keys.
    public record Key(String id, byte[] bytes) {

        /** The name alone. */
        @Override
        public String toString() {
            return "key '" + id + "'";
        }
    }

    /**
     * The keys, in the order of the file; at least one.
     *
     * @throws IOException if the file can't be used; the message goes on from "the file", and holds nothing of the file but names of keys
     */
    public static List<Key> read(String file) throws IOException {
        byte[] bytes = SecretFile.begin(new File(file), SecretFile.LONGEST_BYTES + 1);
        if (bytes.length > SecretFile.LONGEST_BYTES) {
            throw new IOException("has more than " + SecretFile.LONGEST_BYTES + " bytes");
        }
        String text;
        try {
            text = SecretFile.text(bytes, bytes.length);
        } catch (CharacterCodingException e) {
            throw new IOException("is no text in UTF-8");
        }
        List<Key> keys = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            String entry = line.strip();
            if (entry.isEmpty() || entry.startsWith("#")) {
                continue;
            }
            Key key = key(entry, number);
            if (!ids.add(key.id)) {
                throw new IOException("has two keys with the name '" + key.id + "'");
            }
            keys.add(key);
        }
        if (keys.isEmpty()) {
            throw new IOException("holds no key");
        }
        return keys;
    }

    private static Key key(String entry, int line) throws IOException {
        int equals = entry.indexOf('=');
        // A key without an id may end with the padding of Base64: then what is before it is of the key, which must not
        // be printed.
        boolean padding =
                equals >= 0 && entry.substring(equals).replace("=", "").isBlank();
        String id = equals < 0 || padding ? "" : entry.substring(0, equals).strip();
        if (!KeyId.isOne(id)) {
            throw new IOException("has a line, number " + line
                    + ", that does not begin with the name of a key and '=': " + KeyId.ALLOWED);
        }
        byte[] key;
        try {
            key = Base64.getDecoder().decode(entry.substring(equals + 1).strip());
        } catch (IllegalArgumentException e) {
            throw new IOException("has a key '" + id + "' that is not in Base64");
        }
        if (key.length != KEY_BYTES) {
            throw new IOException("has a key '" + id + "' of " + key.length + " bytes; AES-256 needs " + KEY_BYTES
                    + ", such as: openssl rand -base64 " + KEY_BYTES);
        }
        return new Key(id, key);
    }
}
