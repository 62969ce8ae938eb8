package io.idempotenttrace.weaver;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.core.classfile.ReturnedReceiver;
import io.idempotenttrace.weaver.async.AsyncTypes;
import io.idempotenttrace.weaver.async.UnendedTypes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.bytebuddy.description.annotation.AnnotationList;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.RecordComponentDescription;
import net.bytebuddy.description.type.TypeDefinition;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.pool.TypePool;
import org.jspecify.annotations.Nullable;

/**
 * Tells, when a class is woven, which of its methods return what JSON can't be read back into, so that a user learns it before
 * the first duplicate. Types are described from class files alone; what these do not show, the first stored result does.
 */
final class ReadableResults {

    private static final Set<String> OPEN =
            OpenValue.TYPES.stream().map(Class::getName).collect(Collectors.toUnmodifiableSet());
    private static final String JACKSON = "com.fasterxml.jackson.annotation.";

    private final TypePool pool;
    private final TypeDescription type;
    private final byte[] classFile;

    ReadableResults(ClassLoader loader, byte[] classFile) {
        String className = ClassFiles.reader(classFile).getClassName().replace('/', '.');
        pool = TypePool.Default.of(new ClassFileLocator.Compound(
                ClassFileLocator.Simple.of(className, classFile), ClassFileLocator.ForClassLoader.of(loader)));
        type = pool.describe(className).resolve();
        this.classFile = classFile;
    }

    /** Whether the method has a result that is not plainly readable: most return nothing, a number or a text. */
    static boolean isOfInterest(MethodSpecification method) {
        String descriptor = method.descriptor();
        return !method.traceIdReturned() && descriptor.endsWith(";") && !descriptor.endsWith(")Ljava/lang/String;");
    }

    /** What is wrong with what the method returns; null if nothing is seen to be. */
    @Nullable
    MethodProblem problem(MethodSpecification method, Configuration configuration) {
        String unended = unended(method);
        if (unended != null) {
            boolean throwing = Policies.throwsOnUnobservable(method, configuration);
            return new MethodProblem(
                    ProblemCode.UNOBSERVABLE_RETURN, UnendedReturn.problem(UnendedReturn.returns(unended), throwing));
        }
        if (GuardWriter.passesReceiver(method)
                && ReturnedReceiver.isAll(classFile, method.methodName(), method.descriptor())) {
            // A duplicate gets the object that it is called on.
            return null;
        }
        String unreadable = unreadable(method);
        return unreadable == null
                ? null
                : new MethodProblem(
                        ProblemCode.UNREADABLE_RESULT,
                        "returns what may not be read back for its duplicates, which then get DuplicateTraceException: "
                                + unreadable);
    }

    /** What there is to know of the parameters of the method that it tells something; null for nothing. */
    @Nullable
    MethodProblem problemOfParameters(MethodSpecification method, byte[] classFile, Configuration configuration) {
        try {
            return CallbackParameters.problem(method, described(method), classFile, configuration);
        } catch (RuntimeException e) {
            // A class file that is missing or odd: the first call will show.
            return null;
        }
    }

    /** Whether a parameter of the method is an object and no text. */
    static boolean hasParameters(MethodSpecification method) {
        String descriptor = method.descriptor();
        return descriptor
                .substring(0, descriptor.indexOf(')'))
                .replace("Ljava/lang/String;", "")
                .contains(";");
    }

    /**
     * What the method returns that has no end to be seen, for people; null where there is none, or where only loaded classes show it.
     */
    @Nullable
    String unended(MethodSpecification method) {
        try {
            return unended(described(method).getReturnType(), /* inside= */ false, 0);
        } catch (RuntimeException e) {
            // A class file that is missing or odd: the first call will show.
            return null;
        }
    }

    private @Nullable String unended(TypeDescription.Generic part, boolean inside, int depth) {
        if (part.getSort() == TypeDefinition.Sort.VARIABLE || part.getSort() == TypeDefinition.Sort.WILDCARD) {
            return depth > 8 ? null : unended(part.getUpperBounds().get(0), inside, depth + 1);
        }
        if (part.isPrimitive() || depth > 8) {
            return null;
        }
        if (part.isArray()) {
            return unended(part.getComponentType(), /* inside= */ true, depth + 1);
        }
        TypeDescription raw = part.asErasure();
        String name = raw.getName();
        Set<String> types = new HashSet<>();
        addTypes(raw, types);
        boolean observed = AsyncTypes.isKnown(name)
                || types.stream().anyMatch(AsyncTypes::isFuture)
                // Where its only method is subscribe, another can be made: the loaded class shows it.
                || raw.isInterface() && types.stream().anyMatch(AsyncTypes::isKnown);
        String reason = !observed ? UnendedTypes.declared(name, types::contains) : inside ? UnendedReturn.INSIDE : null;
        if (reason != null) {
            return UnendedReturn.described(name, reason);
        }
        if (part.getSort() == TypeDefinition.Sort.PARAMETERIZED && !name.equals("java.lang.Class")) {
            for (TypeDescription.Generic argument : part.getTypeArguments()) {
                String found = unended(argument, /* inside= */ true, depth + 1);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    /** Adds the type and all above it. */
    static void addTypes(TypeDescription type, Set<String> names) {
        if (!names.add(type.getName())) {
            return;
        }
        if (type.getSuperClass() != null) {
            addTypes(type.getSuperClass().asErasure(), names);
        }
        type.getInterfaces().forEach(implemented -> addTypes(implemented.asErasure(), names));
    }

    /** The method as the class file has it. */
    MethodDescription described(MethodSpecification method) {
        return type.getDeclaredMethods()
                .filter(found -> found.getInternalName().equals(method.methodName())
                        && found.getDescriptor().equals(method.descriptor()))
                .getOnly();
    }

    /** Why duplicates of the method may get no result, for people; null if none is seen. */
    private @Nullable String unreadable(MethodSpecification method) {
        try {
            MethodDescription described = described(method);
            if (method.isSuspending()) {
                return problemOfSuspendFunction(described);
            }
            TypeDescription.Generic returned = described.getReturnType();
            boolean future = AsyncTypes.isFuture(returned.asErasure().getName());
            if (returned.getSort() == TypeDefinition.Sort.VARIABLE && future) {
                // Its caller gets the body's own, and nothing is stored.
                return problem(returned, new HashSet<>());
            }
            if (!AsyncTypes.isKnown(returned.asErasure().getName())) {
                return returned.asErasure().isAssignableTo(java.util.concurrent.Future.class)
                        ? null
                        : problem(returned, new HashSet<>());
            }
            // What it promises is what is stored.
            return returned.getSort() == TypeDefinition.Sort.PARAMETERIZED
                    ? problem(returned.getTypeArguments().get(0), new HashSet<>())
                    : null;
        } catch (RuntimeException e) {
            // A class file that is missing or odd: the first result will show.
            return null;
        }
    }

    /** Its result is what its continuation takes. */
    private @Nullable String problemOfSuspendFunction(MethodDescription function) {
        TypeDescription.Generic continuation = function.getParameters()
                .get(function.getParameters().size() - 1)
                .getType();
        if (continuation.getSort() != TypeDefinition.Sort.PARAMETERIZED) {
            return null;
        }
        TypeDescription.Generic taken = continuation.getTypeArguments().get(0);
        TypeDescription.Generic result = taken.getSort() == TypeDefinition.Sort.WILDCARD
                        && !taken.getLowerBounds().isEmpty()
                ? taken.getLowerBounds().get(0)
                : taken;
        // Of a value class it is stored what that holds, and of Unit nothing.
        boolean held = result.asErasure().getName().startsWith("kotlin.")
                || result.asErasure().getDeclaredMethods().stream()
                        .anyMatch(method -> method.getInternalName().equals("unbox-impl"));
        return held ? null : problem(result, new HashSet<>());
    }

    private @Nullable String problem(TypeDescription.Generic part, Set<String> seen) {
        if (part.getSort() == TypeDefinition.Sort.VARIABLE
                || part.getSort() == TypeDefinition.Sort.VARIABLE_SYMBOLIC
                || part.getSort() == TypeDefinition.Sort.WILDCARD) {
            return problem(part.getUpperBounds().get(0), seen);
        }
        if (part.isPrimitive() || part.represents(Void.class) || !seen.add(part.getTypeName())) {
            return null;
        }
        if (part.isArray()) {
            return problem(part.getComponentType(), seen);
        }
        TypeDescription raw = part.asErasure();
        String name = raw.getName();
        if (OPEN.contains(name)) {
            return name + " does not say what to read; "
                    + (seen.size() == 1
                            ? "text, numbers, booleans, characters and null come back as they were, of other values only what comes back equal is stored"
                            : "a part of a result is stored only if it comes back equal, as text, booleans, int and double do");
        }
        if (name.startsWith("java.") && isNoValue(name)) {
            return name + " is no value that JSON can hold";
        }
        if (part.getSort() == TypeDefinition.Sort.PARAMETERIZED) {
            for (TypeDescription.Generic argument : part.getTypeArguments()) {
                String problem = problem(argument, seen);
                if (problem != null) {
                    return problem;
                }
            }
        }
        return name.startsWith("java.") || raw.isEnum() ? null : problemOfApplicationType(raw, seen);
    }

    /** A class of the JDK may be loaded at any time. */
    private static boolean isNoValue(String name) {
        try {
            return ResultIntrospector.isNeverWritten(Class.forName(name, false, null));
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private @Nullable String problemOfApplicationType(TypeDescription raw, Set<String> seen) {
        if (!pool.describe(raw.getName()).isResolved() || hasAnnotationOf(raw.getDeclaredAnnotations())) {
            return null;
        }
        if (raw.isRecord()) {
            for (RecordComponentDescription component : raw.getRecordComponents()) {
                String problem = problem(component.getType(), seen);
                if (problem != null) {
                    return problem;
                }
            }
            return null;
        }
        if (raw.isSealed()) {
            for (TypeDescription permitted : raw.getPermittedSubtypes()) {
                String problem = problem(permitted.asGenericType(), seen);
                if (problem != null) {
                    return problem;
                }
            }
            return null;
        }
        if (raw.isInterface() || raw.isAbstract()) {
            return raw.isAssignableTo(java.util.Collection.class) || raw.isAssignableTo(java.util.Map.class)
                    ? null
                    : raw.getName()
                            + " is abstract and not sealed, and no annotation (@JsonTypeInfo, @JsonSubTypes) says which class to read";
        }
        return hasConstructorForJackson(raw)
                ? null
                : raw.getName() + " has neither a constructor without parameters nor one with @JsonCreator";
    }

    private static boolean hasConstructorForJackson(TypeDescription raw) {
        List<MethodDescription.InDefinedShape> constructors =
                List.copyOf(raw.getDeclaredMethods().filter(ElementMatchers.isConstructor()));
        boolean inner = raw.isMemberType() && !raw.isStatic();
        if (!inner
                && constructors.stream()
                        .anyMatch(constructor -> constructor.getParameters().isEmpty())) {
            return true;
        }
        if (raw.getDeclaredMethods().stream().anyMatch(method -> hasAnnotationOf(method.getDeclaredAnnotations()))) {
            return true;
        }
        // One whose parameters have names in the class file: Jackson takes it for the properties of those names.
        return !inner
                && constructors.size() == 1
                && constructors.get(0).isPublic()
                && constructors.get(0).getParameters().hasExplicitMetaData();
    }

    private static boolean hasAnnotationOf(AnnotationList annotations) {
        return annotations.stream()
                .anyMatch(annotation -> annotation.getAnnotationType().getName().startsWith(JACKSON));
    }
}
