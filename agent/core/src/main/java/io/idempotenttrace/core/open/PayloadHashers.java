package io.idempotenttrace.core.open;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Printable;
import io.idempotenttrace.config.SecretEntries;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.canonical.CanonicalForm;
import io.idempotenttrace.core.canonical.HashSecret;
import io.idempotenttrace.core.canonical.HashSecrets;
import io.idempotenttrace.core.canonical.PayloadHasher;
import io.idempotenttrace.core.canonical.UnseenFieldPolicies;
import io.idempotenttrace.core.canonical.UnseenFieldPolicy;
import io.idempotenttrace.core.canonical.UserMappings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Makes the hasher, and what it needs for one method, as the configuration asks. */
public final class PayloadHashers {

    private PayloadHashers() {}

    /**
     * The setting {@code mapping} counts for the whole process from then on.
     *
     * @throws IllegalArgumentException if the secrets can't be used, or their file can't be read; the message holds nothing of them
     * @throws IllegalStateException if values were hashed before with other entries of that setting
     */
    public static PayloadHasher open(Configuration configuration) {
        UserMappings.install(configuration.text(Setting.MAPPING));
        return new PayloadHasher(
                        CanonicalForm.of(configuration.text(Setting.CANONICAL_FORM)),
                        configuration.count(Setting.MAX_DEPTH),
                        configuration.count(Setting.MAX_PAYLOAD_BYTES),
                        secrets(configuration))
                .with(unseenFields(configuration, /* scope= */ ""));
    }

    /** @param scope the scope of the method whose arguments are hashed; empty where there is none */
    public static UnseenFieldPolicies unseenFields(Configuration configuration, String scope) {
        Map<String, UnseenFieldPolicy> named = new HashMap<>();
        for (Map.Entry<String, String> entry :
                configuration.ofTypes(Setting.UNSEEN_FIELDS).entrySet()) {
            named.put(entry.getKey(), policy(entry.getValue()));
        }
        return new UnseenFieldPolicies(policy(configuration.text(Setting.UNSEEN_FIELDS, scope)), named);
    }

    private static UnseenFieldPolicy policy(String value) {
        return UnseenFieldPolicy.valueOf(value.toUpperCase(Locale.ROOT));
    }

    private static HashSecrets secrets(Configuration configuration) {
        String given = configuration.text(Setting.HASH_SECRET);
        String file = configuration.text(Setting.HASH_SECRET_FILE);
        List<SecretEntries.Entry> entries = List.of();
        if (!given.isEmpty()) {
            entries = SecretEntries.ofValue(given);
        } else if (!file.isEmpty()) {
            entries = ofFile(file);
        }
        HashSecret signing = null;
        List<HashSecret> known = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            String secret = entries.get(i).secret();
            if (secret != null) {
                known.add(new HashSecret(entries.get(i).keyId(), secret.getBytes(StandardCharsets.UTF_8)));
                signing = i == 0 ? known.get(0) : signing;
            }
        }
        return new HashSecrets(signing, known);
    }

    private static List<SecretEntries.Entry> ofFile(String file) {
        try {
            return SecretEntries.ofFile(file);
        } catch (IOException e) {
            // Without it, hashes would silently be plain ones.
            throw new IllegalArgumentException("setting 'hash-secret-file': the file '" + Printable.text(file) + "' "
                    + e.getMessage() + "; name a readable file whose first line is the secret, or each line id=secret");
        }
    }
}
