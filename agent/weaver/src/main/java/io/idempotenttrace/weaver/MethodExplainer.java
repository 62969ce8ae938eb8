package io.idempotenttrace.weaver;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.OneLineJson;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.canonical.UserMappings;
import io.idempotenttrace.core.guard.CallCounters;
import io.idempotenttrace.core.guard.GuardLog;
import io.idempotenttrace.core.guard.ObservedCalls;
import io.idempotenttrace.weaver.async.AsyncTypes;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import net.bytebuddy.jar.asm.ClassReader;
import org.jspecify.annotations.Nullable;

/**
 * Tells of classes which of their methods are guarded, how, and what is wrong with them, before any of them is called. It asks what weaves
 * classes and links methods, so that it says what the agent will do. Classes are loaded where their types matter, and never initialized: no
 * code of theirs runs. Not for use by several threads at once.
 */
public final class MethodExplainer {

    private static final byte[] ANNOTATIONS = "Lio/idempotenttrace/".getBytes(StandardCharsets.US_ASCII);

    private final Configuration configuration;
    private final UnguardedOverrides overrides = new UnguardedOverrides(
            new GuardLog(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), 1));
    private final List<ExplainedMethod> methods = new ArrayList<>();
    /** Of the methods, the classes that declare them, as far as these could be loaded. */
    private final Map<ExplainedMethod, Class<?>> declaring = new HashMap<>();

    private final Map<String, MethodProblem> stray = new TreeMap<>();
    /** Of each class that was met, what it extends and implements; by internal names. */
    private final Map<String, String[]> above = new LinkedHashMap<>();

    private final List<String> notes = new ArrayList<>();
    private final ScopeSettings scopes;

    public MethodExplainer(Configuration configuration) {
        this.configuration = configuration;
        this.scopes = new ScopeSettings(configuration);
        UserMappings.install(configuration.text(Setting.MAPPING));
    }

    /**
     * Takes a class of the application, whether it is annotated or not. Of two with one name the first counts, as for a class loader.
     *
     * @param loader shows the class and those that it names
     */
    public void met(ClassLoader loader, byte[] classFile) {
        try {
            ClassReader reader = ClassFiles.reader(classFile);
            String[] interfaces = reader.getInterfaces();
            String[] types = new String[interfaces.length + 1];
            System.arraycopy(interfaces, 0, types, 1, interfaces.length);
            types[0] = reader.getSuperName();
            if (above.putIfAbsent(reader.getClassName(), types) == null && namesAnnotations(classFile)) {
                stray.putAll(StrayAnnotations.in(classFile));
                annotated(loader, classFile);
            }
        } catch (RuntimeException e) {
            // No class file, or one of a version that is not known yet.
            notes.add("a class file could not be read (" + e + ")");
        }
    }

    /** Takes a class that has annotated methods. One that can't be looked at is told, and keeps no other from being told. */
    void annotated(ClassLoader loader, byte[] classFile) {
        String name = "a class file";
        try {
            name = ClassFiles.reader(classFile).getClassName().replace('/', '.');
            lookAt(loader, classFile);
        } catch (RuntimeException | LinkageError e) {
            methods.add(ExplainedMethod.notAnnotated(
                    name, new MethodProblem(ProblemCode.CLASS_MISSING, "could not be looked at (" + e + ")")));
        }
    }

    private void lookAt(ClassLoader loader, byte[] classFile) {
        List<AnnotatedMethods.Found> guarded = new ArrayList<>();
        Map<AnnotatedMethods.Found, ExplainedMethod> bySource = new HashMap<>();
        List<AnnotatedMethod> found = AnnotatedMethod.in(loader, classFile);
        for (AnnotatedMethod method : found) {
            ExplainedMethod explained = ExplainedMethod.of(method.specification());
            methods.add(explained);
            if (method.obstacle() != null) {
                explained.notGuarded(refusedOrNot(method.specification(), method.obstacle()));
            } else {
                guarded.add(method.source());
                bySource.put(method.source(), explained);
            }
        }
        FittingMethods.weave(
                classFile,
                guarded,
                method -> Policies.refusesUnguarded(method, configuration),
                (method, problem) -> Objects.requireNonNull(bySource.get(method))
                        .notGuarded(refusedOrNot(method.specification(), problem)));
        overrides.watch(classFile, guarded);
        ReadableResults results = guarded.isEmpty() ? null : new ReadableResults(loader, classFile);
        for (AnnotatedMethod method : found) {
            ExplainedMethod explained = bySource.get(method.source());
            if (explained != null && results != null) {
                look(loader, classFile, method, results, explained);
            }
        }
    }

    private MethodProblem refusedOrNot(MethodSpecification method, MethodProblem problem) {
        return problem.refusedBy(Policies.refusal(method, problem, configuration));
    }

    private static boolean namesAnnotations(byte[] classFile) {
        for (int i = 0; i <= classFile.length - ANNOTATIONS.length; i++) {
            int matching = 0;
            while (matching < ANNOTATIONS.length && classFile[i + matching] == ANNOTATIONS[matching]) {
                matching++;
            }
            if (matching == ANNOTATIONS.length) {
                return true;
            }
        }
        return false;
    }

    private void look(
            ClassLoader loader,
            byte[] classFile,
            AnnotatedMethod annotated,
            ReadableResults results,
            ExplainedMethod to) {
        MethodSpecification method = annotated.specification();
        scopes.met(Policies.settingScope(method));
        to.policies(configuration);
        if (annotated.warning() != null) {
            to.add(annotated.warning());
        }
        WovenMethodChecks.problems(loader, classFile, annotated.source(), configuration)
                .forEach(to::add);
        for (String problem : new UnmatchedPointers(loader, classFile).problemsOfExcluded(method, method.exclude())) {
            to.add(new MethodProblem(ProblemCode.UNMATCHED_POINTER, problem));
        }
        addDuplicate("@TenantId", method, MethodSpecification.Parameter::tenantPointer, to);
        addDuplicate("@TraceId", method, MethodSpecification.Parameter::traceIdPointer, to);
        MethodProblem result = ReadableResults.isOfInterest(method) ? results.problem(method, configuration) : null;
        if (result != null) {
            addResult(result, to);
        }
        boolean unobservable = result != null && result.code() == ProblemCode.UNOBSERVABLE_RETURN;
        MethodProblem parameters = unobservable ? null : results.problemOfParameters(method, classFile, configuration);
        if (parameters != null) {
            addResult(parameters, to);
        }
        lookAtTypes(loader, annotated, /* resultIsSeen= */ unobservable, to);
    }

    private static void addResult(MethodProblem result, ExplainedMethod to) {
        if (result.code() == ProblemCode.UNOBSERVABLE_RETURN || result.code() == ProblemCode.UNOBSERVABLE_CALLBACK) {
            to.notGuarded(result);
        } else {
            to.add(result);
        }
    }

    private static void addDuplicate(
            String annotation,
            MethodSpecification method,
            Function<MethodSpecification.Parameter, @Nullable String> pointer,
            ExplainedMethod to) {
        List<String> marked = new ArrayList<>();
        for (MethodSpecification.Parameter parameter : method.parameters()) {
            if (pointer.apply(parameter) != null) {
                marked.add("'" + parameter.name() + "'");
            }
        }
        if (marked.size() > 1) {
            to.add(new MethodProblem(
                    ProblemCode.DUPLICATE_ANNOTATION,
                    "has " + annotation + " on the parameters " + String.join(" and ", marked) + ", of which only "
                            + marked.get(marked.size() - 1) + " counts; keep one"));
        }
    }

    /** What only the loaded types show. */
    private void lookAtTypes(ClassLoader loader, AnnotatedMethod annotated, boolean resultIsSeen, ExplainedMethod to) {
        MethodSpecification declared = annotated.declared().specification();
        MethodSpecification method = annotated.specification();
        try {
            Class<?> type = Class.forName(declared.className(), false, loader);
            declaring.put(to, type);
            DeclaredDocument document = new DeclaredDocument(declared, method, type, configuration);
            boolean unmatched = to.has(ProblemCode.UNMATCHED_POINTER);
            for (MethodProblem problem : document.problems()) {
                if (!unmatched || problem.code() != ProblemCode.NOTHING_HASHED) {
                    to.add(problem);
                }
            }
            to.document(document.outline());
            lookAtResult(declared, method, type, resultIsSeen, to);
        } catch (UnsupportedClassVersionError e) {
            to.add(
                    new MethodProblem(
                            ProblemCode.CLASS_MISSING,
                            "has types that this Java " + Runtime.version().feature() + " can't load (" + e.getMessage()
                                    + "), so that its payload was not looked at; run the command with the Java that the application needs"));
        } catch (ClassNotFoundException | LinkageError | TypeNotPresentException e) {
            to.add(new MethodProblem(
                    ProblemCode.CLASS_MISSING,
                    "has types that can't be loaded (" + e
                            + "), so that its payload was not looked at; give the whole class path of"
                            + " the application"));
        }
    }

    private void lookAtResult(
            MethodSpecification declared, MethodSpecification method, Class<?> type, boolean seen, ExplainedMethod to) {
        if (declared.isSuspending()) {
            Type result = ResultJson.typeOfSuspendFunction(declared, type);
            addUnended(seen ? null : UnendedReturn.ofSuspendFunction(result), method, to);
            addPolicies(method, result.getTypeName().equals("kotlin.Unit"), to);
            return;
        }
        Class<?> returned = ResultJson.returnType(declared, type);
        Type generic = ResultJson.genericReturnType(declared, type);
        addUnended(seen ? null : UnendedReturn.of(returned, generic), method, to);
        boolean nothing = returned == void.class
                || returned == Void.class
                || AsyncTypes.isKnown(returned.getName())
                        && generic instanceof ParameterizedType parameterized
                        && parameterized.getActualTypeArguments()[0] == Void.class;
        addPolicies(method, nothing, to);
    }

    private void addUnended(@Nullable String unended, MethodSpecification method, ExplainedMethod to) {
        if (unended != null) {
            boolean throwing = Policies.throwsOnUnobservable(method, configuration);
            to.notGuarded(new MethodProblem(
                    ProblemCode.UNOBSERVABLE_RETURN, UnendedReturn.problem(UnendedReturn.returns(unended), throwing)));
        }
    }

    /** Policies of the annotation that give a caller what the method has not got. */
    private static void addPolicies(MethodSpecification method, boolean returnsNothing, ExplainedMethod to) {
        if (method.onConflict().equals("SKIP") && !method.descriptor().endsWith(")V")) {
            to.add(new MethodProblem(
                    ProblemCode.POLICY_WITHOUT_EFFECT,
                    "has onConflict=SKIP and returns a value, of which none is made up: a conflict throws TraceConflictException."
                            + " Say THROW, or return void"));
        }
        if (method.onInProgress().equals("SKIP") && !returnsNothing && !method.traceIdReturned()) {
            to.add(new MethodProblem(
                    ProblemCode.POLICY_WITHOUT_EFFECT,
                    "has onInProgress=SKIP and returns a value, of which there is none before the running call has ended: a call throws"
                            + " TraceInProgressException. Say WAIT or THROW, or return void"));
        }
    }

    // What several classes show together

    /** Looks at all that was met. */
    public List<String> lines() {
        Set<String> seen = new HashSet<>();
        for (String name : List.copyOf(above.keySet())) {
            lookForOverrides(name, seen);
        }
        unguarded(overrides.told());
        shared(overrides.shared());
        addStray();
        addSharedScopes();
        List<String> lines = new ArrayList<>();
        for (Map<String, Object> each : maps()) {
            lines.add(OneLineJson.of(each));
        }
        return lines;
    }

    /** What there is to say of no single method, for people. */
    public List<String> notes() {
        List<String> all = new ArrayList<>(notes);
        all.addAll(scopes.problems());
        return all;
    }

    /** Takes how the calls of each method ended until now. */
    void counts(CallCounters counters) {
        Map<String, CallCounters> parts = counters.parts();
        for (ExplainedMethod method : methods) {
            CallCounters ofMethod = parts.get(method.signature());
            if (method.specification() != null) {
                Map<String, Object> byEnding = new LinkedHashMap<>();
                for (CallCounters.Ending ending : CallCounters.Ending.values()) {
                    byEnding.put(ending.label(), ofMethod == null ? 0 : ofMethod.get(ending));
                }
                method.counts(byEnding);
            }
        }
    }

    /** Takes what ran in mode=observe that would not have run else. */
    void observed(ObservedCalls calls) {
        for (ExplainedMethod method : methods) {
            Map<String, Object> byVerdict = new LinkedHashMap<>();
            calls.of(method.signature()).forEach((verdict, observed) -> {
                List<Object> examples = new ArrayList<>();
                for (ObservedCalls.Example example : observed.examples()) {
                    Map<String, Object> each = new LinkedHashMap<>();
                    each.put("key", example.key());
                    each.put("differingMembers", example.members());
                    examples.add(each);
                }
                Map<String, Object> each = new LinkedHashMap<>();
                each.put("calls", observed.calls());
                each.put("examples", examples);
                byVerdict.put(verdict.label(), each);
            });
            if (!byVerdict.isEmpty()) {
                method.observed(byVerdict);
            }
        }
    }

    /** Takes overrides that were found elsewhere. */
    void unguarded(List<UnguardedOverrides.Unguarded> found) {
        for (UnguardedOverrides.Unguarded override : found) {
            stray.remove(override.method());
            methods.add(ExplainedMethod.notAnnotated(override.method(), override.problem()));
        }
    }

    /** Takes methods that were found elsewhere, each of which has one scope for several classes. */
    void shared(List<SharedScopes.Shared> found) {
        for (SharedScopes.Shared shared : found) {
            String signature = shared.method().signature();
            for (ExplainedMethod method : methods) {
                boolean isSame = method.isGuarded() && method.signature().equals(signature);
                if (isSame && !method.has(ProblemCode.SHARED_SCOPE)) {
                    method.add(shared.problem());
                }
            }
        }
    }

    /** First at what is above it: from there it inherits. */
    private void lookForOverrides(String name, Set<String> seen) {
        String[] types = above.get(name);
        if (types == null || !seen.add(name)) {
            return;
        }
        boolean below = false;
        for (String type : types) {
            if (type != null) {
                lookForOverrides(type, seen);
                below |= overrides.isWatched(type);
            }
        }
        byte[] classFile = below ? read(name) : null;
        if (classFile != null) {
            overrides.met(classFile);
        }
    }

    private byte @Nullable [] read(String name) {
        for (Class<?> type : declaring.values()) {
            try (InputStream in = type.getClassLoader().getResourceAsStream(name + ".class")) {
                if (in != null) {
                    return in.readAllBytes();
                }
            } catch (java.io.IOException e) {
                notes.add("class " + name.replace('/', '.') + " could not be read (" + e + ")");
            }
        }
        return null;
    }

    private void addStray() {
        stray.forEach((method, problem) -> methods.add(ExplainedMethod.notAnnotated(method, problem)));
        stray.clear();
    }

    private void addSharedScopes() {
        Map<String, List<ExplainedMethod>> byScope = new HashMap<>();
        for (ExplainedMethod method : methods) {
            MethodSpecification specification = method.specification();
            if (specification != null && method.isGuarded()) {
                String scope = Policies.recordScope(specification, configuration);
                byScope.computeIfAbsent(String.valueOf(scope), name -> new ArrayList<>())
                        .add(method);
            }
        }
        byScope.values().forEach(together -> together.forEach(method -> addShared(method, together)));
    }

    private void addShared(ExplainedMethod method, List<ExplainedMethod> together) {
        List<String> others = new ArrayList<>();
        for (ExplainedMethod other : together) {
            if (other != method && !isMeant(method, other)) {
                others.add(other.annotated().signature());
            }
        }
        if (!others.isEmpty()) {
            MethodSpecification specification = method.annotated();
            method.add(new MethodProblem(
                    ProblemCode.SHARED_SCOPE,
                    "has the scope '" + Policies.settingScope(specification) + "' of " + String.join(" and ", others)
                            + " too: a key of one is a key of the other, so that its call is a duplicate or a conflict. Give each a scope of"
                            + " its own"));
        }
    }

    /**
     * Whether the two are one operation: the same method of two loaders, an override, or two emitters that share their keys with everybody
     * and hash the same.
     */
    private boolean isMeant(ExplainedMethod one, ExplainedMethod other) {
        MethodSpecification first = one.annotated();
        MethodSpecification second = other.annotated();
        if (first.signature().equals(second.signature())) {
            return true;
        }
        if (ExplainedMethod.isShared(first)) {
            return one.sameDocument(other);
        }
        Class<?> ofFirst = declaring.get(one);
        Class<?> ofSecond = declaring.get(other);
        return first.methodName().equals(second.methodName())
                && first.descriptor().equals(second.descriptor())
                && ofFirst != null
                && ofSecond != null
                && (ofFirst.isAssignableFrom(ofSecond) || ofSecond.isAssignableFrom(ofFirst));
    }

    /** Each method as {@link ExplainedMethod#toMap}, by name. */
    private List<Map<String, Object>> maps() {
        List<ExplainedMethod> sorted = new ArrayList<>(methods);
        sorted.sort(Comparator.comparing(ExplainedMethod::signature));
        return sorted.stream().map(ExplainedMethod::toMap).toList();
    }
}
