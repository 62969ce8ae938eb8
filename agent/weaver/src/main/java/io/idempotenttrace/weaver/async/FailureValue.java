package io.idempotenttrace.weaver.async;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A kind of value that carries a failure: the method returned, and what it returned says that its work failed. */
public enum FailureValue {

    /** It carries what was thrown. */
    EXCEPTION(Set.of(
            FailureValue.KOTLIN_BOX, "kotlin.Result$Failure", "scala.util.Failure", "io.vavr.control.Try$Failure")),
    /** By convention it is the one of two that stands for a failure, or the bad outcome of a check. */
    LEFT(Set.of(
            "scala.util.Left",
            "io.vavr.control.Either$Left",
            "io.vavr.control.Validation$Invalid",
            "arrow.core.Either$Left",
            "arrow.core.Validated$Invalid",
            "arrow.core.Ior$Left",
            "com.github.michaelbull.result.Err",
            "com.github.michaelbull.result.Failure",
            "cats.data.Validated$Invalid",
            "zio.Exit$Failure"));

    /** Where those of the table hold what they carry: fields and methods without parameters, the first that is there. */
    private static final List<String> CARRIED =
            List.of("exception", "getCause", "getLeft", "getError", "value", "error");

    /** A Result of Kotlin, with its value or its failure: what a future or a list holds. A function returns what is inside. */
    private static final String KOTLIN_BOX = "kotlin.Result";

    // What Set.of gives is immutable.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Set<String> classes;

    FailureValue(Set<String> classes) {
        this.classes = classes;
    }

    /** The kinds that count as failed where the setting {@code failed-values} has that value. */
    public static Set<FailureValue> counted(String setting) {
        return switch (setting.toLowerCase(Locale.ROOT)) {
            case "none" -> Set.of();
            case "exceptions" -> Set.of(EXCEPTION);
            default -> Set.of(EXCEPTION, LEFT);
        };
    }

    /** Null for a class of other values. */
    static @Nullable FailureValue of(Class<?> type) {
        for (Class<?> current = type; current != null; current = current.getSuperclass()) {
            for (FailureValue kind : values()) {
                if (kind.classes.contains(current.getName())) {
                    return kind;
                }
            }
        }
        return null;
    }

    /**
     * What the value carries if that is an exception; else one that names the value's class, since its content may be a payload. Null for
     * a Result of Kotlin that holds a value.
     */
    public static @Nullable Throwable failureIn(Object value) {
        if (value.getClass().getName().equals(KOTLIN_BOX)) {
            Object held = held(value);
            return held == null || of(held.getClass()) != EXCEPTION ? null : failureIn(held);
        }
        for (String name : CARRIED) {
            try {
                if (carried(value, name) instanceof Throwable failure) {
                    return failure;
                }
            } catch (ReflectiveOperationException | RuntimeException e) {
                // It has none of that name, or not for a stranger's eyes.
            }
        }
        return new IllegalStateException(
                "the body returned a " + value.getClass().getName());
    }

    private static Object held(Object box) {
        try {
            return box.getClass().getMethod("unbox-impl").invoke(box);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(box.getClass().getName() + " can't be looked into", e);
        }
    }

    private static Object carried(Object value, String name) throws ReflectiveOperationException {
        try {
            return value.getClass().getField(name).get(value);
        } catch (NoSuchFieldException | IllegalAccessException e) {
            return value.getClass().getMethod(name).invoke(value);
        }
    }
}
