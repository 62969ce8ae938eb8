package io.idempotenttrace.core.classfile;

import org.jspecify.annotations.Nullable;

/** Finds a type among a class's super types by its name. */
public final class SuperTypes {

    private SuperTypes() {}

    /** Null if the class is none of it. */
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
}
