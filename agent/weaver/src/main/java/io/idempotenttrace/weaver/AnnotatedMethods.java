package io.idempotenttrace.weaver;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.bytebuddy.jar.asm.AnnotationVisitor;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;

/**
 * Reads the annotated methods of a class file. By descriptor, without loading anything: the annotations' jar may be missing
 * at run time, or be there once for each web application.
 */
final class AnnotatedMethods {

    private static final String PACKAGE = "Lio/idempotenttrace/";
    static final String ANNOTATION = PACKAGE + "IdempotentTrace;";
    private static final String IDEMPOTENCY_KEY = PACKAGE + "IdempotencyKey;";
    private static final String TENANT_ID = PACKAGE + "TenantId;";
    private static final String TRACE_ID = PACKAGE + "TraceId;";
    private static final String UNHASHED = PACKAGE + "Unhashed;";

    /**
     * An annotated method.
     *
     * @param classVersion the class file's major version; 52 is Java 8
     * @param access its access flags (JVMS 4.6)
     * @param firstLine the first line of its body in the source file; 0 where unknown
     * @param maxLocals how many slots for local variables it has; 0 where it has no body
     * @param namesMissing whether the class file lacks the name of a hashed parameter
     */
    record Found(
            int classVersion,
            int access,
            int firstLine,
            int maxLocals,
            boolean namesMissing,
            MethodSpecification specification) {}

    private AnnotatedMethods() {}

    static List<Found> in(byte[] classFile) {
        List<Found> found = new ArrayList<>();
        ClassReader reader = ClassFiles.reader(classFile);
        reader.accept(
                new ClassVisitor(Opcodes.ASM9) {
                    private String className = "";
                    private int classVersion;

                    @Override
                    public void visit(
                            int version,
                            int access,
                            String name,
                            String signature,
                            String superName,
                            String[] interfaces) {
                        className = name.replace('/', '.');
                        // The upper half is the minor version.
                        classVersion = version & 0xffff;
                    }

                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        return new MethodReader(className, classVersion, access, name, descriptor, found);
                    }
                },
                ClassReader.SKIP_FRAMES);
        return found;
    }

    /** Reads one method; at its end it is added to the found ones if it is annotated. */
    private static final class MethodReader extends MethodVisitor {

        private final String className;
        private final int classVersion;
        private final int access;
        private final String name;
        private final String descriptor;
        private final List<Found> found;
        private final Map<String, Object> values = new HashMap<>();
        private final ParameterReader[] parameters;
        /** Of each local variable slot the parameter that begins there; -1 for none. */
        private final int[] parameterOfSlot;

        private boolean annotated;
        private boolean traceIdReturned;
        private int firstLine;
        private int namedParameters;
        private int annotableParameters;
        private int slots;
        /** Of a suspend function, where its continuation is; -1 for every other method. */
        private int completionSlot = -1;

        private final Resumption resumption = new Resumption();

        MethodReader(
                String className, int classVersion, int access, String name, String descriptor, List<Found> found) {
            super(Opcodes.ASM9);
            this.className = className;
            this.classVersion = classVersion;
            this.access = access;
            this.name = name;
            this.descriptor = descriptor;
            this.found = found;
            Type[] types = Type.getArgumentTypes(descriptor);
            parameters = new ParameterReader[types.length];
            parameterOfSlot = new int[types.length * 2 + 1];
            Arrays.fill(parameterOfSlot, -1);
            int slot = (access & Opcodes.ACC_STATIC) != 0 ? 0 : 1;
            for (int i = 0; i < types.length; i++) {
                parameters[i] = new ParameterReader(i);
                parameterOfSlot[slot] = i;
                slot += types[i].getSize();
            }
            if (MethodSpecification.isSuspending(descriptor)) {
                completionSlot = slot - 1;
            }
            annotableParameters = types.length;
        }

        @Override
        public void visitParameter(String parameterName, int parameterAccess) {
            if (parameterName != null && namedParameters < parameters.length) {
                parameters[namedParameters].declaredName = parameterName;
            }
            namedParameters++;
        }

        @Override
        public void visitLineNumber(int line, Label start) {
            firstLine = firstLine == 0 ? line : firstLine;
        }

        @Override
        public void visitLocalVariable(
                String variable, String type, String signature, Label start, Label end, int index) {
            if (index < parameterOfSlot.length && parameterOfSlot[index] >= 0) {
                ParameterReader parameter = parameters[parameterOfSlot[index]];
                // The first entry of a slot is the parameter's; a later one is a variable that took the slot over.
                parameter.localName = parameter.localName == null ? variable : parameter.localName;
            }
        }

        @Override
        public @Nullable AnnotationVisitor visitAnnotation(String type, boolean visible) {
            traceIdReturned |= type.equals(TRACE_ID);
            if (!type.equals(ANNOTATION)) {
                return null;
            }
            annotated = true;
            return new ValueReader(values);
        }

        @Override
        public void visitAnnotableParameterCount(int count, boolean visible) {
            annotableParameters = count;
        }

        @Override
        public @Nullable AnnotationVisitor visitParameterAnnotation(int index, String type, boolean visible) {
            // Where javac leaves synthetic parameters out of the count, they come first.
            int parameter = index + Math.max(0, parameters.length - annotableParameters);
            return parameter < parameters.length ? parameters[parameter].annotation(type) : null;
        }

        @Override
        public void visitVarInsn(int opcode, int slot) {
            resumption.load(opcode == Opcodes.ALOAD && slot == completionSlot);
        }

        @Override
        public void visitTypeInsn(int opcode, String type) {
            resumption.type(opcode, type);
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String field, String type) {
            resumption.field(owner, field, type);
        }

        @Override
        public void visitMaxs(int maxStack, int maxLocals) {
            slots = maxLocals;
        }

        @Override
        public void visitEnd() {
            if (!annotated) {
                return;
            }
            List<MethodSpecification.Parameter> specified = new ArrayList<>(parameters.length);
            boolean namesMissing = false;
            for (ParameterReader parameter : parameters) {
                MethodSpecification.Parameter read =
                        parameter.toSpecification(completionSlot >= 0 && parameter.index == parameters.length - 1);
                specified.add(read);
                namesMissing |= read.hashed() && parameter.declaredName == null && parameter.localName == null;
            }
            found.add(new Found(
                    classVersion,
                    access,
                    firstLine,
                    slots,
                    namesMissing,
                    new MethodSpecification(
                            className,
                            name,
                            descriptor,
                            text("scope"),
                            text("ttl"),
                            text("lease"),
                            texts(values, "include"),
                            texts(values, "exclude"),
                            texts(values, "replayFailures"),
                            policy("onDuplicate"),
                            policy("onInProgress"),
                            policy("onConflict"),
                            policy("onStoreFailure"),
                            traceIdReturned,
                            specified,
                            resumption.toText())));
        }

        private String text(String property) {
            return (String) values.getOrDefault(property, "");
        }

        private String policy(String property) {
            return (String) values.getOrDefault(property, "DEFAULT");
        }
    }

    /**
     * How a suspend function tells that it is resumed. Its state machine begins with: if the continuation is an instance of the function's
     * own class, and the highest bit of its label is set, go on where the label says.
     */
    private static final class Resumption {

        private boolean loaded;
        private @Nullable String type;
        private @Nullable String label;

        void load(boolean completion) {
            loaded = completion;
        }

        void type(int opcode, String tested) {
            if (opcode == Opcodes.INSTANCEOF && loaded && type == null) {
                type = tested;
            }
            loaded = false;
        }

        void field(String owner, String name, String descriptor) {
            if (label == null && owner.equals(type) && descriptor.equals("I")) {
                label = name;
            }
        }

        String toText() {
            return type == null || label == null ? "" : type.replace('/', '.') + '.' + label;
        }
    }

    private static final class ParameterReader {

        private final int index;
        private final Map<String, Map<String, Object>> annotations = new HashMap<>();
        private @Nullable String declaredName;
        private @Nullable String localName;

        ParameterReader(int index) {
            this.index = index;
        }

        @Nullable
        AnnotationVisitor annotation(String type) {
            if (!type.startsWith(PACKAGE)) {
                return null;
            }
            Map<String, Object> values = new HashMap<>();
            annotations.put(type, values);
            return new ValueReader(values);
        }

        /** @param completion whether it is where a suspend function's result goes, which is no part of the payload */
        MethodSpecification.Parameter toSpecification(boolean completion) {
            String name = declaredName != null ? declaredName : localName != null ? localName : "arg" + index;
            Map<String, Object> key = annotations.get(IDEMPOTENCY_KEY);
            return new MethodSpecification.Parameter(
                    name,
                    key == null ? null : texts(key, "value"),
                    pointer(TENANT_ID),
                    pointer(TRACE_ID),
                    completion || annotations.containsKey(UNHASHED));
        }

        private @Nullable String pointer(String type) {
            Map<String, Object> values = annotations.get(type);
            return values == null ? null : (String) values.getOrDefault("value", "");
        }
    }

    private static List<String> texts(Map<String, Object> values, String property) {
        List<String> texts = new ArrayList<>();
        for (Object value : (List<?>) values.getOrDefault(property, List.of())) {
            texts.add((String) value);
        }
        return texts;
    }

    /** Collects an annotation's values: texts, names of classes and enum constants, and lists of them. */
    private static final class ValueReader extends AnnotationVisitor {

        private final Map<String, Object> values;

        ValueReader(Map<String, Object> values) {
            super(Opcodes.ASM9);
            this.values = values;
        }

        @Override
        public void visit(String property, Object value) {
            values.put(property, value);
        }

        @Override
        public void visitEnum(String property, String type, String constant) {
            values.put(property, constant);
        }

        @Override
        public AnnotationVisitor visitArray(String property) {
            List<Object> elements = new ArrayList<>();
            values.put(property, elements);
            return new AnnotationVisitor(Opcodes.ASM9) {
                @Override
                public void visit(String ignored, Object value) {
                    elements.add(value instanceof Type type ? type.getClassName() : value);
                }
            };
        }
    }
}
