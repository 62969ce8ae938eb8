package io.idempotenttrace.weaver;

import io.idempotenttrace.agent.AgentEngine;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Guards every method of the libraries under test, by the engine in its mode {@code observe}: it hashes, claims and completes. */
public final class EveryMethodAgent {

    private static final AtomicInteger CLASSES = new AtomicInteger();
    private static final AtomicInteger METHODS = new AtomicInteger();
    private static final AtomicInteger TOO_LONG = new AtomicInteger();
    private static volatile AgentEngine engine;

    private EveryMethodAgent() {}

    public static void premain(String argument, Instrumentation instrumentation) throws Exception {
        engine = Engine.start(Map.of("mode", "observe", "store", "memory"));
        waitUntilItLinks();
        OutermostCalls.connect();
        // Loaded here, not amid the load of another class.
        LibraryClasses.isOfALibrary("");
        instrumentation.addTransformer(new ClassFileTransformer() {
            @Override
            public byte[] transform(
                    ClassLoader loader,
                    String className,
                    Class<?> redefined,
                    ProtectionDomain domain,
                    byte[] classFile) {
                if (loader == null || className == null || !LibraryClasses.isOfALibrary(className)) {
                    return null;
                }
                try {
                    EveryMethod.Woven woven = EveryMethod.weave(classFile);
                    CLASSES.incrementAndGet();
                    METHODS.addAndGet(woven.methods());
                    TOO_LONG.addAndGet(woven.tooLong());
                    return woven.classFile();
                } catch (Throwable e) {
                    System.err.println("not woven: " + className + " " + e);
                    return null;
                }
            }
        });
    }

    /** The engine waits for its guard when it weaves a class. */
    private static void waitUntilItLinks() throws Exception {
        try (InputStream in = EveryMethodAgent.class.getResourceAsStream("LibraryClasses.class")) {
            byte[] annotated = EveryMethod.annotate(in.readAllBytes());
            if (engine.weave(EveryMethodAgent.class.getClassLoader(), "LibraryClasses", annotated) == null) {
                throw new IllegalStateException("the engine does not weave");
            }
        }
    }

    /** Null where this agent was not given. */
    static String counts() {
        AgentEngine started = engine;
        return started == null
                ? null
                : "classes=" + CLASSES + " methods=" + METHODS + " too-long=" + TOO_LONG + " guarded-calls="
                        + (started.count("new")
                                + started.count("duplicate")
                                + started.count("failed")
                                + started.count("unguarded")
                                + started.count("conflict"));
    }
}
