package io.idempotenttrace.core.open;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Printable;
import io.idempotenttrace.config.SecretFile;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.canonical.CanonicalForm;
import io.idempotenttrace.core.canonical.PayloadHasher;
import io.idempotenttrace.core.canonical.UnseenFieldPolicies;
import io.idempotenttrace.core.canonical.UnseenFieldPolicy;
import io.idempotenttrace.core.canonical.UserMappings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Makes the hasher, and what it needs for one method, as the configuration asks. */
public final class PayloadHashers {

    private PayloadHashers() {}

    /**
     * The setting {@code mapping} counts for the whole process from then on.
     *
     * @throws IllegalArgumentException if the secret's file can't be read
     * @throws IllegalStateException if values were hashed before with other entries of that setting
     */
    public static PayloadHasher open(Configuration configuration) {
        UserMappings.install(configuration.text(Setting.MAPPING));
        String secret = configuration.text(Setting.HASH_SECRET);
        String file = configuration.text(Setting.HASH_SECRET_FILE);
        if (secret.isEmpty() && !file.isEmpty()) {
            secret = firstLine(file);
        }
        return new PayloadHasher(
                        CanonicalForm.of(configuration.text(Setting.CANONICAL_FORM)),
                        configuration.count(Setting.MAX_DEPTH),
                        configuration.count(Setting.MAX_PAYLOAD_BYTES),
                        secret.isEmpty() ? null : secret.getBytes(StandardCharsets.UTF_8))
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

    private static String firstLine(String file) {
        try {
            return SecretFile.firstLine(file);
        } catch (IOException e) {
            // Without it, hashes would silently be plain ones.
            throw new IllegalArgumentException("setting 'hash-secret-file': the file '" + Printable.text(file) + "' "
                    + e.getMessage() + "; name a readable file whose first line is the secret");
        }
    }
}
