package io.idempotenttrace.weaver;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which guarded methods are the work of several classes. The default scope names the class that declares the method, so that a template
 * method, or an interface's default method, has one scope for all classes that inherit it: of two handlers of one event the second is
 * answered with the first one's result. Not for use by several threads at once.
 */
final class SharedScopes {

    /** More than any application has; what comes after them is not told. */
    private static final int MOST = 1000;

    /** Of each method, by signature, the classes that inherit it; all of one line of classes, until the method is told. */
    private final Map<String, List<String>> heirs = new HashMap<>();

    private final Set<String> settled = new HashSet<>();
    private final List<Shared> told = new ArrayList<>();

    /** A guarded method whose scope two classes share that have nothing to do with each other. */
    record Shared(MethodSpecification method, MethodProblem problem) {}

    /** Those that were told. */
    List<Shared> told() {
        return List.copyOf(told);
    }

    /**
     * A class that has objects inherits the method.
     *
     * @param internalName of that class
     * @param parents of each class that was met, the class that it extends; by internal names
     * @return what is to be told now
     */
    @Nullable
    Shared met(MethodSpecification method, String internalName, Map<String, String> parents) {
        String signature = method.signature();
        if (told.size() >= MOST || settled.contains(signature)) {
            return null;
        }
        List<String> known = heirs.computeIfAbsent(signature, each -> new ArrayList<>());
        for (String other : known) {
            if (!isBelow(internalName, other, parents) && !isBelow(other, internalName, parents)) {
                Shared shared = new Shared(method, problem(method, other, internalName));
                told.add(shared);
                settled.add(signature);
                heirs.remove(signature);
                return shared;
            }
        }
        known.add(internalName);
        return null;
    }

    private static boolean isBelow(String internalName, String other, Map<String, String> parents) {
        String each = internalName;
        while (each != null && !each.equals(other)) {
            each = parents.get(each);
        }
        return each != null;
    }

    private static MethodProblem problem(MethodSpecification method, String one, String other) {
        String scope = Policies.settingScope(method);
        return new MethodProblem(
                ProblemCode.SHARED_SCOPE,
                "is inherited by " + one.replace('/', '.') + " and " + other.replace('/', '.')
                        + ", which share its scope '" + scope
                        + "': a key that one of them has done is a duplicate to the other, whose body does not run. Annotate a method of"
                        + " each class in its place, such as the one that it calls (an override that calls super changes nothing). If they"
                        + " are meant to share, or the key tells them apart, say scope = \"" + scope
                        + "\" in the annotation, which keeps the keys");
    }
}
