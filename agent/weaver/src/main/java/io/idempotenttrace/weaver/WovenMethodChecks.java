package io.idempotenttrace.weaver;

import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.canonical.UserMappings;
import io.idempotenttrace.core.guard.CallPolicy;
import io.idempotenttrace.core.guard.GuardLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks at methods as they are woven for what is allowed, and hardly meant: it would lose or repeat traces and show it by nothing else. Each
 * is said once. Safe for use by many threads.
 */
final class WovenMethodChecks {

    private final Configuration configuration;
    private final GuardLog log;
    private final ScopeSettings scopes;
    private final RecordScopes records;
    private final UnguardedOverrides overrides;
    /** Pairs of lease and wait that were said. */
    private final Set<String> shortWaits = ConcurrentHashMap.newKeySet();

    WovenMethodChecks(Configuration configuration, GuardLog log) {
        this.configuration = configuration;
        this.log = log;
        this.scopes = new ScopeSettings(configuration);
        this.records = new RecordScopes(configuration);
        this.overrides = new UnguardedOverrides(log);
    }

    /**
     * Throws nothing: the methods are guarded, whatever is found here.
     *
     * @param classFile of the class that declares them all, as it was before
     */
    void check(ClassLoader loader, byte[] classFile, List<AnnotatedMethods.Found> methods) {
        for (AnnotatedMethods.Found found : methods) {
            MethodSpecification method = found.specification();
            try {
                scopes.met(Policies.settingScope(method));
                checkRecordScope(method);
                for (MethodProblem problem : problems(loader, classFile, found)) {
                    log.say(method.qualifiedName() + " " + problem.message());
                }
            } catch (RuntimeException | LinkageError e) {
                log.say(method.qualifiedName() + " is guarded, but could not be looked at for mistakes (" + e
                        + "). Please report it");
            }
        }
        try {
            overrides.woven(classFile, methods);
        } catch (RuntimeException | LinkageError e) {
            log.say("overrides of " + methods.get(0).specification().className() + " could not be looked for (" + e
                    + "). Please report it");
        }
    }

    /** A class that does not name the annotation, and names a woven class. Throws nothing. */
    void lookAt(@Nullable String className, byte[] classFile) {
        try {
            overrides.met(classFile);
        } catch (RuntimeException | LinkageError e) {
            log.say("class " + className + " could not be looked at for overrides of guarded methods (" + e
                    + "). Please report it");
        }
    }

    /** What is hardly meant. Of the same wait and lease it is told once. */
    private List<MethodProblem> problems(ClassLoader loader, byte[] classFile, AnnotatedMethods.Found found) {
        List<MethodProblem> problems = problems(loader, classFile, found, configuration);
        CallPolicy policy = Policies.resolve(found.specification(), configuration);
        addVolatileKey(found.specification(), problems);
        problems.removeIf(problem -> problem.code() == ProblemCode.SHORT_WAIT
                && !shortWaits.add(policy.times().leaseMillis() + ":" + policy.inProgressWaitMillis()));
        return problems;
    }

    /** What is hardly meant, as far as the class file and the settings say. */
    static List<MethodProblem> problems(
            ClassLoader loader, byte[] classFile, AnnotatedMethods.Found found, Configuration configuration) {
        MethodSpecification method = found.specification();
        List<MethodProblem> problems = new ArrayList<>();
        List<String> included = Policies.included(method, configuration);
        if (!included.isEmpty() || method.parameters().stream().anyMatch(WovenMethodChecks::hasPointer)) {
            for (String problem : new UnmatchedPointers(loader, classFile).problems(method, included)) {
                problems.add(new MethodProblem(ProblemCode.UNMATCHED_POINTER, problem));
            }
        }
        addNames(found, problems);
        addWait(method, configuration, problems);
        return problems;
    }

    /** Only where it is all of the key: a time beside an id may be that of which the message tells, such as a sensor's. */
    private static void addVolatileKey(MethodSpecification method, List<MethodProblem> problems) {
        List<@Nullable MethodProblem> parts = new ArrayList<>();
        for (MethodSpecification.Parameter parameter : method.parameters()) {
            List<String> pointers = parameter.keyPointers();
            for (String pointer : pointers == null ? List.<String>of() : pointers.isEmpty() ? List.of("") : pointers) {
                parts.add(VolatileNames.problemInKey(parameter.name(), pointer));
            }
        }
        MethodProblem only = parts.size() == 1 ? parts.get(0) : null;
        if (only != null) {
            problems.add(only);
        }
    }

    private void checkRecordScope(MethodSpecification method) {
        String problem =
                method.scope().equals(IdempotentTrace.SHARED) ? null : records.met(Policies.settingScope(method));
        if (problem != null) {
            log.say(problem);
        }
    }

    private static boolean hasPointer(MethodSpecification.Parameter parameter) {
        return parameter.keyPointers() != null && !parameter.keyPointers().isEmpty()
                || isPointer(parameter.tenantPointer())
                || isPointer(parameter.traceIdPointer());
    }

    private static boolean isPointer(@Nullable String pointer) {
        return pointer != null && !pointer.isEmpty();
    }

    /** Names are a part of the document where several parameters are hashed. */
    private static void addNames(AnnotatedMethods.Found found, List<MethodProblem> problems) {
        MethodSpecification method = found.specification();
        List<String> names = method.parameters().stream()
                .filter(MethodSpecification.Parameter::hashed)
                .map(MethodSpecification.Parameter::name)
                .toList();
        if (found.namesMissing() && names.size() > 1) {
            problems.add(new MethodProblem(
                    ProblemCode.MISSING_NAMES,
                    "is hashed with the parameter names " + String.join(", ", names)
                            + ", since its class file lacks"
                            + " them: a build that has them writes other hashes, so that redeliveries across the two are conflicts. Compile it"
                            + " with -parameters (or -g)"));
        }
    }

    /** Only where a user chose one of the two: by the defaults, a caller gives up and is called again. */
    private static void addWait(MethodSpecification method, Configuration configuration, List<MethodProblem> problems) {
        String scope = Policies.settingScope(method);
        CallPolicy policy = Policies.resolve(method, configuration);
        long lease = policy.times().leaseMillis();
        long wait = policy.inProgressWaitMillis();
        boolean chosen = !method.lease().isEmpty()
                || configuration.isSet(Setting.LEASE, scope)
                || configuration.isSet(Setting.IN_PROGRESS_WAIT, scope);
        if (chosen && wait < lease && policy.onInProgress() == OnInProgress.WAIT) {
            problems.add(
                    new MethodProblem(
                            ProblemCode.SHORT_WAIT,
                            "has an in-progress-wait of " + wait
                                    + " ms, which is shorter than its lease of " + lease
                                    + " ms: a call that meets the key of a killed worker gives up with TraceInProgressException before that key is free, and"
                                    + " its message has to be delivered again. Where it is not, let in-progress-wait be longer than lease"));
        }
    }

    /** The overrides of guarded methods that run unguarded, among the classes that are loaded. */
    List<UnguardedOverrides.Unguarded> unguardedOverrides() {
        overrides.end();
        return overrides.told();
    }

    /** The methods whose scope several of the classes share that are loaded. */
    List<SharedScopes.Shared> sharedScopes() {
        overrides.end();
        return overrides.shared();
    }

    /** What is known at the end only: one line each, for people. */
    List<String> problemsAtEnd() {
        overrides.end();
        List<String> problems = new ArrayList<>(scopes.problems());
        for (String name : UserMappings.unused()) {
            problems.add("setting 'mapping' names " + name
                    + ", of which, and of whose subclasses, no value was hashed in this run");
        }
        return problems;
    }
}
