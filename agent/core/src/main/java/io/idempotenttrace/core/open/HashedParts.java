package io.idempotenttrace.core.open;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.PointerList;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.canonical.Exclusions;
import java.util.ArrayList;
import java.util.List;

/** Which parts of a payload are hashed, by the annotation and the settings of its scope. */
public final class HashedParts {

    private HashedParts() {}

    /**
     * The places that alone are hashed; none where all are.
     *
     * @param scope the scope in the names of settings; empty where there is none
     * @param annotated the pointers in the code
     */
    public static List<String> included(Configuration configuration, String scope, List<String> annotated) {
        return together(annotated, configuration.text(Setting.INCLUDE, scope));
    }

    /**
     * What is left out before the payload is hashed.
     *
     * @param scope as in {@link #included}
     * @param include the included places in the code
     * @param exclude the excluded ones
     * @throws IllegalArgumentException as {@link Exclusions#parse(List, List)}
     */
    public static Exclusions exclusions(
            Configuration configuration, String scope, List<String> include, List<String> exclude) {
        return Exclusions.parse(
                        included(configuration, scope, include),
                        together(exclude, configuration.text(Setting.EXCLUDE, scope)))
                .ofNullMembers(configuration.text(Setting.NULL_MEMBERS, scope).equals("drop"));
    }

    private static List<String> together(List<String> annotated, String configured) {
        if (configured.isEmpty()) {
            return annotated;
        }
        List<String> pointers = new ArrayList<>(annotated);
        pointers.addAll(PointerList.parse(configured));
        return pointers;
    }
}
