package io.idempotenttrace.cli;

import io.idempotenttrace.config.ConfigurationException;
import io.idempotenttrace.config.OneLineJson;
import io.idempotenttrace.config.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.OperatingSystemMXBean;
import java.lang.management.RuntimeMXBean;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.management.MBeanServerConnection;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a file for whoever helps: what the agent in a process is set to, guards, has counted and does. */
@Command(
        name = "bundle",
        mixinStandardHelpOptions = true,
        description = {
            "Writes a zip of small text files for whoever helps: settings, guarded methods and those that are not with the reason, counts,"
                    + " the last 200 calls that were not new, facts of the store, the stacks of the agent's threads, and versions.",
            "No secret and no payload is in it. Of keys it has a part of their SHA-256, unless --show-keys is given.",
            "Without PID: settings and versions as they are here."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:the file was written; stdout has its name",
            "1:the process can't be asked, or the file can't be written",
            "2:wrong use: an option, a setting or a file"
        })
final class BundleCommand implements Callable<Integer> {

    private static final String OUR_THREADS = "idempotent-trace";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private static final List<String> COUNTS =
            List.of("New", "Duplicate", "Conflict", "InProgress", "Failed", "Unguarded", "HeldTooLong");
    private static final List<String> FIGURES = List.of(
            "PendingUpdates",
            "PendingBytes",
            "LostCompletions",
            "UnacknowledgedCompletions",
            "RefusedCompletions",
            "RecordBytes",
            "DroppedRecords",
            "UnreadableResults",
            "NewerRecords");

    @Parameters(paramLabel = "PID", arity = "0..1", description = "the id of a process that the agent runs in")
    private @Nullable String pid;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "the file to write, which must not be there; else idempotent-trace-<PID>-<time>.zip in this folder")
    private @Nullable String file;

    @Option(names = "--show-keys", description = "write keys as they are")
    private boolean showKeys;

    @Mixin
    private final SettingOptions options = new SettingOptions();

    @Spec
    private CommandSpec spec;

    private final String version;

    /** @param version of this jar */
    @SuppressWarnings("NullAway") // picocli sets the options before it calls call().
    BundleCommand(String version) {
        this.version = version;
    }

    @Override
    public Integer call() throws ConfigurationException, CommandFailure {
        SupportFile support = new SupportFile();
        if (pid == null) {
            addHere(support);
        } else {
            try (RunningAgent agent = RunningAgent.of(pid)) {
                addAll(agent, support);
            }
        }
        write(support);
        return 0;
    }

    private void write(SupportFile support) throws CommandFailure {
        String name = file != null
                ? file
                : "idempotent-trace-" + (pid == null ? "settings" : pid) + "-" + TIME.format(Instant.now()) + ".zip";
        try {
            support.write(Path.of(name));
        } catch (FileAlreadyExistsException e) {
            throw new CommandFailure(
                    "the file '" + Printable.text(name) + "' is there already; give another one by --out");
        } catch (IOException | InvalidPathException e) {
            throw new CommandFailure(
                    "the file '" + Printable.text(name) + "' can't be written (" + e + "); give another one by --out");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (options.json()) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("file", name);
            line.put("entries", support.names());
            out.println(OneLineJson.of(line));
        } else {
            out.println(name);
        }
        out.flush();
    }

    private void addHere(SupportFile support) throws ConfigurationException {
        List<String> settings = options.configuration().effective().stream()
                .map(setting -> ConfigCommand.Line.of(setting).json())
                .toList();
        support.addJson("versions.json", versions(null, null));
        support.addLines("config.jsonl", () -> settings);
    }

    private void addAll(RunningAgent agent, SupportFile support) {
        support.add("versions.json", () -> OneLineJson.of(versions(agent, agent.server())));
        support.addLines(
                "config.jsonl",
                () -> ConfigCommand.settings(agent).stream()
                        .map(ConfigCommand.Line::json)
                        .toList());
        support.addLines("methods.jsonl", agent::explain);
        support.add("counts.json", () -> OneLineJson.of(attributes(agent, COUNTS)));
        support.addLines("verdicts.jsonl", () -> agent.verdicts(showKeys));
        support.add("store.json", () -> OneLineJson.of(store(agent)));
        support.addLines("background.jsonl", () -> background(agent));
        support.add("threads.txt", () -> threads(agent.server()));
    }

    private Map<String, Object> versions(@Nullable RunningAgent agent, @Nullable MBeanServerConnection server) {
        Map<String, Object> versions = new LinkedHashMap<>();
        versions.put("time", Instant.now());
        versions.put("command", version);
        versions.put("commandJava", Runtime.version());
        if (agent != null && server != null) {
            try {
                versions.put("process", agent.pid());
                versions.put("agent", agent.attribute("Version"));
                addJvm(server, versions);
            } catch (CommandFailure | IOException e) {
                versions.put("failure", e.getMessage());
            }
        } else {
            versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
            versions.put("arch", System.getProperty("os.arch"));
        }
        return versions;
    }

    /** Not the arguments that the JVM was started with, which may hold secrets of the application. */
    private static void addJvm(MBeanServerConnection server, Map<String, Object> versions) throws IOException {
        RuntimeMXBean runtime = ManagementFactory.newPlatformMXBeanProxy(
                server, ManagementFactory.RUNTIME_MXBEAN_NAME, RuntimeMXBean.class);
        OperatingSystemMXBean system = ManagementFactory.newPlatformMXBeanProxy(
                server, ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME, OperatingSystemMXBean.class);
        MemoryMXBean memory = ManagementFactory.newPlatformMXBeanProxy(
                server, ManagementFactory.MEMORY_MXBEAN_NAME, MemoryMXBean.class);
        versions.put("java", runtime.getSpecVersion());
        versions.put("vm", runtime.getVmName() + " " + runtime.getVmVersion());
        versions.put("startedAt", Instant.ofEpochMilli(runtime.getStartTime()));
        versions.put("os", system.getName() + " " + system.getVersion());
        versions.put("arch", system.getArch());
        versions.put("processors", system.getAvailableProcessors());
        versions.put("heapUsedBytes", memory.getHeapMemoryUsage().getUsed());
        versions.put("heapMaxBytes", memory.getHeapMemoryUsage().getMax());
    }

    private static Map<String, Object> attributes(RunningAgent agent, List<String> names) throws CommandFailure {
        Map<String, Object> values = new LinkedHashMap<>();
        for (String name : names) {
            values.put(Character.toLowerCase(name.charAt(0)) + name.substring(1), agent.attribute(name));
        }
        return values;
    }

    private static Map<String, Object> store(RunningAgent agent) throws CommandFailure {
        Map<String, Object> facts = attributes(agent, List.of("Mode", "State", "Store"));
        for (ConfigCommand.Line setting : ConfigCommand.settings(agent)) {
            if (setting.name().equals("redis-url") || setting.name().equals("key-prefix")) {
                facts.put(setting.name(), setting.value());
            }
        }
        facts.putAll(attributes(agent, FIGURES));
        return facts;
    }

    private static List<String> background(RunningAgent agent) throws CommandFailure {
        List<String> lines = new ArrayList<>();
        for (CompositeData part : agent.composites("Background")) {
            Map<String, Object> line = new LinkedHashMap<>();
            for (String name : List.of("name", "alive", "rounds", "lastRoundMillis", "failures", "lastFailure")) {
                line.put(name, part.get(name));
            }
            lines.add(OneLineJson.of(line));
        }
        return lines;
    }

    /** Of the agent's own threads alone: others' names and stacks are the application's. */
    private static String threads(MBeanServerConnection server) throws IOException {
        ThreadMXBean threads = ManagementFactory.newPlatformMXBeanProxy(
                server, ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
        StringBuilder text = new StringBuilder();
        for (ThreadInfo thread :
                threads.dumpAllThreads(/* lockedMonitors= */ false, /* lockedSynchronizers= */ false)) {
            if (thread.getThreadName().startsWith(OUR_THREADS)) {
                text.append('"').append(thread.getThreadName()).append("\" ").append(thread.getThreadState());
                text.append(thread.getLockName() == null ? "" : " on " + thread.getLockName())
                        .append('\n');
                for (StackTraceElement frame : thread.getStackTrace()) {
                    text.append("    at ").append(frame).append('\n');
                }
                text.append('\n');
            }
        }
        return text.toString();
    }
}
