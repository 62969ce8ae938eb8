package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.config.ResultKeys;
import io.idempotenttrace.core.store.RecordId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts results by AES-256-GCM (NIST SP 800-38D). The encrypted text is the Base64 of a nonce, drawn anew for each, of the ciphertext
 * and of the tag. The tag also covers what the text is and which record it belongs to, so that a text which somebody copied to
 * another record, or from a result to a failure, is no longer accepted. Safe for use by many threads.
 */
final class ResultCipher {

    private static final String TRANSFORMATION = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;

    private final SecureRandom random = new SecureRandom();
    private final Map<String, SecretKeySpec> keys = new LinkedHashMap<>();
    private final String first;

    /**
     * @param keys the first one encrypts, all decrypt; at least one
     * @throws IllegalStateException if this Java platform can't encrypt so
     */
    ResultCipher(List<ResultKeys.Key> keys) {
        for (ResultKeys.Key key : keys) {
            this.keys.put(key.id(), new SecretKeySpec(key.bytes(), "AES"));
        }
        first = keys.get(0).id();
        try {
            encrypt(new RecordId("t", null, "k"), "", new byte[0]);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "setting 'result-key-file': this Java platform has no " + TRANSFORMATION + " with 256 bits (" + e
                            + ")",
                    e);
        }
    }

    /** The name of the key that encrypts. */
    String keyId() {
        return first;
    }

    /** How long, in characters, the encrypted text is at most of so many bytes. */
    static long length(long bytes) {
        return (bytes + NONCE_BYTES + TAG_BYTES + 2) / 3 * 4;
    }

    /** @param purpose what the text is; it is to be decrypted as the same */
    String encrypt(RecordId id, String purpose, byte[] plain) throws GeneralSecurityException {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        Cipher cipher = cipher(Cipher.ENCRYPT_MODE, first, nonce);
        cipher.updateAAD(context(id, purpose));
        byte[] all = ByteBuffer.allocate(NONCE_BYTES + plain.length + TAG_BYTES)
                .put(nonce)
                .put(cipher.doFinal(plain))
                .array();
        return Base64.getEncoder().encodeToString(all);
    }

    boolean hasKey(String keyId) {
        return keys.containsKey(keyId);
    }

    /** Null if that text was not encrypted so, for that record, by that key, or has been changed. */
    byte @Nullable [] decrypt(RecordId id, String purpose, String keyId, String encrypted) {
        try {
            byte[] all = Base64.getDecoder().decode(encrypted);
            if (all.length < NONCE_BYTES + TAG_BYTES) {
                return null;
            }
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, keyId, all);
            cipher.updateAAD(context(id, purpose));
            return cipher.doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES);
        } catch (GeneralSecurityException | RuntimeException e) {
            // What fails inside of a provider, a token that was taken away for one, is unchecked.
            return null;
        }
    }

    /** @param nonce at the beginning of these bytes */
    private Cipher cipher(int mode, String keyId, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(TRANSFORMATION);
        cipher.init(mode, keys.get(keyId), new GCMParameterSpec(TAG_BYTES * 8, nonce, 0, NONCE_BYTES));
        return cipher;
    }

    /** Each text behind its length, so that no two lists of texts become the same bytes. */
    private static byte[] context(RecordId id, String purpose) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        for (String text :
                new String[] {"idempotent-trace " + purpose, id.tenant(), id.scope() == null ? "" : id.scope(), id.key()
                }) {
            byte[] encoded = Wtf8.encode(text);
            bytes.writeBytes(
                    ByteBuffer.allocate(Integer.BYTES).putInt(encoded.length).array());
            bytes.writeBytes(encoded);
        }
        return bytes.toByteArray();
    }
}
