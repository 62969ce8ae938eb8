package io.idempotenttrace.core.store.redis;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * One of the scripts beside this class, each with its contract at its top. A reply ends with what the call gave, its
 * owner tokens or its key: replies are told apart by their order alone, and a client that lost count of them, say by an Error in
 * the midst of decoding, hands each call another's answer.
 */
@SuppressWarnings("ImmutableEnumChecker") // It keeps a text that was made before; the script is the same.
enum LuaScript {
    CLAIM(false, 4),
    COMPLETE(true, 0),
    FAIL(true, 0),
    RENEW(true, 0),
    DELETE(true, LuaScript.KEY),
    STATUS(false, LuaScript.KEY),
    RELEASE(true, 1);

    private static final int KEY = -1;

    /** Redis 7 and newer: the step ends or keeps what a claim began, so it is let through when memory is short. */
    private static final String ALLOW_OUT_OF_MEMORY = "#!lua flags=allow-oom\n";

    private static final int VERSION_OF_FLAGS = 7;
    /** How the scripts begin that answer results, and what stands behind it for who sets no limit: the longest text of Redis. */
    private static final String LIMIT = "local most_result_bytes = ";

    static final long NO_LIMIT = 536_870_912;

    /** Which argument the reply ends with, or {@link #KEY}. */
    private final int echoed;

    private final boolean allowedOutOfMemory;
    private final String source;
    /** The one that was asked for last. Most processes have one. */
    private volatile Variant variant;

    /**
     * The script for one limit of results, which stands in it as a number: an argument would cost each claim time.
     *
     * @param mostResultBytes the longest result that is answered
     */
    private record Variant(long mostResultBytes, String text, String sha, String flaggedText, String flaggedSha) {}

    LuaScript(boolean allowedOutOfMemory, int echoed) {
        this.echoed = echoed;
        this.allowedOutOfMemory = allowedOutOfMemory;
        source = Prelude.TEXT + read(name().toLowerCase(Locale.ROOT) + ".lua");
        variant = make(NO_LIMIT);
    }

    private Variant of(long mostResultBytes) {
        Variant known = variant;
        if (known.mostResultBytes != mostResultBytes) {
            known = make(mostResultBytes);
            variant = known;
        }
        return known;
    }

    private Variant make(long mostResultBytes) {
        String text = source.replace(LIMIT + NO_LIMIT, LIMIT + mostResultBytes);
        String flagged = allowedOutOfMemory ? ALLOW_OUT_OF_MEMORY + text : text;
        return new Variant(mostResultBytes, text, sha1(text), flagged, sha1(flagged));
    }

    /** What the scripts have in common; before each of them. */
    private static final class Prelude {

        static final String TEXT = read("record.lua");
    }

    private static String read(String file) {
        try (InputStream in = LuaScript.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(
                        "the script " + file + " is missing beside " + LuaScript.class.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha1(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    /**
     * The source, for EVAL.
     *
     * @param serverVersion the server's major version; 0 where unknown
     * @param mostResultBytes the longest result that is answered; of no effect on scripts that answer none
     */
    String text(int serverVersion, long mostResultBytes) {
        Variant asked = of(mostResultBytes);
        return serverVersion >= VERSION_OF_FLAGS ? asked.flaggedText : asked.text;
    }

    /** As the other one, for a call of one record. */
    boolean isReplyTo(byte[] key, byte[][] arguments, List<Object> reply) {
        return isReplyTo(key, arguments, reply, 1);
    }

    /**
     * Whether it is the reply to that call, and not to another or none. Two calls of several records may begin with the same one: their
     * replies name each record's owner.
     *
     * @param records how many the call is of; each has as many arguments
     */
    boolean isReplyTo(byte[] key, byte[][] arguments, List<Object> reply, int records) {
        byte[] given = echoed == KEY ? key : records == 1 ? arguments[echoed] : owners(arguments, records);
        if (reply.isEmpty() || !(reply.get(reply.size() - 1) instanceof byte[] echo)) {
            return false;
        }
        int before = echo.length - given.length;
        // A granted claim ends with its field claim, which ends with the owner.
        return before >= 0
                && Arrays.equals(echo, before, echo.length, given, 0, given.length)
                && (before == 0 || this == CLAIM && echo[before - 1] == ' ')
                && ReplyShape.isOf(this, arguments.length, reply);
    }

    private byte[] owners(byte[][] arguments, int records) {
        int each = arguments.length / records;
        ByteArrayOutputStream owners = new ByteArrayOutputStream();
        for (int i = 0; i < records; i++) {
            if (i > 0) {
                owners.write(' ');
            }
            owners.writeBytes(arguments[i * each + echoed]);
        }
        return owners.toByteArray();
    }

    /** The SHA-1 of {@link #text(int, long)}, hex, for EVALSHA. */
    String sha(int serverVersion, long mostResultBytes) {
        Variant asked = of(mostResultBytes);
        return serverVersion >= VERSION_OF_FLAGS ? asked.flaggedSha : asked.sha;
    }
}
