package io.idempotenttrace.weaver.async;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * Generates, beside a woven class, the class of the continuations through which its calls go. As source:
 * <pre>
 * final class IdempotentTraceContinuation extends ContinuationImpl implements Supplier {
 *     private final Function body;
 *     IdempotentTraceContinuation(Continuation completion, Function body) { super(completion); this.body = body; }
 *     public Object invokeSuspend(Object result) { return body.apply(result); }
 *     public Object get() { return body; }
 * }
 * </pre>
 * And classes that implement an interface of one suspend function by a function of ours; a proxy of the JDK's would put another exception
 * around what those may throw. All are hidden (JEP 371): no code of the application can name them, and they go when the woven class goes.
 */
final class ContinuationClass {

    static final String SUPER = "kotlin/coroutines/jvm/internal/ContinuationImpl";
    private static final String SIMPLE_NAME = "IdempotentTraceContinuation";
    private static final String CONTINUATION = "Lkotlin/coroutines/Continuation;";
    private static final String FUNCTION = Type.getInternalName(Function.class);
    private static final String TWO_TO_ONE = Type.getInternalName(BiFunction.class);
    private static final String BODY = "body";

    /** Held by the class itself. */
    private static final ClassValue<Boolean> IS_ONE = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return type.isHidden()
                    && (type.getName().contains('.' + SIMPLE_NAME + '/')
                            || type.getName().startsWith(SIMPLE_NAME + '/'));
        }
    };

    private ContinuationClass() {}

    /** Whether an object is a continuation of ours; those are suppliers of their steps. */
    static boolean isOne(Class<?> type) {
        return IS_ONE.get(type);
    }

    /**
     * The constructor of a class beside the woven one: takes the caller's continuation and the steps, both as in source.
     *
     * @throws IllegalStateException if the class can't be made
     */
    static MethodHandle beside(MethodHandles.Lookup woven) {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        String name = begin(writer, woven, SIMPLE_NAME, SUPER, Type.getInternalName(Supplier.class), FUNCTION);
        MethodVisitor method = begin(writer, "<init>", "(" + CONTINUATION + 'L' + FUNCTION + ";)V");
        method.visitVarInsn(Opcodes.ALOAD, 1);
        method.visitMethodInsn(Opcodes.INVOKESPECIAL, SUPER, "<init>", "(" + CONTINUATION + ")V", false);
        method.visitVarInsn(Opcodes.ALOAD, 0);
        method.visitVarInsn(Opcodes.ALOAD, 2);
        method.visitFieldInsn(Opcodes.PUTFIELD, name, BODY, 'L' + FUNCTION + ';');
        end(method, Opcodes.RETURN);
        method = begin(writer, "invokeSuspend", "(Ljava/lang/Object;)Ljava/lang/Object;");
        method.visitFieldInsn(Opcodes.GETFIELD, name, BODY, 'L' + FUNCTION + ';');
        method.visitVarInsn(Opcodes.ALOAD, 1);
        method.visitMethodInsn(
                Opcodes.INVOKEINTERFACE, FUNCTION, "apply", "(Ljava/lang/Object;)Ljava/lang/Object;", true);
        end(method, Opcodes.ARETURN);
        method = begin(writer, "get", "()Ljava/lang/Object;");
        method.visitFieldInsn(Opcodes.GETFIELD, name, BODY, 'L' + FUNCTION + ';');
        end(method, Opcodes.ARETURN);
        try {
            Class<?> continuation = Class.forName(
                    "kotlin.coroutines.Continuation", false, woven.lookupClass().getClassLoader());
            return constructor(woven, writer, continuation, Function.class)
                    .asType(MethodType.methodType(Object.class, Object.class, Function.class));
        } catch (ReflectiveOperationException | LinkageError e) {
            throw impossible(woven, e);
        }
    }

    /**
     * The constructor of a class beside the woven one, {@code (BiFunction) -> Object}, that implements the interface by a function.
     *
     * @param of an interface whose only method has two parameters, of which the second is a continuation
     * @throws IllegalStateException if the class can't be made
     */
    static MethodHandle implementing(
            MethodHandles.Lookup woven, Class<?> of, String methodName, Class<?> firstParameter) {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        String name = begin(
                writer,
                woven,
                "IdempotentTrace" + of.getSimpleName(),
                "java/lang/Object",
                Type.getInternalName(of),
                TWO_TO_ONE);
        MethodVisitor method = begin(writer, "<init>", "(L" + TWO_TO_ONE + ";)V");
        method.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
        method.visitVarInsn(Opcodes.ALOAD, 0);
        method.visitVarInsn(Opcodes.ALOAD, 1);
        method.visitFieldInsn(Opcodes.PUTFIELD, name, BODY, 'L' + TWO_TO_ONE + ';');
        end(method, Opcodes.RETURN);
        method = begin(
                writer, methodName, "(" + Type.getDescriptor(firstParameter) + CONTINUATION + ")Ljava/lang/Object;");
        method.visitFieldInsn(Opcodes.GETFIELD, name, BODY, 'L' + TWO_TO_ONE + ';');
        method.visitVarInsn(Opcodes.ALOAD, 1);
        method.visitVarInsn(Opcodes.ALOAD, 2);
        method.visitMethodInsn(
                Opcodes.INVOKEINTERFACE,
                TWO_TO_ONE,
                "apply",
                "(Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;",
                true);
        end(method, Opcodes.ARETURN);
        try {
            return constructor(woven, writer, BiFunction.class)
                    .asType(MethodType.methodType(Object.class, BiFunction.class));
        } catch (ReflectiveOperationException | LinkageError e) {
            throw impossible(woven, e);
        }
    }

    private static IllegalStateException impossible(MethodHandles.Lookup woven, Throwable reason) {
        return new IllegalStateException(
                "no class can be made beside " + woven.lookupClass().getName() + ": " + reason, reason);
    }

    /** Returns the class's internal name. */
    private static String begin(
            ClassWriter writer,
            MethodHandles.Lookup woven,
            String simpleName,
            String superClass,
            String implemented,
            String body) {
        String folder = woven.lookupClass().getPackageName().replace('.', '/');
        String name = folder.isEmpty() ? simpleName : folder + '/' + simpleName;
        writer.visit(
                Opcodes.V1_8, Opcodes.ACC_FINAL | Opcodes.ACC_SUPER, name, null, superClass, new String[] {implemented
                });
        writer.visitField(Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL, BODY, 'L' + body + ';', null, null)
                .visitEnd();
        return name;
    }

    private static MethodVisitor begin(ClassWriter writer, String name, String descriptor) {
        MethodVisitor method = writer.visitMethod(Opcodes.ACC_PUBLIC, name, descriptor, null, null);
        method.visitCode();
        method.visitVarInsn(Opcodes.ALOAD, 0);
        return method;
    }

    private static void end(MethodVisitor method, int returns) {
        method.visitInsn(returns);
        method.visitMaxs(0, 0);
        method.visitEnd();
    }

    private static MethodHandle constructor(MethodHandles.Lookup woven, ClassWriter writer, Class<?>... parameters)
            throws ReflectiveOperationException {
        writer.visitEnd();
        MethodHandles.Lookup made = woven.defineHiddenClass(writer.toByteArray(), /* initialize= */ true);
        return made.findConstructor(made.lookupClass(), MethodType.methodType(void.class, parameters));
    }
}
