package io.idempotenttrace.weaver;

import io.idempotenttrace.bridge.CallsWithoutGuard;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.guard.GuardMode;
import io.idempotenttrace.core.guard.GuardModes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the annotated methods of one class. A guard is written into those that can be guarded, and into those whose annotations
 * say what they can't mean: their calls are refused or counted. Into the others none can be written. Where the policy is to refuse them,
 * that is written in the place of their bodies; else they stay as they are.
 */
final class WeavingPlan {

    private final Configuration configuration;
    private final BiConsumer<AnnotatedMethods.Found, MethodProblem> report;
    private final List<AnnotatedMethods.Found> guarded = new ArrayList<>();
    private final List<AnnotatedMethods.Found> mistaken = new ArrayList<>();
    /** What a refusal in the place of a body says, by the method's name and descriptor, one behind the other. */
    private final Map<String, String> refused = new HashMap<>();

    /** @param report is told what is wrong with a method */
    WeavingPlan(
            List<AnnotatedMethod> methods,
            Configuration configuration,
            BiConsumer<AnnotatedMethods.Found, MethodProblem> report) {
        this.configuration = configuration;
        this.report = report;
        for (AnnotatedMethod method : methods) {
            MethodProblem obstacle = method.obstacle();
            if (obstacle == null) {
                guarded.add(method.source());
                if (method.warning() != null) {
                    report.accept(method.source(), method.warning());
                }
            } else if (method.isMistaken()) {
                mistaken.add(method.source());
                report.accept(
                        method.source(),
                        obstacle.refusedBy(Policies.refusal(method.specification(), obstacle, configuration)));
            } else {
                leave(method.source(), obstacle);
            }
        }
    }

    /** Those that can be guarded. */
    List<AnnotatedMethods.Found> guarded() {
        return guarded;
    }

    /** Whether there is a method into which a guard can be written. */
    boolean hasGuards() {
        return !guarded.isEmpty() || !mistaken.isEmpty();
    }

    /** A class loader hides the bridge from its classes: no guard can be written into any method. */
    void leaveAll(MethodProblem hidden) {
        guarded.forEach(method -> leave(method, hidden));
        mistaken.forEach(method -> leave(method, hidden));
        guarded.clear();
        mistaken.clear();
    }

    /** The woven class; null if it stays as it is. */
    byte @Nullable [] weave(ClassLoader loader, byte[] classFile) {
        List<AnnotatedMethods.Found> all = new ArrayList<>(guarded);
        all.addAll(mistaken);
        byte[] woven = FittingMethods.weave(
                classFile, all, method -> Policies.refusesUnguarded(method, configuration), this::leave);
        return refused.isEmpty() ? woven : RefusedBodies.write(woven == null ? classFile : woven, refused, loader);
    }

    /** Nothing will count its calls, so where they are not refused, that it can't be guarded is said here alone. */
    private void leave(AnnotatedMethods.Found method, MethodProblem problem) {
        MethodSpecification specification = method.specification();
        String mode = configuration.text(Setting.MODE, Policies.settingScope(specification));
        String refusal = GuardModes.known(mode) == GuardMode.ENFORCE
                ? Policies.refusal(specification, problem, configuration)
                : null;
        report.accept(method, problem.refusedBy(refusal));
        if (refusal != null) {
            refused.put(
                    specification.methodName() + specification.descriptor(), problem.toRefusal(specification, refusal));
        } else if (problem.code() != ProblemCode.NO_BODY && problem.code() != ProblemCode.CONSTRUCTOR) {
            // Its body runs, and nobody counts it: the exit line must not say that none did.
            CallsWithoutGuard.COUNTED.classMissed = true;
        }
    }
}
