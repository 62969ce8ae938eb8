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

    static final MethodType POINT_TYPE = MethodType.methodType(GuardPoint.class);

    private static volatile @Nullable GuardLinker linker;

    private GuardBootstrap() {}

    /**
     * Called by the engine before it weaves the first class.
     *
     * @throws IllegalStateException if anybody else calls it
     */
    public static void connect(GuardLinker engine) {
        Connecting.check(engine);
        linker = engine;
    }

    /**
     * Links a woven method's call site.
     *
     * @param caller the woven class
     * @param name not used
     * @param type {@code ()GuardPoint}
     * @param specification what the weaver wrote about the method
     * @param refuses 1 if a call is refused that can't be guarded; 0 if its body runs
     */
    public static CallSite link(
            MethodHandles.Lookup caller, String name, MethodType type, String specification, int refuses) {
        try {
            return new ConstantCallSite(UnlinkedPoint.constant(linked(caller, specification)));
        } catch (Throwable failure) {
            // Thrown from here it would reach the application as BootstrapMethodError, at this call and at each later
            // one.
            return new UnlinkedPoint(caller, specification, refuses != 0, failure).site();
        }
    }

    static GuardPoint linked(MethodHandles.Lookup caller, String specification) {
        GuardLinker engine = linker;
        if (engine == null) {
            throw new IllegalStateException("the engine is not there");
        }
        return Permissions.ofEngine(
                Permissions.areChecked()
                        ? Permissions.privileged(() -> engine.link(caller, specification))
                        : engine.link(caller, specification));
    }
}
