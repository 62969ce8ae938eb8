package io.idempotenttrace.agent;

import io.idempotenttrace.bridge.RetryPause;
import io.idempotenttrace.bridge.WithoutEngine;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The annotated classes that the engine could not weave: each is changed by {@link StandIn}, and woven as soon as the engine can, when one
 * of its annotated methods is called. Safe for use by many threads.
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
            byte[] changed = StandIn.write(classFile, this);
            if (changed == null) {
                return null;
            }
            if (!seesBridge(loader)) {
                throw new IOException("its class loader does not delegate to its parents");
            }
            if (fault != null) {
                failure = "a fault of the engine (" + fault + ")";
            }
            WithoutEngine.connect(this);
            return changed;
        } catch (VirtualMachineError again) {
            return withoutRoom(className, again);
        } catch (Throwable again) {
            host.missedClass();
            AgentLines.say(
                    className + " could not be woven and runs unguarded (" + (fault == null ? again : fault) + ")");
            return null;
        }
    }

    /**
     * There is no stack or memory to change the class. Where calls are to be refused, the JVM does not get the class at all, as if it had
     * failed itself for the same reason; another attempt to load it may succeed.
     */
    private byte @Nullable [] withoutRoom(@Nullable String className, VirtualMachineError fault) {
        boolean refuses = refusesByDefault && enforces();
        if (!refuses) {
            host.missedClass();
        }
        try {
            AgentLines.say(className + " could not be woven (" + fault
                    + (refuses ? "), and is not loaded (on-store-failure=throw)" : ") and runs unguarded"));
        } catch (VirtualMachineError again) {
            // Nothing is left to say it with.
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
        } catch (ClassNotFoundException | LinkageError e) {
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
    protected boolean enforces() {
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
