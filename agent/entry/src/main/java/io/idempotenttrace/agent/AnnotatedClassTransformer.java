package io.idempotenttrace.agent;

import io.idempotenttrace.bridge.Permissions;
import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import org.jspecify.annotations.Nullable;

/**
 * Hands annotated classes to the engine. The path of a class without annotation takes no lock, does no I/O and loads no
 * class: anything else can deadlock or recurse inside a class load.
 */
final class AnnotatedClassTransformer implements ClassFileTransformer {

    private final EngineHost host;
    private final JmxRegistration jmx;
    private final ModuleAccess modules;
    private final UnwovenClasses unwoven;

    AnnotatedClassTransformer(EngineHost host, JmxRegistration jmx, ModuleAccess modules, UnwovenClasses unwoven) {
        this.host = host;
        this.jmx = jmx;
        this.modules = modules;
        this.unwoven = unwoven;
    }

    @Override
    public byte @Nullable [] transform(
            Module module,
            @Nullable ClassLoader loader,
            String className,
            @Nullable Class<?> redefined,
            ProtectionDomain domain,
            byte[] classFile) {
        byte[] woven = transform(loader, className, redefined, domain, classFile);
        // The types of a driver are not hashed for it: its module stays closed.
        AgentEngine engine = woven == null || !ClassFileScan.namesAnnotation(classFile) ? null : host.startedEngine();
        if (engine != null) {
            try {
                modules.open(module, engine.getClass().getModule());
            } catch (Throwable failure) {
                AgentLines.say(module + " could not be opened to the agent (" + failure
                        + "); a type of it that can't be read by its public members is not hashed");
            }
        }
        return woven;
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            String className,
            @Nullable Class<?> redefined,
            ProtectionDomain domain,
            byte[] classFile) {
        try {
            TelemetryClasses.classLoaded(loader, className);
        } catch (Throwable fault) {
            // No memory or stack is left: nobody is told of calls. They are guarded all the same.
        }
        if (loader == null) {
            jmx.classLoaded(className);
            return null;
        }
        int scan = ClassFileScan.of(classFile, WovenNames.wanted());
        if (scan != ClassFileScan.NAMES_ANNOTATION) {
            AgentEngine engine = scan == ClassFileScan.NAMES_WOVEN_CLASS ? host.startedEngine() : null;
            return engine == null ? null : lookedAt(engine, loader, className, classFile);
        }
        return Permissions.areChecked()
                ? Permissions.privileged(() -> weave(loader, className, classFile))
                : weave(loader, className, classFile);
    }

    private static byte @Nullable [] lookedAt(
            AgentEngine engine, ClassLoader loader, String className, byte[] classFile) {
        return Permissions.areChecked()
                ? Permissions.privileged(() -> engine.lookAt(loader, className, classFile))
                : engine.lookAt(loader, className, classFile);
    }

    private byte @Nullable [] weave(ClassLoader loader, String className, byte[] classFile) {
        Throwable fault = null;
        try {
            AgentEngine engine = host.engine();
            if (engine != null) {
                return engine.weave(loader, className, classFile);
            }
        } catch (Throwable failure) {
            // The JVM would swallow it, and the class would run unguarded in silence.
            fault = failure;
        }
        return unwoven.change(loader, className, classFile, fault);
    }
}
