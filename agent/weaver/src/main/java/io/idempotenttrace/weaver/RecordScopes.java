package io.idempotenttrace.weaver;

import io.idempotenttrace.config.Configuration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which woven methods have their records in a scope that the setting {@code record-scope} names: two methods of different names there
 * share their keys, which nobody means who renamed one of them. Only names that are set are kept. Safe for use by many threads.
 */
final class RecordScopes {

    private final Configuration configuration;
    /** The scope that was met first, by the scope of its records. */
    private final Map<String, String> met = new HashMap<>();

    RecordScopes(Configuration configuration) {
        this.configuration = configuration;
    }

    /**
     * A woven method has that scope.
     *
     * @return what is wrong, for people; null for most
     */
    synchronized @Nullable String met(String scope) {
        String recordScope = configuration.recordScope(scope);
        String other = configuration.isRecordScope(recordScope) ? met.putIfAbsent(recordScope, scope) : null;
        return other == null || other.equals(scope)
                ? null
                : "the methods of the scopes '" + other + "' and '" + scope + "' have their records in the same scope '"
                        + recordScope
                        + "' (record-scope): a key of one is a key of the other, and another payload with it is a conflict. Leave the"
                        + " setting to the one that has been renamed";
    }
}
