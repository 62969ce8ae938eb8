package io.idempotenttrace.weaver;

import java.util.LinkedHashMap;
import java.util.Map;
import net.bytebuddy.jar.asm.AnnotationVisitor;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;

/** Finds annotations that only count beside {@code @IdempotentTrace}, on methods that have none. No class is loaded. */
final class StrayAnnotations extends ClassVisitor {

    /** By descriptor, as they stand in the source. */
    private static final Map<String, String> WITHOUT_EFFECT = Map.of(
            "Lio/idempotenttrace/IdempotencyKey;", "@IdempotencyKey",
            "Lio/idempotenttrace/TenantId;", "@TenantId",
            "Lio/idempotenttrace/TraceId;", "@TraceId",
            "Lio/idempotenttrace/Unhashed;", "@Unhashed");

    /** By the method's class and name, the first such annotation. */
    private final Map<String, MethodProblem> found = new LinkedHashMap<>();

    private String className = "";

    private StrayAnnotations() {
        super(Opcodes.ASM9);
    }

    /** Each method that has one, by its class and name. */
    static Map<String, MethodProblem> in(byte[] classFile) {
        StrayAnnotations reader = new StrayAnnotations();
        ClassFiles.reader(classFile)
                .accept(reader, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return reader.found;
    }

    @Override
    public void visit(int version, int access, String name, String signature, String superName, String[] interfaces) {
        className = name.replace('/', '.');
    }

    @Override
    public @Nullable MethodVisitor visitMethod(
            int access, String name, String descriptor, String signature, String[] exceptions) {
        // Compilers copy annotations onto methods of their own.
        return (access & (Opcodes.ACC_SYNTHETIC | Opcodes.ACC_BRIDGE)) != 0 ? null : new Method(name);
    }

    private final class Method extends MethodVisitor {

        private final String name;
        private boolean guarded;
        private @Nullable String stray;

        Method(String name) {
            super(Opcodes.ASM9);
            this.name = name;
        }

        @Override
        public @Nullable AnnotationVisitor visitAnnotation(String type, boolean visible) {
            guarded |= type.equals(AnnotatedMethods.ANNOTATION);
            return note(type);
        }

        @Override
        public @Nullable AnnotationVisitor visitParameterAnnotation(int index, String type, boolean visible) {
            return note(type);
        }

        private @Nullable AnnotationVisitor note(String type) {
            stray = stray == null ? WITHOUT_EFFECT.get(type) : stray;
            return null;
        }

        @Override
        public void visitEnd() {
            if (stray == null || guarded) {
                return;
            }
            boolean constructor = name.equals("<init>");
            found.put(
                    className + '.' + name,
                    new MethodProblem(
                            ProblemCode.STRAY_ANNOTATION,
                            "has " + stray + " on " + (constructor ? "a constructor" : "a method")
                                    + " without @IdempotentTrace, where it is without effect; "
                                    + (constructor
                                            ? "mark the parameter of the annotated method, with a pointer to the member"
                                            : "annotate the method with @IdempotentTrace, or remove it")));
        }
    }
}
