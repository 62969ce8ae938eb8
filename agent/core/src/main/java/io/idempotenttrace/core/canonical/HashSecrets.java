package io.idempotenttrace.core.canonical;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The secrets that a process knows. One of them, or none, makes the hashes of its records; all are compared, and hashes without a secret too.
 * So a fleet can learn a secret before the first worker uses it, and keep one for the records that still name it. Immutable.
 */
public final class HashSecrets {

    /** No secret: hashes are plain ones. */
    public static final HashSecrets NONE = new HashSecrets(null, List.of());

    private final @Nullable HashSecret signing;
    private final List<HashSecret> known;

    /**
     * @param signing makes the hashes; null for plain ones
     * @param known all secrets, {@code signing} among them
     * @throws IllegalArgumentException if two of them have one id; the message holds nothing of them
     */
    public HashSecrets(@Nullable HashSecret signing, List<HashSecret> known) {
        if (known.stream().map(HashSecret::keyId).distinct().count() < known.size()) {
            throw new IllegalArgumentException("two secrets have the same id; give each secret an id of its own");
        }
        this.signing = signing;
        this.known = List.copyOf(known);
    }

    /** One that makes the hashes. */
    public static HashSecrets of(HashSecret only) {
        return new HashSecrets(only, List.of(only));
    }

    /** The one that makes hashes; null where they are plain ones. */
    @Nullable
    HashSecret signing() {
        return signing;
    }

    /** The secret with that id in records; null if it is not known here. A secret is known by the id that is derived from it as well. */
    @Nullable
    HashSecret named(String keyId) {
        for (HashSecret secret : known) {
            if (secret.keyId().equals(keyId)) {
                return secret;
            }
        }
        for (HashSecret secret : known) {
            if (secret.derivedId().equals(keyId)) {
                return secret;
            }
        }
        return null;
    }
}
