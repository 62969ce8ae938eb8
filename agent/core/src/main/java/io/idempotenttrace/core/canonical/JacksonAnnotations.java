package io.idempotenttrace.core.canonical;

import java.lang.annotation.Annotation;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The application's own Jackson annotations, seen by name: they come from another class loader than our Jackson. Honoured are
 * JsonProperty, JsonIgnore, JsonIgnoreProperties, JsonInclude (NON_NULL, NON_ABSENT, NON_EMPTY), JsonValue and JsonNaming (the
 * strategies that Jackson ships). Others (JsonUnwrapped, JsonAnyGetter, JsonFormat, serialisers, views, type ids, mix-ins) are
 * not: they change how JSON looks, not what the payload is.
 */
final class JacksonAnnotations {

    private static final String PACKAGE = "com.fasterxml.jackson.annotation.";
    static final String PROPERTY = PACKAGE + "JsonProperty";

    private JacksonAnnotations() {
    }

    /** The element's annotation of that name; null if it has none. */
    static Object find(AnnotatedElement element, String name) {
        for (Annotation annotation : element.getAnnotations()) {
            if (annotation.annotationType().getName().equals(name)) {
                return annotation;
            }
        }
        return null;
    }

    static String text(Object annotation, String attribute) {
        return String.valueOf(value(annotation, attribute));
    }

    private static Object value(Object annotation, String attribute) {
        try {
            Method method = ((Annotation) annotation).annotationType().getMethod(attribute);
            method.setAccessible(true);
            return method.invoke(annotation);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(annotation + " has no readable attribute '" + attribute + "'", e);
        }
    }

    /** Whether the annotation is there and its {@code value} is not false. */
    private static boolean isOn(AnnotatedElement element, String name) {
        Object annotation = find(element, PACKAGE + name);
        return annotation != null && Boolean.TRUE.equals(value(annotation, "value"));
    }

    static boolean isIgnored(AnnotatedElement element) {
        return isOn(element, "JsonIgnore");
    }

    /** The name of JsonInclude's value; null where it says nothing. */
    static String inclusion(AnnotatedElement element) {
        Object annotation = find(element, PACKAGE + "JsonInclude");
        return annotation == null ? null : ((Enum<?>) value(annotation, "value")).name();
    }

    static Set<String> ignoredProperties(Class<?> type) {
        Set<String> names = new HashSet<>();
        Object annotation = find(type, PACKAGE + "JsonIgnoreProperties");
        if (annotation != null) {
            names.addAll(Set.of((String[]) value(annotation, "value")));
        }
        return names;
    }

    /** The mapping to the value that a JsonValue method or field stands for; null where the class has none. */
    static ValueMapping valueMapping(Class<?> type) {
        for (Class<?> level = type; level != null && level != Object.class; level = level.getSuperclass()) {
            for (Method method : level.getDeclaredMethods()) {
                if (method.getParameterCount() == 0 && !method.isSynthetic() && isOn(method, "JsonValue")) {
                    return holder(method);
                }
            }
            for (Field field : level.getDeclaredFields()) {
                if (isOn(field, "JsonValue")) {
                    return holder(field);
                }
            }
        }
        return null;
    }

    private static ValueMapping holder(AccessibleObject member) {
        member.setAccessible(true);
        return new ScalarMapping.Holder(value -> {
            try {
                return member instanceof Method method ? method.invoke(value) : ((Field) member).get(value);
            } catch (ReflectiveOperationException e) {
                throw new UnhashableException("", "the @JsonValue of " + value.getClass().getName()
                        + " threw; mend it, or mark the parameter @Unhashed", e.getCause());
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
        return new ScalarMapping.Text(value -> {
            String name = ((Enum<?>) value).name();
            return names.isEmpty() ? name : names.getOrDefault(name, name);
        });
    }

    /** How JsonNaming turns a property's name in Java into its name in JSON. */
    static UnaryOperator<String> naming(Class<?> type) {
        for (Annotation annotation : type.getAnnotations()) {
            String name = annotation.annotationType().getName();
            if (name.endsWith(".jackson.databind.annotation.JsonNaming")) {
                return strategy(((Class<?>) value(annotation, "value")).getSimpleName());
            }
        }
        return UnaryOperator.identity();
    }

    private static UnaryOperator<String> strategy(String simpleName) {
        return switch (simpleName) {
            case "SnakeCaseStrategy" -> name -> snakeCase(name, '_');
            case "UpperSnakeCaseStrategy" -> name -> snakeCase(name, '_').toUpperCase(java.util.Locale.ROOT);
            case "KebabCaseStrategy" -> name -> separated(name, '-');
            case "LowerDotCaseStrategy" -> name -> separated(name, '.');
            case "LowerCaseStrategy" -> name -> name.toLowerCase(java.util.Locale.ROOT);
            case "UpperCamelCaseStrategy" -> name -> name.isEmpty() ? name
                    : Character.toUpperCase(name.charAt(0)) + name.substring(1);
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
