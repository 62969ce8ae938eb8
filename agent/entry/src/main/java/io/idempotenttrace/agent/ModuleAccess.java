package io.idempotenttrace.agent;

import java.lang.instrument.Instrumentation;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the engine needs of the Java platform's module system: modules of its own, and the fields of a woven module's types. That
 * woven code reads the bridge is the JVM's affair: a module of which an agent changed a class reads the boot loader's unnamed
 * module.
 */
final class ModuleAccess {

    /** Jackson's, beside java.base and java.instrument. With {@code java -m}, a module that nobody requires is not there. */
    private static final String NEEDED = "java.xml";

    private final Instrumentation instrumentation;

    ModuleAccess(Instrumentation instrumentation) {
        this.instrumentation = instrumentation;
    }

    /** Says what to do where the engine can't work; null where it can. */
    static @Nullable String obstacle() {
        return ModuleLayer.boot().findModule(NEEDED).isPresent()
                ? null
                : "this JVM has no module " + NEEDED + "; start it with --add-modules " + NEEDED
                        + ", and link it into the image";
    }

    /** Opens the module's packages to the engine alone, which hashes arguments and reads results back by their fields. */
    void open(Module woven, Module engine) {
        if (!woven.isNamed()) {
            return;
        }
        Map<String, Set<Module>> opened = new HashMap<>();
        for (String name : woven.getPackages()) {
            opened.put(name, Set.of(engine));
        }
        instrumentation.redefineModule(woven, Set.of(), Map.of(), opened, Set.of(), Map.of());
    }
}
