package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.config.KeyId;
import io.idempotenttrace.config.Printable;
import io.idempotenttrace.core.failure.FinalFailure;
import io.idempotenttrace.core.store.RecordId;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The text that stands in a record for a result: the result itself, or, where keys are configured, {@code enc:<key id>:<Base64>}. The
 * text of a final failure keeps its mark before that, so that whoever lacks the key still knows it for a failure.
 *
 * <p>The two can't be mistaken for each other: a result is JSON, and no JSON begins with {@code e}.
 *
 * <p>Invariant: what can't be decrypted is never returned as a value. It is as if no result were stored; it is counted, and said once in a
 * period. Safe for use by many threads.
 */
final class StoredResults {

    private static final String MARK = "enc:";

    private static final String UNREADABLE_FAILURE =
            FinalFailure.marked("an exception whose text can't be decrypted here");

    private final @Nullable ResultCipher cipher;
    private final boolean acceptsPlain;
    private final ToLongFunction<@Nullable String> mostBytes;
    private final Consumer<String> warnings;
    private final long periodNanos;
    private final AtomicLong sayAt = new AtomicLong(System.nanoTime());
    private final LongAdder unreadable = new LongAdder();

    StoredResults(RedisStoreSettings settings, Consumer<String> warnings) {
        cipher = settings.resultKeys().isEmpty() ? null : new ResultCipher(settings.resultKeys());
        acceptsPlain = settings.plainResults();
        mostBytes = settings.mostResultBytes();
        periodNanos = TimeUnit.MILLISECONDS.toNanos(settings.logPeriodMillis());
        this.warnings = warnings;
    }

    /** The longest text of a record that is fetched: that of the longest result. */
    long mostBytes(@Nullable String scope) {
        long plain = mostBytes.applyAsLong(scope);
        return cipher == null ? plain : Math.max(plain, MARK.length() + KeyId.LONGEST + 2 + ResultCipher.length(plain));
    }

    /** How many results were met that could not be used. */
    long unreadable() {
        return unreadable.sum();
    }

    /** What is stored for that result; nothing for null, and for one that can't be encrypted, which is said. */
    byte[] toStore(RecordId id, @Nullable String result) {
        if (result == null) {
            return ScriptArguments.NOTHING;
        }
        if (cipher == null) {
            return Wtf8.encode(result);
        }
        String failure = FinalFailure.of(result);
        try {
            String encrypted = MARK
                    + cipher.keyId()
                    + ':'
                    + cipher.encrypt(id, purpose(failure), Wtf8.encode(failure != null ? failure : result));
            return Wtf8.encode(failure != null ? FinalFailure.marked(encrypted) : encrypted);
        } catch (GeneralSecurityException | RuntimeException e) {
            unusable(id, "can't be encrypted (" + e.getClass().getSimpleName() + "), so that it is not stored");
            return ScriptArguments.NOTHING;
        }
    }

    /** The result for which that text is stored; null for null, and for one that can't be used, which is counted and said. */
    @Nullable
    String of(RecordId id, @Nullable String stored) {
        return of(id, stored, /* told= */ true);
    }

    /** As {@link #of(RecordId, String)}, of a text that was met before. */
    @Nullable
    String ofKnown(RecordId id, @Nullable String stored) {
        return of(id, stored, /* told= */ false);
    }

    private @Nullable String of(RecordId id, @Nullable String stored, boolean told) {
        String failure = FinalFailure.of(stored);
        String text = failure != null ? failure : stored;
        if (text == null || cipher == null && !text.startsWith(MARK)) {
            return stored;
        }
        String result = null;
        String problem = null;
        if (text.startsWith(MARK)) {
            int end = text.indexOf(':', MARK.length());
            String keyId = end < 0 ? "" : text.substring(MARK.length(), end);
            byte[] plain = cipher != null && cipher.hasKey(keyId)
                    ? cipher.decrypt(id, purpose(failure), keyId, text.substring(end + 1))
                    : null;
            result = plain == null ? null : Wtf8.decode(plain);
            problem = plain == null ? encryptedProblem(keyId) : null;
        } else if (acceptsPlain) {
            result = text;
        } else {
            problem = "is not encrypted (plain-results=refuse)";
        }
        if (problem != null && told) {
            unusable(id, problem);
        }
        if (result == null) {
            return failure != null ? UNREADABLE_FAILURE : null;
        }
        return fits(id, result) ? (failure != null ? FinalFailure.marked(result) : result) : null;
    }

    /** What was fetched may be as long as the encrypted text of the longest result. */
    private boolean fits(RecordId id, String result) {
        long most = mostBytes.applyAsLong(id.scope());
        return result.length() <= most / 3 || Wtf8.encode(result).length <= most;
    }

    private String encryptedProblem(String keyId) {
        String named = "is encrypted with the key '" + Printable.text(keyId, KeyId.LONGEST) + "'";
        if (cipher == null) {
            return named + ", and no result-key-file is set here";
        }
        return cipher.hasKey(keyId)
                ? named + ", and was changed, or belongs to another record"
                : named + ", which the result-key-file here has not";
    }

    private static String purpose(@Nullable String failure) {
        return failure != null ? "failure 1" : "result 1";
    }

    private void unusable(RecordId id, String problem) {
        unreadable.increment();
        long now = System.nanoTime();
        long due = sayAt.get();
        if (now - due < 0 || !sayAt.compareAndSet(due, now + periodNanos)) {
            return;
        }
        try {
            warnings.accept("the stored result of key '" + Printable.text(id.key()) + "' of tenant '"
                    + Printable.text(id.tenant()) + "' " + problem + "; its duplicates get none. " + unreadable()
                    + " such results so far");
        } catch (RuntimeException | Error unsaid) {
            // The call goes on: what is said of it is counted as well.
        }
    }
}
