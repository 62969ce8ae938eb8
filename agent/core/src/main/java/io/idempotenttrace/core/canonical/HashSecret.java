package io.idempotenttrace.core.canonical;

import io.idempotenttrace.config.KeyId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A secret that keys hashes, by HMAC-SHA-256, and the id by which records name it. Besides payloads it keys other things; each of those
 * begins with its purpose, which no canonical JSON begins with, so that no output of one purpose means anything for another. Safe for use
 * by many threads.
 */
public final class HashSecret {

    private static final String ALGORITHM = "HmacSHA256";
    private static final byte[] FOR_KEY_ID = "idempotent-trace:key-id\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FOR_RESULTS = "idempotent-trace:response_hash\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FOR_MEMBERS = "idempotent-trace:members\0".getBytes(StandardCharsets.US_ASCII);
    private static final int DERIVED_BYTES = 8;
    /** Idle ones, found by thread, as the writers of {@link PayloadHasher} are. */
    private static final int POOL_SIZE = 64;

    private final byte[] key;
    private final String keyId;
    private final String derivedId;
    private final AtomicReferenceArray<Mac> pool = new AtomicReferenceArray<>(POOL_SIZE);
    /** Those that are keyed anew for each record. */
    private final AtomicReferenceArray<Mac> recordPool = new AtomicReferenceArray<>(POOL_SIZE);

    /**
     * @param keyId null for one that is derived from the secret, so that two different secrets have two ids
     * @param key not empty
     * @throws IllegalArgumentException if the id is none, see {@link KeyId}, or the secret is empty
     */
    public HashSecret(@Nullable String keyId, byte[] key) {
        if (key.length == 0) {
            throw new IllegalArgumentException("a secret is empty; give at least 16 random bytes");
        }
        if (keyId != null && !KeyId.isOne(keyId)) {
            throw new IllegalArgumentException("the id of a secret is none; give " + KeyId.ALLOWED);
        }
        this.key = key.clone();
        this.derivedId = HexFormat.of().formatHex(hmac(FOR_KEY_ID, new byte[0]), 0, DERIVED_BYTES);
        this.keyId = keyId == null ? derivedId : keyId;
    }

    /** The id in records. */
    public String keyId() {
        return keyId;
    }

    /** The id that the secret has where nobody names it. */
    String derivedId() {
        return derivedId;
    }

    /**
     * What a record has as {@code response_hash}.
     *
     * @param sha256 SHA-256 of the result's JSON
     */
    byte[] ofResult(byte[] sha256) {
        return hmac(FOR_RESULTS, sha256);
    }

    /**
     * Makes digests of one record's members.
     *
     * @param record the record's name
     * @param work given what makes them: keyed for that record alone, and not to be kept
     */
    String ofMembers(String record, Function<Mac, String> work) {
        int slot = slot();
        Mac idle = recordPool.getAndSet(slot, null);
        byte[] recordKey = hmac(FOR_MEMBERS, record.getBytes(StandardCharsets.UTF_8));
        Mac mac = idle == null ? mac(recordKey) : keyed(idle, recordKey);
        String text = work.apply(mac);
        recordPool.set(slot, mac);
        return text;
    }

    /** For the payloads of one thread at a time. */
    Mac newMac() {
        return mac(key);
    }

    private byte[] hmac(byte[] purpose, byte[] text) {
        int slot = slot();
        Mac idle = pool.getAndSet(slot, null);
        Mac mac = idle == null ? newMac() : idle;
        mac.update(purpose);
        byte[] output = mac.doFinal(text);
        pool.set(slot, mac);
        return output;
    }

    private static int slot() {
        return (int) (Thread.currentThread().getId() & POOL_SIZE - 1);
    }

    private static Mac mac(byte[] key) {
        try {
            return keyed(Mac.getInstance(ALGORITHM), key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }

    private static Mac keyed(Mac mac, byte[] key) {
        try {
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }

    /** The id alone. */
    @Override
    public String toString() {
        return "secret " + keyId;
    }
}
