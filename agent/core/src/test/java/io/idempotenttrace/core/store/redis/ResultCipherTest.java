package io.idempotenttrace.core.store.redis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.config.ResultKeys;
import io.idempotenttrace.core.store.RecordId;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class ResultCipherTest {

    private static final RecordId ID = new RecordId("tenant", "scope", "key");

    private static byte[] bytes(int fill) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) fill);
        return key;
    }

    private static ResultCipher cipher(String... ids) {
        return new ResultCipher(Arrays.stream(ids)
                .map(id -> new ResultKeys.Key(id, bytes(id.hashCode())))
                .toList());
    }

    private final ResultCipher cipher = cipher("k1");

    @Test
    void whatWasEncryptedForARecordIsDecryptedForIt() throws GeneralSecurityException {
        for (int length : new int[] {0, 1, 63, 64, 5000}) {
            byte[] plain = "7".repeat(length).getBytes(StandardCharsets.UTF_8);
            String encrypted = cipher.encrypt(ID, "result 1", plain);
            assertArrayEquals(plain, cipher.decrypt(ID, "result 1", "k1", encrypted));
            assertTrue(encrypted.length() <= ResultCipher.length(length), encrypted);
        }
    }

    @Test
    void thePartsOfTheNameAreNotInterchangeable() throws GeneralSecurityException {
        RecordId[] others = {
            new RecordId("tenant", "scope", "key2"),
            new RecordId("tenant", "scop", "ekey"),
            new RecordId("tenants", "cope", "key"),
            new RecordId("tenant", null, "key"),
            new RecordId("tenant", null, "scopekey"),
            new RecordId("scope", "tenant", "key")
        };
        String encrypted = cipher.encrypt(ID, "result 1", new byte[5]);
        for (RecordId other : others) {
            assertNull(cipher.decrypt(other, "result 1", "k1", encrypted), other.toString());
        }
        assertNull(cipher.decrypt(ID, "failure 1", "k1", encrypted));
    }

    @Test
    void aTextThatWasChangedIsRefused() throws GeneralSecurityException {
        String encrypted = cipher.encrypt(ID, "result 1", new byte[20]);
        byte[] all = Base64.getDecoder().decode(encrypted);
        for (int i = 0; i < all.length; i++) {
            byte[] changed = all.clone();
            changed[i] ^= 1;
            assertNull(cipher.decrypt(ID, "result 1", "k1", Base64.getEncoder().encodeToString(changed)), "byte " + i);
        }
        for (String damaged : List.of("", "A", "====", "no Base64!", encrypted.substring(4), encrypted + "AAAA")) {
            assertNull(cipher.decrypt(ID, "result 1", "k1", damaged), damaged);
        }
    }

    @Test
    void theFirstKeyEncryptsAndAllDecrypt() throws GeneralSecurityException {
        String old = cipher.encrypt(ID, "result 1", new byte[] {7});
        ResultCipher rotated = cipher("k2", "k1");
        assertEquals("k2", rotated.keyId());
        assertArrayEquals(new byte[] {7}, rotated.decrypt(ID, "result 1", "k1", old));
        assertNull(rotated.decrypt(ID, "result 1", "k2", old));
        assertFalse(cipher.hasKey("k2"));
    }

    @Test
    void noTwoEncryptedTextsAreAlike() throws GeneralSecurityException {
        Set<String> nonces = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            assertTrue(nonces.add(cipher.encrypt(ID, "result 1", new byte[5]).substring(0, 16)));
        }
        assertNotEquals(1, nonces.size());
    }

    /** What RECORD.md tells people who write a client: AES-256-GCM over texts that stand behind their lengths. */
    @Test
    void theFormatIsAsItIsDescribed() throws Exception {
        byte[] all = Base64.getDecoder()
                .decode(cipher.encrypt(new RecordId("t\u00e9", null, "k"), "result 1", new byte[] {1, 2}));
        ByteArrayOutputStream context = new ByteArrayOutputStream();
        DataOutputStream writer = new DataOutputStream(context);
        for (String text : List.of("idempotent-trace result 1", "t\u00e9", "", "k")) {
            byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
            writer.writeInt(encoded.length);
            writer.write(encoded);
        }
        Cipher gcm = Cipher.getInstance("AES/GCM/NoPadding");
        gcm.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(bytes("k1".hashCode()), "AES"),
                new GCMParameterSpec(128, all, 0, 12));
        gcm.updateAAD(context.toByteArray());
        assertArrayEquals(new byte[] {1, 2}, gcm.doFinal(all, 12, all.length - 12));
    }
}
