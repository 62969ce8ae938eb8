package io.idempotenttrace.weaver.async;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
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
 *     private final Function steps;
 *     IdempotentTraceContinuation(Continuation completion, Function steps) { super(completion); this.steps = steps; }
 *     public Object invokeSuspend(Object result) { return steps.apply(result); }
 *     public Object get() { return steps; }
 * }
 * </pre>
 * It is hidden (JEP 371): no code of the application can name it, and it goes when the woven class goes.
 */
final class ContinuationClass {

    static final String SUPER = "kotlin/coroutines/jvm/internal/ContinuationImpl";
    private static final String SIMPLE_NAME = "IdempotentTraceContinuation";
    private static final String CONTINUATION = "Lkotlin/coroutines/Continuation;";
    private static final String FUNCTION = Type.getInternalName(Function.class);
    private static final String STEPS = "steps";

    /** Held by the class itself. */
    private static final ClassValue<Boolean> IS_ONE = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return type.isHidden() && type.getName().contains('.' + SIMPLE_NAME + '/') || type.getName().startsWith(SIMPLE_NAME + '/');
        }
    };

    private ContinuationClass() {
    }

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
        String folder = woven.lookupClass().getPackageName().replace('.', '/');
        try {
            MethodHandles.Lookup made = woven.defineHiddenClass(write(folder.isEmpty() ? SIMPLE_NAME : folder + '/' + SIMPLE_NAME),
                    /* initialize= */ true);
            Class<?> continuation = Class.forName("kotlin.coroutines.Continuation", false, woven.lookupClass().getClassLoader());
            return made.findConstructor(made.lookupClass(), MethodType.methodType(void.class, continuation, Function.class))
                    .asType(MethodType.methodType(Object.class, Object.class, Function.class));
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new IllegalStateException("no class of continuations can be made beside " + woven.lookupClass().getName(), e);
        }
    }

    private static byte[] write(String name) {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        writer.visit(Opcodes.V1_8, Opcodes.ACC_FINAL | Opcodes.ACC_SUPER, name, null, SUPER,
                new String[] {Type.getInternalName(Supplier.class)});
        writer.visitField(Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL, STEPS, 'L' + FUNCTION + ';', null, null).visitEnd();
        MethodVisitor method = begin(writer, "<init>", "(" + CONTINUATION + 'L' + FUNCTION + ";)V");
        method.visitVarInsn(Opcodes.ALOAD, 1);
        method.visitMethodInsn(Opcodes.INVOKESPECIAL, SUPER, "<init>", "(" + CONTINUATION + ")V", false);
        method.visitVarInsn(Opcodes.ALOAD, 0);
        method.visitVarInsn(Opcodes.ALOAD, 2);
        method.visitFieldInsn(Opcodes.PUTFIELD, name, STEPS, 'L' + FUNCTION + ';');
        end(method, Opcodes.RETURN);
        method = begin(writer, "invokeSuspend", "(Ljava/lang/Object;)Ljava/lang/Object;");
        method.visitFieldInsn(Opcodes.GETFIELD, name, STEPS, 'L' + FUNCTION + ';');
        method.visitVarInsn(Opcodes.ALOAD, 1);
        method.visitMethodInsn(Opcodes.INVOKEINTERFACE, FUNCTION, "apply", "(Ljava/lang/Object;)Ljava/lang/Object;", true);
        end(method, Opcodes.ARETURN);
        method = begin(writer, "get", "()Ljava/lang/Object;");
        method.visitFieldInsn(Opcodes.GETFIELD, name, STEPS, 'L' + FUNCTION + ';');
        end(method, Opcodes.ARETURN);
        writer.visitEnd();
        return writer.toByteArray();
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
}
