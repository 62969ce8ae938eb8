package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HashFormTest {

    private static final Map<String, Object> DOCUMENT = Map.of("a", 1.0, "b", "\u00e9");
    private static final HashSecret ONE = secret("k1", "the first secret of this test");
    private static final HashSecret TWO = secret("k2", "the second secret of this test");

    private static HashSecret secret(@Nullable String keyId, String text) {
        return new HashSecret(keyId, text.getBytes(StandardCharsets.UTF_8));
    }

    private static PayloadHasher hasher(HashSecrets secrets) {
        return new PayloadHasher(CanonicalForm.PYTHON, 500, 1 << 20, secrets);
    }

    @Test
    void theTextIsTheCanonicalFormAndTheIdOfTheSecret() {
        for (CanonicalForm canonical : CanonicalForm.values()) {
            assertEquals(canonical.key(), HashForm.plain(canonical).text());
            assertEquals(
                    canonical.key() + "+hmac:k1", HashForm.of(canonical, ONE).text());
            for (HashForm form : List.of(HashForm.plain(canonical), HashForm.of(canonical, ONE))) {
                assertEquals(form, HashForm.named(form.text()));
            }
        }
        assertEquals("python", HashForm.DEFAULT.text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Python",
                "python ",
                "python+hmac:",
                "python+hmac",
                "python+hmac:a b",
                "python+hmac:k1+hmac:k2",
                "python+hmac:12345678901234567",
                "python+sha512:k1",
                "+hmac:k1",
                "yaml+hmac:k1"
            })
    void whatThisVersionDoesNotKnowIsNoForm(String text) {
        assertNull(HashForm.named(text));
    }

    @Test
    void noTwoFormsOrSecretsAreEqualAndEachHasHashesOfItsOwn() {
        Set<HashForm> forms = new HashSet<>();
        Set<String> hashes = new HashSet<>();
        PayloadHasher all = hasher(new HashSecrets(ONE, List.of(ONE, TWO)));
        for (CanonicalForm canonical : CanonicalForm.values()) {
            for (String keyId : List.of("", "+hmac:k1", "+hmac:k2")) {
                HashForm form = Objects.requireNonNull(HashForm.named(canonical.key() + keyId));
                PayloadHasher of = Objects.requireNonNull(all.with(form));
                assertEquals(form, of.form());
                forms.add(form);
                hashes.add(of.hash(DOCUMENT, Exclusions.NONE));
            }
        }
        assertEquals(12, forms.size());
        // Of this document, python-str has the text of python.
        assertEquals(9, hashes.size());
    }

    @Test
    void aSecretIsKnownByItsNameAndByTheIdThatIsDerivedFromIt() {
        HashSecret unnamed = secret(null, "the first secret of this test");
        assertEquals(ONE.derivedId(), unnamed.keyId());
        assertEquals(16, unnamed.keyId().length());
        assertNotEquals(
                unnamed.keyId(), secret(null, "the second secret of this test").keyId());
        PayloadHasher named = hasher(new HashSecrets(ONE, List.of(ONE)));
        PayloadHasher byId = hasher(new HashSecrets(unnamed, List.of(unnamed)));
        assertSame(named, named.with(named.form()));
        assertEquals(
                byId.hash(DOCUMENT, Exclusions.NONE),
                Objects.requireNonNull(named.with(byId.form())).hash(DOCUMENT, Exclusions.NONE));
        assertNull(byId.with(named.form()), "no worker knows a name that nobody told it");
        assertNull(hasher(HashSecrets.NONE).with(named.form()));
    }

    @Test
    void aSecretPrintsItsIdAlone() {
        assertEquals("secret k1", ONE.toString());
        assertFalse(hasher(new HashSecrets(ONE, List.of(ONE, TWO)))
                .form()
                .toString()
                .contains("secret"));
    }

    @Test
    void badIdsAndEmptySecretsAreRefusedWithoutTheSecret() {
        for (String keyId : List.of("", "a b", "k=1", "12345678901234567", "\u00e9")) {
            String message = assertThrows(IllegalArgumentException.class, () -> secret(keyId, "s3cret"))
                    .getMessage();
            assertFalse(message.contains("s3cret"), message);
        }
        assertThrows(IllegalArgumentException.class, () -> secret("k1", ""));
    }
}
