package io.idempotenttrace.agent;

import java.io.File;
import java.lang.instrument.Instrumentation;
import java.net.URI;
import java.net.URL;
import java.util.concurrent.Callable;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/**
 * The agent's entry, and the jar's main class.
 *
 * <p>Constraints: a premain that throws stops the whole JVM, so everything is caught. This class alone is Java 8 bytecode,
 * so that a JVM that is too old can say so. Where the jar is not on the boot path from the beginning, it is the only class of
 * the agent that the system loader defines: it uses no other one before the jar is appended there.
 */
public final class IdempotentTraceAgent implements Callable<File>, Runnable {

    /** The system property by which an attach tells whoever attached how it went: {@link #RUNS}, or what is wrong. */
    static final String OUTCOME = "io.idempotenttrace.attached";

    static final String RUNS = "runs";

    private static final String LINE = "idempotent-trace: ";
    private static final int OLDEST_JAVA = 17;

    /** Why the agent could not start, for its line at the exit; null in all other uses. */
    private final @Nullable String failure;

    private IdempotentTraceAgent(@Nullable String failure) {
        this.failure = failure;
    }

    /** Called by the JVM for {@code -javaagent}. */
    public static void premain(@Nullable String argument, Instrumentation instrumentation) {
        start(argument, instrumentation, /* running= */ false);
    }

    /** Called by the JVM for an attach. */
    public static void agentmain(@Nullable String argument, Instrumentation instrumentation) {
        String problem = start(argument, instrumentation, /* running= */ true);
        System.setProperty(OUTCOME, problem == null ? RUNS : problem);
    }

    /** The command line: {@code java -jar idempotent-trace-agent.jar --help}. */
    public static void main(String[] arguments) throws Exception {
        int status;
        if (tooOld()) {
            System.err.println(LINE + tooOldMessage() + "; nothing was done.");
            status = 1;
        } else {
            status = (Integer) Class.forName("io.idempotenttrace.agent.CommandLineLauncher")
                    .getMethod("run", File.class, String[].class)
                    .invoke(null, ownJar(), arguments);
        }
        System.out.flush();
        System.exit(status);
    }

    /** Null if the agent runs now, else what is wrong. */
    private static @Nullable String start(@Nullable String argument, Instrumentation instrumentation, boolean running) {
        try {
            if (tooOld()) {
                System.err.println(LINE + tooOldMessage() + "; the application runs without the agent.");
                return tooOldMessage();
            }
            if (isJdkTool()) {
                return "it is one of the JDK's own tools";
            }
            if (!isOnBootPath()) {
                putOnBootPath(instrumentation);
            }
            // Linked here, not looked up by reflection, which costs 10 ms before main on Java 25.
            return AgentStart.start(argument, instrumentation, new IdempotentTraceAgent(null), running);
        } catch (Throwable failure) {
            System.err.println(LINE + "the agent could not start (" + failure + "); the application runs without it.");
            sayAtExit(failure, running);
            return failure.toString();
        }
    }

    /** Not for an attach, which may be tried again. */
    private static void sayAtExit(Throwable failure, boolean running) {
        try {
            if (!running) {
                Runtime.getRuntime()
                        .addShutdownHook(
                                new Thread(new IdempotentTraceAgent(failure.toString()), "idempotent-trace-exit"));
            }
        } catch (Throwable again) {
            // Without the right to, or while the JVM stops already: it was said.
        }
    }

    /** The line at the exit of a JVM in which the agent could not start; the other classes of the agent may be out of reach. */
    @Override
    public void run() {
        System.err.println(LINE
                + "new=0 duplicate=0 conflict=0 in-progress=0 failed=0 unguarded=unknown store=none mode=off reason="
                + failure);
    }

    private static boolean isOnBootPath() {
        try {
            Class.forName("io.idempotenttrace.agent.AgentStart", false, null);
            return true;
        } catch (ClassNotFoundException | SecurityException notYetThere) {
            // Who may not ask is on the class path, so the jar is not on the boot path, which comes first.
            return false;
        }
    }

    /**
     * The manifest's Boot-Class-Path has put the jar there before the JVM started, silently. It names the jar by its usual
     * name: a jar that was renamed, or attached to a running JVM, is appended here, and Java 17 warns that it shares fewer classes.
     * More names would not do: of one that is not there, a JVM that is attached to warns.
     */
    private static void putOnBootPath(Instrumentation instrumentation) throws Exception {
        try (JarFile jar = new JarFile(ownJar(), false)) {
            // Classes of an application must not come to lie on the boot path.
            if (!isOwn(jar)) {
                throw new IllegalStateException(
                        jar.getName() + " is not the agent's own jar, its classes were copied into it; use"
                                + " idempotent-trace-agent.jar as it is");
            }
            instrumentation.appendToBootstrapClassLoaderSearch(jar);
        }
    }

    /** JAVA_TOOL_OPTIONS reaches the JDK's own tools, which emit nothing: they get neither a line nor a delay. */
    private static boolean isJdkTool() {
        try {
            String module = System.getProperty("jdk.module.main");
            return module != null && module.startsWith("jdk.");
        } catch (SecurityException e) {
            // A jar that was renamed is on the class path, whose rights are few; no tool of the JDK has a security
            // manager.
            return false;
        }
    }

    private static boolean tooOld() {
        return javaVersion() < OLDEST_JAVA;
    }

    private static String tooOldMessage() {
        return "Java " + System.getProperty("java.specification.version") + " is too old, " + OLDEST_JAVA
                + " or newer is needed";
    }

    private static int javaVersion() {
        String version = System.getProperty("java.specification.version", "");
        try {
            return Integer.parseInt(version.startsWith("1.") ? version.substring(2) : version);
        } catch (NumberFormatException e) {
            return OLDEST_JAVA;
        }
    }

    /** The jar that this class comes from: to be asked for only when it is needed, see {@link #ownJar()}. */
    @Override
    public File call() throws Exception {
        return ownJar();
    }

    /**
     * By resource, not by protection domain: the boot loader's classes have none. The JVM opens its module image and the jar
     * for it, which costs milliseconds before main.
     */
    private static File ownJar() throws Exception {
        String resource = "/" + IdempotentTraceAgent.class.getName().replace('.', '/') + ".class";
        URL url = IdempotentTraceAgent.class.getResource(resource);
        String text = url == null ? "" : url.toString();
        if (url == null) {
            return ownJarByDescriptor();
        }
        if (!text.startsWith("jar:file:") || !text.endsWith("!" + resource)) {
            throw new IllegalStateException("its classes do not come from a jar file: " + text);
        }
        return new File(new URI(text.substring("jar:".length(), text.length() - resource.length() - 1)));
    }

    /**
     * The JVM's own code reads jars whose path has letters that the locale's charset lacks (LC_ALL=C in a container), Java code can't name
     * them. Linux has a second name for each file that the JVM holds open, in ASCII.
     */
    private static File ownJarByDescriptor() {
        File[] open = new File("/proc/self/fd").listFiles();
        for (int i = 0; open != null && i < open.length; i++) {
            if (open[i].isFile() && isOwnJar(open[i])) {
                return open[i];
            }
        }
        throw new IllegalStateException("the path of its jar has letters outside of the locale's charset, "
                + System.getProperty("sun.jnu.encoding")
                + "; start the JVM with LC_ALL=C.UTF-8, or put the jar into a folder with a plain"
                + " name");
    }

    private static boolean isOwnJar(File file) {
        try (JarFile jar = new JarFile(file, false)) {
            return jar.getManifest() != null && isOwn(jar);
        } catch (Exception noJar) {
            return false;
        }
    }

    private static boolean isOwn(JarFile jar) throws Exception {
        return IdempotentTraceAgent.class
                .getName()
                .equals(jar.getManifest().getMainAttributes().getValue("Main-Class"));
    }
}
