package io.idempotenttrace.weaver;

import io.idempotenttrace.core.background.BackgroundLoop;
import java.time.zone.ZoneRulesProvider;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicBoolean;
import net.bytebuddy.jar.asm.Type;

/**
 * Initializes what writes and reads results as JSON as soon as a method that has one is woven. At its first call there may be no memory, no
 * stack or no file descriptor for the moment. A class whose initialization fails then can't be used in this JVM any more (JVMS 5.5), and
 * no later call of such a method could be guarded. Safe for use by many threads.
 */
final class ResultClasses {

    /** What a result is made of, more or less. */
    private record Sample(String text, List<Long> numbers, Map<String, Boolean> members) {}

    private static final Sample SAMPLE = new Sample("text", List.of(1L), Map.of("member", true));

    private final AtomicBoolean begun = new AtomicBoolean();

    /** Whether what its body returns may have to be stored as JSON. */
    static boolean areNeededBy(MethodSpecification method) {
        return !method.traceIdReturned()
                && !Type.getReturnType(method.descriptor()).equals(Type.VOID_TYPE);
    }

    /**
     * On a thread of its own, once. Where none can be started, or where it might wait for the thread that loads a class now, the first call
     * initializes them.
     */
    void initializeAside() {
        if (begun.getAndSet(true)) {
            return;
        }
        // Reads a file of the JDK, here and now: a descriptor may not be free when that thread comes to it.
        TimeZone unused = TimeZone.getTimeZone("UTC");
        if (ClassLoader.getSystemClassLoader().isRegisteredAsParallelCapable()) {
            BackgroundLoop.runOnce("idempotent-trace-results", ResultClasses::initialize);
        }
    }

    private static void initialize() {
        Set<String> unused = ZoneRulesProvider.getAvailableZoneIds();
        ResultJson json = new ResultJson(Sample.class, ResultClasses.class, /* part= */ false);
        ResultBytes bytes = new ResultBytes(1000);
        json.write(SAMPLE, bytes);
    }
}
