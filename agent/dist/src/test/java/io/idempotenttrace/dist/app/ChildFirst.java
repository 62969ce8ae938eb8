package io.idempotenttrace.dist.app;

import java.net.URL;
import java.net.URLClassLoader;

/**
 * Loads {@link ChildFirstCalls} twice, by loaders of its own that ask themselves before their parents; where it is told to, they ask
 * nobody for the bridge.
 */
public final class ChildFirst {

    private ChildFirst() {}

    /** @param arguments the URLs of the class path of these loaders, and {@code true} if they see the bridge */
    public static void main(String[] arguments) throws Exception {
        boolean seesBridge = Boolean.parseBoolean(arguments[arguments.length - 1]);
        URL[] classPath = new URL[arguments.length - 1];
        for (int i = 0; i < classPath.length; i++) {
            classPath[i] = new URL(arguments[i]);
        }
        for (int round = 1; round <= 2; round++) {
            try (Loader loader = new Loader(classPath, seesBridge)) {
                Class<?> calls = Class.forName(ChildFirstCalls.class.getName(), true, loader);
                System.out.println(calls.getClassLoader() == loader);
                calls.getMethod("run", String.class).invoke(null, "k" + round);
            }
        }
    }

    private static final class Loader extends URLClassLoader {

        static {
            registerAsParallelCapable();
        }

        private final boolean seesBridge;

        Loader(URL[] classPath, boolean seesBridge) {
            super("child-first", classPath, ChildFirst.class.getClassLoader());
            this.seesBridge = seesBridge;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                if (!seesBridge && name.startsWith("io.idempotenttrace.bridge.")) {
                    throw new ClassNotFoundException(name + " is not for this loader");
                }
                Class<?> loaded = findLoadedClass(name);
                if (loaded == null && !name.startsWith("java.")) {
                    try {
                        loaded = findClass(name);
                    } catch (ClassNotFoundException e) {
                        // The parents may have it.
                    }
                }
                return loaded != null ? loaded : super.loadClass(name, resolve);
            }
        }
    }
}
