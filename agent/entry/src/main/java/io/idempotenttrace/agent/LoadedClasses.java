package io.idempotenttrace.agent;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Weaves annotated classes that were loaded before the agent: by another agent that was given earlier, or by a program that
 * already runs. Only their bytes tell which are annotated, and only a retransformation gives those bytes. It costs the JVM about a
 * third of a millisecond a class, and each batch stops all threads once.
 */
final class LoadedClasses {

    /** Small, since threads are stopped for as long as a batch is large: some 50 ms. */
    private static final int BATCH = 100;

    private static final String OWN_PACKAGE = "io.idempotenttrace.agent.";

    private final Instrumentation instrumentation;
    private final ClassLoader system = ClassLoader.getSystemClassLoader();
    private final ClassLoader platform = ClassLoader.getPlatformClassLoader();
    private final Thread thread = Thread.currentThread();
    private final List<Class<?>> annotated = new ArrayList<>();

    LoadedClasses(Instrumentation instrumentation) {
        this.instrumentation = instrumentation;
    }

    /**
     * Called once, by the thread that made it, when the transformer that weaves is registered.
     *
     * @param running whether the program runs already: then classes of all loaders are looked at, such as those of an OSGi
     *                framework. Before it runs, it has none but those below the system loader; others are another agent's
     * @return how many annotated classes were found and taken
     */
    int weave(Class<?>[] loaded, boolean running) {
        List<Class<?>> candidates = new ArrayList<>();
        for (Class<?> type : loaded) {
            if (isOfInterest(type.getClassLoader(), running)
                    && instrumentation.isModifiableClass(type)
                    && !type.getName().startsWith(OWN_PACKAGE)) {
                candidates.add(type);
            }
        }
        if (candidates.isEmpty()) {
            return 0;
        }
        ClassFileTransformer finder = new Finder();
        instrumentation.addTransformer(finder, /* canRetransform= */ true);
        try {
            for (int from = 0; from < candidates.size(); from += BATCH) {
                retransform(candidates.subList(from, Math.min(from + BATCH, candidates.size())));
            }
        } finally {
            instrumentation.removeTransformer(finder);
        }
        return annotated.size();
    }

    private boolean isOfInterest(ClassLoader loader, boolean running) {
        if (loader == null || loader == platform) {
            return false;
        }
        if (running) {
            return true;
        }
        for (ClassLoader above = loader; above != null; above = above.getParent()) {
            if (above == system) {
                return true;
            }
        }
        return false;
    }

    /**
     * One class that the JVM refuses, such as one that can't be linked since it lacks a library, makes it refuse the whole batch:
     * halves find it. Where the JVM does not even show its bytes, nothing is said: what can't be linked can't run.
     */
    private void retransform(List<Class<?>> batch) {
        int before = annotated.size();
        try {
            instrumentation.retransformClasses(batch.toArray(new Class<?>[0]));
        } catch (Throwable refused) {
            boolean carries = annotated.size() > before;
            annotated.subList(before, annotated.size()).clear();
            if (batch.size() > 1) {
                int middle = batch.size() / 2;
                retransform(batch.subList(0, middle));
                retransform(batch.subList(middle, batch.size()));
            } else if (carries) {
                AgentLines.say(batch.get(0).getName()
                        + " was loaded before the agent and could not be woven (" + refused
                        + "); its annotated methods run unguarded until the JVM is started with -javaagent");
            }
        }
    }

    /** Notes which of this thread's classes are annotated; changes none. */
    private final class Finder implements ClassFileTransformer {

        @Override
        public byte @Nullable [] transform(
                ClassLoader loader,
                String className,
                @Nullable Class<?> redefined,
                ProtectionDomain domain,
                byte[] classFile) {
            if (redefined != null && Thread.currentThread() == thread && ClassFileScan.namesAnnotation(classFile)) {
                annotated.add(redefined);
            }
            return null;
        }
    }
}
