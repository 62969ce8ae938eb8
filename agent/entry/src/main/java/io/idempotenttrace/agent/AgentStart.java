package io.idempotenttrace.agent;

import io.idempotenttrace.bridge.AgentLog;
import io.idempotenttrace.bridge.Permissions;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.ConfigurationException;
import io.idempotenttrace.config.Setting;
import java.io.File;
import java.lang.instrument.Instrumentation;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What premain and agentmain do, on the boot loader: reads the settings, says one line, weaves what is loaded already, and watches
 * for annotated classes.
 */
public final class AgentStart {

    /**
     * Lives on the boot loader, so a second -javaagent with another copy of the jar meets it too. No AtomicBoolean: its variable
     * handle would be the first one of the JVM, which costs 12 ms on Java 25.
     */
    private static boolean started;

    /** Whether it looks at classes: not so where a setting was wrong, and with {@code mode=off}. */
    private static boolean watches;

    /**
     * The system property by which a tool sees that the agent is in the JVM, also where nobody uses JMX; its value is the version, or
     * {@code off} where the agent weaves nothing, and has no MBean.
     */
    private static final String PRESENT = "io.idempotenttrace.agent";

    private static final String CLOSED =
            ". Annotated methods can't be guarded: their calls are refused, or run unguarded and are"
                    + " counted, as on-store-failure says.";

    private static final String WITHOUT_AGENT = ". The application runs without the agent.";

    private AgentStart() {}

    /**
     * Starts the agent in this JVM, once.
     *
     * @param argument the agent's argument; may be null
     * @param jar tells where the agent's jar lies; asked when the engine is needed
     * @param running whether the application runs already: it is never ended then
     * @return what was wrong, for people, when the agent does not run now; null when it does
     */
    public static synchronized @Nullable String start(
            @Nullable String argument, Instrumentation instrumentation, Callable<File> jar, boolean running) {
        // The entry class of a jar that was renamed calls from the class path, where a security manager gives it no
        // rights.
        return Permissions.areChecked()
                ? Permissions.privileged(() -> begin(argument, instrumentation, jar, running))
                : begin(argument, instrumentation, jar, running);
    }

    /** What a second attach is told. */
    static final String RUNS_ALREADY = "the agent is in this JVM already";

    /** Why it does not start once more. */
    private static String startedBefore(boolean running) {
        if (!running) {
            return "the agent was given twice; the first one counts";
        }
        return watches
                ? RUNS_ALREADY
                : "it was given when the JVM was started, and does not run, by a wrong setting or by mode=off; start the JVM anew";
    }

    private static @Nullable String begin(
            @Nullable String argument, Instrumentation instrumentation, Callable<File> jar, boolean running) {
        if (AgentStart.class.getClassLoader() != null) {
            return say(
                    "the agent's classes were found on the class path before the boot path; remove them there",
                    WITHOUT_AGENT);
        }
        if (started) {
            return say(startedBefore(running), "");
        }
        started = true;
        Configuration configuration;
        try {
            configuration = Configuration.load(argument);
        } catch (ConfigurationException e) {
            Configuration unready = e.unready();
            if (running || e.exitRequested() || unready == null || isOff(unready)) {
                // Whoever attaches may try again.
                started = !running;
                return refuse(e, running);
            }
            configuration = unready;
        }
        String mode = configuration.text(Setting.MODE);
        boolean off = isOff(configuration);
        System.setProperty(PRESENT, off ? "off" : AgentVersion.TEXT);
        String store = configuration.usesRedis() ? "redis" : "memory";
        logAs(configuration);
        AgentLines.inform("version=" + AgentVersion.TEXT + " store=" + store + " mode=" + mode);
        String warning = configuration.inMemoryWarning();
        if (!off && warning != null) {
            AgentLines.say(warning);
        }
        for (String note : configuration.notes()) {
            AgentLines.say(note);
        }
        if (configuration.problem() != null) {
            say(configuration.problem(), CLOSED);
        }
        EngineHost host = new EngineHost(jar, configuration.toMap(), mode);
        Runtime.getRuntime().addShutdownHook(new ExitLine(host, store, instrumentation));
        if (!off) {
            watch(
                    instrumentation,
                    host,
                    new UnwovenClasses(host, configuration, instrumentation),
                    new JmxRegistration(new AgentControl(host, configuration, AgentVersion.TEXT)),
                    running);
            if (configuration.text(Setting.WARM_UP).equals("true")) {
                host.warmUp(configuration.millis(Setting.CONNECT_TIMEOUT));
            }
        }
        return null;
    }

    private static void logAs(Configuration configuration) {
        AgentLog.configure(
                configuration,
                configuration.text(Setting.LOG),
                configuration.text(Setting.LOG_FORMAT),
                configuration.text(Setting.LOG_LEVEL));
    }

    /** Whether no scope is guarded or observed, so that nothing is woven. */
    private static boolean isOff(Configuration configuration) {
        for (String scope : configuration.scopes()) {
            if (!configuration.text(Setting.MODE, scope).equals("off")) {
                return false;
            }
        }
        return configuration.text(Setting.MODE).equals("off");
    }

    private static void watch(
            Instrumentation instrumentation,
            EngineHost host,
            UnwovenClasses unwoven,
            JmxRegistration jmx,
            boolean running) {
        watches = true;
        WovenNames.begin(instrumentation);
        TelemetryClasses.begin();
        instrumentation.addTransformer(
                new AnnotatedClassTransformer(host, jmx, new ModuleAccess(instrumentation), unwoven), true);
        try {
            Class<?>[] loaded = instrumentation.getAllLoadedClasses();
            jmx.classesLoaded(loaded);
            TelemetryClasses.classesLoaded(loaded);
            int found = new LoadedClasses(instrumentation).weave(loaded, running);
            if (found > 0) {
                AgentLines.inform("loaded before the agent: " + found + " annotated class" + (found == 1 ? "" : "es")
                        + "; calls that begin from now on are guarded");
            }
        } catch (Throwable failure) {
            AgentLines.say("the classes that were loaded before the agent could not be looked through ("
                    + failure
                    + "); their annotated methods may run unguarded until the JVM is started with -javaagent");
        }
    }

    /** What is wrong with each setting; the JVM ends here where that was asked for before the application ran. */
    private static String refuse(ConfigurationException wrong, boolean running) {
        boolean exit = wrong.exitRequested() && !running;
        for (String problem : wrong.problems()) {
            say(problem, exit ? ". The JVM ends (on-config-error=exit)." : WITHOUT_AGENT);
        }
        if (exit) {
            System.exit(1);
        }
        if (!running) {
            Runtime.getRuntime().addShutdownHook(new ExitLine(String.join("; ", wrong.problems())));
        }
        return String.join("; ", wrong.problems());
    }

    private static String say(String problem, String consequence) {
        AgentLines.say(problem + consequence);
        return problem;
    }
}
