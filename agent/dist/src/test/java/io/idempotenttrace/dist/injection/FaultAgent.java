package io.idempotenttrace.dist.injection;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/** Writes a {@link FaultSeam} at the entry of every method of the engine's own classes; an agent beside the real one. */
public final class FaultAgent implements ClassFileTransformer {

    private static final String SEAM = "io/idempotenttrace/dist/injection/FaultSeam";
    /** The outermost two, by which woven code enters the engine: each begins with its own try, and nothing of ours is around it. */
    private static final Set<String> BOUNDARY = Set.of(
            "io/idempotenttrace/weaver/GuardedMethod.enter", "io/idempotenttrace/weaver/ImmediateMethod$OwnedCall.end");

    private static final List<String> SEAMS = new ArrayList<>();
    /** The method that throws from the first; null for none. */
    private static String startFault;

    private static boolean asError;

    private FaultAgent() {}

    /** @param argument empty, or the method that throws from the first, '#', and what: exception or error */
    public static void premain(String argument, Instrumentation instrumentation) {
        instrumentation.addTransformer(new FaultAgent());
        if (argument != null && !argument.isEmpty()) {
            String[] parts = argument.split("#");
            startFault = parts[0];
            asError = parts[1].equals("error");
        }
    }

    /** The methods so far, each at its number. */
    static List<String> seams() {
        synchronized (SEAMS) {
            return List.copyOf(SEAMS);
        }
    }

    private static int number(String method) {
        synchronized (SEAMS) {
            SEAMS.add(method);
            int number = SEAMS.size() - 1;
            if (method.equals(startFault)) {
                FaultSeam.arm(number, Integer.MAX_VALUE, asError);
            }
            return number;
        }
    }

    @Override
    public byte[] transform(
            ClassLoader loader, String className, Class<?> redefined, ProtectionDomain domain, byte[] classFile) {
        boolean engine = loader != null
                && "idempotent-trace".equals(loader.getName())
                && (className.startsWith("io/idempotenttrace/core/")
                        || className.startsWith("io/idempotenttrace/weaver/"));
        if (!engine) {
            return null;
        }
        ClassReader reader = new ClassReader(classFile);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        MethodVisitor copy = super.visitMethod(access, name, descriptor, signature, exceptions);
                        // A class whose initialiser failed stays unusable: that is no seam that a test can pass twice.
                        return name.equals("<clinit>") || BOUNDARY.contains(className + '.' + name)
                                ? copy
                                : new MethodVisitor(Opcodes.ASM9, copy) {
                                    @Override
                                    public void visitCode() {
                                        super.visitCode();
                                        super.visitLdcInsn(number(className + '.' + name + descriptor));
                                        super.visitMethodInsn(Opcodes.INVOKESTATIC, SEAM, "pass", "(I)V", false);
                                    }
                                };
                    }
                },
                0);
        return writer.toByteArray();
    }
}
