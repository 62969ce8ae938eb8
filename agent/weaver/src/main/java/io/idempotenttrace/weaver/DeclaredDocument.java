package io.idempotenttrace.weaver;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.core.canonical.Exclusions;
import io.idempotenttrace.core.canonical.PayloadOutline;
import io.idempotenttrace.core.canonical.UnseenFieldPolicies;
import io.idempotenttrace.core.open.PayloadHashers;
import java.lang.invoke.MethodType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The hashed document of a method as the types of its parameters show it, and what is wrong with it and with the key. The types are loaded,
 * and not initialized: no code of the application's runs.
 */
final class DeclaredDocument {

    private final MethodSpecification method;
    private final Configuration configuration;
    private final Type[] types;
    private final List<MethodProblem> problems = new ArrayList<>();
    private final Exclusions exclusions;
    private final UnseenFieldPolicies unseenFields;
    private @Nullable Object outline;

    /**
     * @param declared the method as the declaring class has it
     * @param source as its source names it, with parameters at the same places
     * @throws LinkageError or TypeNotPresentException if a type can't be loaded
     */
    DeclaredDocument(
            MethodSpecification declared, MethodSpecification source, Class<?> declaring, Configuration configuration) {
        this.method = source;
        this.configuration = configuration;
        Class<?>[] plain = MethodType.fromMethodDescriptorString(declared.descriptor(), declaring.getClassLoader())
                .parameterArray();
        types = UnseenParameters.generic(declared, declaring, plain);
        exclusions = Policies.exclusions(method, configuration);
        unseenFields = PayloadHashers.unseenFields(configuration, Policies.settingScope(method));
        outline = look();
    }

    /** As {@link PayloadOutline} gives it; null where nothing is hashed. */
    @Nullable
    Object outline() {
        return outline;
    }

    List<MethodProblem> problems() {
        return problems;
    }

    private @Nullable Object look() {
        Map<String, Type> hashed = new LinkedHashMap<>();
        // Behind the parameters of a suspend function comes where its result goes.
        for (int i = 0; i < Math.min(types.length, method.parameters().size()); i++) {
            MethodSpecification.Parameter parameter = method.parameters().get(i);
            if (parameter.hashed()) {
                hashed.put(parameter.name(), types[i]);
            } else if (isRead(parameter)) {
                lookAtName(parameter, types[i]);
            }
        }
        PayloadOutline payload = new PayloadOutline(exclusions, unseenFields);
        Object found = null;
        if (hashed.size() == 1) {
            Map.Entry<String, Type> only = hashed.entrySet().iterator().next();
            found = payload.ofParameter(only.getKey(), only.getValue());
        } else if (!hashed.isEmpty()) {
            found = payload.ofParameters(hashed);
        }
        addKey(hashed.keySet());
        addWeakKey();
        for (PayloadOutline.Refusal refusal : payload.refusals()) {
            problems.add(refused(refusal, at(refusal.pointer(), hashed)));
        }
        addVolatile(payload, hashed.keySet());
        boolean empty = payload.leaves().isEmpty()
                && payload.refusals().isEmpty()
                && !hashed.isEmpty()
                && exclusions.hasPlaces();
        if (empty) {
            problems.add(
                    new MethodProblem(
                            ProblemCode.NOTHING_HASHED,
                            "has nothing left to hash: include and exclude leave out each member of its payload; leave some of them in"));
        }
        return found;
    }

    private static boolean isRead(MethodSpecification.Parameter parameter) {
        return isWhole(parameter.keyPointers() == null ? null : String.join("", parameter.keyPointers()))
                || isWhole(parameter.tenantPointer())
                || isWhole(parameter.traceIdPointer());
    }

    private static boolean isWhole(@Nullable String pointer) {
        return pointer != null && pointer.isEmpty();
    }

    /** A parameter that is key, tenant or trace id as a whole: its text must show all of its state. */
    private void lookAtName(MethodSpecification.Parameter parameter, Type type) {
        PayloadOutline name = new PayloadOutline(Exclusions.NONE, UnseenFieldPolicies.DEFAULT);
        Object shape = name.ofParameter(parameter.name(), type);
        for (PayloadOutline.Refusal refusal : name.refusals()) {
            problems.add(refused(refusal, "'" + parameter.name() + refusal.pointer() + "'"));
        }
        if (name.refusals().isEmpty() && !(shape instanceof String)) {
            if (isWhole(parameter.traceIdPointer())) {
                problems.add(noName(ProblemCode.TRACE_ID_TYPE, "@TraceId", parameter, "trace id"));
            }
            if (isWhole(parameter.tenantPointer())) {
                problems.add(noName(ProblemCode.TENANT_TYPE, "@TenantId", parameter, "tenant"));
            }
        }
    }

    private static MethodProblem noName(
            ProblemCode code, String annotation, MethodSpecification.Parameter parameter, String what) {
        return new MethodProblem(
                code,
                "has " + annotation + " on parameter '" + parameter.name()
                        + "', which is no text: all of its JSON would be the " + what
                        + ". Name the member by a pointer, as in " + annotation + "(\"/id\")");
    }

    private MethodProblem refused(PayloadOutline.Refusal refusal, String where) {
        boolean refuses = Policies.unhashable(method, Policies.resolve(method, configuration), configuration)
                .throwing();
        return new MethodProblem(
                refusal.unseen() ? ProblemCode.UNSEEN_FIELDS : ProblemCode.UNHASHABLE_TYPE,
                "can't hash " + where + ": " + refusal.reason() + ". Its calls "
                        + (refuses ? "are refused" : "run unguarded"));
    }

    /** The place of a pointer into the document, for people. */
    private static String at(String pointer, Map<String, Type> hashed) {
        return hashed.size() == 1
                ? "'" + hashed.keySet().iterator().next() + pointer + "'"
                : "'" + pointer.substring(1) + "'";
    }

    private void addKey(Set<String> hashed) {
        Set<String> parts = new HashSet<>();
        boolean keyed = false;
        for (MethodSpecification.Parameter parameter : method.parameters()) {
            List<String> pointers = parameter.keyPointers();
            if (pointers == null) {
                continue;
            }
            keyed = true;
            for (String pointer : pointers.isEmpty() ? List.of("") : pointers) {
                if (!parts.add(parameter.name() + pointer)) {
                    problems.add(new MethodProblem(
                            ProblemCode.DUPLICATE_ANNOTATION,
                            "has '" + pointer + "' twice in @IdempotencyKey of parameter '" + parameter.name()
                                    + "'; name the part that is missing, or name it once"));
                }
                MethodProblem problem = VolatileNames.problemInKey(parameter.name(), pointer);
                if (problem != null) {
                    problems.add(problem);
                }
            }
        }
        if (!keyed && hashed.isEmpty()) {
            problems.add(new MethodProblem(
                    ProblemCode.CONSTANT_KEY,
                    "has neither key nor payload, so that all of its calls have one key: its body runs once, and again when ttl is over."
                            + " Mark what tells its calls apart with @IdempotencyKey"));
        } else if (!keyed) {
            problems.add(
                    new MethodProblem(
                            ProblemCode.NO_KEY,
                            "has no @IdempotencyKey, so the hash of its payload is the key: a redelivery with any change of the payload, or by a"
                                    + " version that hashes another class, runs the body again. Mark what names the call with @IdempotencyKey"));
        }
    }

    /** Whether each part of the key has a type of few values. */
    private void addWeakKey() {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < Math.min(types.length, method.parameters().size()); i++) {
            MethodSpecification.Parameter parameter = method.parameters().get(i);
            List<String> pointers = parameter.keyPointers();
            if (pointers == null) {
                continue;
            }
            PayloadOutline value = new PayloadOutline(Exclusions.NONE, UnseenFieldPolicies.DEFAULT);
            value.ofParameter(parameter.name(), types[i]);
            for (String pointer : pointers.isEmpty() ? List.of("") : pointers) {
                boolean few = value.leaves().stream()
                        .anyMatch(leaf -> leaf.pointer().equals(pointer) && isOfFewValues(leaf.type()));
                if (!few) {
                    return;
                }
                parts.add("'" + parameter.name() + pointer + "'");
            }
        }
        if (!parts.isEmpty()) {
            problems.add(new MethodProblem(
                    ProblemCode.WEAK_KEY,
                    "has the key " + String.join(", ", parts)
                            + ", of which there are a few values: calls that have nothing to do with"
                            + " each other share a key, and are conflicts. Add the part that names the message"));
        }
    }

    private static boolean isOfFewValues(Class<?> type) {
        return type == boolean.class || type == Boolean.class || Enum.class.isAssignableFrom(type);
    }

    private void addVolatile(PayloadOutline payload, Set<String> hashed) {
        Set<String> ofKey = new HashSet<>();
        boolean keyed = false;
        for (MethodSpecification.Parameter parameter : method.parameters()) {
            if (parameter.keyPointers() != null) {
                keyed = true;
                parameter
                        .keyPointers()
                        .forEach(pointer -> ofKey.add(hashed.size() == 1 ? pointer : '/' + parameter.name() + pointer));
            }
        }
        for (PayloadOutline.Leaf leaf : payload.leaves()) {
            if (VolatileNames.isVolatile(leaf.name(), leaf.type()) && !ofKey.contains(leaf.pointer())) {
                problems.add(new MethodProblem(
                        ProblemCode.VOLATILE_MEMBER,
                        "hashes '" + (leaf.pointer().isEmpty() ? leaf.name() : leaf.pointer()) + "' ("
                                + PayloadOutline.name(leaf.type())
                                + "), which looks like a value that is made anew for each delivery: a redelivery would "
                                + (keyed ? "be a conflict" : "run the body again") + ". "
                                + (leaf.pointer().isEmpty()
                                        ? "Mark the parameter @Unhashed"
                                        : "Leave it out, by exclude = \"" + leaf.pointer() + "\" or @Unhashed")));
            }
        }
    }
}
