package io.idempotenttrace.agent;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.net.URI;
import java.net.URL;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

    /** The file that the manifest's Boot-Class-Path names. */
    private static final String USUAL_NAME = "idempotent-trace-agent.jar";

    private static final String AGENT_OPTION = "-javaagent:";
    private static final String START_CLASS = "io/idempotenttrace/agent/AgentStart.class";

    /** Whether this class has put its own jar on the boot path. */
    private static boolean appended;

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
            } else if (!appended) {
                refuseNeighbour(running);
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
            appended = true;
        }
    }

    /**
     * The JVM has put the file of the usual name on the boot path that lies beside the jar it was given. Where that jar has another name, the
     * file is a neighbour: an older version, or one that somebody planted. Its classes must not run in the place of ours.
     *
     * @throws IllegalStateException if the agent's classes come from such a file
     */
    private static void refuseNeighbour(boolean running) throws Exception {
        File foreign = running ? neighbourOfAttachedJar() : neighbourOfGivenJar();
        if (foreign != null) {
            throw new IllegalStateException("its classes would come from " + foreign
                    + ", which is not the jar that the JVM was given; remove that file, or name it in the option");
        }
    }

    /**
     * The jar that the JVM was given lies at the end of the system loader's path: the classes of the boot path must come from a file that
     * lies there too. To ask for that opens the JVM's module image and each jar of the application, so the usual case is decided before.
     */
    private static @Nullable File neighbourOfGivenJar() throws Exception {
        if (isGivenByUsualName()) {
            return null;
        }
        // The loader above the application's asks the boot loader first.
        URL url = ClassLoader.getSystemClassLoader().getParent().getResource(START_CLASS);
        if (url == null) {
            return new File("a jar that can't be told");
        }
        File origin = jarOf(url, START_CLASS).getCanonicalFile();
        int found = 0;
        for (URL each : Collections.list(ClassLoader.getSystemClassLoader().getResources(START_CLASS))) {
            found += each.toString().startsWith("jar:file:")
                            && jarOf(each, START_CLASS).getCanonicalFile().equals(origin)
                    ? 1
                    : 0;
        }
        // By the boot loader, and by the system loader itself.
        return found > 1 ? null : origin;
    }

    /**
     * Whether the JVM's options name the jar by its usual name, and no other agent beside which there is a file of that name. False also
     * where the options can't be told: only Linux shows them for nothing.
     */
    private static boolean isGivenByUsualName() throws IOException {
        Set<File> own = new HashSet<File>();
        Set<File> others = new HashSet<File>();
        for (String option : options()) {
            if (option.startsWith(AGENT_OPTION)) {
                int equals = option.indexOf('=');
                String path = option.substring(AGENT_OPTION.length(), equals < 0 ? option.length() : equals);
                // A link may lead to a jar of another name, and it is that one beside which the JVM looks.
                File agent = new File(path).getCanonicalFile();
                (agent.getName().equals(USUAL_NAME) ? own : others).add(new File(agent.getParentFile(), USUAL_NAME));
            }
        }
        others.removeAll(own);
        for (File neighbour : others) {
            if (neighbour.exists()) {
                return false;
            }
        }
        return !own.isEmpty();
    }

    /** What the JVM was started with, as far as it can be told, with the program's own arguments. */
    private static List<String> options() {
        List<String> options = new ArrayList<String>();
        File commandLine = new File("/proc/self/cmdline");
        if (commandLine.exists()) {
            try (InputStream in = new FileInputStream(commandLine)) {
                ByteArrayOutputStream read = new ByteArrayOutputStream();
                byte[] buffer = new byte[4096];
                for (int length = in.read(buffer); length > 0; length = in.read(buffer)) {
                    read.write(buffer, 0, length);
                }
                Collections.addAll(
                        options, read.toString(Charset.defaultCharset().name()).split("\0"));
            } catch (IOException notReadable) {
                return options;
            }
        }
        for (String variable : new String[] {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"}) {
            String value = System.getenv(variable);
            if (value != null) {
                Collections.addAll(options, value.trim().split("\\s+"));
            }
        }
        return options;
    }

    /** For an attach, the JVM has appended the jar to the system loader's own path. The boot path as it is then can't be asked for files. */
    private static @Nullable File neighbourOfAttachedJar() throws Exception {
        String resource = IdempotentTraceAgent.class.getName().replace('.', '/') + ".class";
        URL last = null;
        for (URL url : Collections.list(ClassLoader.getSystemClassLoader().getResources(resource))) {
            last = url;
        }
        if (last == null) {
            return null;
        }
        File attached = jarOf(last, resource).getCanonicalFile();
        File beside = new File(attached.getParentFile(), USUAL_NAME);
        return beside.exists() && !beside.getCanonicalFile().equals(attached) ? beside : null;
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
        URL url = null;
        try {
            url = IdempotentTraceAgent.class.getResource(resource);
        } catch (LinkageError noResources) {
            // A class of the JDK's that ran out of stack or memory while it was initialized stays unusable.
        }
        return url == null ? ownJarByDescriptor() : jarOf(url, resource.substring(1));
    }

    /** @param resource of which the URL is, without a slash before it */
    private static File jarOf(URL url, String resource) throws Exception {
        String text = url.toString();
        String end = "!/" + resource;
        if (!text.startsWith("jar:file:") || !text.endsWith(end)) {
            throw new IllegalStateException("its classes do not come from a jar file: " + text);
        }
        return new File(new URI(text.substring("jar:".length(), text.length() - end.length())));
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
