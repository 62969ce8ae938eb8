package io.idempotenttrace.core.canonical;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A field, getter or setter of a property, with what Jackson's annotations on it say.
 *
 * @param rank which of several is read: {@code getX} before {@code isX} before other methods before fields; setters are not read
 * @param readable whether a value can be read from it: it is public, or annotated as a property
 * @param annotated whether an annotation makes it a property
 * @param explicitName the name in JSON that an annotation gives; empty if none does
 * @param ignored by JsonIgnore
 * @param writeOnly by JsonProperty's access
 * @param inclusion the name of JsonInclude's value; null where it says nothing
 * @param types how JsonTypeInfo has the types of values written, and what JsonIgnoreProperties leaves out of them; null where they say
 *     nothing
 */
record PropertyAccessor(
        Member member,
        int rank,
        boolean readable,
        boolean annotated,
        String explicitName,
        boolean ignored,
        boolean writeOnly,
        @Nullable String inclusion,
        @Nullable TypedProperty types) {

    private static final int FIELD = 4;
    private static final int SETTER = 5;

    /** What says its name before what has it from Java; then by rank. */
    static final Comparator<PropertyAccessor> PREFERRED_FIRST = new Comparator<>() {
        @Override
        public int compare(PropertyAccessor a, PropertyAccessor b) {
            int first = Boolean.compare(b.readable, a.readable);
            first = first != 0 ? first : Boolean.compare(b.annotated, a.annotated);
            return first != 0 ? first : Integer.compare(a.rank, b.rank);
        }
    };

    static PropertyAccessor of(Field field) {
        boolean visible = Modifier.isPublic(field.getModifiers()) && !Modifier.isTransient(field.getModifiers());
        return of(field, FIELD, visible, List.of(field));
    }

    /** @param declarations the method and those that it overrides */
    static PropertyAccessor getter(Method method, List<Method> declarations) {
        int rank = method.getName().startsWith("get") ? 1 : method.getName().startsWith("is") ? 2 : 3;
        return of(method, rank, Modifier.isPublic(method.getModifiers()), declarations);
    }

    /** @param declarations the method and those that it overrides */
    static PropertyAccessor setter(Method method, List<Method> declarations) {
        PropertyAccessor setter = of(method, SETTER, /* visible= */ false, declarations);
        return new PropertyAccessor(
                method,
                SETTER,
                /* readable= */ false,
                setter.annotated,
                setter.explicitName,
                setter.ignored,
                setter.writeOnly,
                /* inclusion= */ null,
                setter.types);
    }

    private static PropertyAccessor of(
            Member member, int rank, boolean visible, List<? extends AnnotatedElement> declarations) {
        JacksonAnnotations.OfProperty annotations = JacksonAnnotations.ofProperty(declarations);
        return new PropertyAccessor(
                member,
                rank,
                visible || annotations.property(),
                annotations.property(),
                annotations.name(),
                annotations.ignored(),
                annotations.writeOnly(),
                annotations.inclusion(),
                TypedProperty.of(member, declarations));
    }
}
