package io.idempotenttrace.weaver;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import net.bytebuddy.jar.asm.MethodTooLargeException;
import org.jspecify.annotations.Nullable;

/** Weaves those methods of a class in whose code the guard has room. A method may be so long that it has none: it alone stays as it is. */
final class FittingMethods {

    private FittingMethods() {}

    /**
     * The woven class.
     *
     * @param refuses as in {@link ClassWeaver#weave}
     * @param left is told of each method that stays as it is, and why
     * @return null if no method is left to weave
     */
    static byte @Nullable [] weave(
            byte[] classFile,
            List<AnnotatedMethods.Found> guarded,
            Predicate<MethodSpecification> refuses,
            BiConsumer<AnnotatedMethods.Found, MethodProblem> left) {
        List<AnnotatedMethods.Found> methods = new ArrayList<>(guarded);
        while (!methods.isEmpty()) {
            try {
                return ClassWeaver.weave(classFile, methods, refuses);
            } catch (MethodTooLargeException e) {
                List<AnnotatedMethods.Found> tooLong = methods.stream()
                        .filter(found -> found.specification().methodName().equals(e.getMethodName())
                                && found.specification().descriptor().equals(e.getDescriptor()))
                        .toList();
                MethodProblem problem = new MethodProblem(
                        ProblemCode.BODY_TOO_LONG,
                        "runs unguarded: the guard has no room in its " + e.getCodeSize()
                                + " bytes of code, 65535 is the most that a method may have; let it call another one that holds its body");
                tooLong.forEach(found -> left.accept(found, problem));
                if (tooLong.isEmpty()) {
                    throw e;
                }
                methods.removeAll(tooLong);
            }
        }
        return null;
    }
}
