package io.idempotenttrace.weaver;

import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.core.guard.CallPolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is known of one method before it is called: how its calls are guarded, and what is wrong with it. Not for several threads. */
final class ExplainedMethod {

    private final String method;
    private final List<MethodProblem> problems = new ArrayList<>();
    /** Null for a method that is not annotated. */
    private final @Nullable MethodSpecification specification;

    private final Map<String, Object> policies = new LinkedHashMap<>();
    /** Null where nobody has counted. */
    private @Nullable Map<String, Object> counts;

    /** Null where nothing was let through. */
    private @Nullable Map<String, Object> observed;

    private boolean guarded = true;
    private @Nullable Object document;

    private ExplainedMethod(String method, @Nullable MethodSpecification specification) {
        this.method = method;
        this.specification = specification;
    }

    /** An annotated method. */
    static ExplainedMethod of(MethodSpecification specification) {
        return new ExplainedMethod(specification.qualifiedName(), specification);
    }

    /** A method that is not guarded, since it has no annotation. */
    static ExplainedMethod notAnnotated(String method, MethodProblem problem) {
        ExplainedMethod explained = new ExplainedMethod(method, null);
        explained.notGuarded(problem);
        return explained;
    }

    void add(MethodProblem problem) {
        problems.add(problem);
    }

    /** Adds a problem for which the method is not guarded. */
    void notGuarded(MethodProblem problem) {
        guarded = false;
        problems.add(problem);
    }

    boolean isGuarded() {
        return guarded;
    }

    boolean has(ProblemCode code) {
        return problems.stream().anyMatch(problem -> problem.code() == code);
    }

    /** With the types of the parameters, where it is annotated. */
    String signature() {
        return specification == null ? method : specification.signature();
    }

    boolean sameDocument(ExplainedMethod other) {
        return Objects.equals(document, other.document);
    }

    /** How its calls ended until now. */
    void counts(Map<String, Object> byEnding) {
        counts = byEnding;
    }

    /** What ran, by verdict, that would not have run in mode=enforce. */
    void observed(Map<String, Object> byVerdict) {
        observed = byVerdict;
    }

    @Nullable
    MethodSpecification specification() {
        return specification;
    }

    /** Of a method that is annotated. */
    MethodSpecification annotated() {
        return Objects.requireNonNull(specification, "a method without annotation");
    }

    /** @param outline as {@link io.idempotenttrace.core.canonical.PayloadOutline} gives it */
    void document(@Nullable Object outline) {
        document = outline;
    }

    /** Reads what the settings say of its calls; of a method whose values could be parsed. */
    void policies(Configuration configuration) {
        MethodSpecification annotated = specification;
        if (annotated == null) {
            return;
        }
        CallPolicy policy = Policies.resolve(annotated, configuration);
        Policies.Unhashable unhashable = Policies.unhashable(annotated, policy, configuration);
        policies.put("onDuplicate", word(policy.onDuplicate()));
        policies.put("onInProgress", word(policy.onInProgress()));
        policies.put("onConflict", word(policy.onConflict()));
        policies.put("onStoreFailure", word(policy.onStoreFailure()));
        policies.put("onUnhashable", unhashable.throwing() ? "throw" : "proceed");
        policies.put("onMissingKey", policy.throwOnMissingKey() ? "throw" : "proceed");
        policies.put("ttlMillis", policy.times().ttlMillis());
        policies.put("leaseMillis", policy.times().leaseMillis());
        policies.put("inProgressWaitMillis", policy.inProgressWaitMillis());
        policies.put("completion", policy.asyncCompletion() ? "async" : "sync");
        policies.put("transactional", Policies.joinsTransactions(annotated, configuration) ? "join" : "ignore");
        String recordScope = Policies.recordScope(annotated, configuration);
        if (recordScope != null && !recordScope.equals(Policies.settingScope(annotated))) {
            policies.put("recordScope", recordScope);
        }
    }

    private static String word(Enum<?> policy) {
        return policy.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** In the order in which it is written: what a program may rely on comes first. */
    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("method", method);
        map.put("scope", specification == null ? null : Policies.settingScope(specification));
        map.put("key", specification == null ? null : key(specification));
        map.put("document", document);
        List<Object> told = new ArrayList<>();
        for (MethodProblem problem : problems) {
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("code", problem.code().text());
            each.put("message", problem.message());
            told.add(each);
        }
        map.put("problems", told);
        map.put("guarded", guarded);
        if (specification != null) {
            map.put("parameters", specification.parameterTypes());
            map.put("tenant", tenant(specification));
            map.put("policies", policies);
        }
        if (counts != null) {
            map.put("counts", counts);
        }
        if (observed != null) {
            map.put("observed", observed);
        }
        return map;
    }

    /** The parts of the key, as they are joined: {@code span/traceId:span/id}. */
    private static String key(MethodSpecification method) {
        List<String> parts = new ArrayList<>();
        for (MethodSpecification.Parameter parameter : method.parameters()) {
            List<String> pointers = parameter.keyPointers();
            if (pointers != null && pointers.isEmpty()) {
                parts.add(parameter.name());
            } else if (pointers != null) {
                pointers.forEach(pointer -> parts.add(parameter.name() + pointer));
            }
        }
        return parts.isEmpty() ? "hash of the document" : String.join(":", parts);
    }

    private static @Nullable String tenant(MethodSpecification method) {
        for (int i = method.parameters().size() - 1; i >= 0; i--) {
            MethodSpecification.Parameter parameter = method.parameters().get(i);
            if (parameter.tenantPointer() != null) {
                return parameter.name() + parameter.tenantPointer();
            }
        }
        return null;
    }

    /** Whether its keys are shared with every other writer. */
    static boolean isShared(MethodSpecification method) {
        return method.scope().equals(IdempotentTrace.SHARED);
    }
}
