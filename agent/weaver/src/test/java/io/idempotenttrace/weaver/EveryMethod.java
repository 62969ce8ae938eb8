package io.idempotenttrace.weaver;

import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodTooLargeException;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/** Guards every method of a class file that has a body, synthetic ones too, as if its source were annotated all over. */
final class EveryMethod {

    /** Below it a class file can't hold the call site. */
    private static final int JAVA_7 = 51;

    /**
     * A class file with its guards.
     *
     * @param methods how many are guarded
     * @param tooLong how many had no room for it
     */
    record Woven(byte[] classFile, int methods, int tooLong) {}

    private EveryMethod() {}

    static Woven weave(byte[] classFile) {
        byte[] annotated = annotate(classFile);
        List<AnnotatedMethods.Found> left = new ArrayList<>(AnnotatedMethods.in(annotated));
        if (left.isEmpty() || left.get(0).classVersion() < JAVA_7) {
            return new Woven(classFile, 0, 0);
        }
        int all = left.size();
        while (true) {
            try {
                return new Woven(ClassWeaver.weave(annotated, left, method -> false), left.size(), all - left.size());
            } catch (MethodTooLargeException e) {
                if (!left.removeIf(found -> found.specification().methodName().equals(e.getMethodName())
                        && found.specification().descriptor().equals(e.getDescriptor()))) {
                    throw e;
                }
            }
        }
    }

    static byte[] annotate(byte[] classFile) {
        ClassReader reader = ClassFiles.reader(classFile);
        // Not of the reader, by which it would copy methods unchanged.
        ClassWriter writer = new ClassWriter(0);
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        MethodVisitor method = super.visitMethod(access, name, descriptor, signature, exceptions);
                        if (!name.startsWith("<") && (access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) == 0) {
                            method.visitAnnotation(AnnotatedMethods.ANNOTATION, true)
                                    .visitEnd();
                        }
                        return method;
                    }
                },
                0);
        return ClassFiles.withVersionOf(classFile, writer.toByteArray());
    }
}
