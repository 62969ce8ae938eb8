package io.idempotenttrace.weaver;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.NearestName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which scopes of {@code scope.<scope>.<name>} no woven method has: such a setting is without effect, and shows it by nothing else. Only
 * names that are set are kept. Safe for use by many threads.
 */
final class ScopeSettings {

    /** Each scope that is set and was not met, with the scope met that is most like it; empty where none is. */
    private final Map<String, String> unmet = new TreeMap<>();

    ScopeSettings(Configuration configuration) {
        for (String scope : configuration.scopes()) {
            unmet.put(scope, "");
        }
    }

    /** A woven method has that scope. */
    synchronized void met(String scope) {
        if (unmet.isEmpty()) {
            return;
        }
        unmet.remove(scope);
        for (Map.Entry<String, String> entry : unmet.entrySet()) {
            List<String> candidates = entry.getValue().isEmpty() ? List.of(scope) : List.of(entry.getValue(), scope);
            String nearest = NearestName.of(entry.getKey(), candidates);
            entry.setValue(nearest == null ? "" : nearest);
        }
    }

    /** One line for each such scope, for people. */
    synchronized List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (Map.Entry<String, String> entry : unmet.entrySet()) {
            problems.add("the settings scope." + entry.getKey() + ".* had no effect: no method with the scope '"
                    + entry.getKey() + "' was woven in this run"
                    + (entry.getValue().isEmpty() ? "" : "; did you mean '" + entry.getValue() + "'?"));
        }
        return problems;
    }
}
