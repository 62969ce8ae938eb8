package io.idempotenttrace.chaos.mutants;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists the planted bugs. */
@Command(
        name = "mutants",
        mixinStandardHelpOptions = true,
        description = "Prints the names of the planted bugs, a line each, for the option --mutant.")
public final class MutantsCommand implements Callable<Integer> {

    @Option(
            names = "--explain",
            description = "Print what each of them changes, too, and which properties it violates.")
    private boolean explain;

    @Override
    public Integer call() {
        for (Mutant mutant : Mutant.values()) {
            System.out.println(
                    explain ? mutant.title() + "\t" + mutant.properties() + "\t" + mutant.meaning() : mutant.title());
        }
        return 0;
    }
}
