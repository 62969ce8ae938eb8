package io.idempotenttrace.weaver;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.MethodTooLargeException;

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
        String className = reader.getClassName();
        return ClassFiles.rewrite(classFile, reader, ClassReader.EXPAND_FRAMES, (name, copy) -> {
            AnnotatedMethods.Found method = guarded.get(name);
            return method == null
                    ? copy
                    : new GuardWriter(copy, className, method, refuses.test(method.specification()));
        });
    }
}
