package io.idempotenttrace.agent;

import java.io.File;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URL;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * The agent's entry, and the jar's main class.
 *
 * <p>Constraints: a premain that throws stops the whole JVM, so everything is caught. This class alone is Java 8 bytecode,
 * so that a JVM that is too old can say so. It is the only class of the agent that the system loader defines: it names no
 * other class of the agent in its code, since those come from the boot loader once the jar is appended there.
 */
public final class IdempotentTraceAgent {

    private static final int OLDEST_JAVA = 17;

    private IdempotentTraceAgent() {
    }

    /** Called by the JVM for {@code -javaagent}. */
    public static void premain(String argument, Instrumentation instrumentation) {
        start(argument, instrumentation);
    }

    /** Called by the JVM for an attach. */
    public static void agentmain(String argument, Instrumentation instrumentation) {
        start(argument, instrumentation);
    }

    /** The command line: {@code java -jar idempotent-trace-agent.jar --help}. */
    public static void main(String[] arguments) throws Exception {
        int status;
        if (tooOld()) {
            System.err.println(tooOldMessage() + "; nothing was done.");
            status = 1;
        } else {
            status = (Integer) Class.forName("io.idempotenttrace.agent.CommandLineLauncher")
                    .getMethod("run", File.class, String[].class).invoke(null, ownJar(), arguments);
        }
        System.out.flush();
        System.exit(status);
    }

    private static void start(String argument, Instrumentation instrumentation) {
        try {
            if (tooOld()) {
                System.err.println(tooOldMessage() + "; the application runs without the agent.");
                return;
            }
            if (isJdkTool()) {
                return;
            }
            File jar = ownJar();
            JarFile opened = new JarFile(jar, false);
            Manifest manifest = opened.getManifest();
            if (manifest == null
                    || !IdempotentTraceAgent.class.getName().equals(manifest.getMainAttributes().getValue("Premain-Class"))) {
                opened.close();
                System.err.println("idempotent-trace: " + jar.getName() + " is not the agent's own jar (another Premain-Class, or"
                        + " its classes were copied into it); use idempotent-trace-agent.jar as it is. The application runs"
                        + " without the agent.");
                return;
            }
            startOnBootLoader(opened, instrumentation)
                    .getMethod("start", String.class, Instrumentation.class, JarFile.class, String.class)
                    .invoke(null, argument, instrumentation, opened,
                            manifest.getMainAttributes().getValue("Implementation-Version"));
        } catch (Throwable failure) {
            Throwable cause = failure instanceof InvocationTargetException ? failure.getCause() : failure;
            System.err.println("idempotent-trace: the agent could not start (" + cause + "); the application runs without it.");
        }
    }

    /**
     * The manifest's Boot-Class-Path has put the jar there before the JVM started, silently. It names the jar by its usual
     * name: a jar that was renamed, or attached to a running JVM, is appended here, and the JVM may warn that it shares fewer
     * classes.
     */
    private static Class<?> startOnBootLoader(JarFile jar, Instrumentation instrumentation) throws ClassNotFoundException {
        String start = "io.idempotenttrace.agent.AgentStart";
        try {
            return Class.forName(start, true, null);
        } catch (ClassNotFoundException notYetThere) {
            instrumentation.appendToBootstrapClassLoaderSearch(jar);
            return Class.forName(start, true, null);
        }
    }

    /** JAVA_TOOL_OPTIONS reaches the JDK's own tools, which emit nothing: they get neither a line nor a delay. */
    private static boolean isJdkTool() {
        String module = System.getProperty("jdk.module.main");
        return module != null && module.startsWith("jdk.");
    }

    private static boolean tooOld() {
        return javaVersion() < OLDEST_JAVA;
    }

    private static String tooOldMessage() {
        return "idempotent-trace: Java " + System.getProperty("java.specification.version") + " is too old, " + OLDEST_JAVA
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

    /** By resource, not by protection domain: the boot loader's classes have none. */
    private static File ownJar() throws Exception {
        String resource = "/" + IdempotentTraceAgent.class.getName().replace('.', '/') + ".class";
        URL url = IdempotentTraceAgent.class.getResource(resource);
        String text = url == null ? "" : url.toString();
        if (!text.startsWith("jar:file:") || !text.endsWith("!" + resource)) {
            throw new IllegalStateException("its classes do not come from a jar file: " + text);
        }
        return new File(new URI(text.substring("jar:".length(), text.length() - resource.length() - 1)));
    }
}
