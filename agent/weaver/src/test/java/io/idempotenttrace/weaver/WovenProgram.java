package io.idempotenttrace.weaver;

import io.idempotenttrace.bridge.GuardBootstrap;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.core.guard.CallCounters;
import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.guard.Guard;
import io.idempotenttrace.core.guard.GuardLimits;
import io.idempotenttrace.core.guard.GuardLog;
import io.idempotenttrace.core.guard.GuardMode;
import io.idempotenttrace.core.open.PayloadHashers;
import io.idempotenttrace.core.store.memory.InMemoryIdempotencyStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A class whose annotated methods are woven, in this JVM, with a guard behind them whose records are in memory. */
final class WovenProgram {

    private final CallCounters counters = new CallCounters();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    final Guard guard;
    private final Class<?> type;

    /** @param settings name, value, name, value */
    WovenProgram(Class<?> program, String... settings) {
        Map<String, String> map = new HashMap<>(Configuration.defaults().toMap());
        for (int i = 0; i < settings.length; i += 2) {
            map.put(settings[i], settings[i + 1]);
        }
        Configuration configuration = Configuration.fromMap(map);
        GuardLog log = new GuardLog(new PrintStream(said, true), 1);
        guard = new Guard(
                new InMemoryIdempotencyStore(10_000, 64L << 20, 10_000, log::say),
                null,
                GuardMode.ENFORCE,
                GuardLimits.DEFAULT,
                counters,
                log);
        GuardBootstrap.connect(new MethodLinker(new GuardedMethod.Parts(
                configuration, guard, PayloadHashers.open(configuration), counters, loader -> {}, log)));
        try {
            type = new Weaving(program).loadClass(program.getName());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Has its own copy of the program and of the classes in it; all others are those of the test. */
    private static final class Weaving extends ClassLoader {

        private final String program;

        Weaving(Class<?> program) {
            super(program.getClassLoader());
            this.program = program.getName();
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(program) && !name.startsWith(program + '$')) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : woven(name);
            }
        }

        private Class<?> woven(String name) {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] classFile = in.readAllBytes();
                List<AnnotatedMethods.Found> annotated = AnnotatedMethods.in(classFile);
                byte[] bytes =
                        annotated.isEmpty() ? classFile : ClassWeaver.weave(classFile, annotated, method -> false);
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Calls a static method of the program. Throws what it throws. */
    Object call(String name, Object... arguments) {
        Method method = Arrays.stream(type.getDeclaredMethods())
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow();
        method.setAccessible(true);
        try {
            return method.invoke(null, arguments);
        } catch (InvocationTargetException e) {
            throw WovenProgram.<RuntimeException>sneaky(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }

    long count(Ending ending) {
        return counters.get(ending);
    }

    /** {@code new=1 duplicate=0 ...} */
    String counts() {
        return counters.toString();
    }

    String said() {
        return said.toString();
    }
}
