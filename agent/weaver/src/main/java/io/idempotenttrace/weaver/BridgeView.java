package io.idempotenttrace.weaver;

import io.idempotenttrace.bridge.GuardBootstrap;
import io.idempotenttrace.core.classfile.SuperTypes;
import java.lang.reflect.Method;

/** Whether woven code of a class loader reaches the bridge: a loader that delegates to nobody unasked may ask itself alone. */
final class BridgeView {

    /** What a class loader has to delegate. */
    static final String PACKAGE = GuardBootstrap.class.getPackageName();

    private static final String BRIDGE = GuardBootstrap.class.getName();

    /** The class loader of each module in JBoss Modules, so in WildFly. */
    private static final String JBOSS_MODULE_LOADER = "org.jboss.modules.ModuleClassLoader";

    /** What the class loaders of bundles implement, in every OSGi framework. */
    private static final String BUNDLE_REFERENCE = "org.osgi.framework.BundleReference";

    private BridgeView() {}

    static boolean isIn(ClassLoader loader) {
        try {
            Class<?> reference = SuperTypes.named(BUNDLE_REFERENCE, loader.getClass());
            Class<?> found = reference == null ? Class.forName(BRIDGE, false, loader) : askBundle(reference, loader);
            return found == GuardBootstrap.class;
        } catch (VirtualMachineError e) {
            // No stack or memory is left, which says nothing of the loader.
            throw e;
        } catch (Throwable e) {
            // The loader is the application's code, and may throw anything in place of ClassNotFoundException.
            return false;
        }
    }

    /** The loader for people. */
    static String name(ClassLoader loader) {
        try {
            return loader.toString();
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            return loader.getClass().getName();
        }
    }

    /** What the user can do so that the loader sees the bridge. */
    static String advice(ClassLoader loader) {
        return SuperTypes.named(JBOSS_MODULE_LOADER, loader.getClass()) != null
                ? "add it to the JVM's system property jboss.modules.system.pkgs (in WildFly: JBOSS_MODULES_SYSTEM_PKGS=org.jboss.byteman,"
                        + PACKAGE + ")"
                : "let it (in OSGi: org.osgi.framework.bootdelegation=" + PACKAGE + ")";
    }

    /**
     * By the bundle, not by its loader. Felix and Equinox look at who asks the loader, and delegate for callers that belong to no
     * bundle, such as this one; woven code belongs to one, and would fail with NoClassDefFoundError.
     */
    private static Class<?> askBundle(Class<?> reference, ClassLoader loader) throws ReflectiveOperationException {
        Method getBundle = reference.getMethod("getBundle");
        Method loadClass = getBundle.getReturnType().getMethod("loadClass", String.class);
        return (Class<?>) loadClass.invoke(getBundle.invoke(loader), BRIDGE);
    }
}
