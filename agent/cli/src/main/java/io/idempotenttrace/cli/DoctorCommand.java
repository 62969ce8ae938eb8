package io.idempotenttrace.cli;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Printable;
import io.idempotenttrace.core.open.OperatedStores;
import io.idempotenttrace.core.operate.Finding;
import io.idempotenttrace.core.operate.Finding.Result;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Examines Redis. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Examines whether Redis, as these settings reach it, is fit for the agent. Changes no key.",
            "Looks at version, TLS, the Cluster's slots, whether writes are taken, eviction, memory, persistence, replicas,"
                    + " the clock, scripts, round trips, the user's rights one by one, and a sample of the records.",
            "",
            "With --json one object {check, result, message, fix} a line; result is ok, warn or fail, and fix is null where"
                    + " nothing is to be done. Without, rights that the user has are only counted, but for --all."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:nothing fails; there may be warnings",
            "1:something fails",
            "2:wrong use: an option, a setting or a file",
            "3:the store can't be reached, or refuses the password"
        })
final class DoctorCommand extends StoreCommand {

    private static final int LONGEST = 600;

    @Option(names = "--all", description = "print each right that the user has")
    private boolean all;

    private final Map<Result, Integer> counts = new EnumMap<>(Result.class);
    private int rights;

    DoctorCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int ask(Configuration configuration) {
        boolean reached = OperatedStores.examine(configuration, Filters.of(options, configuration), this::print);
        if (!options.json()) {
            if (rights > 0) {
                line(Result.OK, "rights", "the user has " + rights + " of those that the agent and its commands use");
            }
            terminal.print(count(Result.FAIL) + " fail, " + count(Result.WARN) + " warn, " + count(Result.OK) + " ok");
        }
        return !reached ? NOT_REACHED : count(Result.FAIL) > 0 ? NOT_FOUND : OK;
    }

    private int count(Result result) {
        return counts.getOrDefault(result, 0);
    }

    private void print(Finding finding) {
        counts.merge(finding.result(), 1, Integer::sum);
        if (options.json()) {
            terminal.print(new JsonLine()
                    .with("check", finding.check())
                    .with("result", word(finding.result()))
                    .with("message", finding.message())
                    .with("fix", finding.fix())
                    .toString());
        } else if (finding.result() == Result.OK && finding.check().startsWith("right ") && !all) {
            rights++;
        } else {
            line(finding.result(), finding.check(), finding.message());
            if (finding.fix() != null) {
                terminal.print(" ".repeat(24) + "fix: " + Printable.text(finding.fix(), LONGEST));
            }
        }
    }

    private static String word(Result result) {
        return result.name().toLowerCase(Locale.ROOT);
    }

    private void line(Result result, String check, String message) {
        Terminal.Colour colour = switch (result) {
            case OK -> Terminal.Colour.GOOD;
            case WARN -> Terminal.Colour.DOUBTFUL;
            case FAIL -> Terminal.Colour.BAD;
        };
        terminal.print(terminal.coloured(String.format("%-5s", word(result)), colour)
                + String.format(" %-17s ", check)
                + Printable.text(message, LONGEST));
    }
}
