package io.idempotenttrace.core.canonical;

import java.lang.annotation.Annotation;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The application's own Jackson annotations, seen by name: they come from another class loader than our Jackson. Honoured are
 * JsonProperty (name and access), JsonGetter, JsonIgnore, JsonIgnoreProperties, JsonInclude (NON_NULL, NON_ABSENT,
 * NON_EMPTY), JsonValue, JsonAnyGetter, JsonBackReference, JsonNaming (the strategies that Jackson ships) and JsonTypeInfo ({@link
 * JacksonTypeInfo}), also where an annotation of the application's own bundles them. Others (JsonUnwrapped, JsonFormat,
 * serialisers, views, mix-ins) are not: they change how JSON looks, not what the payload is. Names that stand only on parameters of constructors are for
 * reading JSON, and do not count.
 */
final class JacksonAnnotations {

    private static final String PACKAGE = "com.fasterxml.jackson.annotation.";
    private static final String PROPERTY = PACKAGE + "JsonProperty";
    /** Annotations by which Jackson knows a member as a property, though they give it no name. */
    private static final Set<String> OF_PROPERTIES = Set.of(
            PACKAGE + "JsonView",
            PACKAGE + "JsonFormat",
            PACKAGE + "JsonTypeInfo",
            PACKAGE + "JsonRawValue",
            PACKAGE + "JsonUnwrapped",
            PACKAGE + "JsonManagedReference",
            "com.fasterxml.jackson.databind.annotation.JsonSerialize",
            "tools.jackson.databind.annotation.JsonSerialize");

    /**
     * What the annotations of a field or method say of the property.
     *
     * @param property whether they make it one
     * @param name its name in JSON; empty if they don't say
     * @param inclusion the name of JsonInclude's value; null where it says nothing
     */
    record OfProperty(
            boolean property,
            String name,
            boolean ignored,
            boolean writeOnly,
            @Nullable String inclusion) {}

    private JacksonAnnotations() {}

    /** @param declarations the member, and before the others those that count more */
    static OfProperty ofProperty(List<? extends AnnotatedElement> declarations) {
        Object property = find(declarations, PROPERTY);
        Object getter = find(declarations, PACKAGE + "JsonGetter");
        String name = getter != null ? text(getter, "value") : "";
        name = name.isEmpty() && property != null ? text(property, "value") : name;
        boolean inferred = false;
        for (String other : OF_PROPERTIES) {
            inferred = inferred || find(declarations, other) != null;
        }
        return new OfProperty(
                property != null || getter != null || inferred,
                name,
                isOn(declarations, "JsonIgnore") || find(declarations, PACKAGE + "JsonBackReference") != null,
                property != null && text(property, "access").equals("WRITE_ONLY"),
                inclusion(declarations));
    }

    static boolean isAnyGetter(List<? extends AnnotatedElement> declarations) {
        Object annotation = find(declarations, PACKAGE + "JsonAnyGetter");
        return annotation != null && Boolean.TRUE.equals(value(annotation, "enabled"));
    }

    /** The first annotation of that name; null if no element has one. */
    static @Nullable Object find(List<? extends AnnotatedElement> elements, String name) {
        for (AnnotatedElement element : elements) {
            Object found = find(element, name);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** The element's annotation of that name, also in a bundle of annotations; null if it has none. */
    static @Nullable Object find(AnnotatedElement element, String name) {
        return find(element, name, /* bundles= */ 4);
    }

    private static @Nullable Object find(AnnotatedElement element, String name, int bundles) {
        for (Annotation annotation : element.getDeclaredAnnotations()) {
            Class<? extends Annotation> type = annotation.annotationType();
            if (type.getName().equals(name)) {
                return annotation;
            }
            if (bundles > 0 && isBundle(type)) {
                Object found = find(type, name, bundles - 1);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private static boolean isBundle(Class<? extends Annotation> type) {
        for (Annotation annotation : type.getDeclaredAnnotations()) {
            if (annotation.annotationType().getName().equals(PACKAGE + "JacksonAnnotationsInside")) {
                return true;
            }
        }
        return false;
    }

    /** The class and its supertypes, each before those above it; not Object. */
    static Set<Class<?>> supertypes(Class<?> type) {
        Set<Class<?>> levels = new LinkedHashSet<>();
        for (Class<?> level = type; level != null && level != Object.class; level = level.getSuperclass()) {
            levels.add(level);
        }
        for (Class<?> level : List.copyOf(levels)) {
            addInterfaces(level, levels);
        }
        return levels;
    }

    private static void addInterfaces(Class<?> type, Set<Class<?>> levels) {
        for (Class<?> implemented : type.getInterfaces()) {
            levels.add(implemented);
            addInterfaces(implemented, levels);
        }
    }

    static String text(Object annotation, String attribute) {
        return String.valueOf(value(annotation, attribute));
    }

    static Object value(Object annotation, String attribute) {
        try {
            Method method = ((Annotation) annotation).annotationType().getMethod(attribute);
            method.setAccessible(true);
            return method.invoke(annotation);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(annotation + " has no readable attribute '" + attribute + "'", e);
        }
    }

    /** Whether the annotation is there and its {@code value} is not false. */
    private static boolean isOn(List<? extends AnnotatedElement> elements, String name) {
        Object annotation = find(elements, PACKAGE + name);
        return annotation != null && Boolean.TRUE.equals(value(annotation, "value"));
    }

    /** The name of JsonInclude's value; null where it says nothing. */
    static @Nullable String inclusion(List<? extends AnnotatedElement> elements) {
        Object annotation = find(elements, PACKAGE + "JsonInclude");
        String name = annotation == null ? "USE_DEFAULTS" : ((Enum<?>) value(annotation, "value")).name();
        return name.equals("USE_DEFAULTS") ? null : name;
    }

    static Set<String> ignoredProperties(Class<?> type) {
        return ignoredProperties(List.copyOf(supertypes(type)));
    }

    /** What JsonIgnoreProperties leaves out when JSON is written: of the class, or of the values of the property. */
    static Set<String> ignoredProperties(List<? extends AnnotatedElement> elements) {
        Object annotation = find(elements, PACKAGE + "JsonIgnoreProperties");
        boolean onlyForReading = annotation != null && Boolean.TRUE.equals(value(annotation, "allowGetters"));
        return annotation == null || onlyForReading
                ? Set.of()
                : new HashSet<>(List.of((String[]) value(annotation, "value")));
    }

    /** The mapping to the value that a JsonValue method or field stands for; null where the class has none. */
    static @Nullable ValueMapping valueMapping(Class<?> type) {
        for (Class<?> level : supertypes(type)) {
            for (Method method : level.getDeclaredMethods()) {
                if (method.getParameterCount() == 0 && !method.isSynthetic() && isOn(List.of(method), "JsonValue")) {
                    return holder(method);
                }
            }
            for (Field field : level.getDeclaredFields()) {
                if (isOn(List.of(field), "JsonValue")) {
                    return holder(field);
                }
            }
        }
        return null;
    }

    private static ValueMapping holder(AccessibleObject member) {
        try {
            member.setAccessible(true);
        } catch (InaccessibleObjectException e) {
            return new RefusedMapping(
                    "the @JsonValue " + member + " can't be read: its module does not open its package; open it, or"
                            + " mark the parameter @Unhashed");
        }
        return new ScalarMapping.Holder(value -> {
            try {
                return member instanceof Method method ? method.invoke(value) : ((Field) member).get(value);
            } catch (ReflectiveOperationException e) {
                throw new UnhashableException(
                        "",
                        "the @JsonValue of " + value.getClass().getName()
                                + " threw; mend it, or mark the parameter @Unhashed",
                        e.getCause());
            }
        });
    }

    /** By JsonValue, else by the constant's JsonProperty, else by its name. Never by toString, which people change. */
    static ValueMapping enumMapping(Class<?> constantType) {
        // A constant with a body has a class of its own, below the enum's.
        Class<?> type = constantType.isEnum() ? constantType : constantType.getSuperclass();
        ValueMapping byValue = valueMapping(type);
        if (byValue != null) {
            return byValue;
        }
        Map<Object, String> names = new HashMap<>();
        for (Field field : type.getFields()) {
            Object property = field.isEnumConstant() ? find(field, PROPERTY) : null;
            if (property != null && !text(property, "value").isEmpty()) {
                names.put(field.getName(), text(property, "value"));
            }
        }
        boolean symbol = MappingRules.implementsNamed(type, "org.apache.avro.generic.GenericEnumSymbol");
        return new ScalarMapping.Text(
                value -> {
                    String name = ((Enum<?>) value).name();
                    return names.isEmpty() ? name : names.getOrDefault(name, name);
                },
                value -> {
                    // What people or a schema have named is that name in Python as well.
                    String name = ((Enum<?>) value).name();
                    String annotated = symbol ? name : names.get(name);
                    return annotated != null ? annotated : PythonStr.constant((Enum<?>) value);
                });
    }

    /** How JsonNaming turns a property's name in Java into its name in JSON. */
    static UnaryOperator<String> naming(Class<?> type) {
        List<Class<?>> levels = List.copyOf(supertypes(type));
        Object annotation = find(levels, "com.fasterxml.jackson.databind.annotation.JsonNaming");
        annotation = annotation != null ? annotation : find(levels, "tools.jackson.databind.annotation.JsonNaming");
        return annotation == null
                ? UnaryOperator.identity()
                : strategy(((Class<?>) value(annotation, "value")).getSimpleName());
    }

    private static UnaryOperator<String> strategy(String simpleName) {
        return switch (simpleName) {
            case "SnakeCaseStrategy" -> name -> snakeCase(name, '_');
            case "UpperSnakeCaseStrategy" -> name -> snakeCase(name, '_').toUpperCase(java.util.Locale.ROOT);
            case "KebabCaseStrategy" -> name -> separated(name, '-');
            case "LowerDotCaseStrategy" -> name -> separated(name, '.');
            case "LowerCaseStrategy" -> name -> name.toLowerCase(java.util.Locale.ROOT);
            case "UpperCamelCaseStrategy" ->
                name -> name.isEmpty() ? name : Character.toUpperCase(name.charAt(0)) + name.substring(1);
            default -> UnaryOperator.identity();
        };
    }

    /** As Jackson's SnakeCaseStrategy: a separator before each run of capitals, none at the beginning. */
    private static String snakeCase(String name, char separator) {
        StringBuilder result = new StringBuilder(name.length() * 2);
        boolean beforeWasCapital = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (i == 0 && c == '_') {
                continue;
            }
            if (Character.isUpperCase(c)) {
                if (!beforeWasCapital && !result.isEmpty() && result.charAt(result.length() - 1) != separator) {
                    result.append(separator);
                }
                c = Character.toLowerCase(c);
                beforeWasCapital = true;
            } else {
                beforeWasCapital = false;
            }
            result.append(c);
        }
        return result.isEmpty() ? name : result.toString();
    }

    /** As Jackson's KebabCaseStrategy and LowerDotCaseStrategy: a separator before each word. */
    private static String separated(String name, char separator) {
        StringBuilder result = new StringBuilder(name.length() * 2);
        int capitals = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            char small = Character.toLowerCase(c);
            if (small == c) {
                if (capitals > 1) {
                    // The last capital of a run begins the next word.
                    result.insert(result.length() - 1, separator);
                }
                capitals = 0;
            } else {
                if (capitals == 0 && i > 0) {
                    result.append(separator);
                }
                capitals++;
            }
            result.append(small);
        }
        return result.toString();
    }
}
