package io.idempotenttrace.bridge;

import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * The bootstrap method (JVMS 4.7.23) of the one {@code invokedynamic} in a woven method. The call site's value is a constant
 * that belongs to the woven class: the JIT folds it, and it goes when the class goes, so the engine keeps no list of the
 * application's classes.
 */
public final class GuardBootstrap {

    private static volatile @Nullable GuardLinker linker;

    private GuardBootstrap() {}

    /** Called by the engine before it weaves the first class. */
    public static void connect(GuardLinker engine) {
        linker = engine;
    }

    /**
     * Links a woven method's call site.
     *
     * @param caller the woven class
     * @param name not used
     * @param type {@code ()GuardPoint}
     * @param specification what the weaver wrote about the method
     */
    public static CallSite link(MethodHandles.Lookup caller, String name, MethodType type, String specification) {
        return new ConstantCallSite(MethodHandles.constant(GuardPoint.class, point(caller, specification)));
    }

    /** A failure here would reach the application as BootstrapMethodError: whatever goes wrong, the body runs. */
    private static GuardPoint point(MethodHandles.Lookup caller, String specification) {
        GuardLinker engine = linker;
        if (engine == null) {
            return GuardPoint.NONE;
        }
        try {
            return Permissions.ofEngine(linked(engine, caller, specification));
        } catch (Throwable failure) {
            System.err.println("idempotent-trace: " + caller.lookupClass().getName()
                    + " has a method that could not be linked to the agent and runs unguarded (" + failure + ")");
            return GuardPoint.NONE;
        }
    }

    private static GuardPoint linked(GuardLinker engine, MethodHandles.Lookup caller, String specification) {
        return Permissions.areChecked()
                ? Permissions.privileged(() -> engine.link(caller, specification))
                : engine.link(caller, specification);
    }
}
