package io.idempotenttrace.chaos;

import io.idempotenttrace.chaos.check.CheckCommand;
import io.idempotenttrace.chaos.mutants.MutantsCommand;
import io.idempotenttrace.chaos.run.RunCommand;
import io.idempotenttrace.chaos.simulation.SimulateCommand;
import io.idempotenttrace.chaos.soak.SoakCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line: one subcommand for each way to look for a broken promise. */
@Command(
        name = "chaos",
        mixinStandardHelpOptions = true,
        description =
                "Looks for a broken promise of idempotent-trace. Exit status: 0 where none was found, 1 where a property is violated, 2"
                        + " where an argument is wrong.",
        subcommands = {
            RunCommand.class,
            SimulateCommand.class,
            SoakCommand.class,
            CheckCommand.class,
            MutantsCommand.class
        })
public final class Chaos {

    private Chaos() {}

    /** Runs the command that the arguments name, and ends the JVM with its exit status. */
    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    static int execute(String... arguments) {
        CommandLine line = new CommandLine(new Chaos());
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof WrongArgumentException) {
                System.err.println(failure.getMessage());
                return CommandLine.ExitCode.USAGE;
            }
            throw failure;
        });
        if (arguments.length == 0) {
            line.usage(System.err);
            return CommandLine.ExitCode.USAGE;
        }
        return line.execute(arguments);
    }
}
