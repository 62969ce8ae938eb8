package io.idempotenttrace.core.store.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** One of the scripts beside this class, each with its contract at its top. */
enum LuaScript {

    CLAIM, COMPLETE, FAIL, RENEW, DELETE, STATUS;

    private final String text;
    private final String sha;

    LuaScript() {
        String file = name().toLowerCase(java.util.Locale.ROOT) + ".lua";
        try (InputStream in = LuaScript.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("the script " + file + " is missing beside " + LuaScript.class.getName());
            }
            byte[] bytes = in.readAllBytes();
            text = new String(bytes, StandardCharsets.UTF_8);
            sha = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    /** The source, for EVAL. */
    String text() {
        return text;
    }

    /** The SHA-1 of the source, hex, for EVALSHA. */
    String sha() {
        return sha;
    }
}
