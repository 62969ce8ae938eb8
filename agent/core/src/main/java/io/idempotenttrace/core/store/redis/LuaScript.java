package io.idempotenttrace.core.store.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** One of the scripts beside this class, each with its contract at its top. */
enum LuaScript {

    CLAIM(false), COMPLETE(true), FAIL(true), RENEW(true), DELETE(true), STATUS(false);

    /** Redis 7 and newer: the step ends or keeps what a claim began, so it is let through when memory is short. */
    private static final String ALLOW_OUT_OF_MEMORY = "#!lua flags=allow-oom\n";
    private static final int VERSION_OF_FLAGS = 7;

    private final String text;
    private final String sha;
    private final String flaggedText;
    private final String flaggedSha;

    LuaScript(boolean allowedOutOfMemory) {
        text = read(name().toLowerCase(Locale.ROOT) + ".lua");
        sha = sha1(text);
        flaggedText = allowedOutOfMemory ? ALLOW_OUT_OF_MEMORY + text : text;
        flaggedSha = sha1(flaggedText);
    }

    private static String read(String file) {
        try (InputStream in = LuaScript.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("the script " + file + " is missing beside " + LuaScript.class.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha1(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    /**
     * The source, for EVAL.
     *
     * @param serverVersion the server's major version; 0 where unknown
     */
    String text(int serverVersion) {
        return serverVersion >= VERSION_OF_FLAGS ? flaggedText : text;
    }

    /** The SHA-1 of {@link #text(int)}, hex, for EVALSHA. */
    String sha(int serverVersion) {
        return serverVersion >= VERSION_OF_FLAGS ? flaggedSha : sha;
    }
}
