package io.idempotenttrace.weaver;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * Finds in the names of compilers those that stand in the source. Where a method's body is put, and under which name, depends on the
 * compiler's version and flags; a key must not.
 */
final class SourceNames {

    /** A local variable by which Kotlin's debugger finds the body of an inline function, before that function's name. */
    static final String KOTLIN_INLINE_MARK = "$i$f$";

    static final String KOTLIN_INTERFACE_BODIES = "$DefaultImpls";
    static final String GROOVY_TRAIT_BODIES = "$Trait$Helper";
    static final String SCALA_VALUE_CLASS_BODY = "$extension";
    static final String KOTLIN_DEFAULT_ARGUMENTS = "$default";

    private static final Pattern COUNTED_METHOD = Pattern.compile("\\$\\d+$");
    private static final Pattern COUNTED_CLASS = Pattern.compile("\\$\\d+(\\$|$)");

    private static final Set<String> CONTEXTS = Set.of(
            "scala.concurrent.ExecutionContext",
            "scala.concurrent.ExecutionContextExecutor",
            "scala.concurrent.ExecutionContextExecutorService",
            "kotlinx.coroutines.CoroutineScope",
            "kotlin.coroutines.CoroutineContext");

    private SourceNames() {}

    /**
     * The method as its source names it: its class where that is one of the compiler's own, and without the object that it is called
     * on where that is a parameter.
     */
    static AnnotatedMethods.Found sourceLevel(AnnotatedMethods.Found found, ClassMethods declaring) {
        MethodSpecification method = found.specification();
        String className = declaringClass(method.className(), declaring);
        List<MethodSpecification.Parameter> parameters = parameters(found, declaring);
        if (className.equals(method.className()) && parameters.equals(method.parameters())) {
            return found;
        }
        return new AnnotatedMethods.Found(
                found.classVersion(),
                found.access(),
                found.firstLine(),
                found.maxLocals(),
                found.namesMissing(),
                method.declaredAs(className, parameters));
    }

    /** @param className with dots */
    static String declaringClass(String className, ClassMethods declaring) {
        return declaring.facade() != null ? declaring.facade().replace('/', '.') : declaringClass(className);
    }

    /** The same where the class file is not at hand. */
    static String declaringClass(String className) {
        for (String bodies : new String[] {KOTLIN_INTERFACE_BODIES, GROOVY_TRAIT_BODIES}) {
            if (className.endsWith(bodies)) {
                return className.substring(0, className.length() - bodies.length());
            }
        }
        return withoutSpecialization(className);
    }

    private static List<MethodSpecification.Parameter> parameters(
            AnnotatedMethods.Found found, ClassMethods declaring) {
        MethodSpecification method = found.specification();
        List<MethodSpecification.Parameter> parameters = new ArrayList<>(method.parameters());
        int receiver = receiver(found, declaring);
        Type[] types = Type.getArgumentTypes(method.descriptor());
        for (int i = 0; i < types.length; i++) {
            MethodSpecification.Parameter parameter = parameters.get(i);
            if (i == receiver) {
                parameters.set(i, parameter.asReceiver());
            } else if (parameter.hashed() && isContext(types[i].getClassName())) {
                parameters.set(i, parameter.asUnhashed());
            }
        }
        return parameters;
    }

    /** Whether it says where code runs, or is a variable that a local function shares with the function around it: no value to hash. */
    private static boolean isContext(String type) {
        return CONTEXTS.contains(type)
                || type.startsWith("kotlin.jvm.internal.Ref$")
                || type.startsWith("scala.runtime.") && type.endsWith("Ref");
    }

    /** Which parameter is the object that the method is called on in the source; -1 for none. */
    private static int receiver(AnnotatedMethods.Found found, ClassMethods declaring) {
        MethodSpecification method = found.specification();
        if (method.parameters().isEmpty()) {
            return -1;
        }
        String name = method.parameters().get(0).name();
        boolean named =
                name.equals("$this") || name.equals("$self") || name.equals("$static$self") || name.equals("this$0");
        if ((found.access() & Opcodes.ACC_STATIC) == 0) {
            return method.methodName().endsWith(SCALA_VALUE_CLASS_BODY) ? 0 : -1;
        }
        String type = Type.getArgumentTypes(method.descriptor())[0].getClassName();
        String className = method.className();
        boolean holder = className.endsWith(KOTLIN_INTERFACE_BODIES) && type.equals(declaringClass(className))
                || className.endsWith(GROOVY_TRAIT_BODIES)
                        && (type.equals(declaringClass(className)) || type.equals("java.lang.Class"))
                || declaring.isKotlin() && method.methodName().endsWith("-impl");
        return named || holder ? 0 : -1;
    }

    /** Whether a static method of that name takes the object: Kotlin's and javac's accessors, Scala's static methods of traits. */
    static boolean takesSelf(String methodName) {
        return methodName.startsWith("access$") || methodName.endsWith("$");
    }

    /** Whether the compiler counted the name up, as it does for a lambda, a local function or an anonymous class. */
    static boolean isCounted(MethodSpecification method) {
        return COUNTED_METHOD.matcher(method.methodName()).find()
                || COUNTED_CLASS.matcher(method.className()).find();
    }

    /** Whether two names are of one method in the source. */
    static boolean same(String one, String other) {
        return base(one).equals(base(other));
    }

    private static String base(String methodName) {
        String base = methodName.startsWith("access$") ? methodName.substring("access$".length()) : methodName;
        base = withoutEnd(base, "$jd");
        base = withoutEnd(base, KOTLIN_DEFAULT_ARGUMENTS);
        base = withoutEnd(base, SCALA_VALUE_CLASS_BODY);
        base = withoutSpecialization(base);
        base = base.length() > 1 ? withoutEnd(base, "$") : base;
        return withoutKotlinHash(base);
    }

    /**
     * Kotlin appends a hash of the types where one of them is a value class, before what else it appends: an open suspend function
     * {@code emit-x} has its body in {@code emit-x$suspendImpl}, which is no name of the function itself.
     */
    private static String withoutKotlinHash(String name) {
        int dash = name.indexOf('-');
        if (dash <= 0) {
            return name;
        }
        int end = name.indexOf('$', dash);
        return name.substring(0, dash) + (end < 0 ? "" : name.substring(end));
    }

    private static String withoutEnd(String name, String end) {
        return name.endsWith(end) ? name.substring(0, name.length() - end.length()) : name;
    }

    /** Scala's {@code s$mcI$sp} is s for primitive types. */
    static String withoutSpecialization(String name) {
        int start = name.lastIndexOf("$mc");
        return start > 0 && name.endsWith("$sp") ? name.substring(0, start) : name;
    }
}
