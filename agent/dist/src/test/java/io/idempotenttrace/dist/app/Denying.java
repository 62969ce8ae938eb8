package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;

/** Loads one class by loaders that throw a SecurityException where they should say that a class or a file is not there. */
public final class Denying {

    private Denying() {}

    /** Loaded anew by each loader. */
    public static final class Emitter {

        public static int bodies;

        private Emitter() {}

        @IdempotentTrace
        public static void emit(@IdempotencyKey String key) {
            bodies++;
        }
    }

    private static final class Loader extends ClassLoader {

        private final boolean deniesBridge;
        private final boolean deniesResources;

        Loader(boolean deniesBridge, boolean deniesResources) {
            super(Denying.class.getClassLoader());
            this.deniesBridge = deniesBridge;
            this.deniesResources = deniesResources;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (deniesBridge && name.startsWith("io.idempotenttrace.bridge.")) {
                throw new SecurityException("not allowed: " + name);
            }
            if (!name.equals(Emitter.class.getName())) {
                return super.loadClass(name, resolve);
            }
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] classFile = in.readAllBytes();
                return defineClass(name, classFile, 0, classFile.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }

        @Override
        public URL getResource(String name) {
            if (deniesResources) {
                throw new SecurityException("not allowed: " + name);
            }
            return super.getResource(name);
        }
    }

    public static void main(String[] arguments) throws Exception {
        run("class", new Loader(true, false));
        run("resource", new Loader(false, true));
        run("both", new Loader(true, true));
    }

    private static void run(String name, Loader loader) throws Exception {
        Class<?> emitter = loader.loadClass(Emitter.class.getName());
        int refused = 0;
        for (int i = 0; i < 2; i++) {
            try {
                emitter.getMethod("emit", String.class).invoke(null, name);
            } catch (InvocationTargetException e) {
                refused++;
            }
        }
        System.out.println(name + ": bodies " + emitter.getField("bodies").get(null) + ", refused " + refused);
    }
}
