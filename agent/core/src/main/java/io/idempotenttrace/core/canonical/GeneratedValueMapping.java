package io.idempotenttrace.core.canonical;

import io.idempotenttrace.core.classfile.CompiledClass;
import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Classes that Immutables and AutoValue generate, with accessors that are named as what they give: an object of these. Told by their
 * shape, since their annotations are gone at run time: a class {@code ImmutableX} or {@code AutoValue_X} below the type that its
 * author wrote, with a private field for each accessor. Where accessors are getters the class is a bean.
 */
final class GeneratedValueMapping {

    private GeneratedValueMapping() {}

    /** @return null for any other class, and for one whose accessors do not show all of its fields */
    static @Nullable ValueMapping of(Class<?> type) throws NoSuchMethodException {
        String simple = type.getSimpleName();
        boolean immutables = simple.startsWith("Immutable") && simple.length() > "Immutable".length();
        boolean generated = immutables
                || simple.startsWith("AutoValue_")
                || simple.startsWith("$AutoValue_")
                || simple.startsWith("$$AutoValue_");
        boolean ofAuthor = type.getInterfaces().length > 0 || type.getSuperclass() != Object.class;
        if (!generated || !ofAuthor || type.isInterface() || isForJackson(type)) {
            return null;
        }
        MembersMapping members = new MembersMapping();
        CompiledClass code = CompiledClass.of(type);
        Set<String> names = new HashSet<>();
        for (Class<?> level = type; level != null && level != Object.class; level = level.getSuperclass()) {
            for (Field field : level.getDeclaredFields()) {
                boolean derived = Modifier.isTransient(field.getModifiers())
                        || field.getName().equals("hashCode");
                if (Modifier.isStatic(field.getModifiers()) || derived || field.isSynthetic()) {
                    continue;
                }
                LibraryMethod accessor = accessor(type, field, code);
                if (accessor == null || !Modifier.isPrivate(field.getModifiers())) {
                    return null;
                }
                if (names.add(field.getName())) {
                    members.with(field.getName(), accessor);
                }
            }
        }
        return names.isEmpty() ? null : members;
    }

    /** Whether Jackson's annotations say what its properties are: then it is the bean that they describe. */
    private static boolean isForJackson(Class<?> type) {
        for (Method method : type.getDeclaredMethods()) {
            for (Annotation annotation : method.getDeclaredAnnotations()) {
                if (annotation.annotationType().getName().startsWith("com.fasterxml.jackson.annotation.")) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The method of the field's name, or the getter that Immutables takes a field's name from; null if there is none. */
    private static @Nullable LibraryMethod accessor(Class<?> type, Field field, CompiledClass code) {
        Method plain = method(type, field.getName());
        String capital = Character.toUpperCase(field.getName().charAt(0))
                + field.getName().substring(1);
        Method getter = plain != null ? plain : method(type, "get" + capital);
        Method accessor = getter != null ? getter : method(type, "is" + capital);
        // A class of such a name that a person wrote may show less than it holds.
        return accessor != null
                        && HeldFields.agree(field, accessor)
                        && !HeldFields.isOther(code.returnedBy(accessor), field)
                ? LibraryMethod.ofOwn(accessor)
                : null;
    }

    private static @Nullable Method method(Class<?> type, String name) {
        for (Class<?> level = type; level != null; level = level.getSuperclass()) {
            for (Method method : level.getDeclaredMethods()) {
                if (method.getName().equals(name)
                        && method.getParameterCount() == 0
                        && !method.isSynthetic()
                        && !Modifier.isPrivate(method.getModifiers())
                        && !Modifier.isStatic(method.getModifiers())) {
                    return method;
                }
            }
        }
        return null;
    }
}
