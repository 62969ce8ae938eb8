package io.idempotenttrace.core.classfile;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Methods that tell whether there is something in a field, and those that give another value where there is nothing. */
final class Presence {

    /** Static methods of one argument, whichever library has them. What is empty of an application's own type is for its code to say. */
    private static final Set<String> TRUE_OF_ABSENT =
            Set.of("isNull", "isEmpty", "isBlank", "isNullOrEmpty", "isNullOrBlank");

    private static final Set<String> FALSE_OF_ABSENT =
            Set.of("nonNull", "isNotNull", "isNotEmpty", "isNotBlank", "hasText", "hasLength");

    private Presence() {}

    /** Whether a field has something in it; null where the call asks for something else. */
    static @Nullable Value of(ClassFile.Reference called, @Nullable Value receiver, Value[] arguments) {
        String name = called.name();
        if (receiver != null && arguments.length == 0 && isTextOrContainer(called.owner())) {
            return switch (name) {
                case "isEmpty", "isBlank" -> of(Value.Kind.ABSENT, receiver);
                case "isPresent", "size", "length" -> of(Value.Kind.PRESENT, receiver);
                default -> null;
            };
        }
        if (receiver == null && called.descriptor().matches("\\((Ljava/(lang|util)/[^;]+;|\\[.+)\\)Z")) {
            return TRUE_OF_ABSENT.contains(name)
                    ? of(Value.Kind.ABSENT, arguments[0])
                    : FALSE_OF_ABSENT.contains(name) ? of(Value.Kind.PRESENT, arguments[0]) : null;
        }
        return null;
    }

    private static boolean isTextOrContainer(String owner) {
        return owner.startsWith("java/util/")
                || owner.equals("java/lang/String")
                || owner.equals("java/lang/CharSequence");
    }

    private static @Nullable Value of(Value.Kind kind, Value asked) {
        String field = asked.field();
        return field == null ? null : Value.of(kind, field);
    }

    /** What a method gives that is called with both, and gives the second where there is no first. */
    static Value orElse(Value first, Value second) {
        return first.or(second.where(first.absentWithIt()));
    }
}
