package io.idempotenttrace.cli;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.ConfigurationException;
import io.idempotenttrace.config.EffectiveSetting;
import io.idempotenttrace.config.OneLineJson;
import io.idempotenttrace.config.Printable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells the settings as they count, and who gave each. */
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        description = {
            "Tells each setting as it counts, and who gave it. Secrets are masked.",
            "Without PID: as an agent would have them that is started here. With PID: as the agent in that process has them.",
            "",
            "With --json one object a line: {name, value, source}."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:they were told",
            "1:the process can't be asked",
            "2:wrong use: an option, a setting or a file"
        })
final class ConfigCommand implements Callable<Integer> {

    /**
     * A setting for whoever reads it here.
     *
     * @param source who gave it, in words
     */
    record Line(String name, String value, String source) {

        static Line of(CompositeData setting) {
            return new Line(
                    (String) setting.get("name"), (String) setting.get("value"), (String) setting.get("source"));
        }

        static Line of(EffectiveSetting setting) {
            String source = setting.getSource();
            return new Line(
                    setting.getName(),
                    setting.getValue(),
                    source.equals("settings that the program gave") ? "option of this command" : source);
        }

        String json() {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("name", name);
            line.put("value", value);
            line.put("source", source);
            return OneLineJson.of(line);
        }

        String text(int width) {
            String shown = Printable.text(name + " = " + value, 1000);
            return String.format("%-" + width + "s  (%s)", shown, Printable.text(source, 1000));
        }
    }

    @Parameters(paramLabel = "PID", arity = "0..1", description = "the id of a process that the agent runs in")
    private @Nullable String pid;

    @Mixin
    private final SettingOptions options = new SettingOptions();

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway") // picocli sets the options before it calls call().
    ConfigCommand() {}

    @Override
    public Integer call() throws ConfigurationException, CommandFailure {
        print(pid == null ? here() : of(pid));
        return 0;
    }

    private List<Line> here() throws ConfigurationException {
        Configuration configuration = options.configuration();
        configuration.notes().forEach(note -> spec.commandLine().getErr().println("idempotent-trace: " + note));
        return configuration.effective().stream().map(Line::of).toList();
    }

    private List<Line> of(String process) throws CommandFailure {
        try (RunningAgent agent = RunningAgent.of(process)) {
            if (!options.json()) {
                spec.commandLine().getOut().println(agent.now() + "\n");
            }
            return settings(agent);
        }
    }

    /** The settings of an agent that runs. */
    static List<Line> settings(RunningAgent agent) throws CommandFailure {
        List<Line> lines = new ArrayList<>();
        for (CompositeData setting : agent.composites("Settings")) {
            lines.add(Line.of(setting));
        }
        return lines;
    }

    private void print(List<Line> lines) {
        PrintWriter out = spec.commandLine().getOut();
        int width = 0;
        for (Line line : lines) {
            width = Math.max(
                    width, Math.min(48, line.name().length() + line.value().length() + 3));
        }
        for (Line line : lines) {
            out.println(options.json() ? line.json() : line.text(width));
        }
        out.flush();
    }
}
