package io.idempotenttrace.agent;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Notes which of the classes are there by which somebody may ask what becomes of guarded calls. The engine looks at such a class only when
 * the application, another agent or the JDK has loaded it: otherwise it would be loaded, and perhaps initialized, earlier than without the
 * agent. Lives on the boot loader, which the engine shares with the entry. Safe for use by many threads.
 */
public final class TelemetryClasses {

    /** The JDK's Flight Recorder has been started. */
    public static final String FLIGHT_RECORDER = "jdk.jfr.internal.PlatformRecorder";

    /** The application may listen to calls. */
    public static final String CALL_VERDICTS = "io.idempotenttrace.CallVerdicts";

    /** Somebody has asked Micrometer's global registry for something. */
    public static final String MICROMETER = "io.micrometer.core.instrument.Metrics";

    /** What OpenTelemetry's Java agent has put in front of the names of its copy of the API. */
    public static final String OPENTELEMETRY_AGENT = "io.opentelemetry.javaagent.shaded.";

    /** Somebody has asked for OpenTelemetry's global instance, or has set it. */
    public static final String OPENTELEMETRY_GLOBAL = "io.opentelemetry.api.GlobalOpenTelemetry";

    /** Somebody has asked OpenTelemetry for the current context: from now on its storage can't be replaced any more. */
    public static final String OPENTELEMETRY_CONTEXT = "io.opentelemetry.context.LazyStorage";

    private static final String[] NAMES = {
        FLIGHT_RECORDER,
        CALL_VERDICTS,
        MICROMETER,
        OPENTELEMETRY_GLOBAL,
        OPENTELEMETRY_CONTEXT,
        OPENTELEMETRY_AGENT + OPENTELEMETRY_GLOBAL,
        OPENTELEMETRY_AGENT + OPENTELEMETRY_CONTEXT
    };

    private static final String[] INTERNAL_NAMES = internalNames();

    /** More would come from an application that is deployed again and again. */
    private static final int MOST = 1000;

    /**
     * One class.
     *
     * <p>No record: the JVM may load a class while it makes the text of one.
     */
    private static final class Noted {

        final String name;
        /** Null for the boot loader. */
        final @Nullable WeakReference<ClassLoader> loader;

        Noted(String name, @Nullable WeakReference<ClassLoader> loader) {
            this.name = name;
            this.loader = loader;
        }
    }

    private static volatile Noted[] noted = new Noted[0];
    private static volatile int changes;
    private static volatile @Nullable Runnable listener;

    private TelemetryClasses() {}

    private static String[] internalNames() {
        String[] internal = new String[NAMES.length];
        for (int i = 0; i < NAMES.length; i++) {
            internal[i] = NAMES[i].replace('.', '/');
        }
        return internal;
    }

    /** Loads this class, and what it uses, before classes are handed to {@link #classLoaded}. */
    static void begin() {
        noted = new Noted[0];
    }

    /** Called for each class that is loaded: it loads nothing itself, and for nearly all it compares a few lengths. */
    static void classLoaded(@Nullable ClassLoader loader, @Nullable String internalName) {
        for (int i = 0; i < INTERNAL_NAMES.length; i++) {
            if (INTERNAL_NAMES[i].equals(internalName)) {
                note(NAMES[i], loader);
                Runnable told = listener;
                if (told != null) {
                    told.run();
                }
            }
        }
    }

    /** Notes what was loaded before the agent. */
    static void classesLoaded(Class<?>[] loaded) {
        for (Class<?> type : loaded) {
            String name = type.getName();
            for (String wanted : NAMES) {
                if (wanted.equals(name)) {
                    note(wanted, type.getClassLoader());
                }
            }
        }
    }

    private static synchronized void note(String name, @Nullable ClassLoader loader) {
        Noted[] before = noted;
        int kept = 0;
        for (Noted one : before) {
            if (one.loader == null || one.loader.get() != null) {
                kept++;
            }
        }
        if (kept == MOST) {
            return;
        }
        Noted[] after = new Noted[kept + 1];
        int next = 0;
        for (Noted one : before) {
            if (next < kept && (one.loader == null || one.loader.get() != null)) {
                after[next++] = one;
            }
        }
        after[next++] = new Noted(name, loader == null ? null : new WeakReference<>(loader));
        noted = Arrays.copyOf(after, next);
        changes++;
    }

    /**
     * Has somebody told of each class that is noted from now on; there is one at most.
     *
     * @param told runs on the thread that loads the class, which holds its class loader's lock: it must wait for nothing, and throw nothing
     */
    public static void onNoted(Runnable told) {
        listener = told;
    }

    /** Grows with each class that is noted; 0 where there is none. Each call reads it. */
    public static int changes() {
        return changes;
    }

    /** Whether a class of that name was loaded by exactly that loader, or is being loaded by it; null stands for the boot loader. */
    public static boolean isLoadedBy(@Nullable ClassLoader loader, String name) {
        for (Noted one : noted) {
            ClassLoader of = one.loader == null ? null : one.loader.get();
            if (of == loader && (one.loader == null) == (loader == null) && one.name.equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** Whether any loader has loaded a class of that name. */
    public static boolean isLoaded(String name) {
        for (Noted one : noted) {
            if (one.name.equals(name)) {
                return true;
            }
        }
        return false;
    }
}
