package io.idempotenttrace.cli;

import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.failure.Failures;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code java -jar idempotent-trace-agent.jar}: the commands, and the settings of the agent as help. */
@Command(
        name = "java -jar idempotent-trace-agent.jar",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a method's body once per idempotency key.",
            "",
            "As an agent:  java -javaagent:idempotent-trace-agent.jar[=name=value,...] -jar application.jar",
            "",
            "In a JVM that runs already:  java -jar idempotent-trace-agent.jar attach PID [name=value,...]",
            "",
            "The settings of the agent are listed by the command 'settings'."
        })
public final class CommandLineTool implements Runnable {

    @Spec
    @SuppressWarnings("NullAway") // picocli sets it before it runs a command.
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(name = "settings", mixinStandardHelpOptions = true, description = "Lists the settings of the agent.")
    void settings() {
        PrintWriter out = spec.commandLine().getOut();
        for (Setting setting : Setting.values()) {
            out.println(setting.key()
                    + (setting.defaultValue().isEmpty() ? "" : "=" + setting.defaultValue())
                    + (setting.perScope() ? "  (scope.<scope>." + setting.key() + " for one scope)" : ""));
            out.println("    " + setting.meaning() + "; " + setting.allowed());
            out.println("    -D" + setting.property() + ", " + setting.environmentVariable());
        }
        out.flush();
    }

    /**
     * Runs one command.
     *
     * @param version the version of the jar, for people
     * @return the exit status: 0; 1 if the input is bad; 2 if the options are
     */
    public static int run(String version, String[] arguments, InputStream in, PrintStream out, PrintStream err) {
        CommandLine line = new CommandLine(new CommandLineTool());
        line.addSubcommand(new HashCommand(in, out, err));
        line.addSubcommand(new ScriptsCommand(out, err));
        line.getCommandSpec().version("idempotent-trace " + version);
        line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        line.setParameterExceptionHandler((wrong, args) -> {
            err.println("idempotent-trace: " + Failures.firstLine(wrong) + "; see --help");
            return 2;
        });
        return line.execute(arguments);
    }
}
