package io.idempotenttrace.weaver;

import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;

/**
 * What the class file says about one annotated method. It travels from the weaver to the first call as one string constant
 * inside the woven class, so that the engine keeps no list of the application's methods, and so that the annotations need
 * not be loadable at run time.
 *
 * @param className the declaring class as the source names it, with dots: see {@link SourceNames}
 * @param descriptor the method's descriptor (JVMS 4.3.3)
 * @param scope as annotated; empty for the default
 * @param include as annotated, of the places that alone are hashed; empty for all
 * @param exclude as annotated
 * @param replayFailures the names of the exceptions that are final, with dots and dollars
 * @param traceIdReturned whether {@code @TraceId} stands on the method
 * @param onDuplicate the policies' constant names, such as {@code THROW}
 * @param resumption of a suspend function with a state machine: the class of its continuations and the field of their label, as
 *        {@code package.Class.label}; empty for every other method
 */
record MethodSpecification(
        String className,
        String methodName,
        String descriptor,
        String scope,
        String ttl,
        String lease,
        List<String> include,
        List<String> exclude,
        List<String> replayFailures,
        String onDuplicate,
        String onInProgress,
        String onConflict,
        String onStoreFailure,
        boolean traceIdReturned,
        List<Parameter> parameters,
        String resumption) {

    /**
     * One parameter.
     *
     * @param name from MethodParameters, else LocalVariableTable, else {@code arg0}, {@code arg1}, ...
     * @param keyPointers null without {@code @IdempotencyKey}; empty for the whole value
     * @param tenantPointer null without {@code @TenantId}; empty for the whole value
     * @param traceIdPointer null without {@code @TraceId}; empty for the whole value
     */
    record Parameter(
            String name,
            @Nullable List<String> keyPointers,
            @Nullable String tenantPointer,
            @Nullable String traceIdPointer,
            boolean unhashed) {

        private static final Parameter NO_ROLE = new Parameter("", null, null, null, /* unhashed= */ false);

        /** What its annotations say, whatever its name. */
        private Parameter role() {
            return new Parameter("", keyPointers, tenantPointer, traceIdPointer, unhashed);
        }

        /** Whether it is a part of the hashed document. */
        boolean hashed() {
            boolean wholeKey = keyPointers != null && keyPointers.isEmpty();
            boolean wholeTenant = tenantPointer != null && tenantPointer.isEmpty();
            boolean wholeTraceId = traceIdPointer != null && traceIdPointer.isEmpty();
            return !unhashed && !wholeKey && !wholeTenant && !wholeTraceId;
        }

        /** The same where it is no part of the payload. */
        Parameter asUnhashed() {
            return new Parameter(name, keyPointers, tenantPointer, traceIdPointer, /* unhashed= */ true);
        }

        /** The same where it is the object that the method is called on: no part of the payload, nor of anything else. */
        Parameter asReceiver() {
            return new Parameter(name, null, null, null, /* unhashed= */ true);
        }
    }

    /** {@code <class name>.<method name>}, for messages and the default scope. */
    String qualifiedName() {
        return className + '.' + SourceNames.withoutSpecialization(methodName);
    }

    /** The same with the types of the parameters, in which overloads differ: {@code com.acme.Emitter.emit(Order, String)}. */
    String signature() {
        return qualifiedName() + '(' + String.join(", ", parameterTypes()) + ')';
    }

    /** Without packages. */
    List<String> parameterTypes() {
        List<String> types = new ArrayList<>();
        for (Type type : Type.getArgumentTypes(descriptor)) {
            String name = type.getClassName();
            types.add(name.substring(name.lastIndexOf('.') + 1));
        }
        return types;
    }

    /** The same as another class's, by whose name the source knows it. */
    MethodSpecification declaredAs(String declaringClass, List<Parameter> itsParameters) {
        return new MethodSpecification(
                declaringClass,
                methodName,
                descriptor,
                scope,
                ttl,
                lease,
                include,
                exclude,
                replayFailures,
                onDuplicate,
                onInProgress,
                onConflict,
                onStoreFailure,
                traceIdReturned,
                itsParameters,
                resumption);
    }

    /** Whether the other method is guarded in the same way, as far as the annotation on the method says. */
    boolean isGuardedAs(MethodSpecification other) {
        return scope.equals(other.scope)
                && ttl.equals(other.ttl)
                && lease.equals(other.lease)
                && include.equals(other.include)
                && exclude.equals(other.exclude)
                && replayFailures.equals(other.replayFailures)
                && onDuplicate.equals(other.onDuplicate)
                && onInProgress.equals(other.onInProgress)
                && onConflict.equals(other.onConflict)
                && onStoreFailure.equals(other.onStoreFailure)
                && traceIdReturned == other.traceIdReturned;
    }

    /** Whether for each annotated parameter of the other method it has one that is annotated alike. */
    boolean hasRolesOf(MethodSpecification other) {
        List<Parameter> own = new ArrayList<>();
        for (Parameter parameter : parameters) {
            own.add(parameter.role());
        }
        for (Parameter parameter : other.parameters) {
            Parameter role = parameter.role();
            if (!role.equals(Parameter.NO_ROLE) && !own.remove(role)) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is a Kotlin suspend function, by what those compile to: its last parameter is where its result goes. */
    boolean isSuspending() {
        return isSuspending(descriptor);
    }

    static boolean isSuspending(String descriptor) {
        return descriptor.endsWith("Lkotlin/coroutines/Continuation;)Ljava/lang/Object;");
    }

    /** As a string constant; {@link #parse} reads it. */
    String toText() {
        Writer writer = new Writer();
        writer.text(className)
                .text(methodName)
                .text(descriptor)
                .text(scope)
                .text(ttl)
                .text(lease)
                .list(include)
                .list(exclude)
                .list(replayFailures)
                .text(onDuplicate)
                .text(onInProgress)
                .text(onConflict)
                .text(onStoreFailure)
                .flag(traceIdReturned)
                .text(Integer.toString(parameters.size()));
        for (Parameter parameter : parameters) {
            writer.text(parameter.name)
                    .flag(parameter.keyPointers != null)
                    .list(parameter.keyPointers == null ? List.of() : parameter.keyPointers)
                    .optional(parameter.tenantPointer)
                    .optional(parameter.traceIdPointer)
                    .flag(parameter.unhashed);
        }
        writer.text(resumption);
        return writer.text.toString();
    }

    static MethodSpecification parse(String text) {
        Reader reader = new Reader(text);
        String className = reader.text();
        String methodName = reader.text();
        String descriptor = reader.text();
        String scope = reader.text();
        String ttl = reader.text();
        String lease = reader.text();
        List<String> include = reader.list();
        List<String> exclude = reader.list();
        List<String> replayFailures = reader.list();
        String onDuplicate = reader.text();
        String onInProgress = reader.text();
        String onConflict = reader.text();
        String onStoreFailure = reader.text();
        boolean traceIdReturned = reader.flag();
        int count = Integer.parseInt(reader.text());
        List<Parameter> parameters = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String name = reader.text();
            boolean key = reader.flag();
            List<String> keyPointers = reader.list();
            parameters.add(
                    new Parameter(name, key ? keyPointers : null, reader.optional(), reader.optional(), reader.flag()));
        }
        return new MethodSpecification(
                className,
                methodName,
                descriptor,
                scope,
                ttl,
                lease,
                include,
                exclude,
                replayFailures,
                onDuplicate,
                onInProgress,
                onConflict,
                onStoreFailure,
                traceIdReturned,
                parameters,
                reader.text());
    }

    /** Each text with its length before it: {@code 3:abc}. No character needs an escape. */
    private static final class Writer {

        private final StringBuilder text = new StringBuilder();

        Writer text(String value) {
            text.append(value.length()).append(':').append(value);
            return this;
        }

        Writer flag(boolean value) {
            return text(value ? "1" : "0");
        }

        Writer optional(@Nullable String value) {
            return flag(value != null).text(value == null ? "" : value);
        }

        Writer list(List<String> values) {
            text(Integer.toString(values.size()));
            for (String value : values) {
                text(value);
            }
            return this;
        }
    }

    private static final class Reader {

        private final String text;
        private int position;

        Reader(String text) {
            this.text = text;
        }

        String text() {
            int colon = text.indexOf(':', position);
            int end = colon + 1 + Integer.parseInt(text, position, colon, 10);
            position = end;
            return text.substring(colon + 1, end);
        }

        boolean flag() {
            return text().equals("1");
        }

        @Nullable
        String optional() {
            boolean present = flag();
            String value = text();
            return present ? value : null;
        }

        List<String> list() {
            int count = Integer.parseInt(text());
            List<String> values = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                values.add(text());
            }
            return values;
        }
    }
}
