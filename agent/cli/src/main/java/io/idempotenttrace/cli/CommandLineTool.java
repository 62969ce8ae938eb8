package io.idempotenttrace.cli;

import io.idempotenttrace.config.ConfigurationException;
import io.idempotenttrace.config.NearestName;
import io.idempotenttrace.config.Printable;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.failure.Failures;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

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
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:found, or all is well",
            "1:not found, or there are problems",
            "2:wrong use: an option, a setting or a file",
            "3:the store can't be reached"
        })
public final class CommandLineTool implements Runnable {

    @Spec
    @SuppressWarnings("NullAway") // picocli sets it before it runs a command.
    private CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        FirstSteps.lines(spec.version()[0], spec.subcommands().keySet()).forEach(out::println);
        out.flush();
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

    /** Only so that it is listed and completed: the agent's entry runs it, since it needs no library. */
    @Command(
            name = "attach",
            description = "Puts the agent into a JVM that runs already.",
            customSynopsis = "java -jar idempotent-trace-agent.jar attach PID [name=value,...]")
    void attach() {
        spec.commandLine().getOut().println("usage: attach PID [name=value,...], of the agent jar itself");
    }

    /**
     * Runs one command.
     *
     * @param version the version of the jar, for people
     * @return the exit status: 0; 1 if something was not found or the input is bad; 2 if the options are; 3 if the store can't be reached
     */
    public static int run(String version, String[] arguments, InputStream in, PrintStream out, PrintStream err) {
        return commandLine(version, in, out, err).execute(arguments);
    }

    /** All commands there are. */
    static CommandLine commandLine(String version, InputStream in, PrintStream out, PrintStream err) {
        CommandLine line = new CommandLine(new CommandLineTool());
        line.addSubcommand(new HashCommand(in, out, err));
        line.addSubcommand(new ScriptsCommand(out, err));
        Terminal terminal = new Terminal(in, out, err);
        line.addSubcommand(new StatusCommand(terminal, in));
        line.addSubcommand(new ListCommand(terminal));
        line.addSubcommand(new CountCommand(terminal));
        line.addSubcommand(new ReleaseCommand(terminal));
        line.addSubcommand(new DeleteCommand(terminal));
        line.addSubcommand(new PurgeCommand(terminal));
        line.addSubcommand(new ModeCommand(terminal));
        line.addSubcommand(new WatchCommand(terminal));
        line.addSubcommand(new DoctorCommand(terminal));
        CommandLine explain = new CommandLine(new ExplainCommand());
        explain.getCommandSpec().usageMessage().footer(ExplainCommand.codes());
        line.addSubcommand(explain);
        line.addSubcommand(new ConfigCommand());
        line.addSubcommand(new BundleCommand(version));
        line.addSubcommand(new InitCommand(version));
        line.addSubcommand(new DemoCommand(terminal));
        line.addSubcommand(new CompletionCommand());
        line.getCommandSpec().version("idempotent-trace " + version);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(
                terminal.hasColours() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        line.setParameterExceptionHandler((wrong, args) -> {
            err.println("idempotent-trace: "
                    + (wrong instanceof UnmatchedArgumentException unmatched
                            ? unmatched(unmatched)
                            : withoutSecrets(Failures.firstLine(wrong)))
                    + "; see --help");
            return 2;
        });
        line.setExecutionExceptionHandler((failure, command, parsed) -> status(failure, command.getErr()));
        return line;
    }

    /** Says why a command did not do what was asked for, and tells its exit status. */
    private static int status(Exception failure, PrintWriter err) throws Exception {
        if (failure instanceof ConfigurationException wrong) {
            wrong.problems().forEach(problem -> err.println("idempotent-trace: " + problem));
            return 2;
        }
        if (failure instanceof WrongUseException || failure instanceof CommandFailure) {
            err.println("idempotent-trace: " + failure.getMessage());
            return failure instanceof WrongUseException ? 2 : 1;
        }
        throw failure;
    }

    /** Only the names of options and commands are told: what else stands there may be a secret behind an option that is misspelt. */
    private static String unmatched(UnmatchedArgumentException wrong) {
        List<String> options = new ArrayList<>();
        for (String argument : wrong.getUnmatched()) {
            if (argument.startsWith("-")) {
                options.add("'" + Printable.text(argument.replaceFirst("(?s)[=:].*", "")) + "'");
            }
        }
        String command = "the command '" + wrong.getCommandLine().getCommandName() + "'";
        boolean isCommand = wrong.getCommandLine().getParent() == null && options.isEmpty();
        if (isCommand) {
            String nearest = NearestName.of(
                    wrong.getUnmatched().get(0),
                    wrong.getCommandLine().getSubcommands().keySet());
            return "there is no command of that name" + (nearest == null ? "" : " (did you mean '" + nearest + "'?)");
        }
        if (options.isEmpty()) {
            int many = wrong.getUnmatched().size();
            return command + " was given " + (many == 1 ? "an argument" : many + " arguments") + " too many";
        }
        return command + " has no option " + String.join(", ", options);
    }

    /** The parser repeats what it can't place: a URL with a password, or a setting that is a secret. */
    private static String withoutSecrets(String message) {
        return message.contains("'--set'")
                ? "--set needs NAME=VALUE"
                : message.replaceAll("://[^\\s'\"]*@", "://(not shown)@");
    }
}
