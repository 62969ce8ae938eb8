package io.idempotenttrace.core.canonical;

import io.idempotenttrace.config.KeyId;
import io.idempotenttrace.config.Printable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the hash of a record was made, as the record names it: the canonical form of the payload, and where the hash is an HMAC, the id of
 * its secret. Its text is {@code python}, or {@code python+hmac:k1}. Where members that are null were left out of the payload, it is
 * {@code python+nonulls}, or {@code python+nonulls+hmac:k1}: then the hash is not that of the payload as another worker may see it. Only
 * hashes of one and the same form can be compared: the same digits under two forms say nothing. Immutable.
 */
public final class HashForm {

    /** What a record has that names no form. */
    public static final HashForm DEFAULT = new HashForm(CanonicalForm.PYTHON, /* withoutNulls= */ false, "");

    private static final String WITHOUT_NULLS = "+nonulls";
    private static final String KEYED = "+hmac:";

    private final CanonicalForm canonical;
    private final boolean withoutNulls;
    private final String keyId;
    private final String text;

    private HashForm(CanonicalForm canonical, boolean withoutNulls, String keyId) {
        this.canonical = canonical;
        this.withoutNulls = withoutNulls;
        this.keyId = keyId;
        String payload = withoutNulls ? canonical.key() + WITHOUT_NULLS : canonical.key();
        this.text = keyId.isEmpty() ? payload : payload + KEYED + keyId;
    }

    /** Of hashes that are made without a secret. */
    public static HashForm plain(CanonicalForm canonical) {
        return canonical == CanonicalForm.PYTHON ? DEFAULT : new HashForm(canonical, /* withoutNulls= */ false, "");
    }

    /**
     * @param secret of the hashes; null where they are made without one
     */
    static HashForm of(CanonicalForm canonical, @Nullable HashSecret secret) {
        return secret == null ? plain(canonical) : new HashForm(canonical, /* withoutNulls= */ false, secret.keyId());
    }

    /** The form that a record names; null if this version does not know it, or the text is none. */
    public static @Nullable HashForm named(@Nullable String text) {
        if (text == null) {
            return null;
        }
        int mark = text.indexOf(KEYED);
        String payload = mark < 0 ? text : text.substring(0, mark);
        boolean withoutNulls = payload.endsWith(WITHOUT_NULLS);
        CanonicalForm canonical = CanonicalForm.named(
                withoutNulls ? payload.substring(0, payload.length() - WITHOUT_NULLS.length()) : payload);
        String keyId = mark < 0 ? "" : text.substring(mark + KEYED.length());
        return canonical == null || mark >= 0 && !KeyId.isOne(keyId)
                ? null
                : new HashForm(canonical, withoutNulls, keyId);
    }

    /** The same of payloads from which members that are null were left out, or of whole ones. */
    HashForm ofNullMembers(boolean leftOut) {
        return leftOut == withoutNulls ? this : new HashForm(canonical, leftOut, keyId);
    }

    /** Whether members that are null were left out of the payload. */
    boolean isWithoutNulls() {
        return withoutNulls;
    }

    public CanonicalForm canonical() {
        return canonical;
    }

    /** The id of the secret; empty where there is none. */
    public String keyId() {
        return keyId;
    }

    /** Whether the hash is an HMAC, which tells nothing to those who lack the secret. */
    public boolean isKeyed() {
        return !keyId.isEmpty();
    }

    /** The name in records. */
    public String text() {
        return text;
    }

    /**
     * Why a payload whose hash has this form can't be compared with a record, and what to do; it goes on from a full sentence. Empty where
     * the two can be compared.
     *
     * @param recordForm as the record names it; empty for this one
     */
    public String incomparableWith(String recordForm) {
        if (recordForm.isEmpty() || recordForm.equals(text)) {
            return "";
        }
        HashForm known = named(recordForm);
        String said = " The hash of the record has the form '" + Printable.text(recordForm)
                + "', which this process can't make of the payload, so the two count as different. ";
        if (known == null) {
            return said + "Let all workers have a version that knows it, or the same canonical-form";
        }
        return said
                + (known.isKeyed()
                        ? "Add the secret with the key id '" + known.keyId()
                                + "' to hash-secret or hash-secret-file of this process"
                        : "Let all workers have the same canonical-form");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || other instanceof HashForm that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(text);
    }

    @Override
    public String toString() {
        return text;
    }
}
