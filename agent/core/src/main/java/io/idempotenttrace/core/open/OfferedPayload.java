package io.idempotenttrace.core.open;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.core.canonical.CanonicalForm;
import io.idempotenttrace.core.canonical.Exclusions;
import io.idempotenttrace.core.canonical.HashForm;
import io.idempotenttrace.core.canonical.JsonReader;
import io.idempotenttrace.core.canonical.PayloadDigest;
import io.idempotenttrace.core.canonical.PayloadHasher;
import io.idempotenttrace.core.canonical.UnhashableException;
import io.idempotenttrace.core.store.RecordId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A payload as JSON, to be compared with what a record says of its own. It is hashed as a call of that scope would be, as far as the settings
 * say: what an annotation includes and excludes is not known here.
 */
public final class OfferedPayload {

    private final PayloadHasher hasher;
    private final Exclusions exclusions;
    private final String json;

    /**
     * @param scope the scope in the names of settings; null for shared keys
     * @param json one JSON document
     * @throws IllegalArgumentException if a secret or a mapping can't be used
     */
    public OfferedPayload(Configuration configuration, @Nullable String scope, String json) {
        String settingScope = OpenedStore.settingScope(scope);
        this.hasher = PayloadHashers.open(configuration).with(PayloadHashers.unseenFields(configuration, settingScope));
        this.exclusions = HashedParts.exclusions(configuration, settingScope, List.of(), List.of());
        this.json = json;
    }

    /**
     * Its hash in the form of the settings.
     *
     * @throws JsonReader.MalformedJsonException if it is no JSON
     * @throws UnhashableException if it has no hash
     */
    public String hash() {
        return hasher.hash(document(hasher.form().canonical()), exclusions);
    }

    /** How that hash is made. */
    public HashForm form() {
        return hasher.form();
    }

    private @Nullable Object document(CanonicalForm form) {
        return JsonReader.read(json, form);
    }

    /**
     * Whether a call with this payload counts as the same as the record's.
     *
     * @param form as the record names it
     * @param hash the hash in the record
     * @return false also where the form, or its secret, is not known here: {@link #incomparable} says so
     */
    public boolean isThatOf(String form, @Nullable String hash) {
        HashForm recorded = HashForm.named(form);
        PayloadHasher by = recorded == null ? null : hasher.with(recorded);
        if (recorded == null || by == null || hash == null) {
            return false;
        }
        try {
            Object document = document(recorded.canonical());
            PayloadDigest digest = exclusions.comparableWith(recorded, hash, leftOut -> by.hashed(document, leftOut));
            return digest.hash().equals(hash) && digest.form().equals(recorded);
        } catch (UnhashableException noHashInThatForm) {
            return false;
        }
    }

    /** Why it can't be compared with a record of that form, and what to do; empty where it can. */
    public String incomparable(String form) {
        HashForm recorded = HashForm.named(form);
        return recorded != null && hasher.with(recorded) != null
                ? ""
                : hasher.form().incomparableWith(form).strip();
    }

    /**
     * In which members it differs from the record's payload, as JSON Pointers, or phrases for members that only the record has.
     *
     * @param form as the record names it
     * @param members the digests in the record
     * @return empty where nothing is known: records keep digests only where hashes are keyed
     */
    public List<String> differing(RecordId id, String form, String members) {
        HashForm recorded = HashForm.named(form);
        PayloadHasher by = recorded == null ? null : hasher.with(recorded);
        if (recorded == null || by == null || !recorded.isKeyed() || members.isEmpty()) {
            return List.of();
        }
        // As the record's worker did, see Exclusions.comparableWith.
        Exclusions leftOut = exclusions.ofNullMembers(exclusions.dropsNullMembers() || form.contains("+nonulls"));
        return by.differing(null, document(recorded.canonical()), leftOut, id.name(), members);
    }
}
