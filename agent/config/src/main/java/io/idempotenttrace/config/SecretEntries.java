package io.idempotenttrace.config;

import java.io.File;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of the settings {@code hash-secret} and {@code hash-secret-file}, in their order: the first one makes hashes. A value is
 * either one secret, or entries: {@code id=secret}, {@code =secret} for an id that is derived from the secret, and {@code plain}
 * for no secret. It is read as entries if its first part is one. No message has anything of a value in it, not even an id: a secret with
 * '=' in it may have been taken for an entry.
 */
public final class SecretEntries {

    /** One secret, or none. It prints nothing of itself. */
    public static final class Entry {

        private final @Nullable String keyId;
        private final @Nullable String secret;

        Entry(@Nullable String keyId, @Nullable String secret) {
            this.keyId = keyId;
            this.secret = secret;
        }

        /** The id in records; null where it is derived from the secret, or there is none. */
        public @Nullable String keyId() {
            return keyId;
        }

        /** Null for {@code plain}: no secret. */
        public @Nullable String secret() {
            return secret;
        }
    }

    private static final String PLAIN = "plain";
    private static final String WAYS = "write id=secret, =secret or plain, where an id has " + KeyId.ALLOWED;
    private static final int SHORTEST_SECRET_BYTES = 16;

    private SecretEntries() {}

    /**
     * The secrets of the setting's value, separated by ';' or line breaks.
     *
     * @throws IllegalArgumentException if one can't be used; the message goes on from the name of the setting
     */
    public static List<Entry> ofValue(String value) {
        List<String> parts = split(value, /* alsoSemicolons= */ true);
        return isEntry(parts.get(0).strip()) ? entries(parts, "entry") : one(value, parts, "entry");
    }

    /**
     * The secrets of the file, one a line; or its first line, as it is written there.
     *
     * @throws IOException as {@link SecretFile#firstLine}
     */
    public static List<Entry> ofFile(String file) throws IOException {
        byte[] bytes = SecretFile.begin(new File(file), SecretFile.LONGEST_BYTES + 1);
        String first = SecretFile.firstLine(bytes);
        boolean several = isEntry(first.strip());
        if (several && bytes.length > SecretFile.LONGEST_BYTES) {
            throw new IOException("has more than " + SecretFile.LONGEST_BYTES + " bytes");
        }
        List<String> lines;
        try {
            lines = split(SecretFile.text(bytes, bytes.length), /* alsoSemicolons= */ false);
        } catch (CharacterCodingException e) {
            if (several) {
                throw new IOException("has a line that is no text in UTF-8");
            }
            lines = List.of(first);
        }
        try {
            return several ? entries(lines, "line") : one(first, lines, "line");
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage());
        }
    }

    /** Whether that is a single secret which is so short that it can be found by trying. */
    static boolean isShort(List<Entry> entries) {
        String only = entries.size() == 1 ? entries.get(0).secret : null;
        return only != null && isShort(only);
    }

    static String shortNote(Setting setting) {
        return "setting '" + setting.key() + "' gives a secret of fewer than " + SHORTEST_SECRET_BYTES
                + " bytes: whoever reads the records can find it by trying. Give at least " + SHORTEST_SECRET_BYTES
                + " random bytes";
    }

    private static boolean isShort(String secret) {
        return secret.getBytes(StandardCharsets.UTF_8).length < SHORTEST_SECRET_BYTES;
    }

    private static List<String> split(String text, boolean alsoSemicolons) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? '\n' : text.charAt(i);
            boolean ends = c == '\n' || c == '\r' || alsoSemicolons && c == ';';
            if (ends) {
                parts.add(text.substring(start, i));
                // Else a file of Windows would have an empty line behind each line.
                i += text.startsWith("\r\n", i) ? 1 : 0;
                start = i + 1;
            }
        }
        return parts;
    }

    private static List<Entry> one(String secret, List<String> parts, String kind) {
        for (int i = 1; i < parts.size(); i++) {
            if (isNamed(parts.get(i).strip())) {
                throw new IllegalArgumentException("begins as one secret, and its " + kind + " " + (i + 1)
                        + " looks like one of several; give one secret alone, or " + WAYS + " for each " + kind);
            }
        }
        return List.of(new Entry(null, secret));
    }

    private static List<Entry> entries(List<String> parts, String kind) {
        List<Entry> entries = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < parts.size(); i++) {
            String part = parts.get(i).strip();
            if (part.isEmpty()) {
                continue;
            }
            if (!isEntry(part)) {
                throw new IllegalArgumentException("has a bad " + kind + " " + (i + 1) + "; " + WAYS);
            }
            int equals = part.indexOf('=');
            boolean plain = part.equals(PLAIN);
            String secret = plain ? null : part.substring(equals + 1).strip();
            if (secret != null && isShort(secret)) {
                throw new IllegalArgumentException("has in its " + kind + " " + (i + 1) + " a secret of fewer than "
                        + SHORTEST_SECRET_BYTES + " bytes, which can be found by trying; give random ones");
            }
            String keyId = equals > 0 && !plain ? part.substring(0, equals) : null;
            // Of entries without an id, the secret itself must not come twice.
            if (!ids.add(keyId != null ? keyId : "=" + secret)) {
                throw new IllegalArgumentException(
                        "has the id of its " + kind + " " + (i + 1) + " twice; give each secret an id of its own");
            }
            entries.add(new Entry(keyId, secret));
        }
        return entries;
    }

    private static boolean isEntry(String part) {
        return part.equals(PLAIN) || part.startsWith("=") && !isPadding(part, 0) || isNamed(part);
    }

    private static boolean isNamed(String part) {
        int equals = part.indexOf('=');
        return equals >= 0 && KeyId.isOne(part.substring(0, equals)) && !isPadding(part, equals);
    }

    /** Whether nothing but '=' follows, as at the end of base64. */
    private static boolean isPadding(String part, int from) {
        for (int i = from; i < part.length(); i++) {
            if (part.charAt(i) != '=') {
                return false;
            }
        }
        return true;
    }
}
