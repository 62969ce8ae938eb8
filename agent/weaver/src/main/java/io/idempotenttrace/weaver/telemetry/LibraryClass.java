package io.idempotenttrace.weaver.telemetry;

import io.idempotenttrace.agent.TelemetryClasses;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URLClassLoader;
import org.jspecify.annotations.Nullable;

/** Classes of the application's libraries, by name. Nothing here loads one that the application has not loaded itself. */
final class LibraryClass {

    private LibraryClass() {}

    /**
     * The class of that name which a class loader sees.
     *
     * @return not initialized by this; null where the loader sees none, or none that was loaded
     */
    static @Nullable Class<?> loadedFor(ClassLoader loader, String name) {
        if (!TelemetryClasses.isLoaded(name)) {
            return null;
        }
        try {
            for (ClassLoader above = loader; above != null; above = above.getParent()) {
                if (TelemetryClasses.isLoadedBy(above, name)) {
                    return Class.forName(name, /* initialize= */ false, above);
                }
            }
            // The loaders of OSGi and of JBoss Modules ask others than their parents. Those of web applications and
            // of Spring Boot do not, and would load a copy of their own.
            Class<?> seen =
                    loader instanceof URLClassLoader ? null : Class.forName(name, /* initialize= */ false, loader);
            return seen != null && TelemetryClasses.isLoadedBy(seen.getClassLoader(), name) ? seen : null;
        } catch (ClassNotFoundException | LinkageError absent) {
            return null;
        }
    }

    /** As {@link #loadedFor}, of the boot loader. */
    static @Nullable Class<?> loadedByBoot(String name) {
        try {
            return TelemetryClasses.isLoadedBy(null, name)
                    ? Class.forName(name, /* initialize= */ false, /* loader= */ null)
                    : null;
        } catch (ClassNotFoundException | LinkageError absent) {
            return null;
        }
    }

    /** The type of that name beside another one of the same library, which uses it. */
    static Class<?> beside(Class<?> other, String name) throws ClassNotFoundException {
        return Class.forName(name, /* initialize= */ false, other.getClassLoader());
    }

    /** Calls a public method of a public type. What that throws is thrown as it is. */
    static Object call(Method method, @Nullable Object receiver, @Nullable Object... arguments) throws Throwable {
        try {
            return method.invoke(receiver, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getTargetException();
        }
    }
}
