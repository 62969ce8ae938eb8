package io.idempotenttrace.weaver;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An annotated method that is none of a compiler's copies.
 *
 * @param declared as the class file has it
 * @param source as its source names it: this one is guarded
 * @param obstacle why it can't be guarded; null if it can
 * @param warning what its user should know of it although it can be guarded; null for nothing
 */
record AnnotatedMethod(
        AnnotatedMethods.Found declared,
        AnnotatedMethods.Found source,
        @Nullable MethodProblem obstacle,
        @Nullable MethodProblem warning) {

    /** Whether its obstacle is what its annotations say: a guard can be written into it, which refuses its calls or counts them. */
    boolean isMistaken() {
        return obstacle != null && WeavingRules.obstacleToWeaving(source) == null;
    }

    MethodSpecification specification() {
        return source.specification();
    }

    /** Those of a class. No class is loaded. */
    static List<AnnotatedMethod> in(ClassLoader loader, byte[] classFile) {
        List<AnnotatedMethods.Found> annotated = AnnotatedMethods.in(classFile);
        List<AnnotatedMethod> methods = new ArrayList<>();
        if (annotated.isEmpty()) {
            return methods;
        }
        Copies copies = new Copies(loader, classFile, annotated);
        for (AnnotatedMethods.Found found : annotated) {
            AnnotatedMethods.Found original = copies.original(found);
            if (original == null) {
                continue;
            }
            MethodProblem obstacle = WeavingRules.obstacle(original);
            if (obstacle != null && copies.hasBodyElsewhere(found)) {
                continue;
            }
            MethodProblem warning =
                    obstacle != null ? null : WeavingRules.warning(original.specification(), copies.isInline(found));
            methods.add(new AnnotatedMethod(found, original, obstacle, warning));
        }
        return methods;
    }
}
