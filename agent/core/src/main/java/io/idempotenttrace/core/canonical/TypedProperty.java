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
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A property with JsonTypeInfo: its value is written with its type, or where it is declared as a container, each of its elements. */
final class TypedProperty {

    private final JacksonTypeInfo info;
    private final boolean ofElements;

    private TypedProperty(JacksonTypeInfo info, boolean ofElements) {
        this.info = info;
        this.ofElements = ofElements;
    }

    /**
     * Null where the member has no such annotation.
     *
     * @param declarations the member, and before the others those that count more
     */
    static @Nullable TypedProperty of(Member member, List<? extends AnnotatedElement> declarations) {
        Class<?> declared = declared(member);
        JacksonTypeInfo info = JacksonTypeInfo.ofMember(declarations, declared);
        if (info == null) {
            return null;
        }
        boolean container = declared.isArray()
                || MappingRules.isOneOf(declared, Collection.class, Map.class, Optional.class, AtomicReference.class);
        return new TypedProperty(container ? info.ofElements() : info, container);
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
        return info.shape() == JacksonTypeInfo.Shape.BESIDE ? info : null;
    }

    @Nullable
    Object typed(@Nullable Object value) {
        return ofElements ? elements(value) : one(value);
    }

    private @Nullable Object one(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        Object entity = PersistenceMapping.ofProxy(value);
        return TypedMapping.hasId(entity.getClass()) ? new TypedMapping.Typed(entity, info) : value;
    }

    /** Copies that hold the elements with their types. A container that has more than its elements is what its class says. */
    private @Nullable Object elements(@Nullable Object value) {
        if (value instanceof Optional<?> optional) {
            return one(optional.orElse(null));
        }
        if (value instanceof AtomicReference<?> reference) {
            return one(reference.get());
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
        return value instanceof Object[] array ? ofArray(array) : value;
    }

    private List<Object> ofCollection(Collection<?> collection) {
        List<Object> typed = new ArrayList<>(collection.size());
        collection.forEach(element -> typed.add(one(element)));
        return typed;
    }

    private Object[] ofArray(Object[] array) {
        Object[] typed = new Object[array.length];
        for (int i = 0; i < typed.length; i++) {
            typed[i] = array[i] instanceof Object[] inner ? ofArray(inner) : one(array[i]);
        }
        return typed;
    }

    private IdentityHashMap<Object, Object> values(Map<?, ?> map) {
        // By identity: each key stays the one that it is, however the map compares its keys.
        IdentityHashMap<Object, Object> typed = new IdentityHashMap<>();
        map.forEach((key, value) -> typed.put(key, one(value)));
        return typed;
    }
}
