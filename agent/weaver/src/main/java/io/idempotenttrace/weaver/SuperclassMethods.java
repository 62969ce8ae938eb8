package io.idempotenttrace.weaver;

import java.util.function.Predicate;
import net.bytebuddy.jar.asm.AnnotationVisitor;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;

/** Which superclass a class has a method from. Read from class files: reflection would load the types that other methods name. */
final class SuperclassMethods {

    private static final int NOT_INHERITED = Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC;

    private SuperclassMethods() {}

    /**
     * The nearest class above that declares the method with a body; null if none does, or if the method is annotated there.
     *
     * @param method name and descriptor
     * @param isLast a class above for which, and for those above it, not to ask
     */
    static @Nullable Class<?> unguarded(Class<?> type, String method, Predicate<Class<?>> isLast) {
        Class<?> above = type.getSuperclass();
        // Above a class of the JDK's are others of it, which know no application's method.
        while (above != null && above.getClassLoader() != null && !isLast.test(above)) {
            byte[] classFile =
                    ClassFiles.shownBy(above.getClassLoader(), above.getName().replace('.', '/'));
            Declaration declaration = new Declaration(method);
            if (classFile != null) {
                ClassFiles.reader(classFile)
                        .accept(declaration, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
            }
            if (declaration.found) {
                return declaration.hasBody && !declaration.isAnnotated ? above : null;
            }
            above = above.getSuperclass();
        }
        return null;
    }

    private static final class Declaration extends ClassVisitor {

        private final String method;
        private boolean found;
        private boolean hasBody;
        private boolean isAnnotated;

        Declaration(String method) {
            super(Opcodes.ASM9);
            this.method = method;
        }

        @Override
        public @Nullable MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            if (!method.equals(name + descriptor) || (access & NOT_INHERITED) != 0) {
                return null;
            }
            found = true;
            hasBody = (access & Opcodes.ACC_ABSTRACT) == 0;
            return new MethodVisitor(Opcodes.ASM9) {
                @Override
                public @Nullable AnnotationVisitor visitAnnotation(String type, boolean visible) {
                    isAnnotated |= type.equals(AnnotatedMethods.ANNOTATION);
                    return null;
                }
            };
        }
    }
}
