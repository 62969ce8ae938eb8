package io.idempotenttrace.agent;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.ConfigurationException;
import io.idempotenttrace.config.Setting;
import java.io.File;
import java.lang.instrument.Instrumentation;
import java.util.concurrent.Callable;

/** What premain does, on the boot loader: reads the settings, says one line, and watches for annotated classes. */
public final class AgentStart {

    /**
     * Lives on the boot loader, so a second -javaagent with another copy of the jar meets it too. No AtomicBoolean: its variable
     * handle would be the first one of the JVM, which costs 12 ms on Java 25.
     */
    private static boolean started;

    private AgentStart() {
    }

    /**
     * @param argument the agent's argument; may be null
     * @param jar tells where the agent's jar lies; asked when the engine is needed
     */
    public static synchronized void start(String argument, Instrumentation instrumentation, Callable<File> jar) {
        if (AgentStart.class.getClassLoader() != null) {
            System.err.println("idempotent-trace: the agent's classes were found on the class path before the boot path; remove"
                    + " them there. The application runs without the agent.");
            return;
        }
        if (started) {
            System.err.println("idempotent-trace: the agent was given twice; the first one counts");
            return;
        }
        started = true;
        Configuration configuration;
        try {
            configuration = Configuration.load(argument);
        } catch (ConfigurationException e) {
            refuse(e);
            return;
        }
        String mode = configuration.text(Setting.MODE);
        String store = configuration.usesRedis() ? "redis" : "memory";
        System.err.println("idempotent-trace: version=" + AgentVersion.TEXT + " store=" + store + " mode=" + mode);
        boolean off = mode.equals("off");
        if (!off && store.equals("memory") && configuration.text(Setting.STORE).equals("auto")) {
            System.err.println("idempotent-trace: no Redis URL is known, so records live in this process alone: other processes and"
                    + " the time after a restart are not covered. Set REDIS_URL, or store=memory if that is meant.");
        }
        EngineHost host = new EngineHost(jar, configuration.toMap(), mode);
        Runtime.getRuntime().addShutdownHook(new ExitLine(host, store));
        if (!off) {
            JmxRegistration jmx = new JmxRegistration(new AgentControl(host, store, AgentVersion.TEXT));
            instrumentation.addTransformer(new AnnotatedClassTransformer(host, jmx, new ModuleAccess(instrumentation)), true);
        }
    }

    private static void refuse(ConfigurationException wrong) {
        boolean exit = wrong.exitRequested();
        for (String problem : wrong.problems()) {
            System.err.println("idempotent-trace: " + problem + (exit ? ". The JVM ends (on-config-error=exit)."
                    : ". The application runs without the agent."));
        }
        if (exit) {
            System.exit(1);
        }
    }
}
