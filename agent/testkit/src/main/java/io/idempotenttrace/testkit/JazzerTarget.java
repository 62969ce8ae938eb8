package io.idempotenttrace.testkit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/**
 * What Jazzer calls by name, where one of the targets is fuzzed by hand, led by the code that the inputs reach:
 * {@code --target_class=io.idempotenttrace.testkit.JazzerTarget --target_args="CLASS METHOD"}. The method takes bytes, is static, and may
 * be private. The build needs no Jazzer: {@link Fuzzing} gives the same targets their corpora.
 */
public final class JazzerTarget {

    private static Method target;

    private JazzerTarget() {}

    /** @param arguments the class and its method */
    public static void fuzzerInitialize(String[] arguments) throws ReflectiveOperationException {
        target = Class.forName(arguments[0]).getDeclaredMethod(arguments[1], byte[].class);
        target.setAccessible(true);
    }

    public static void fuzzerTestOneInput(byte[] data) throws Throwable {
        try {
            target.invoke(null, (Object) data);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
