package io.idempotenttrace.weaver;

import io.idempotenttrace.agent.WovenNames;
import io.idempotenttrace.core.background.BackgroundLoop;
import io.idempotenttrace.core.guard.GuardLog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.bytebuddy.jar.asm.AnnotationVisitor;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;

/**
 * Tells of overrides of guarded methods that are not annotated themselves: their bodies run on every call, and nothing else shows it. And
 * of guarded methods that several classes inherit, and whose one scope they share: see {@link SharedScopes}.
 *
 * <p>The JVM asks for a class before it asks for its superclass. So a subclass is met in two ways: if it loads after its superclass was
 * woven, by the name of that in its constants; if it was the cause of that loading, by a look at all loaded classes a second later, or at
 * the end of the JVM. No class is loaded for it. Not told of: classes that generators of proxies make, and overrides that hand on to the
 * guarded method of the same name and parameters, as decorators do. Safe for use by many threads.
 *
 * <p>A method of a superclass wins over the default method of an interface (JVMS 5.4.6), though the two know nothing of each other. That
 * shows where both are known: so for a class that has a superclass and inherits a guarded default method, the look at all loaded classes
 * reads the files of its superclasses.
 */
final class UnguardedOverrides {

    private static final long LOOK_AFTER_MILLIS = 1000;
    /** In the names of classes that generators of proxies make; their methods end in the ones that they override. */
    private static final List<String> GENERATED =
            List.of("$$", "$Proxy", "$ByteBuddy$", "$MockitoMock$", "$HibernateProxy$", "_ClientProxy");

    private final GuardLog log;
    /** Of each class that has guarded methods which a subclass may override or inherit: these, by name and descriptor. */
    private final Map<String, Map<String, Inherited>> guarded = new HashMap<>();

    /** More than any application has; those after them are said, and not told again. */
    private static final int MOST_TOLD = 1000;

    /**
     * Of classes that inherit guarded methods from an interface, and may have others in their place from their superclasses, which have not
     * been looked at yet: those methods, by name and descriptor.
     */
    private final Map<String, Map<String, Inherited>> undecided = new HashMap<>();

    /** Of each class that was looked at, the class that it extends. */
    private final Map<String, String> seen = new HashMap<>();

    private final List<Unguarded> told = new ArrayList<>();
    private final SharedScopes shared = new SharedScopes();
    /** Not where the classes are those of an application that does not run. */
    private boolean looksAtLoaded;

    private boolean looking;
    private boolean lookAgain;

    /**
     * An override whose body runs on every call.
     *
     * @param method its class and name
     */
    record Unguarded(String method, MethodProblem problem) {}

    /**
     * A guarded method as the classes below see it.
     *
     * @param overridable whether it is not final
     * @param shared whether its scope is that of all classes that inherit it, and nobody has said so: it has the default one, and the
     *        class that declares it has no objects of its own
     */
    private record Inherited(MethodSpecification method, boolean overridable, boolean shared) {}

    UnguardedOverrides(GuardLog log) {
        this.log = log;
    }

    /** @param classFile of a class that was woven */
    void woven(byte[] classFile, List<AnnotatedMethods.Found> methods) {
        synchronized (this) {
            looksAtLoaded = true;
        }
        if (watch(classFile, methods)) {
            lookSoon();
        }
    }

    /**
     * As {@link #woven}, without a look at loaded classes.
     *
     * @return whether a class below may override one of the methods, or share its scope
     */
    boolean watch(byte[] classFile, List<AnnotatedMethods.Found> methods) {
        ClassReader reader = ClassFiles.reader(classFile);
        boolean isFinal = (reader.getAccess() & Opcodes.ACC_FINAL) != 0;
        boolean hasNoObjects = (reader.getAccess() & Opcodes.ACC_ABSTRACT) != 0;
        Map<String, Inherited> open = new HashMap<>();
        for (AnnotatedMethods.Found found : methods) {
            MethodSpecification method = found.specification();
            Inherited inherited = new Inherited(
                    method,
                    (found.access() & Opcodes.ACC_FINAL) == 0,
                    hasNoObjects && method.scope().isEmpty());
            boolean isInherited = (found.access() & (Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC)) == 0;
            if (isInherited && (inherited.overridable || inherited.shared)) {
                open.put(method.methodName() + method.descriptor(), inherited);
            }
        }
        met(reader);
        boolean watched = !open.isEmpty() && !isFinal;
        if (watched) {
            watch(reader.getClassName(), open);
        }
        return watched;
    }

    /** The overrides that were found. */
    synchronized List<Unguarded> told() {
        return List.copyOf(told);
    }

    /** The methods that were found whose scope several classes share. */
    synchronized List<SharedScopes.Shared> shared() {
        return shared.told();
    }

    /** Whether the class is one whose methods a class below may override, or one below it that inherits them. */
    synchronized boolean isWatched(String internalName) {
        return guarded.containsKey(internalName);
    }

    private synchronized void watch(String internalName, Map<String, Inherited> methods) {
        Map<String, Inherited> known = guarded.get(internalName);
        if (known != null) {
            known.putAll(methods);
        } else {
            guarded.put(internalName, new HashMap<>(methods));
            WovenNames.add(internalName);
        }
    }

    /** A class that names a watched one, or may. */
    void met(byte[] classFile) {
        met(ClassFiles.reader(classFile));
    }

    private void met(ClassReader reader) {
        // Not under the lock: the stream that it is printed to may be the application's, and load classes, which come
        // here again.
        look(reader).forEach(log::say);
    }

    /** What there is to say of the class. */
    private synchronized List<String> look(ClassReader reader) {
        String internalName = reader.getClassName();
        Map<String, Inherited> inherited = new HashMap<>();
        String parent = reader.getSuperName() == null ? "" : reader.getSuperName();
        for (String name : reader.getInterfaces()) {
            inherited.putAll(guarded.getOrDefault(name, Map.of()));
        }
        Map<String, Inherited> ofInterfaces = new HashMap<>(inherited);
        inherited.putAll(guarded.getOrDefault(parent, Map.of()));
        if (inherited.isEmpty() || seen.putIfAbsent(internalName, parent) != null || isGenerated(internalName)) {
            return List.of();
        }
        Overrides overrides = new Overrides(internalName, inherited);
        reader.accept(overrides, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        // Two overloads have one line.
        Set<String> lines = new LinkedHashSet<>();
        for (Unguarded each : unguarded(internalName, overrides)) {
            lines.add(each.method() + ' ' + each.problem().message());
            if (told.size() < MOST_TOLD) {
                told.add(each);
            }
        }
        boolean hasObjects = (reader.getAccess() & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_SYNTHETIC)) == 0;
        if (hasObjects) {
            for (MethodSpecification method : sharing(parent, overrides)) {
                SharedScopes.Shared sharing = shared.met(method, internalName, seen);
                if (sharing != null) {
                    lines.add(method.qualifiedName() + ' ' + sharing.problem().message());
                }
            }
        }
        inherited.keySet().removeAll(overrides.declared);
        if (!inherited.isEmpty()) {
            watch(internalName, inherited);
        }
        ofInterfaces.keySet().removeAll(overrides.declared);
        boolean isInterface = (reader.getAccess() & Opcodes.ACC_INTERFACE) != 0;
        if (!ofInterfaces.isEmpty() && !isInterface && !parent.equals("java/lang/Object") && looksAtLoaded) {
            undecided.put(internalName, ofInterfaces);
            lookSoon();
        }
        return List.copyOf(lines);
    }

    private static List<Unguarded> unguarded(String internalName, Overrides overrides) {
        List<Unguarded> unguarded = new ArrayList<>();
        for (String method : overrides.plain()) {
            Inherited overridden = overrides.inherited.get(method);
            if (overridden != null && overridden.overridable && !overrides.handsOn(method)) {
                unguarded.add(
                        new Unguarded(
                                internalName.replace('/', '.') + '.' + method.substring(0, method.indexOf('(')),
                                new MethodProblem(
                                        ProblemCode.UNGUARDED_OVERRIDE,
                                        "overrides " + overridden.method.qualifiedName()
                                                + ", which is guarded, and is not annotated itself: its body runs on every call. Annotate it with"
                                                + " @IdempotentTrace, with the scope and the parameters' annotations that it is to have")));
            }
        }
        return unguarded;
    }

    /** The methods above a class that do its work, in a scope that is that of other classes too. */
    private List<MethodSpecification> sharing(String parent, Overrides overrides) {
        List<MethodSpecification> sharing = new ArrayList<>();
        overrides.inherited.forEach((name, method) -> {
            // What the class extends may have overridden it for this class, too.
            boolean overriddenAbove = seen.containsKey(parent)
                    && !guarded.getOrDefault(parent, Map.of()).containsKey(name);
            boolean inherits = !overrides.declared.contains(name) && !overriddenAbove;
            if (method.shared && (inherits || overrides.passedOn.contains(name))) {
                sharing.add(method.method);
            }
        });
        return sharing;
    }

    private static boolean isGenerated(String internalName) {
        for (String mark : GENERATED) {
            if (internalName.contains(mark)) {
                return true;
            }
        }
        return false;
    }

    /** Looks at classes that were loaded while, or before, what they extend was woven. */
    void lookAtLoaded() {
        for (Class<?> type : WovenNames.loadedClasses()) {
            if (type.getClassLoader() != null && !type.isArray() && !type.isHidden()) {
                look(type);
            }
        }
    }

    /** First at what is above it: from there it inherits. */
    private void look(Class<?> type) {
        if (type.getClassLoader() == null || !isBelowWatched(type)) {
            return;
        }
        if (type.getSuperclass() != null) {
            look(type.getSuperclass());
        }
        for (Class<?> implemented : type.getInterfaces()) {
            look(implemented);
        }
        String internalName = internalName(type);
        boolean isNew;
        synchronized (this) {
            // Also one that has guarded methods of its own may have been woven before what it extends.
            isNew = !seen.containsKey(internalName) && isDirectlyBelowWatched(type);
        }
        // Loaders of generated classes do not show their files.
        byte[] classFile = isNew ? ClassFiles.shownBy(type.getClassLoader(), internalName) : null;
        if (classFile != null) {
            met(classFile);
        }
        Map<String, Inherited> methods;
        synchronized (this) {
            methods = undecided.remove(internalName);
        }
        if (methods != null) {
            methods.forEach((method, inherited) -> lookAbove(type, method, inherited));
        }
    }

    /** Tells if a superclass has the method, unguarded: then that is the one which the class has, not the interface's. */
    private void lookAbove(Class<?> type, String method, Inherited inherited) {
        Class<?> above = SuperclassMethods.unguarded(type, method, superclass -> implementsWatched(superclass, method));
        if (above != null) {
            tellInPlaceOf(type, above, method, inherited);
        }
    }

    private void tellInPlaceOf(Class<?> type, Class<?> above, String method, Inherited inherited) {
        Unguarded unguarded = new Unguarded(
                above.getName() + '.' + method.substring(0, method.indexOf('(')),
                new MethodProblem(
                        ProblemCode.UNGUARDED_OVERRIDE,
                        "stands in " + type.getName() + " in the place of " + inherited.method.qualifiedName()
                                + ", which is guarded, and is not annotated itself: its body runs on every call. Annotate it with"
                                + " @IdempotentTrace, or override it in " + type.getName()
                                + " with an annotated method"));
        synchronized (this) {
            if (told.size() < MOST_TOLD) {
                told.add(unguarded);
            }
            Map<String, Inherited> watched = guarded.get(internalName(type));
            if (watched != null) {
                // What is below it overrides the superclass' method, and no guarded one.
                watched.remove(method);
            }
        }
        log.say(unguarded.method() + ' ' + unguarded.problem().message());
    }

    /** Whether the class itself names an interface that has the guarded method: then it is that class of which to tell. */
    private boolean implementsWatched(Class<?> type, String method) {
        for (Class<?> implemented : type.getInterfaces()) {
            synchronized (this) {
                if (guarded.getOrDefault(internalName(implemented), Map.of()).containsKey(method)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String internalName(Class<?> type) {
        return type.getName().replace('.', '/');
    }

    private synchronized boolean isDirectlyBelowWatched(Class<?> type) {
        boolean below = type.getSuperclass() != null && guarded.containsKey(internalName(type.getSuperclass()));
        for (Class<?> implemented : type.getInterfaces()) {
            below |= guarded.containsKey(internalName(implemented));
        }
        return below;
    }

    private boolean isBelowWatched(Class<?> type) {
        synchronized (this) {
            if (guarded.containsKey(internalName(type))) {
                return true;
            }
        }
        boolean below = type.getSuperclass() != null && isBelowWatched(type.getSuperclass());
        Class<?>[] implemented = type.getInterfaces();
        for (int i = 0; !below && i < implemented.length; i++) {
            below = isBelowWatched(implemented[i]);
        }
        return below;
    }

    /** One thread looks for all classes that are woven within the same second. */
    private synchronized void lookSoon() {
        lookAgain = true;
        if (!looking) {
            // Where no thread can be started, the end of the JVM looks once more.
            looking = BackgroundLoop.runOnce("idempotent-trace-overrides", this::lookUntilQuiet);
        }
    }

    private void lookUntilQuiet() {
        try {
            while (isToLook()) {
                Thread.sleep(LOOK_AFTER_MILLIS);
                lookAtLoaded();
            }
        } catch (Throwable failure) {
            synchronized (this) {
                looking = false;
            }
        }
    }

    private synchronized boolean isToLook() {
        looking = lookAgain;
        lookAgain = false;
        return looking;
    }

    /** When the JVM stops: a program may be shorter than the look after a second. */
    void end() {
        boolean watched;
        synchronized (this) {
            watched = !guarded.isEmpty();
        }
        if (watched) {
            lookAtLoaded();
        }
    }

    /** Which of the inherited guarded methods a class overrides, and which its methods call. */
    private final class Overrides extends ClassVisitor {

        private final String internalName;
        private final Map<String, Inherited> inherited;
        private final Set<String> declared = new HashSet<>();
        private final Set<String> plain = new HashSet<>();
        private final Set<String> annotated = new HashSet<>();
        /** Of an override that is a bridge, the method behind it. */
        private final Map<String, String> behindBridges = new HashMap<>();

        /** Of each inherited method, those that override it: with a bridge, two. */
        private final Map<String, Set<String>> overriding = new HashMap<>();

        private final MethodCalls calls;
        /** Overrides that do nothing but call what they override: the work is done there, in its scope. */
        private final Set<String> passedOn = new HashSet<>();

        Overrides(String internalName, Map<String, Inherited> inherited) {
            super(Opcodes.ASM9);
            this.internalName = internalName;
            this.inherited = inherited;
            this.calls = new MethodCalls(internalName);
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            String overridden = overridden(name, descriptor);
            boolean overrides = overridden != null && (access & (Opcodes.ACC_STATIC | Opcodes.ACC_PRIVATE)) == 0;
            if (overrides) {
                declared.add(overridden);
                overriding
                        .computeIfAbsent(overridden, method -> new HashSet<>())
                        .add(name + descriptor);
            }
            boolean hasBody = (access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_SYNTHETIC)) == 0;
            if (overrides && hasBody) {
                plain.add(overridden);
            }
            ForwardReader forward = overrides && hasBody
                    ? new ForwardReader(internalName, access, /* takesSelf= */ false, descriptor, Set.of())
                    : null;
            MethodVisitor inside = calls.of(
                    access,
                    name + descriptor,
                    (owner, called) -> inherited.containsKey(called) && guarded.containsKey(owner),
                    forward);
            return new MethodVisitor(Opcodes.ASM9, inside) {
                @Override
                public @Nullable AnnotationVisitor visitAnnotation(String type, boolean visible) {
                    if (type.equals(AnnotatedMethods.ANNOTATION)) {
                        annotated.add(name + descriptor);
                        plain.remove(overridden);
                    }
                    return null;
                }

                @Override
                public void visitMethodInsn(
                        int opcode, String owner, String called, String calledDescriptor, boolean isInterface) {
                    if (overrides && !hasBody && called.equals(name) && !guarded.containsKey(owner)) {
                        behindBridges.put(overridden, called + calledDescriptor);
                    }
                    super.visitMethodInsn(opcode, owner, called, calledDescriptor, isInterface);
                }

                @Override
                public void visitEnd() {
                    ForwardedCall call = forward == null ? null : forward.call();
                    if (call != null
                            && guarded.containsKey(call.owner())
                            && !call.owner().equals(internalName)
                            && (call.receiver() == ForwardedCall.Receiver.SELF
                                    || call.receiver() == ForwardedCall.Receiver.NONE)
                            && SourceNames.same(call.name(), name)) {
                        passedOn.add(overridden);
                    }
                }
            };
        }

        /** Whether an override of the inherited method calls that one, of whatever object. */
        boolean handsOn(String method) {
            Set<String> from = new HashSet<>(overriding.getOrDefault(method, Set.of()));
            String behindBridge = behindBridges.get(method);
            if (behindBridge != null) {
                from.add(behindBridge);
            }
            return calls.reach(from, method);
        }

        /** The overrides that have a body of the source's own, and no annotation. */
        Set<String> plain() {
            behindBridges.forEach((overridden, method) -> {
                if (!annotated.contains(method)) {
                    plain.add(overridden);
                }
            });
            return plain;
        }

        /** The inherited method of that name and those parameters, whatever it returns: an override may return a subclass. */
        private @Nullable String overridden(String name, String descriptor) {
            String wanted = name + descriptor.substring(0, descriptor.indexOf(')') + 1);
            for (String method : inherited.keySet()) {
                if (method.startsWith(wanted)) {
                    return method;
                }
            }
            return null;
        }
    }
}
