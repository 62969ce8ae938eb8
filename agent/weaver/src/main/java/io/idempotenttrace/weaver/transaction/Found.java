package io.idempotenttrace.weaver.transaction;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Public classes and methods of a library, found by name. What is not there makes the library one that can't be joined. */
final class Found {

    private Found() {}

    /** Another class of the library. */
    static Class<?> beside(Class<?> known, String name) {
        try {
            return Class.forName(name, false, known.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            throw new IllegalStateException(name + " is not beside " + known.getName(), e);
        }
    }

    static MethodHandle staticMethod(Class<?> type, String name, Class<?> returned, Class<?>... parameters) {
        try {
            return MethodHandles.publicLookup().findStatic(type, name, MethodType.methodType(returned, parameters));
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new IllegalStateException(type.getName() + " has no usable method " + name, e);
        }
    }

    /** As a method of Objects: {@code (Object receiver, Object...) -> Object}, whatever the library declares; int and void stay. */
    static MethodHandle method(Class<?> type, String name, Class<?> returned, Class<?>... parameters) {
        try {
            MethodHandle found =
                    MethodHandles.publicLookup().findVirtual(type, name, MethodType.methodType(returned, parameters));
            return found.asType(found.type().erase());
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new IllegalStateException(type.getName() + " has no usable method " + name, e);
        }
    }
}
