package io.idempotenttrace.weaver;

import io.idempotenttrace.IdempotencyStoreException;
import java.util.Map;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Puts an exception in the place of bodies into which no guard can be written, where the policy is to refuse what can't be guarded. The code
 * needs nothing of the agent: its class loader may not show the bridge, its class file may be older than invokedynamic.
 */
final class RefusedBodies {

    private static final String REFUSAL =
            IdempotencyStoreException.class.getName().replace('.', '/');
    /** What every class loader has, where the annotations are not there at run time. */
    private static final String WITHOUT_ANNOTATIONS = "java/lang/IllegalStateException";

    private RefusedBodies() {}

    /**
     * The class with other bodies.
     *
     * @param refused by name and descriptor, one behind the other, what the exception says
     * @param loader of the class
     */
    static byte[] write(byte[] classFile, Map<String, String> refused, ClassLoader loader) {
        boolean known = isShownBy(loader);
        return ClassFiles.rewrite(
                classFile,
                ClassFiles.reader(classFile),
                /* parsingOptions= */ 0,
                (name, copy) -> {
                    String message = refused.get(name);
                    return message == null ? copy : new Refusing(copy, message, known);
                });
    }

    /** Asked for the file: a class must not be loaded while another one loads. */
    private static boolean isShownBy(ClassLoader loader) {
        try {
            return loader.getResource(REFUSAL + ".class") != null;
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            // The loader is the application's code, and may throw anything.
            return false;
        }
    }

    /** Passes annotations and parameters on, and none of the body. */
    private static final class Refusing extends MethodVisitor {

        private final MethodVisitor out;
        private final String message;
        private final boolean known;

        Refusing(MethodVisitor out, String message, boolean known) {
            super(Opcodes.ASM9, out);
            this.out = out;
            this.message = message;
            this.known = known;
        }

        @Override
        public void visitCode() {
            String exception = known ? REFUSAL : WITHOUT_ANNOTATIONS;
            out.visitCode();
            out.visitTypeInsn(Opcodes.NEW, exception);
            out.visitInsn(Opcodes.DUP);
            out.visitLdcInsn(message);
            for (int i = 0; known && i < 4; i++) {
                out.visitInsn(Opcodes.ACONST_NULL);
            }
            String text = "Ljava/lang/String;";
            out.visitMethodInsn(
                    Opcodes.INVOKESPECIAL,
                    exception,
                    "<init>",
                    known ? "(" + text + text + text + text + "Ljava/lang/Throwable;)V" : "(" + text + ")V",
                    /* isInterface= */ false);
            out.visitInsn(Opcodes.ATHROW);
            mv = null;
        }

        @Override
        public void visitMaxs(int maxStack, int maxLocals) {
            // The parameters have their place among the local variables.
            out.visitMaxs(/* maxStack= */ 7, maxLocals);
        }

        @Override
        public void visitEnd() {
            out.visitEnd();
        }
    }
}
