package io.idempotenttrace.weaver;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import net.bytebuddy.jar.asm.AnnotationVisitor;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;

/**
 * What a class file says of its methods as far as copies of them are concerned: which only forward, which annotations of compilers
 * stand on them, and which are annotated for us.
 */
final class ClassMethods {

    private static final String KOTLIN_METADATA = "Lkotlin/Metadata;";
    private static final int KOTLIN_PART_OF_FACADE = 5;
    private static final String GROOVY_GENERATED = "Lgroovy/transform/Generated;";
    private static final String GROOVY_TRAIT = "Lgroovy/transform/Trait;";
    private static final String GROOVY_TRAIT_BRIDGE = "Lorg/codehaus/groovy/transform/trait/Traits$TraitBridge;";

    /** A method. */
    static final class Method {

        final ClassMethods declaring;
        final int access;
        final String name;
        final String descriptor;
        /** Null if it does more than forward its parameters. */
        @Nullable
        ForwardedCall call;
        /** Whether Groovy's compiler made it: an overload for default arguments, the body of a {@code @Memoized} method. */
        boolean generated;
        /** Of a method that Groovy's compiler made for one of a trait, the trait's internal name; else null. */
        @Nullable
        String trait;
        /** Whether Kotlin's compiler copies its body into its callers. */
        boolean inline;
        /** What is annotated for us; null without the annotation. */
        AnnotatedMethods.@Nullable Found found;

        Method(ClassMethods declaring, int access, String name, String descriptor) {
            this.declaring = declaring;
            this.access = access;
            this.name = name;
            this.descriptor = descriptor;
        }

        boolean hasBody() {
            return (access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) == 0;
        }
    }

    private final Map<String, Method> methods = new HashMap<>();
    private String name = "";
    private @Nullable String superName;
    private List<String> interfaces = List.of();
    private final Set<String> nested = new HashSet<>();
    /** The class by whose name a Kotlin file's functions are called, where several files are one such class; else null. */
    private @Nullable String facade;

    private boolean trait;
    private boolean kotlin;
    private boolean scala;

    private ClassMethods() {}

    static ClassMethods of(byte[] classFile) {
        return of(classFile, AnnotatedMethods.in(classFile));
    }

    /** @param annotated what {@link AnnotatedMethods} found in that class file */
    static ClassMethods of(byte[] classFile, List<AnnotatedMethods.Found> annotated) {
        ClassMethods methods = new ClassMethods();
        methods.read(classFile);
        for (AnnotatedMethods.Found found : annotated) {
            Method method = methods.method(
                    found.specification().methodName(), found.specification().descriptor());
            Objects.requireNonNull(method).found = found;
        }
        return methods;
    }

    /** The internal name. */
    String name() {
        return name;
    }

    /** The internal name; null for Object. */
    @Nullable
    String superName() {
        return superName;
    }

    List<String> interfaces() {
        return interfaces;
    }

    @Nullable
    String facade() {
        return facade;
    }

    boolean isGroovyTrait() {
        return trait;
    }

    boolean isKotlin() {
        return kotlin;
    }

    boolean isScala() {
        return scala;
    }

    /** Whether the class file mentions that class as nested, by its internal name. */
    boolean hasNested(String internalName) {
        return nested.contains(internalName);
    }

    /** Null if the class declares no such method. */
    @Nullable
    Method method(String methodName, String descriptor) {
        return methods.get(methodName + descriptor);
    }

    Iterable<Method> all() {
        return methods.values();
    }

    private void read(byte[] classFile) {
        Set<String> constants = new HashSet<>();
        ClassFiles.reader(classFile)
                .accept(
                        new ClassVisitor(Opcodes.ASM9) {
                            @Override
                            public void visit(
                                    int version,
                                    int access,
                                    String internalName,
                                    String signature,
                                    String parent,
                                    String[] implemented) {
                                name = internalName;
                                superName = parent;
                                interfaces = implemented == null ? List.of() : List.of(implemented);
                            }

                            @Override
                            public @Nullable AnnotationVisitor visitAnnotation(String type, boolean visible) {
                                trait |= type.equals(GROOVY_TRAIT);
                                kotlin |= type.equals(KOTLIN_METADATA);
                                return type.equals(KOTLIN_METADATA) ? new MetadataReader() : null;
                            }

                            @Override
                            public void visitAttribute(net.bytebuddy.jar.asm.Attribute attribute) {
                                scala |= attribute.type.equals("TASTY")
                                        || attribute.type.equals("ScalaSig")
                                        || attribute.type.equals("Scala");
                            }

                            @Override
                            public void visitInnerClass(
                                    String internalName, String outerName, String innerName, int access) {
                                nested.add(internalName);
                            }

                            @Override
                            public net.bytebuddy.jar.asm.@Nullable FieldVisitor visitField(
                                    int access, String field, String descriptor, String signature, Object value) {
                                int constant = Opcodes.ACC_STATIC | Opcodes.ACC_FINAL;
                                if ((access & constant) == constant) {
                                    constants.add(field);
                                }
                                return null;
                            }

                            @Override
                            public MethodVisitor visitMethod(
                                    int access,
                                    String methodName,
                                    String descriptor,
                                    String signature,
                                    String[] exceptions) {
                                Method method = new Method(ClassMethods.this, access, methodName, descriptor);
                                methods.put(methodName + descriptor, method);
                                return new MethodReader(name, method, constants);
                            }
                        },
                        ClassReader.SKIP_FRAMES);
    }

    /** Reads the name of the facade that a part belongs to. */
    private final class MetadataReader extends AnnotationVisitor {

        private int kind;
        private @Nullable String extra;

        MetadataReader() {
            super(Opcodes.ASM9);
        }

        @Override
        public void visit(String property, Object value) {
            if (property.equals("k")) {
                kind = (Integer) value;
            } else if (property.equals("xs")) {
                extra = (String) value;
            }
        }

        @Override
        public void visitEnd() {
            facade = kind == KOTLIN_PART_OF_FACADE ? extra : null;
        }
    }

    private static final class MethodReader extends MethodVisitor {

        private final Method method;
        private final ForwardReader forward;
        private final int firstLocal;

        MethodReader(String owner, Method method, Set<String> constants) {
            super(
                    Opcodes.ASM9,
                    new ForwardReader(
                            owner, method.access, SourceNames.takesSelf(method.name), method.descriptor, constants));
            this.method = method;
            this.forward = (ForwardReader) mv;
            int sizes = Type.getArgumentsAndReturnSizes(method.descriptor) >> 2;
            this.firstLocal = (method.access & Opcodes.ACC_STATIC) != 0 ? sizes - 1 : sizes;
        }

        @Override
        public @Nullable AnnotationVisitor visitAnnotation(String type, boolean visible) {
            method.generated |= type.equals(GROOVY_GENERATED);
            if (!type.equals(GROOVY_TRAIT_BRIDGE)) {
                return null;
            }
            return new AnnotationVisitor(Opcodes.ASM9) {
                @Override
                public void visit(String property, Object value) {
                    if (value instanceof Type bridged) {
                        method.trait = bridged.getInternalName();
                    }
                }
            };
        }

        @Override
        public void visitLocalVariable(
                String variable, String type, String signature, Label start, Label end, int slot) {
            // The mark of an inline function's body. In the body of a caller it stands behind the copied arguments.
            method.inline |= slot == firstLocal
                    && variable.startsWith(SourceNames.KOTLIN_INLINE_MARK)
                    && SourceNames.same(variable.substring(SourceNames.KOTLIN_INLINE_MARK.length()), method.name);
        }

        @Override
        public void visitEnd() {
            method.call = method.hasBody() ? forward.call() : null;
        }
    }

    /** The annotated methods that have that name, or one of the same source name. */
    List<Method> annotatedLike(String methodName) {
        List<Method> like = new ArrayList<>();
        for (Method method : methods.values()) {
            if (method.found != null && SourceNames.same(method.name, methodName)) {
                like.add(method);
            }
        }
        return like;
    }
}
