package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/** Calls in a JVM whose system class loader ({@link Loader}) is not parallel-capable: whoever loads a class keeps all others waiting. */
public final class OneAtATime {

    /** For {@code -Djava.system.class.loader}. */
    public static final class Loader extends URLClassLoader {

        public Loader(ClassLoader parent) {
            super("one-at-a-time", new URL[0], parent);
        }

        /** Called by the JVM for each agent's jar. */
        void appendToClassPathForInstrumentation(String jar) throws MalformedURLException {
            addURL(Path.of(jar).toUri().toURL());
        }
    }

    private OneAtATime() {}

    public static void main(String[] arguments) {
        emit(arguments[0]);
        emit(arguments[0]);
    }

    @IdempotentTrace
    private static void emit(@IdempotencyKey String key) {
        System.out.println("emitted by " + ClassLoader.getSystemClassLoader().getName());
    }
}
