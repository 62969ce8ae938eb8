package io.idempotenttrace.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Prints a script by which bash and zsh complete commands and options. */
@Command(
        name = "generate-completion",
        mixinStandardHelpOptions = true,
        description = {
            "Prints a script by which bash and zsh complete commands and options:",
            "",
            "    idempotent-trace() { java -jar /opt/idempotent-trace-agent.jar \"$@\"; }",
            "    source <(idempotent-trace generate-completion)",
            ""
        })
final class CompletionCommand implements Callable<Integer> {

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "idempotent-trace",
            description = "the function or alias by which you call the jar (default ${DEFAULT-VALUE})")
    private String name;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway") // picocli sets them before it calls call().
    CompletionCommand() {}

    @Override
    public Integer call() {
        if (!name.matches("[A-Za-z0-9_.-]{1,64}")) {
            throw new ParameterException(
                    spec.commandLine(), "--name is no name of a command; give letters, digits, '.', '_' and '-'");
        }
        CommandLine root = spec.commandLine().getParent();
        root.getOut().print(AutoComplete.bash(name, root));
        root.getOut().flush();
        return 0;
    }
}
