package io.idempotenttrace.weaver;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;

/**
 * Finds, of one method in the source that compilers make into several, the one that holds the body. Compilers copy annotations onto
 * bridges, onto overloads for default arguments, onto static forwarders of companions and objects, onto methods that call an
 * interface's or a trait's body elsewhere. Each copy ends in the body. If several were guarded, one call would be claimed several
 * times, and a call through a copy would have another payload or scope than the same call of the method itself: a conflict that is
 * none, or two bodies for one key.
 *
 * <p>A copy is known by what it does: it passes its parameters on to a method of the same name that is guarded in the same way, with a
 * parameter for each key, tenant, trace id and unhashed value that the copy has, and does nothing else. A forwarder that somebody wrote by hand is the same thing. Where the other class's file can't be read, the copy
 * stays guarded, in the scope of the body: if that is guarded too, its claim is then a part of the copy's.
 */
final class Copies {

    /** What generators of proxies (CGLIB, Byte Buddy, Javassist, Mockito, Hibernate, Weld, Quarkus) put into the names of theirs. */
    private static final Set<String> PROXY_MARKS = Set.of(
            "$$EnhancerBy",
            "$$SpringCGLIB$$",
            "$$FastClassBy",
            "$ByteBuddy$",
            "_$$_jvst",
            "$MockitoMock$",
            "$HibernateProxy$",
            "_$$_Weld",
            "$$QuarkusProxy",
            "$Proxy$_");

    private static final String GROOVY_MEMOIZED_BODY = "memoizedMethodPriv$";

    /** A body behind four forwarders is the longest chain that a compiler makes: facade, part, default arguments, accessor. */
    private static final int MAX_STEPS = 6;

    /** What became of the search for the method that a forwarder calls. */
    private enum Target {
        GUARDED,
        NOT_GUARDED,
        UNREADABLE
    }

    private final @Nullable ClassLoader loader;
    private final ClassMethods declaring;
    /** Of each class that was asked for, by its internal name; null inside where its file can't be read. */
    private final Map<String, @Nullable ClassMethods> read = new HashMap<>();

    /**
     * @param loader the class's own; null for the boot loader
     * @param annotated what {@link AnnotatedMethods} found in that class file
     */
    Copies(@Nullable ClassLoader loader, byte[] classFile, List<AnnotatedMethods.Found> annotated) {
        this.loader = loader;
        declaring = ClassMethods.of(classFile, annotated);
        read.put(declaring.name(), declaring);
    }

    /** The method as its source names it, to be guarded; null if it is a copy of another one, which is guarded itself. */
    AnnotatedMethods.@Nullable Found original(AnnotatedMethods.Found found) {
        String className = found.specification().className();
        for (String mark : PROXY_MARKS) {
            if (className.contains(mark)) {
                return null;
            }
        }
        if ((found.access() & Opcodes.ACC_BRIDGE) != 0) {
            return null;
        }
        if (found.specification().methodName().endsWith("$suspendImpl")) {
            // Kotlin's body of an open suspend function, which calls it: the function itself is guarded.
            return null;
        }
        ClassMethods.Method method = method(found);
        AnnotatedMethods.Found named = SourceNames.sourceLevel(found, declaring);
        ForwardedCall call = callOf(method);
        if (call == null) {
            return isGroovyCopy(method, declaring) ? null : named;
        }
        return switch (target(call, method, declaring, 0)) {
            case GUARDED -> null;
            case NOT_GUARDED -> isGroovyCopy(method, declaring) ? null : named;
            case UNREADABLE -> inScopeOf(call, named);
        };
    }

    /** Whether Kotlin's compiler copies the method's body into its callers. */
    boolean isInline(AnnotatedMethods.Found found) {
        return method(found).inline;
    }

    /** Whether an interface's method without body has one, put into another class by the compiler. */
    boolean hasBodyElsewhere(AnnotatedMethods.Found found) {
        return hasBodyElsewhere(method(found));
    }

    private boolean hasBodyElsewhere(ClassMethods.Method method) {
        ClassMethods type = method.declaring;
        String bodies = type.name()
                + (type.isGroovyTrait() ? SourceNames.GROOVY_TRAIT_BODIES : SourceNames.KOTLIN_INTERFACE_BODIES);
        if (method.hasBody() || !type.isGroovyTrait() && !type.hasNested(bodies)) {
            return false;
        }
        ClassMethods holder = read(bodies);
        return holder == null
                || holder.method(method.name, "(L" + type.name() + ';' + method.descriptor.substring(1)) != null;
    }

    /** It was found in the class file that {@code declaring} was read from. */
    private ClassMethods.Method method(AnnotatedMethods.Found found) {
        return Objects.requireNonNull(declaring.method(
                found.specification().methodName(), found.specification().descriptor()));
    }

    /** What the method forwards to; null for one of its own. */
    private static @Nullable ForwardedCall callOf(ClassMethods.Method method) {
        if (method.trait == null || method.call != null) {
            return method.call;
        }
        // Other compile-time changes, such as @ThreadInterrupt, may stand before the call: the annotation says where it
        // goes.
        boolean isStatic = (method.access & Opcodes.ACC_STATIC) != 0;
        String self = isStatic ? "Ljava/lang/Class;" : 'L' + method.trait + ';';
        return new ForwardedCall(
                method.trait + SourceNames.GROOVY_TRAIT_BODIES,
                method.name,
                '(' + self + method.descriptor.substring(1),
                ForwardedCall.Receiver.NONE);
    }

    /**
     * Groovy computes default arguments in the overload itself, and may compute anything there. A {@code @Memoized} method calls its
     * body through a closure.
     */
    private static boolean isGroovyCopy(ClassMethods.Method method, ClassMethods in) {
        if (!method.generated) {
            return false;
        }
        for (ClassMethods.Method other : in.all()) {
            if (other.found == null || other.generated) {
                continue;
            }
            if (method.name.startsWith(GROOVY_MEMOIZED_BODY + other.name)
                    && Type.getArgumentTypes(method.descriptor).length
                            == Type.getArgumentTypes(other.descriptor).length) {
                return true;
            }
            if (method.name.equals(other.name)
                    && isShortened(Type.getArgumentTypes(method.descriptor), Type.getArgumentTypes(other.descriptor))) {
                return true;
            }
        }
        return false;
    }

    /** Whether the parameters are those of a longer method with some left out. */
    private static boolean isShortened(Type[] parameters, Type[] longer) {
        int next = 0;
        for (int i = 0; i < longer.length && next < parameters.length; i++) {
            if (parameters[next].equals(longer[i])) {
                next++;
            }
        }
        return next == parameters.length && parameters.length < longer.length;
    }

    /** Looks for the guarded method at the end of that call. */
    private Target target(ForwardedCall call, ClassMethods.Method from, ClassMethods in, int steps) {
        if (steps == MAX_STEPS) {
            return Target.NOT_GUARDED;
        }
        if (call.receiver() == ForwardedCall.Receiver.NONE
                && call.name().endsWith(SourceNames.KOTLIN_DEFAULT_ARGUMENTS)
                && takesDefaults(call, from, in)) {
            return Target.GUARDED;
        }
        ClassMethods owner = read(call.owner());
        if (owner == null) {
            return Target.UNREADABLE;
        }
        ClassMethods.Method called = inherited(owner, call);
        if (called == null || called == from || !SourceNames.same(called.name, from.name)) {
            return Target.NOT_GUARDED;
        }
        if (called.found != null) {
            return isGuardedAs(called, from, call) ? Target.GUARDED : Target.NOT_GUARDED;
        }
        // What compilers put in between has no annotation: Kotlin's accessors and Scala's static methods of traits.
        boolean isStatic = (called.access & Opcodes.ACC_STATIC) != 0;
        boolean compiled = (called.access & Opcodes.ACC_SYNTHETIC) != 0 || isStatic && called.name.endsWith("$");
        return called.call != null && compiled ? target(called.call, from, owner, steps + 1) : Target.NOT_GUARDED;
    }

    private boolean isGuardedAs(ClassMethods.Method called, ClassMethods.Method from, ForwardedCall call) {
        if (!isGuardedAs(called, from)) {
            return false;
        }
        return switch (call.receiver()) {
            // The object may be of any class. Where the interface has a body, that is guarded; what another class has
            // may not be.
            case DELEGATE -> called.hasBody() || hasBodyElsewhere(called);
            case MEMBER ->
                called.hasBody() && (from.generated || declaring.isScala() && (from.access & Opcodes.ACC_FINAL) != 0);
            default -> called.hasBody() && called.found != null && WeavingRules.obstacleToWeaving(called.found) == null;
        };
    }

    /** Scala leaves the annotations of parameters out of some of its copies. */
    private boolean isGuardedAs(ClassMethods.Method one, ClassMethods.Method other) {
        return one.found != null
                && other.found != null
                && one.found.specification().isGuardedAs(other.found.specification())
                && (declaring.isScala() || one.found.specification().hasRolesOf(other.found.specification()));
    }

    /** Whether the call is for the default arguments of an annotated method: Kotlin's {@code name$default}. */
    private boolean takesDefaults(ForwardedCall call, ClassMethods.Method from, ClassMethods in) {
        List<ClassMethods> places = new ArrayList<>(List.of(in));
        ClassMethods owner = read(call.owner());
        if (owner != null && owner != in) {
            places.add(owner);
        }
        String wanted = call.name().substring(0, call.name().length() - SourceNames.KOTLIN_DEFAULT_ARGUMENTS.length());
        for (ClassMethods place : places) {
            for (ClassMethods.Method candidate : place.annotatedLike(wanted)) {
                if (candidate != from
                        && candidate.name.equals(wanted)
                        && isDefaultsOf(call.descriptor(), candidate.descriptor)
                        && isGuardedAs(candidate, from)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether the one takes the other's parameters, perhaps after its object, and behind them the masks and a marker. */
    private static boolean isDefaultsOf(String defaults, String method) {
        List<Type> left = new ArrayList<>(List.of(Type.getArgumentTypes(defaults)));
        List<Type> parameters = List.of(Type.getArgumentTypes(method));
        if (left.isEmpty() || !Type.getReturnType(defaults).equals(Type.getReturnType(method))) {
            return false;
        }
        left.remove(left.size() - 1);
        while (left.size() > parameters.size() && left.get(left.size() - 1).equals(Type.INT_TYPE)) {
            left.remove(left.size() - 1);
            if (left.equals(parameters)
                    || left.size() == parameters.size() + 1
                            && left.subList(1, left.size()).equals(parameters)) {
                return true;
            }
        }
        return false;
    }

    /** The called method, where it is declared; null if it isn't found. */
    private ClassMethods.@Nullable Method inherited(ClassMethods owner, ForwardedCall call) {
        ClassMethods type = owner;
        for (int i = 0; type != null && i < MAX_STEPS; i++) {
            ClassMethods.Method method = type.method(call.name(), call.descriptor());
            if (method != null) {
                return method;
            }
            for (String implemented : type.interfaces()) {
                ClassMethods parent = read(implemented);
                ClassMethods.Method inherited = parent == null ? null : parent.method(call.name(), call.descriptor());
                if (inherited != null) {
                    return inherited;
                }
            }
            String above = type.superName();
            type = above == null || above.startsWith("java/") ? null : read(above);
        }
        return null;
    }

    /** The forwarder in the scope that the body has by default, where the call goes to a class that a compiler made for it. */
    private AnnotatedMethods.Found inScopeOf(ForwardedCall call, AnnotatedMethods.Found forwarder) {
        String owner = call.owner();
        boolean compiled = owner.startsWith(declaring.name() + '$')
                || owner.endsWith(SourceNames.GROOVY_TRAIT_BODIES)
                || owner.endsWith(SourceNames.KOTLIN_INTERFACE_BODIES);
        if (!compiled || !call.name().equals(forwarder.specification().methodName())) {
            return forwarder;
        }
        return new AnnotatedMethods.Found(
                forwarder.classVersion(),
                forwarder.access(),
                forwarder.firstLine(),
                forwarder.maxLocals(),
                forwarder.namesMissing(),
                forwarder
                        .specification()
                        .declaredAs(
                                SourceNames.declaringClass(owner.replace('/', '.')),
                                forwarder.specification().parameters()));
    }

    /** Null if the class file can't be read. No class is loaded. */
    private @Nullable ClassMethods read(String internalName) {
        if (!read.containsKey(internalName)) {
            read.put(internalName, load(internalName));
        }
        return read.get(internalName);
    }

    private @Nullable ClassMethods load(String internalName) {
        byte[] classFile = ClassFiles.shownBy(loader, internalName);
        try {
            return classFile == null ? null : ClassMethods.of(classFile);
        } catch (RuntimeException e) {
            return null;
        }
    }
}
