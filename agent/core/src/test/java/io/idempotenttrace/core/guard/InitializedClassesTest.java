package io.idempotenttrace.core.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.idempotenttrace.core.failure.StaticInitializers;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.MemoryStore;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a class does at its first use can fail for lack of stack or memory, and then for ever: it is done before. */
class InitializedClassesTest {

    private static final String PACKAGE = Guard.class.getPackageName() + '.';

    /** Has the guard's package anew, so that nothing of it was used before. */
    private static final class Anew extends URLClassLoader {

        Anew() {
            super(
                    new URL[] {Guard.class.getProtectionDomain().getCodeSource().getLocation()},
                    Guard.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                if (known != null) {
                    return known;
                }
                return name.startsWith(PACKAGE) ? findClass(name) : super.loadClass(name, resolve);
            }
        }

        Class<?> ofPackage(String name) throws ClassNotFoundException {
            return loadClass(PACKAGE + name);
        }

        boolean hasLoaded(String name) {
            return findLoadedClass(PACKAGE + name) != null;
        }
    }

    @Test
    void eachClassThatHasSomethingToInitializeIsInitializedAtTheStart() throws Exception {
        // It is initialized by whoever asks for this.
        StaticInitializers.assertAre(Guard.INITIALIZED, Guard.class, /* besides= */ "Guard");
    }

    /** The JVM does not tell which classes are initialized; those that it has not even loaded are not. */
    @Test
    void aGuardHasAllOfThemBeforeItsFirstCall() throws Exception {
        try (Anew loader = new Anew()) {
            Class<?> mode = loader.ofPackage("GuardMode");
            Class<?> limits = loader.ofPackage("GuardLimits");
            Class<?> counters = loader.ofPackage("CallCounters");
            Class<?> log = loader.ofPackage("GuardLog");
            IdempotencyStore store = MemoryStore.of(10, System::nanoTime);
            Object made = loader.ofPackage("Guard")
                    .getConstructor(IdempotencyStore.class, IdempotencyStore.class, mode, limits, counters, log)
                    .newInstance(
                            store,
                            /* fallback= */ null,
                            mode.getField("ENFORCE").get(null),
                            limits.getField("DEFAULT").get(null),
                            counters.getConstructor().newInstance(),
                            log.getConstructor(PrintStream.class, long.class)
                                    .newInstance(new PrintStream(PrintStream.nullOutputStream()), 1));
            try (AutoCloseable guard = (AutoCloseable) made) {
                assertEquals(
                        List.of(),
                        List.of(Guard.INITIALIZED).stream()
                                .filter(name -> !loader.hasLoaded(name))
                                .toList());
            }
        }
    }
}
