package io.idempotenttrace.core.canonical;

import java.lang.invoke.MethodHandle;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One property of a bean.
 *
 * @param name as in the JSON
 * @param source the getter or field, for messages
 * @param getter {@code (Object)Object}
 * @param inclusion which values are left out
 * @param types how the types of its values are written, and which of their members are not; null where their classes say both
 */
record BeanProperty(
        String name,
        String source,
        MethodHandle getter,
        Inclusion inclusion,
        Kind kind,
        @Nullable TypedProperty types) {

    /** What is known of where the value comes from. */
    enum Kind {
        /** From a field of its name, or so annotated. */
        STATE,
        /** From a getter without such a field. */
        COMPUTED,
        /** From a getter of a boolean without such a field, such as isEmpty. */
        COMPUTED_FLAG
    }

    /** Jackson's {@code JsonInclude.Include}, as far as it is honoured. */
    enum Inclusion {
        ALWAYS,
        NON_NULL,
        NON_ABSENT,
        NON_EMPTY;

        /** The inclusion of that name; ALWAYS for those that are not honoured. */
        static Inclusion of(@Nullable String name) {
            for (Inclusion inclusion : values()) {
                if (inclusion.name().equals(name)) {
                    return inclusion;
                }
            }
            return ALWAYS;
        }
    }

    Object read(Object bean) throws Throwable {
        return getter.invokeExact(bean);
    }

    /** The value with its type, or without some of its members, where the property says so. */
    @Nullable
    Object typed(@Nullable Object value) {
        return types == null ? value : types.typed(value);
    }

    /** How the type is written beside the property; null where it is not. */
    @Nullable
    JacksonTypeInfo typeBeside() {
        return types == null ? null : types.beside();
    }

    boolean omits(Object value) {
        return switch (inclusion) {
            case ALWAYS -> false;
            case NON_NULL -> value == null;
            case NON_ABSENT -> isAbsent(value);
            case NON_EMPTY ->
                isAbsent(value)
                        || value instanceof CharSequence text && text.length() == 0
                        || value instanceof Collection<?> collection && collection.isEmpty()
                        || value instanceof Map<?, ?> map && map.isEmpty()
                        || value.getClass().isArray() && java.lang.reflect.Array.getLength(value) == 0;
        };
    }

    private static boolean isAbsent(Object value) {
        return value == null || value instanceof Optional<?> optional && optional.isEmpty();
    }
}
