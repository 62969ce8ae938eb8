package io.idempotenttrace.weaver;

import io.idempotenttrace.bridge.GuardedCall;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Runs a woven method's body after its method has returned, by calling the method again: at its entry it finds that the call is
 * admitted. So nothing is added to the class, and it can be one that is already loaded.
 */
final class BodyCall {

    /** What waits for the entry of a method on this thread. */
    private record Admitted(BodyCall method, GuardedCall call) {}

    private static final ThreadLocal<Admitted> ADMITTED = new ThreadLocal<>();

    private final MethodHandle method;
    private final boolean isStatic;
    private final int parameters;

    private BodyCall(MethodHandle method, boolean isStatic, int parameters) {
        this.method = method;
        this.isStatic = isStatic;
        this.parameters = parameters;
    }

    /** Null if the method can't be called. */
    static @Nullable BodyCall of(MethodSpecification specification, MethodHandles.Lookup caller) {
        Class<?> declaring = caller.lookupClass();
        MethodType type = MethodType.fromMethodDescriptorString(specification.descriptor(), declaring.getClassLoader());
        String name = specification.methodName();
        // Reflection would tell which of the two it is, and load the types of all other methods: one of them may be
        // missing.
        MethodHandle fixed = found(() -> caller.findStatic(declaring, name, type));
        // This very method, whatever overrides it.
        MethodHandle found = fixed != null ? fixed : found(() -> caller.findSpecial(declaring, name, type, declaring));
        if (found == null) {
            return null;
        }
        int count = type.parameterCount();
        return new BodyCall(
                found.asFixedArity().asSpreader(Object[].class, fixed != null ? count : count + 1),
                fixed != null,
                count);
    }

    private static @Nullable MethodHandle found(Callable<MethodHandle> look) {
        try {
            return look.call();
        } catch (Exception | LinkageError e) {
            return null;
        }
    }

    /** At the method's entry: the call that was admitted before; null if this is a new call. */
    @Nullable
    GuardedCall takeAdmitted() {
        Admitted admitted = ADMITTED.get();
        if (admitted == null || admitted.method != this) {
            return null;
        }
        ADMITTED.remove();
        return admitted.call;
    }

    /**
     * Calls the method; its entry takes {@code call}.
     *
     * @param arguments as its entry got them: behind the parameters the object that it is called on
     * @return what the method returned
     */
    @Nullable
    Object run(Object[] arguments, GuardedCall call) throws Throwable {
        Object[] all = arguments;
        if (!isStatic) {
            all = new Object[parameters + 1];
            all[0] = arguments[parameters];
            System.arraycopy(arguments, 0, all, 1, parameters);
        }
        ADMITTED.set(new Admitted(this, call));
        try {
            return (Object) method.invoke(all);
        } finally {
            ADMITTED.remove();
        }
    }
}
