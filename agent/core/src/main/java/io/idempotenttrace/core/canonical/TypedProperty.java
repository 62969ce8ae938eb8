package io.idempotenttrace.core.canonical;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A property with JsonTypeInfo or JsonIgnoreProperties. By the first its value is written with its type, or where it is declared as a
 * container, each of its elements. By the second the value is written without some of its members, and so are the elements of
 * containers.
 */
final class TypedProperty {

    /** Null where the classes of the values say how their types are written. */
    private final @Nullable JacksonTypeInfo info;

    private final boolean ofElements;
    private final Set<String> ignored;

    private TypedProperty(@Nullable JacksonTypeInfo info, boolean ofElements, Set<String> ignored) {
        this.info = info;
        this.ofElements = ofElements;
        this.ignored = ignored;
    }

    /**
     * Null where the member has neither annotation.
     *
     * @param declarations the member, and before the others those that count more
     */
    static @Nullable TypedProperty of(Member member, List<? extends AnnotatedElement> declarations) {
        Class<?> declared = declared(member);
        JacksonTypeInfo info = JacksonTypeInfo.ofMember(declarations, declared);
        Set<String> ignored = JacksonAnnotations.ignoredProperties(declarations);
        if (info == null) {
            return ignored.isEmpty() ? null : new TypedProperty(null, /* ofElements= */ false, ignored);
        }
        boolean container = declared.isArray()
                || MappingRules.isOneOf(declared, Collection.class, Map.class, Optional.class, AtomicReference.class);
        return new TypedProperty(container ? info.ofElements() : info, container, ignored);
    }

    /** With what another member of the same property says, where this one says nothing. */
    TypedProperty or(@Nullable TypedProperty other) {
        if (other == null) {
            return this;
        }
        TypedProperty typed = info == null ? other : this;
        return new TypedProperty(typed.info, typed.ofElements, ignored.isEmpty() ? other.ignored : ignored);
    }

    /** Of a setter, whose annotation counts for what the getter gives, it is the parameter's type. */
    private static Class<?> declared(Member member) {
        if (member instanceof Method method) {
            return method.getParameterCount() == 1 ? method.getParameterTypes()[0] : method.getReturnType();
        }
        return ((Field) member).getType();
    }

    /** How the type is written beside the property; null where it is not. */
    @Nullable
    JacksonTypeInfo beside() {
        return info != null && info.shape() == JacksonTypeInfo.Shape.BESIDE ? info : null;
    }

    @Nullable
    Object typed(@Nullable Object value) {
        return ofElements || info == null ? elements(value) : one(value);
    }

    private @Nullable Object one(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        Object entity = PersistenceMapping.ofProxy(value);
        return TypedMapping.hasId(entity.getClass()) ? new TypedMapping.Typed(entity, info, ignored) : value;
    }

    /** What is in a container: another one only if the annotation counts for whatever is in them. */
    private @Nullable Object element(@Nullable Object element) {
        return info == null ? elements(element) : one(element);
    }

    /** Copies that hold the elements with their types. A container that has more than its elements is what its class says. */
    private @Nullable Object elements(@Nullable Object value) {
        if (value instanceof Optional<?> optional) {
            return element(optional.orElse(null));
        }
        if (value instanceof AtomicReference<?> reference) {
            return element(reference.get());
        }
        ValueMapping mapping = value == null ? null : ValueMapping.of(value).ofValue(value);
        if (value == null || mapping == ContainerMapping.MAP) {
            return value == null ? null : values((Map<?, ?>) value);
        }
        if (mapping == ContainerMapping.SET) {
            // It may be no set, and hold an element twice.
            return new UnorderedCollections.View(ofCollection((Collection<?>) value));
        }
        if (mapping == ContainerMapping.ITERABLE && value instanceof Collection<?> collection) {
            return ofCollection(collection);
        }
        return value instanceof Object[] array ? ofArray(array) : info == null ? one(value) : value;
    }

    private List<Object> ofCollection(Collection<?> collection) {
        List<Object> typed = new ArrayList<>(collection.size());
        collection.forEach(element -> typed.add(element(element)));
        return typed;
    }

    private Object[] ofArray(Object[] array) {
        Object[] typed = new Object[array.length];
        for (int i = 0; i < typed.length; i++) {
            typed[i] = array[i] instanceof Object[] inner ? ofArray(inner) : element(array[i]);
        }
        return typed;
    }

    private IdentityHashMap<Object, Object> values(Map<?, ?> map) {
        // By identity: each key stays the one that it is, however the map compares its keys.
        IdentityHashMap<Object, Object> typed = new IdentityHashMap<>();
        map.forEach((key, value) -> {
            if (key == null || !ignored.contains(key)) {
                typed.put(key, element(value));
            }
        });
        return typed;
    }
}
