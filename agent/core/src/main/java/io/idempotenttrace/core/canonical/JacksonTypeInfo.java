package io.idempotenttrace.core.canonical;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a JsonTypeInfo says: how the type of a value is written with it. Two commands that differ in their type alone are two
 * payloads, and this id is all that tells them apart. The id is the one that Jackson writes. A resolver of the application's own
 * (Id.CUSTOM, JsonTypeIdResolver) is not asked; the name of the class stands for what it would say, which loses nothing.
 */
final class JacksonTypeInfo {

    /** Where the id is written. */
    enum Shape {
        /** Not at all, or by a getter. */
        NONE,
        /** As a member of the object, or where the value is no object as WRAPPER_ARRAY. */
        PROPERTY,
        /** As the name of the one member of an object, which is the value. */
        WRAPPER_OBJECT,
        /** As the first of two elements, the second of which is the value. */
        WRAPPER_ARRAY,
        /** As a member beside the one that is the value. */
        BESIDE
    }

    private static final String PACKAGE = "com.fasterxml.jackson.annotation.";
    private static final List<String> ID_RESOLVERS = List.of(
            "com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver",
            "tools.jackson.databind.annotation.JsonTypeIdResolver");

    private final Shape shape;
    private final String property;
    /** The name of JsonTypeInfo.Id's constant. */
    private final String use;
    /** The member that has the annotation; empty where a class has it. */
    private final List<? extends AnnotatedElement> members;
    /** To whose package the id MINIMAL_CLASS is relative. */
    private final Class<?> base;

    private final ClassValue<String> ids = new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
            return findId(type);
        }
    };

    private JacksonTypeInfo(
            Shape shape, String property, String use, List<? extends AnnotatedElement> members, Class<?> base) {
        this.shape = shape;
        this.property = property;
        this.use = use;
        this.members = members;
        this.base = base;
    }

    /** Of the class or the nearest of its supertypes that has one; null if none has. */
    static @Nullable JacksonTypeInfo ofClass(Class<?> type) {
        Set<Class<?>> levels = JacksonAnnotations.supertypes(type);
        for (Class<?> level : levels) {
            Object annotation = JacksonAnnotations.find(level, PACKAGE + "JsonTypeInfo");
            if (annotation != null) {
                return of(annotation, List.copyOf(levels), List.of(), level);
            }
        }
        return null;
    }

    /**
     * Of a property; null if it has none.
     *
     * @param declarations the member, and before the others those that count more
     * @param declared the type of the property
     */
    static @Nullable JacksonTypeInfo ofMember(List<? extends AnnotatedElement> declarations, Class<?> declared) {
        Object annotation = JacksonAnnotations.find(declarations, PACKAGE + "JsonTypeInfo");
        return annotation == null ? null : of(annotation, declarations, declarations, declared);
    }

    private static JacksonTypeInfo of(
            Object annotation,
            List<? extends AnnotatedElement> annotated,
            List<? extends AnnotatedElement> members,
            Class<?> base) {
        String use = JacksonAnnotations.text(annotation, "use");
        for (String resolver : ID_RESOLVERS) {
            use = !use.equals("NONE") && JacksonAnnotations.find(annotated, resolver) != null ? "CUSTOM" : use;
        }
        String property = JacksonAnnotations.text(annotation, "property");
        return new JacksonTypeInfo(
                shape(use, JacksonAnnotations.text(annotation, "include"), !members.isEmpty()),
                property.isEmpty() ? defaultProperty(use) : property,
                use,
                members,
                base);
    }

    private static Shape shape(String use, String include, boolean ofMember) {
        if (use.equals("NONE") || use.equals("DEDUCTION")) {
            return Shape.NONE;
        }
        return switch (include) {
            case "EXISTING_PROPERTY" -> Shape.NONE;
            case "WRAPPER_OBJECT" -> Shape.WRAPPER_OBJECT;
            case "WRAPPER_ARRAY" -> Shape.WRAPPER_ARRAY;
            case "EXTERNAL_PROPERTY" -> ofMember ? Shape.BESIDE : Shape.PROPERTY;
            default -> Shape.PROPERTY;
        };
    }

    private static String defaultProperty(String use) {
        return switch (use) {
            case "NAME", "SIMPLE_NAME" -> "@type";
            case "MINIMAL_CLASS" -> "@c";
            default -> "@class";
        };
    }

    /** The same for the elements of a property's value, which have no place for a member beside them. */
    JacksonTypeInfo ofElements() {
        return shape == Shape.BESIDE ? new JacksonTypeInfo(Shape.PROPERTY, property, use, members, base) : this;
    }

    Shape shape() {
        return shape;
    }

    /** The name of the member that the id is. */
    String property() {
        return property;
    }

    /** The id of values of that class. */
    String id(Class<?> type) {
        return ids.get(type);
    }

    private String findId(Class<?> type) {
        String name = type.getName();
        switch (use) {
            case "NAME":
                String given = givenName(type);
                return given != null ? given : name.substring(name.lastIndexOf('.') + 1);
            case "SIMPLE_NAME":
                String simple = givenName(type);
                return simple != null
                        ? simple
                        : name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
            case "MINIMAL_CLASS":
                String above = base.getPackageName();
                return !above.isEmpty() && name.startsWith(above + '.') ? name.substring(above.length()) : name;
            default:
                return name;
        }
    }

    /** By JsonTypeName of the class, else by the JsonSubTypes of the member or of a supertype, else by JsonTypeName of a supertype. */
    private @Nullable String givenName(Class<?> type) {
        String own = typeName(List.of(type));
        if (own != null) {
            return own;
        }
        Set<Class<?>> levels = JacksonAnnotations.supertypes(type);
        List<AnnotatedElement> listing = new ArrayList<>(members);
        listing.addAll(levels);
        for (AnnotatedElement element : listing) {
            Object subtypes = JacksonAnnotations.find(element, PACKAGE + "JsonSubTypes");
            String listed = subtypes == null ? null : listedName(subtypes, type);
            if (listed != null) {
                return listed;
            }
        }
        return typeName(List.copyOf(levels));
    }

    private static @Nullable String typeName(List<? extends AnnotatedElement> levels) {
        Object annotation = JacksonAnnotations.find(levels, PACKAGE + "JsonTypeName");
        String name = annotation == null ? "" : JacksonAnnotations.text(annotation, "value");
        return name.isEmpty() ? null : name;
    }

    private static @Nullable String listedName(Object subtypes, Class<?> type) {
        try {
            for (Object subtype : (Object[]) JacksonAnnotations.value(subtypes, "value")) {
                if (JacksonAnnotations.value(subtype, "value") == type) {
                    String name = JacksonAnnotations.text(subtype, "name");
                    return name.isEmpty() ? firstOf(subtype) : name;
                }
            }
        } catch (IllegalStateException e) {
            // It lists a class that is not there; Jackson could not read it either.
            return null;
        }
        return null;
    }

    /** Of the several names that a newer Jackson allows. */
    private static @Nullable String firstOf(Object subtype) {
        for (Method method : subtype.getClass().getMethods()) {
            if (method.getName().equals("names")) {
                String[] names = (String[]) JacksonAnnotations.value(subtype, "names");
                return names.length == 0 ? null : names[0];
            }
        }
        return null;
    }
}
