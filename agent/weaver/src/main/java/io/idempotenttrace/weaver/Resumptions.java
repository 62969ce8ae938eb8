package io.idempotenttrace.weaver;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * Tells the calls of a Kotlin suspend function from its other entries. The function is entered more often than it is called: when a body
 * that suspended goes on, Kotlin enters the same method once more, with the continuation of the body's own class, in whose label it has
 * set the highest bit. Such an entry is no call. A call by the function itself passes a continuation of the same class, but that bit is
 * not set.
 */
final class Resumptions {

    /** The class of the body's own continuations; null where the body never suspends but in its last call. */
    private final @Nullable Class<?> continuation;
    /** Reads a continuation's label: {@code (Object) -> int}. Null without that class. */
    private final @Nullable MethodHandle label;

    private Resumptions(@Nullable Class<?> continuation, @Nullable MethodHandle label) {
        this.continuation = continuation;
        this.label = label;
    }

    static Resumptions of(MethodSpecification specification, MethodHandles.Lookup caller)
            throws ReflectiveOperationException {
        String field = specification.resumption();
        if (field.isEmpty()) {
            return new Resumptions(null, null);
        }
        int dot = field.lastIndexOf('.');
        Class<?> continuation = Class.forName(
                field.substring(0, dot), false, caller.lookupClass().getClassLoader());
        return new Resumptions(
                continuation,
                caller.findGetter(continuation, field.substring(dot + 1), int.class)
                        .asType(MethodType.methodType(int.class, Object.class)));
    }

    /** Null where the function has none. */
    @Nullable
    Class<?> continuation() {
        return continuation;
    }

    /** @param passed the continuation with which the function is entered */
    boolean isOne(Object passed) throws Throwable {
        return continuation != null
                && label != null
                && continuation.isInstance(passed)
                && ((int) label.invokeExact(passed) & Integer.MIN_VALUE) != 0;
    }
}
