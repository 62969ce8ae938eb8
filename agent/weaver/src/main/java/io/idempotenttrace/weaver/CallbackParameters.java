package io.idempotenttrace.weaver;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.weaver.async.AsyncTypes;
import io.idempotenttrace.weaver.async.CallbackTypes;
import io.idempotenttrace.weaver.async.CallbackTypes.Told;
import java.lang.invoke.MethodType;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDefinition;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.description.type.TypeList;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;

/**
 * Parameters that a method tells something: the end of its work, or that a message is done. Where the end of the work is told by such a
 * parameter alone, the method has returned long before, and nobody can say when it is done. And a duplicate, which runs no body, tells
 * such a parameter nothing: who waits for it waits for ever.
 */
final class CallbackParameters {

    /** By which a message acknowledges itself. */
    private static final Set<String> ACKNOWLEDGING = Set.of("acknowledge", "ack", "ackSync", "nak", "term");

    private CallbackParameters() {}

    /**
     * What the method takes that is told of its end, where what it returns does not tell it; for people. Null if there is none.
     *
     * @param described the method as its class file or its loaded class has it
     */
    static @Nullable String unended(MethodSpecification method, MethodDescription described) {
        if (method.isSuspending() || endIsSeen(described)) {
            return null;
        }
        for (int i = 0; i < method.parameters().size(); i++) {
            if (told(described, i) == Told.END) {
                return takes(method, described, i)
                        + ", which is told of the end of the work, perhaps after the method has returned";
            }
        }
        return null;
    }

    /** The same of a loaded class. */
    static @Nullable String unended(MethodSpecification method, Class<?> declaring) {
        try {
            MethodType type = MethodType.fromMethodDescriptorString(method.descriptor(), declaring.getClassLoader());
            return unended(
                    method,
                    new MethodDescription.ForLoadedMethod(
                            declaring.getDeclaredMethod(method.methodName(), type.parameterArray())));
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
            // A type that can't be loaded: the call itself can't have an object of it.
            return null;
        }
    }

    /**
     * What there is to know of a method's parameters when it is woven: that its end is told to one of them, or else that a duplicate tells
     * one nothing. Null for nothing.
     */
    static @Nullable MethodProblem problem(
            MethodSpecification method, MethodDescription described, byte[] classFile, Configuration configuration) {
        String unended = unended(method, described);
        if (unended != null) {
            boolean throwing = Policies.throwsOnUnobservable(method, configuration);
            return new MethodProblem(ProblemCode.UNOBSERVABLE_CALLBACK, UnendedReturn.problem(unended, throwing));
        }
        for (int i = 0; i < method.parameters().size(); i++) {
            String hint = hint(method, described, i, classFile);
            if (hint != null) {
                return new MethodProblem(ProblemCode.CALLBACK_PARAMETER, takes(method, described, i) + hint);
            }
        }
        return null;
    }

    private static @Nullable String hint(
            MethodSpecification method, MethodDescription described, int index, byte[] classFile) {
        Told told = told(described, index);
        if (told == Told.ACKNOWLEDGEMENT || told == null && acknowledges(method, classFile, type(described, index))) {
            return ", by which its body may acknowledge a message. A duplicate runs no body, so its message is not acknowledged and is"
                    + " delivered again: acknowledge it in the caller, when the guarded method has returned";
        }
        return told == null
                ? null
                : ", which a duplicate does not call. If it is told of the end of the work, who waits for that waits for ever: call it in"
                        + " the caller, when the guarded method has returned, or move the annotation to the method inside that does the work";
    }

    private static String takes(MethodSpecification method, MethodDescription described, int index) {
        return "takes '" + method.parameters().get(index).name() + "' of type "
                + type(described, index).asErasure().getName();
    }

    private static TypeDescription.Generic type(MethodDescription described, int index) {
        return described.getParameters().get(index).getType();
    }

    private static @Nullable Told told(MethodDescription described, int index) {
        TypeDescription.Generic type = type(described, index);
        TypeDescription raw = type.asErasure();
        if (raw.isPrimitive()
                || raw.isArray()
                || raw.equals(described.getDeclaringType().asErasure())) {
            return null;
        }
        boolean parametrized = type.getSort() == TypeDefinition.Sort.PARAMETERIZED;
        TypeList.Generic arguments = parametrized ? type.getTypeArguments() : new TypeList.Generic.Empty();
        return CallbackTypes.of(
                raw.getName(),
                types(raw),
                arguments.isEmpty() ? null : arguments.get(0).asErasure().getName());
    }

    private static Set<String> types(TypeDescription type) {
        Set<String> types = new HashSet<>();
        try {
            ReadableResults.addTypes(type, types);
        } catch (RuntimeException e) {
            // A class file that is missing: what was found of the others counts.
        }
        return types;
    }

    private static boolean endIsSeen(MethodDescription described) {
        TypeDescription returned = described.getReturnType().asErasure();
        Set<String> types = returned.isPrimitive() || returned.isArray() ? Set.of() : types(returned);
        return types.stream().anyMatch(type -> AsyncTypes.isKnown(type) || AsyncTypes.isFuture(type));
    }

    /** Whether the parameter is a message and the method's own code has it acknowledged. */
    private static boolean acknowledges(MethodSpecification method, byte[] classFile, TypeDescription.Generic type) {
        if (!CallbackTypes.isAcknowledgeable(types(type.asErasure())::contains)) {
            return false;
        }
        boolean[] found = {false};
        ClassFiles.reader(classFile)
                .accept(
                        new ClassVisitor(Opcodes.ASM9) {
                            @Override
                            public @Nullable MethodVisitor visitMethod(
                                    int access, String name, String descriptor, String signature, String[] exceptions) {
                                boolean its =
                                        name.equals(method.methodName()) && descriptor.equals(method.descriptor());
                                return its ? new Calls(found) : null;
                            }
                        },
                        ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return found[0];
    }

    private static final class Calls extends MethodVisitor {

        private static final List<String> MESSAGES = List.of("jakarta/jms/", "javax/jms/", "io/nats/client/");

        private final boolean[] found;

        Calls(boolean[] found) {
            super(Opcodes.ASM9);
            this.found = found;
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean ofInterface) {
            found[0] |= ACKNOWLEDGING.contains(name) && MESSAGES.stream().anyMatch(owner::startsWith);
        }
    }
}
