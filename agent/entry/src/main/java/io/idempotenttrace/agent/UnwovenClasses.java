package io.idempotenttrace.agent;

import io.idempotenttrace.bridge.RetryPause;
import io.idempotenttrace.bridge.WithoutEngine;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import java.lang.instrument.Instrumentation;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The annotated classes that the engine could not weave: each is changed by {@link StandIn}, and woven as soon as the engine can, when one
 * of its annotated methods is called. Where that call can't be written, the policy holds all the same: a body that is to be refused is
 * replaced by an exception, and a class that can't be changed at all is not loaded. Safe for use by many threads.
 */
final class UnwovenClasses extends WithoutEngine implements StandIn.Policy {

    /** What the class loaders of bundles implement: they look at who asks, so that it can't be known here what a bundle's classes see. */
    private static final String BUNDLE_REFERENCE = "org.osgi.framework.BundleReference";

    /** A class file that the JVM refuses as truncated: no more than its first word. */
    private static final byte[] NO_CLASS = {(byte) 0xca, (byte) 0xfe, (byte) 0xba, (byte) 0xbe};

    private final EngineHost host;
    private final Configuration configuration;
    private final boolean refusesByDefault;
    private final Instrumentation instrumentation;
    private final ReentrantLock weaving = new ReentrantLock();
    private final RetryPause pause = new RetryPause();
    /** Why the last class could not be woven though the engine runs; null where that has not happened. */
    private volatile @Nullable String failure;

    UnwovenClasses(EngineHost host, Configuration configuration, Instrumentation instrumentation) {
        this.host = host;
        this.configuration = configuration;
        this.refusesByDefault = configuration.text(Setting.ON_STORE_FAILURE).equals("throw");
        this.instrumentation = instrumentation;
    }

    /**
     * The class file with the call at the beginning of its annotated methods; null where it has none.
     *
     * @param fault what the engine failed with; null if it is not there
     */
    byte @Nullable [] change(
            ClassLoader loader, @Nullable String className, byte[] classFile, @Nullable Throwable fault) {
        try {
            StandIn.Changed changed = StandIn.write(classFile, this, /* hidden= */ null);
            if (changed != null && !seesBridge(loader)) {
                changed = StandIn.write(classFile, this, "its class loader does not delegate to its parents");
            }
            if (changed == null) {
                return null;
            }
            if (changed.obstacle() != null) {
                tell(className, changed, fault);
            }
            if (fault != null) {
                failure = "a fault of the engine (" + fault + ")";
            }
            WithoutEngine.connect(this);
            return changed.classFile();
        } catch (Throwable again) {
            return unchanged(className, fault == null || again instanceof VirtualMachineError ? again : fault);
        }
    }

    /** Bodies of the class can't call the bridge: they were replaced by the refusal, or run and are not counted. */
    private void tell(@Nullable String className, StandIn.Changed changed, @Nullable Throwable fault) {
        if (changed.left() > 0) {
            host.missedClass();
        }
        String cause = changed.obstacle() + (fault == null ? "" : "; " + fault);
        AgentLines.say(
                changed.left() == 0
                        ? className + " could not be woven, and calls of its annotated methods are refused"
                                + " (on-store-failure=throw) until the JVM ends (" + cause + ")"
                        : className + " could not be woven and runs unguarded (" + cause + ")"
                                + (changed.replaced() == 0
                                        ? ""
                                        : ", but for methods of it whose calls are refused (on-store-failure=throw)"));
    }

    /**
     * The class file can't be read, or there is no stack or memory to change it. Where calls are to be refused, the JVM does not get the
     * class at all, as if it had failed itself for the same reason; another attempt to load it may succeed.
     */
    private byte @Nullable [] unchanged(@Nullable String className, Throwable fault) {
        boolean refuses = refusesByDefault && enforces();
        if (!refuses) {
            host.missedClass();
        }
        try {
            AgentLines.say(className + " could not be woven (" + fault
                    + (refuses ? "), and is not loaded (on-store-failure=throw)" : ") and runs unguarded"));
        } catch (Throwable again) {
            // Nothing is left to say it with, or the application's exception has no text.
        }
        return refuses ? NO_CLASS : null;
    }

    private static boolean seesBridge(ClassLoader loader) {
        for (Class<?> type = loader.getClass(); type != null; type = type.getSuperclass()) {
            for (Class<?> implemented : type.getInterfaces()) {
                if (implemented.getName().equals(BUNDLE_REFERENCE)) {
                    return false;
                }
            }
        }
        try {
            return Class.forName(WithoutEngine.class.getName(), false, loader) == WithoutEngine.class;
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            // The loader is the application's code, and may throw anything.
            return false;
        }
    }

    @Override
    public boolean refuses(String className, String methodName, String scope, String onStoreFailure) {
        if (onStoreFailure.isEmpty() || onStoreFailure.equals("DEFAULT")) {
            return configuration
                    .text(Setting.ON_STORE_FAILURE, scope.isEmpty() ? className + '.' + methodName : scope)
                    .equals("throw");
        }
        return onStoreFailure.equals("THROW");
    }

    @Override
    public boolean enforces() {
        return host.mode().equals("enforce");
    }

    @Override
    protected String tryAgain(Class<?> woven) {
        // Another thread is at it, or the engine calls the method itself.
        if (weaving.tryLock()) {
            try {
                if (weaving.getHoldCount() == 1 && pause.isOver() && host.engine() != null) {
                    failure = null;
                    instrumentation.retransformClasses(woven);
                    if (failure == null) {
                        return "the engine has only started now, and guards the calls that begin after this one";
                    }
                    pause.failed(/* first= */ false);
                }
            } catch (Throwable fault) {
                pause.failed(/* first= */ false);
                failure = "it could not be woven (" + fault + ")";
            } finally {
                weaving.unlock();
            }
        }
        String missing = host.failure();
        String problem = failure;
        return missing != null ? missing : problem != null ? problem : "the engine is about to weave it";
    }
}
