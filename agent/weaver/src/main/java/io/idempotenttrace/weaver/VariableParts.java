package io.idempotenttrace.weaver;

import io.idempotenttrace.core.canonical.StateFields;
import io.idempotenttrace.core.classfile.SuperTypes;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a result whose type is a type variable, as of {@code <T> List<T> all(...)}. JSON is read by the variable's bound, but the
 * caller's code casts to what the variable stands for there, which may be any type that the value had. So what comes back has to be of
 * each type that the caller may know the value by.
 */
final class VariableParts {

    private static final int DEEPEST = 32;
    private static final VariableParts NONE = new VariableParts(Object.class, Map.of());

    private final Type type;
    /** What the variables of the class stand for in which the type is written; one that is missing may stand for anything. */
    private final Map<TypeVariable<?>, Type> known;

    private VariableParts(Type type, Map<TypeVariable<?>, Type> known) {
        this.type = type;
        this.known = known;
    }

    /** Of a method's generic return type, or a part of it. */
    static VariableParts of(Type generic) {
        return hasVariable(generic) ? new VariableParts(generic, Map.of()) : NONE;
    }

    static boolean hasVariable(Type type) {
        if (type instanceof ParameterizedType parametrized) {
            return Arrays.stream(parametrized.getActualTypeArguments()).anyMatch(VariableParts::hasVariable)
                    || parametrized.getOwnerType() != null && hasVariable(parametrized.getOwnerType());
        }
        if (type instanceof WildcardType wildcard) {
            return hasVariable(wildcard.getUpperBounds()[0]);
        }
        return type instanceof TypeVariable
                || type instanceof GenericArrayType array && hasVariable(array.getGenericComponentType());
    }

    boolean isEmpty() {
        return this == NONE;
    }

    /** @param back equals the value, as {@link ReadBack} sees it */
    boolean areKnownAsBefore(@Nullable Object value, @Nullable Object back) {
        return isEmpty() || areKnownAsBefore(value, back, DEEPEST);
    }

    private boolean areKnownAsBefore(@Nullable Object value, @Nullable Object back, int deeper) {
        if (value == null || back == null || value == back || deeper == 0) {
            return true;
        }
        if (type instanceof TypeVariable<?> variable) {
            Type argument = known.get(variable);
            return argument != null
                    // It was written in the method itself.
                    ? new VariableParts(argument, Map.of()).areKnownAsBefore(value, back, deeper)
                    : isKnownAsBefore(value.getClass(), back)
                            && new Inside(this, this, Map.of()).same(value, back, deeper);
        }
        if (type instanceof WildcardType wildcard) {
            return with(wildcard.getUpperBounds()[0]).areKnownAsBefore(value, back, deeper);
        }
        if (type instanceof GenericArrayType array) {
            VariableParts component = with(array.getGenericComponentType());
            return new Inside(component, component, Map.of()).same(value, back, deeper);
        }
        if (!(type instanceof ParameterizedType parametrized)) {
            return true;
        }
        Type[] arguments = parametrized.getActualTypeArguments();
        return arguments.length == 0
                || new Inside(with(arguments[0]), with(arguments[arguments.length - 1]), bindings(parametrized))
                        .same(value, back, deeper);
    }

    private VariableParts with(Type part) {
        return new VariableParts(part, known);
    }

    private Map<TypeVariable<?>, Type> bindings(ParameterizedType parametrized) {
        Map<TypeVariable<?>, Type> bindings = new HashMap<>();
        TypeVariable<?>[] variables = ((Class<?>) parametrized.getRawType()).getTypeParameters();
        for (int i = 0; i < variables.length; i++) {
            Type argument = parametrized.getActualTypeArguments()[i];
            Type resolved = argument instanceof TypeVariable<?> outer ? known.get(outer) : argument;
            if (resolved != null) {
                bindings.put(variables[i], resolved);
            }
        }
        return bindings;
    }

    /**
     * What is in a value.
     *
     * @param key a map's keys
     * @param content a map's values, or the elements
     * @param bindings what the variables of an object's class stand for
     */
    private record Inside(VariableParts key, VariableParts content, Map<TypeVariable<?>, Type> bindings) {

        boolean same(Object value, Object back, int deeper) {
            if (value instanceof Map<?, ?> map) {
                return back instanceof Map<?, ?> other
                        && all(key, map.keySet(), other.keySet(), deeper)
                        && all(content, map.values(), other.values(), deeper);
            }
            if (value instanceof Collection<?> collection) {
                return back instanceof Collection<?> other && all(content, collection, other, deeper);
            }
            if (value instanceof Object[] array) {
                return back instanceof Object[] other
                        && all(content, Arrays.asList(array), Arrays.asList(other), deeper);
            }
            if (value instanceof Optional<?> optional) {
                return back instanceof Optional<?> other
                        && content.areKnownAsBefore(optional.orElse(null), other.orElse(null), deeper - 1);
            }
            if (value instanceof AtomicReference<?> reference) {
                return back instanceof AtomicReference<?> other
                        && content.areKnownAsBefore(reference.get(), other.get(), deeper - 1);
            }
            if (value instanceof Map.Entry<?, ?> entry) {
                return back instanceof Map.Entry<?, ?> other
                        && key.areKnownAsBefore(entry.getKey(), other.getKey(), deeper - 1)
                        && content.areKnownAsBefore(entry.getValue(), other.getValue(), deeper - 1);
            }
            return SuperTypes.isPlatform(value.getClass()) || sameFields(value, back, deeper);
        }

        private static boolean all(VariableParts each, Collection<?> value, Collection<?> back, int deeper) {
            Iterator<?> others = back.iterator();
            for (Object element : value) {
                if (!others.hasNext() || !each.areKnownAsBefore(element, others.next(), deeper - 1)) {
                    return false;
                }
            }
            return true;
        }

        private boolean sameFields(Object value, Object back, int deeper) {
            if (value.getClass() != back.getClass()) {
                return true;
            }
            for (Field field : StateFields.of(value.getClass())) {
                VariableParts part = new VariableParts(field.getGenericType(), bindings);
                try {
                    if (hasVariable(part.type)
                            && !part.areKnownAsBefore(field.get(value), field.get(back), deeper - 1)) {
                        return false;
                    }
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException(field + " can't be read", e);
                }
            }
            return true;
        }
    }

    /** Whether it is of each class and interface of the value's that code outside of the JDK can name. */
    private static boolean isKnownAsBefore(@Nullable Class<?> type, Object back) {
        if (type == null || type.isInstance(back)) {
            return true;
        }
        boolean named = !SuperTypes.isPlatform(type) || Modifier.isPublic(type.getModifiers());
        return !named
                && isKnownAsBefore(type.getSuperclass(), back)
                && List.of(type.getInterfaces()).stream().allMatch(implemented -> isKnownAsBefore(implemented, back));
    }
}
