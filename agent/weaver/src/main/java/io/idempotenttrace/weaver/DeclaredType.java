package io.idempotenttrace.weaver;

import io.idempotenttrace.core.canonical.UserMappings;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import net.bytebuddy.jar.asm.AnnotationVisitor;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.FieldVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;

/**
 * What a class file says of the members that the hash may see in values of the class, read without loading the class: by the time a
 * method is woven, its parameters' classes are often not loaded.
 *
 * @param members each field, property and accessor without parameters by its name, with its type
 * @param complete whether those are all that there can be: each field of the class and its superclasses is shown by one, and no
 *                 annotation renames any
 */
record DeclaredType(Kind kind, Map<String, Type> members, boolean complete) {

    enum Kind {
        BEAN,
        ENUM,
        OTHER
    }

    /** That a class has no members that could be told. */
    static final DeclaredType UNKNOWN = new DeclaredType(Kind.OTHER, Map.of(), false);

    private static final Set<String> PLAIN_INTERFACES =
            Set.of("java/io/Serializable", "java/lang/Comparable", "java/lang/Cloneable");
    /** Libraries whose values are not hashed by the members of their classes. */
    private static final String[] LIBRARIES = {
        "software/amazon/awssdk/", "scala/", "kotlin/", "groovy/", "com/google/protobuf/"
    };

    /**
     * @param internalName of the class, with slashes
     * @param woven the class that is being woven, which its loader may not show
     */
    static DeclaredType of(String internalName, ClassLoader loader, Woven woven) {
        try {
            Reader reader = new Reader(loader, woven);
            return reader.read(internalName) ? reader.result() : UNKNOWN;
        } catch (IOException | RuntimeException | LinkageError e) {
            // A class file that is missing or odd, or a loader that refuses: the first call will show.
            return UNKNOWN;
        }
    }

    /** A class file with its name. */
    record Woven(String internalName, byte[] classFile) {}

    /** Reads a class and what it extends and implements. */
    private static final class Reader extends ClassVisitor {

        private final ClassLoader loader;
        private final Woven woven;
        private final Map<String, Type> members = new HashMap<>();
        private final Set<String> shown = new HashSet<>();
        private final Set<String> fields = new HashSet<>();
        private final Set<String> seen = new HashSet<>();
        private Kind kind = Kind.BEAN;
        private boolean isRecord;
        private boolean complete = true;
        private @Nullable String superName;
        private String[] interfaces = {};

        Reader(ClassLoader loader, Woven woven) {
            super(Opcodes.ASM9);
            this.loader = loader;
            this.woven = woven;
        }

        DeclaredType result() {
            // A class without a field of its own is mostly the base of others that have some.
            boolean holdsSomething = kind == Kind.ENUM || isRecord || !fields.isEmpty();
            return new DeclaredType(kind, members, complete && holdsSomething && shown.containsAll(fields));
        }

        /** Whether the class and all above it could be read. */
        boolean read(String internalName) throws IOException {
            for (String library : LIBRARIES) {
                if (internalName.startsWith(library)) {
                    return false;
                }
            }
            if (UserMappings.mayBeNamed(internalName.replace('/', '.'), loader)) {
                return false;
            }
            if (!seen.add(internalName)) {
                return true;
            }
            byte[] classFile = internalName.equals(woven.internalName) ? woven.classFile : bytes(internalName);
            if (classFile == null) {
                return false;
            }
            ClassFiles.reader(classFile)
                    .accept(this, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
            String above = superName;
            String[] implemented = interfaces;
            if (above != null
                    && !above.equals("java/lang/Object")
                    && !above.equals("java/lang/Record")
                    && !above.equals("java/lang/Enum")
                    && (above.startsWith("java/") || !read(above))) {
                return false;
            }
            for (String each : implemented) {
                if (!PLAIN_INTERFACES.contains(each) && (each.startsWith("java/") || !read(each))) {
                    return false;
                }
            }
            return true;
        }

        private byte @Nullable [] bytes(String internalName) throws IOException {
            try (InputStream in = loader.getResourceAsStream(internalName + ".class")) {
                return in == null ? null : in.readAllBytes();
            }
        }

        @Override
        public void visit(
                int version, int access, String name, String signature, String superClass, String[] implemented) {
            if (seen.size() == 1) {
                kind = (access & Opcodes.ACC_ENUM) != 0 ? Kind.ENUM : Kind.BEAN;
                isRecord = "java/lang/Record".equals(superClass);
                // Else a value of another class is behind it.
                complete &= (access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_INTERFACE)) == 0;
            }
            superName = superClass;
            interfaces = implemented;
        }

        @Override
        public @Nullable AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
            noteAnnotation(descriptor);
            return null;
        }

        /** One of Jackson's may rename a member, or make another one. */
        private void noteAnnotation(String descriptor) {
            complete &= !descriptor.startsWith("Lcom/fasterxml/jackson/") && !descriptor.startsWith("Ltools/jackson/");
        }

        @Override
        public @Nullable FieldVisitor visitField(
                int access, String name, String descriptor, String signature, Object value) {
            if ((access & (Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC)) != 0) {
                return null;
            }
            members.put(name, Type.getType(descriptor));
            if ((access & Opcodes.ACC_TRANSIENT) == 0) {
                fields.add(name);
            }
            if ((access & Opcodes.ACC_PUBLIC) != 0) {
                shown.add(name);
            }
            return new FieldVisitor(Opcodes.ASM9) {
                @Override
                public @Nullable AnnotationVisitor visitAnnotation(String annotation, boolean visible) {
                    noteAnnotation(annotation);
                    return null;
                }
            };
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            Type returned = Type.getReturnType(descriptor);
            if ((access & Opcodes.ACC_STATIC) == 0
                    && descriptor.startsWith("()")
                    && !returned.equals(Type.VOID_TYPE)
                    && !name.startsWith("<")) {
                addAccessor(name, returned);
                addProperty(name, "get", returned);
                addProperty(name, "is", returned);
            }
            return new MethodVisitor(Opcodes.ASM9) {
                @Override
                public @Nullable AnnotationVisitor visitAnnotation(String annotation, boolean visible) {
                    noteAnnotation(annotation);
                    return null;
                }
            };
        }

        private void addProperty(String methodName, String prefix, Type returned) {
            if (methodName.startsWith(prefix) && methodName.length() > prefix.length()) {
                String name = methodName.substring(prefix.length());
                addAccessor(name, returned);
                addAccessor(Character.toLowerCase(name.charAt(0)) + name.substring(1), returned);
                addAccessor(lowerCaseBeginning(name), returned);
            }
        }

        /** {@code URLPath} to {@code urlpath}, as Jackson names it. */
        private static String lowerCaseBeginning(String name) {
            StringBuilder text = new StringBuilder(name);
            for (int i = 0; i < text.length() && Character.isUpperCase(text.charAt(i)); i++) {
                text.setCharAt(i, Character.toLowerCase(text.charAt(i)));
            }
            return text.toString();
        }

        private void addAccessor(String name, Type returned) {
            members.putIfAbsent(name, returned);
            shown.add(name);
        }
    }
}
