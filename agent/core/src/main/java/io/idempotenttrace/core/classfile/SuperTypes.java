package io.idempotenttrace.core.classfile;

import org.jspecify.annotations.Nullable;

/** What a class has from its super types, and whose these are. */
public final class SuperTypes {

    private SuperTypes() {}

    /** The type of that name among the class and its super types; null if the class is none of it. */
    public static @Nullable Class<?> named(String name, Class<?> type) {
        for (Class<?> current = type; current != null; current = current.getSuperclass()) {
            if (current.getName().equals(name)) {
                return current;
            }
            for (Class<?> implemented : current.getInterfaces()) {
                Class<?> found = named(name, implemented);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    /** Whether the class is one of the JDK's, as far as its class loader says. */
    public static boolean isPlatform(Class<?> type) {
        return type.getClassLoader() == null || type.getClassLoader() == ClassLoader.getPlatformClassLoader();
    }

    /** Whether it has another method than Object's of that name, such as {@code equals}, and these parameters. */
    public static boolean overrides(Class<?> type, String ofObject, Class<?>... parameters) {
        try {
            return type.getMethod(ofObject, parameters).getDeclaringClass() != Object.class;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(type + " has no " + ofObject, e);
        }
    }
}
