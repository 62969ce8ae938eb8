package io.idempotenttrace.cli;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Printable;
import io.idempotenttrace.core.operate.OperatedStore;
import io.idempotenttrace.core.store.FleetMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Switches the whole fleet, or tells what it is asked for. */
@Command(
        name = "mode",
        mixinStandardHelpOptions = true,
        description = {
            "Switches all processes of the fleet, those that start later too, or one scope of them; without a mode, tells what"
                    + " is asked for. Each process looks every fleet-poll (2s), says on its stderr what it switches and who asked,"
                    + " and keeps the mode while Redis is away.",
            "What a process was told by JMX counts more there, and its own settings count less. 'default' takes back what was"
                    + " asked for. A process that was started with mode=off for all scopes weaves nothing, and can't be switched on.",
            "A line about it is left in the audit log, the stream PREFIX:%%audit in Redis.",
            "",
            "With --json one object {scope, mode, since, who} a line; scope is null for all."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:it was switched, or told",
            "1:nothing was switched, since the answer was no or the user lacks a right",
            "2:wrong use: an option, a setting or a file",
            "3:the store can't be reached"
        })
final class ModeCommand extends ChangeCommand {

    private static final String DEFAULT = "default";
    private static final List<String> MODES = List.of("enforce", "observe", "off", DEFAULT);

    @Parameters(
            paramLabel = "MODE",
            arity = "0..1",
            description = "enforce, observe, off, or default to take back what was asked for")
    private @Nullable String mode;

    @Option(names = "--all", description = "all scopes, but for those that were switched by name")
    private boolean all;

    ModeCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    void check(Configuration configuration) {
        boolean one = options.settingScope() != null;
        if (all && one) {
            throw new WrongUseException("--all, and a scope as well: give one of them");
        }
        if (mode == null) {
            return;
        }
        if (!MODES.contains(mode)) {
            throw new WrongUseException("mode '" + Printable.text(mode) + "' is none of " + String.join(", ", MODES));
        }
        if (!all && !one) {
            throw new WrongUseException("say what to switch: --scope NAME, --shared or --all");
        }
        super.check(configuration);
    }

    @Override
    int run(OperatedStore store, Configuration configuration) {
        Map<String, FleetMode> asked = store.modes();
        String wanted = mode;
        if (wanted == null) {
            tell(asked);
            return OK;
        }
        String named = options.settingScope();
        String scope = named == null ? "" : named;
        FleetMode before = asked.get(scope);
        terminal.say((scope.isEmpty() ? "all scopes" : "scope '" + Printable.text(scope) + "'") + ": from "
                + (before == null ? DEFAULT : Printable.text(before.mode())) + " to " + wanted
                + consequence(wanted));
        if (!isWanted()) {
            return isDryRun() ? OK : NOT_FOUND;
        }
        FleetMode switched = wanted.equals(DEFAULT)
                ? null
                : new FleetMode(
                        wanted, Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(), who());
        store.switchMode(scope, switched);
        note(store, "mode " + wanted, null, scope.isEmpty() ? null : scope, null, null);
        terminal.say("asked for; processes follow within fleet-poll (2s where they do not set it)");
        if (options.json()) {
            tell(store.modes());
        }
        return OK;
    }

    private static String consequence(String wanted) {
        return switch (wanted) {
            case "observe" ->
                ": every body runs, duplicates too, and verdicts are only counted; also where on-store-failure=throw"
                        + " refuses what can't be guarded";
            case "off" ->
                ": every body runs, and nothing is claimed; also where on-store-failure=throw refuses what"
                        + " can't be guarded";
            case "enforce" -> "";
            default -> ": each process has the mode of its own settings";
        };
    }

    private void tell(Map<String, FleetMode> asked) {
        if (asked.isEmpty() && !options.json()) {
            terminal.print("nothing is asked for: each process has the mode of its own settings");
        }
        String named = options.settingScope();
        asked.forEach((scope, what) -> {
            if (named == null || scope.equals(named)) {
                terminal.print(options.json() ? json(scope, what) : text(scope, what));
            }
        });
    }

    private static String json(String scope, FleetMode what) {
        return new JsonLine()
                .with("scope", scope.isEmpty() ? null : scope)
                .with("mode", what.mode())
                .with("since", what.when())
                .with("who", what.who())
                .toString();
    }

    private static String text(String scope, FleetMode what) {
        return String.format(
                "%-9s %s   since %s by %s",
                Printable.text(what.mode()),
                scope.isEmpty() ? "all scopes" : "scope " + Printable.text(scope),
                Printable.text(what.when()),
                Printable.text(what.who()));
    }
}
