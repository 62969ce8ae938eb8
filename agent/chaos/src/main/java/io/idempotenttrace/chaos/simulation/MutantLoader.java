package io.idempotenttrace.chaos.simulation;

import io.idempotenttrace.chaos.mutants.Mutant;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Loads the agent's core and the simulator once more, with a planted bug in the classes and scripts that it changes. */
final class MutantLoader extends ClassLoader {

    private static final String CORE = "io.idempotenttrace.core.";
    private static final String SIMULATION = "io.idempotenttrace.chaos.simulation.";
    private static final String SCRIPTS = "io/idempotenttrace/core/store/redis/";

    private final Mutant mutant;

    MutantLoader(Mutant mutant) {
        super(MutantLoader.class.getClassLoader());
        this.mutant = mutant;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(CORE) && !name.startsWith(SIMULATION)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            return known != null ? known : defined(name);
        }
    }

    private Class<?> defined(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = mutant.classFile(name, in.readAllBytes());
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    @Override
    public InputStream getResourceAsStream(String name) {
        InputStream found = super.getResourceAsStream(name);
        if (found == null || !name.startsWith(SCRIPTS) || !name.endsWith(".lua")) {
            return found;
        }
        try (found) {
            String text = new String(found.readAllBytes(), StandardCharsets.UTF_8);
            return new ByteArrayInputStream(
                    mutant.script(name.substring(SCRIPTS.length()), text).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
