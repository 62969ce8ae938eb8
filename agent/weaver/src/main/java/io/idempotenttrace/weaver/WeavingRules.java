package io.idempotenttrace.weaver;

import io.idempotenttrace.config.Durations;
import io.idempotenttrace.core.canonical.Exclusions;
import io.idempotenttrace.core.canonical.Pointer;
import io.idempotenttrace.weaver.async.AsyncTypes;
import java.util.Set;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;

/** Which annotated methods can be guarded, and why not the others. An unguarded method may run twice: each is named. */
final class WeavingRules {

    private static final Set<String> TRACE_ID_TYPES = Set.of(
            "java.lang.String",
            "java.lang.CharSequence",
            "java.lang.Object",
            "java.util.UUID",
            "long",
            "java.lang.Long");

    private static final int FIRST_CLASS_VERSION_WITH_INVOKEDYNAMIC = 51;

    private WeavingRules() {}

    /** Why the method can't be guarded; null if it can. */
    static @Nullable MethodProblem obstacle(AnnotatedMethods.Found found) {
        MethodProblem obstacle = obstacleToWeaving(found);
        return obstacle != null ? obstacle : mistake(found.specification());
    }

    /** Why no guard can be written into the method; null if one can. */
    static @Nullable MethodProblem obstacleToWeaving(AnnotatedMethods.Found found) {
        MethodSpecification method = found.specification();
        int access = found.access();
        if (method.methodName().equals("<init>")) {
            return new MethodProblem(ProblemCode.CONSTRUCTOR, "is a constructor; move the annotation to a method");
        }
        if ((access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) != 0) {
            return new MethodProblem(
                    ProblemCode.NO_BODY,
                    "has no body, so the annotation is without effect; annotate the methods that implement it");
        }
        if (found.classVersion() < FIRST_CLASS_VERSION_WITH_INVOKEDYNAMIC) {
            return new MethodProblem(
                    ProblemCode.OLD_CLASS_FILE,
                    "runs unguarded: its class file is of Java " + (found.classVersion() - 44)
                            + "; compile it for Java 8 or newer");
        }
        if (method.methodName().equals("invokeSuspend")
                && method.descriptor().equals("(Ljava/lang/Object;)Ljava/lang/Object;")) {
            return new MethodProblem(
                    ProblemCode.SUSPEND_LAMBDA,
                    "runs unguarded: it is a Kotlin suspend lambda, whose calls can't be told from its resumptions; make it a suspend"
                            + " function");
        }
        return null;
    }

    /**
     * What the annotations of a method say and can't mean; null for nothing. Such a method is woven all the same: its calls are seen, so that
     * they are refused, or counted as unguarded.
     */
    static @Nullable MethodProblem mistake(MethodSpecification method) {
        String returnType = Type.getReturnType(method.descriptor()).getClassName();
        if (method.traceIdReturned() && !isTraceId(returnType) && !AsyncTypes.isKnown(returnType)) {
            return new MethodProblem(
                    ProblemCode.TRACE_ID_TYPE,
                    "runs unguarded: it is annotated with @TraceId but returns " + returnType
                            + "; return String, UUID or long");
        }
        return wrongValue(method);
    }

    /** Whether a stored trace id can be given back as that type. */
    static boolean isTraceId(String type) {
        return TRACE_ID_TYPES.contains(type);
    }

    /**
     * What a guarded method's user should know of it; null for nothing.
     *
     * @param inline whether Kotlin's compiler copies its body into its callers
     */
    static @Nullable MethodProblem warning(MethodSpecification method, boolean inline) {
        if (inline) {
            return new MethodProblem(
                    ProblemCode.INLINE_FUNCTION,
                    "is an inline function: Kotlin copies its body into its callers, where it runs unguarded on every call. Only calls from"
                            + " other languages are guarded; remove inline");
        }
        if (method.scope().isEmpty() && SourceNames.isCounted(method)) {
            return new MethodProblem(
                    ProblemCode.UNSTABLE_SCOPE,
                    "has a name that the compiler counts up, and with it its default scope: both change with the code around it, and a key"
                            + " that was done is then new. Give it a scope");
        }
        return null;
    }

    private static @Nullable MethodProblem wrongValue(MethodSpecification method) {
        MethodProblem wrong = wrongDuration("ttl", method.ttl(), 1000);
        wrong = wrong != null ? wrong : wrongDuration("lease", method.lease(), Durations.SHORTEST_LEASE_MILLIS);
        if (wrong != null) {
            return wrong;
        }
        try {
            Exclusions.parse(method.include(), method.exclude());
            for (MethodSpecification.Parameter parameter : method.parameters()) {
                if (parameter.keyPointers() != null) {
                    for (String pointer : parameter.keyPointers()) {
                        Pointer.parse(pointer);
                    }
                }
                Pointer.parse(parameter.tenantPointer() == null ? "" : parameter.tenantPointer());
                Pointer.parse(parameter.traceIdPointer() == null ? "" : parameter.traceIdPointer());
            }
            return null;
        } catch (IllegalArgumentException e) {
            return new MethodProblem(ProblemCode.BAD_POINTER, "runs unguarded: " + e.getMessage());
        }
    }

    private static @Nullable MethodProblem wrongDuration(String name, String value, long leastMillis) {
        if (value.isEmpty() || Durations.parseMillis(value) >= leastMillis) {
            return null;
        }
        return new MethodProblem(
                ProblemCode.BAD_DURATION,
                "runs unguarded: its " + name + " '" + value + "' is no duration of at least " + leastMillis
                        + " ms; write 90s, 15m, 24h or PT24H, and at most " + Durations.LONGEST);
    }
}
