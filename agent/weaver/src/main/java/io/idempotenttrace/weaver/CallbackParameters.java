package io.idempotenttrace.weaver;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.weaver.async.AsyncTypes;
import io.idempotenttrace.weaver.async.CallbackTypes;
import io.idempotenttrace.weaver.async.CallbackTypes.Told;
import java.lang.invoke.MethodType;
import java.lang.reflect.Modifier;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.method.ParameterDescription;
import net.bytebuddy.description.type.TypeDefinition;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.description.type.TypeList;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
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
        if (method.isSuspending() || endIsSeen(method, described)) {
            return null;
        }
        for (int i = 0; i < method.parameters().size(); i++) {
            if (told(method, described, i) == Told.END) {
                return takes(method, i)
                        + ", which is told of the end of the work, perhaps after the method has returned";
            }
        }
        return null;
    }

    /** The same of a loaded class. */
    static @Nullable String unended(MethodSpecification method, Class<?> declaring) {
        MethodDescription described = described(method, declaring);
        return described == null ? null : unended(method, described);
    }

    private static @Nullable MethodDescription described(MethodSpecification method, Class<?> declaring) {
        MethodType type;
        try {
            type = MethodType.fromMethodDescriptorString(method.descriptor(), declaring.getClassLoader());
        } catch (LinkageError | RuntimeException e) {
            // A type that can't be loaded: the call itself can't have an object of it.
            return null;
        }
        try {
            return new MethodDescription.ForLoadedMethod(
                    declaring.getDeclaredMethod(method.methodName(), type.parameterArray()));
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
            // Reflection loads the types of all other methods too, and one of them may be missing.
            return describedByFile(method, declaring, type);
        }
    }

    /** As it was described when it was woven; or else without the arguments of its types, which its descriptor lacks. */
    private static MethodDescription describedByFile(MethodSpecification method, Class<?> declaring, MethodType type) {
        ClassLoader loader = declaring.getClassLoader();
        try {
            byte[] classFile = ClassFiles.shownBy(loader, declaring.getName().replace('.', '/'));
            if (classFile != null) {
                return new ReadableResults(loader, classFile).described(method);
            }
        } catch (RuntimeException e) {
            // No class file that has the method.
        }
        return new MethodDescription.Latent(
                TypeDescription.ForLoadedType.of(declaring),
                method.methodName(),
                Modifier.STATIC,
                List.of(),
                TypeDescription.Generic.OfNonGenericType.ForLoadedType.of(type.returnType()),
                new ParameterDescription.Token.TypeList(new TypeList.Generic.ForLoadedTypes(type.parameterList())),
                List.of(),
                List.of(),
                null,
                null);
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
                return new MethodProblem(ProblemCode.CALLBACK_PARAMETER, takes(method, i) + hint);
            }
        }
        return null;
    }

    private static @Nullable String hint(
            MethodSpecification method, MethodDescription described, int index, byte[] classFile) {
        Told told = told(method, described, index);
        if (told == Told.ACKNOWLEDGEMENT || told == null && acknowledges(method, described, index, classFile)) {
            return ", by which its body may acknowledge a message. A duplicate runs no body, so its message is not acknowledged and is"
                    + " delivered again: acknowledge it in the caller, when the guarded method has returned";
        }
        return told == null
                ? null
                : ", which a duplicate does not call. If it is told of the end of the work, who waits for that waits for ever: call it in"
                        + " the caller, when the guarded method has returned, or move the annotation to the method inside that does the work";
    }

    private static String takes(MethodSpecification method, int index) {
        return "takes '" + method.parameters().get(index).name() + "' of type "
                + erased(method, index).getClassName();
    }

    private static Type erased(MethodSpecification method, int index) {
        return Type.getArgumentTypes(method.descriptor())[index];
    }

    private static @Nullable Told told(MethodSpecification method, MethodDescription described, int index) {
        Type erased = erased(method, index);
        String name = erased.getClassName();
        if (erased.getSort() != Type.OBJECT
                || name.equals(described.getDeclaringType().asErasure().getName())) {
            return null;
        }
        return CallbackTypes.of(name, types(method, described, index), argument(described, index));
    }

    /** The name of the first argument of a parameter's type; null if it has none, or one that can't be told. */
    private static @Nullable String argument(MethodDescription described, int index) {
        try {
            TypeDescription.Generic type = described.getParameters().get(index).getType();
            if (type.getSort() != TypeDefinition.Sort.PARAMETERIZED
                    || type.getTypeArguments().isEmpty()) {
                return null;
            }
            TypeDescription.Generic argument = type.getTypeArguments().get(0);
            if (argument.getSort() == TypeDefinition.Sort.WILDCARD) {
                // Who takes any type above another one is told that one.
                TypeList.Generic lower = argument.getLowerBounds();
                argument = (lower.isEmpty() ? argument.getUpperBounds() : lower).get(0);
            }
            return argument.asErasure().getName();
        } catch (LinkageError | RuntimeException e) {
            // A class that is missing: the parameter's own type tells.
            return null;
        }
    }

    /** The parameter's type and all above it. */
    private static Set<String> types(MethodSpecification method, MethodDescription described, int index) {
        return types(
                erased(method, index),
                () -> described.getParameters().get(index).getType().asErasure());
    }

    private static Set<String> types(Type erased, Supplier<TypeDescription> type) {
        Set<String> types = new HashSet<>();
        if (erased.getSort() == Type.OBJECT) {
            try {
                ReadableResults.addTypes(type.get(), types);
            } catch (LinkageError | RuntimeException e) {
                // A class file that is missing: what was found of the others counts, and the name.
                types.add(erased.getClassName());
            }
        }
        return types;
    }

    private static boolean endIsSeen(MethodSpecification method, MethodDescription described) {
        return types(
                        Type.getReturnType(method.descriptor()),
                        () -> described.getReturnType().asErasure())
                .stream()
                .anyMatch(type -> AsyncTypes.isKnown(type) || AsyncTypes.isFuture(type));
    }

    /** Whether the parameter is a message and the method's own code has it acknowledged. */
    private static boolean acknowledges(
            MethodSpecification method, MethodDescription described, int index, byte[] classFile) {
        if (!CallbackTypes.isAcknowledgeable(types(method, described, index)::contains)) {
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
