package io.idempotenttrace.weaver;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodTooLargeException;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Writes the guard into methods of a class file. The class keeps its shape (no member added, no format changed), so that a
 * class that is already loaded can be woven too; its other methods are copied byte for byte. No class is looked up: loading
 * one while another loads can deadlock or recurse.
 */
final class ClassWeaver {

    private ClassWeaver() {}

    /**
     * @param methods the methods to guard; none of them abstract, native or a bridge
     * @param refuses whether calls of a method are refused that can't be guarded
     * @throws MethodTooLargeException if the guard has no room in a method's 64 KB
     */
    static byte[] weave(
            byte[] classFile, List<AnnotatedMethods.Found> methods, Predicate<MethodSpecification> refuses) {
        Map<String, AnnotatedMethods.Found> guarded = new HashMap<>();
        for (AnnotatedMethods.Found method : methods) {
            guarded.put(
                    method.specification().methodName() + method.specification().descriptor(), method);
        }
        ClassReader reader = ClassFiles.reader(classFile);
        ClassWriter writer = new ClassWriter(reader, /* flags= */ 0);
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    private String className = "";

                    @Override
                    public void visit(
                            int version,
                            int access,
                            String name,
                            String signature,
                            String superName,
                            String[] interfaces) {
                        className = name;
                        super.visit(version, access, name, signature, superName, interfaces);
                    }

                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        MethodVisitor copy = super.visitMethod(access, name, descriptor, signature, exceptions);
                        AnnotatedMethods.Found method = guarded.get(name + descriptor);
                        return method == null
                                ? copy
                                : new GuardWriter(copy, className, method, refuses.test(method.specification()));
                    }
                },
                ClassReader.EXPAND_FRAMES);
        return ClassFiles.withVersionOf(classFile, writer.toByteArray());
    }
}
