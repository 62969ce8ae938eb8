package io.idempotenttrace.weaver;

import java.lang.annotation.Annotation;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Jackson's annotations of the application as those of the engine's own Jackson: they have the same names and come from two
 * class loaders. Those of package {@code com.fasterxml.jackson.annotation} alone; the others name serialisers and modules, which
 * are of no use to another Jackson.
 */
final class ApplicationAnnotations {

    static final String PACKAGE = "com.fasterxml.jackson.annotation.";

    private ApplicationAnnotations() {}

    /** The application's annotation as the engine's class of the same name. */
    static <A extends Annotation> A as(Class<A> ours, Annotation theirs) {
        InvocationHandler reading = (proxy, method, arguments) -> switch (method.getName()) {
            case "annotationType" -> ours;
            case "hashCode" -> theirs.hashCode();
            case "equals" -> proxy == arguments[0];
            case "toString" -> theirs.toString();
            default -> value(method, theirs);
        };
        return ours.cast(Proxy.newProxyInstance(ours.getClassLoader(), new Class<?>[] {ours}, reading));
    }

    /** What the application's annotation says; the default where its version lacks the attribute or says what ours does not know. */
    private static Object value(Method attribute, Annotation theirs) {
        try {
            Method method = theirs.annotationType().getMethod(attribute.getName());
            method.setAccessible(true);
            return convert(method.invoke(theirs), attribute.getReturnType());
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            return attribute.getDefaultValue();
        }
    }

    private static Object convert(Object value, Class<?> wanted) throws ClassNotFoundException {
        if (wanted.isArray()) {
            int length = Array.getLength(value);
            Object converted = Array.newInstance(wanted.getComponentType(), length);
            for (int i = 0; i < length; i++) {
                Array.set(converted, i, convert(Array.get(value, i), wanted.getComponentType()));
            }
            return converted;
        }
        if (wanted.isEnum()) {
            return constant(wanted, ((Enum<?>) value).name());
        }
        if (wanted.isAnnotation()) {
            return as(wanted.asSubclass(Annotation.class), (Annotation) value);
        }
        if (value instanceof Class<?> type && type.getName().startsWith(PACKAGE)) {
            // Stands for "none", as a default.
            return Class.forName(type.getName(), false, ApplicationAnnotations.class.getClassLoader());
        }
        return value;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Object constant(Class<?> type, String name) {
        return Enum.valueOf((Class) type, name);
    }
}
