package io.idempotenttrace.cli;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Printable;
import io.idempotenttrace.core.operate.OperatedStore;
import io.idempotenttrace.core.operate.RecordLook;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.Verdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Deletes the record of one key. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        description = {
            "Deletes the record of a key: the next delivery is new, and runs its body.",
            "If a body of the key runs now, its completion writes the record again: 'release' keeps it from that.",
            "A line about it is left in the audit log, the stream PREFIX:%%audit in Redis.",
            "",
            "With --json one object {records}."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:it was deleted",
            "1:there is no such record",
            "2:wrong use: an option, a setting or a file",
            "3:the store can't be reached"
        })
final class DeleteCommand extends ChangeCommand {

    @Parameters(paramLabel = "KEY", description = "the idempotency key, as it stands in the record's name")
    private String key;

    @SuppressWarnings("NullAway") // picocli sets the key before it calls call().
    DeleteCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    void check(Configuration configuration) {
        KeyTarget.check(key);
        super.check(configuration);
    }

    @Override
    int run(OperatedStore store, Configuration configuration) {
        KeyTarget target = KeyTarget.find(key, options, configuration, store, terminal);
        RecordId id = target.id();
        RecordLook look = target.look();
        if (id == null || look == null) {
            terminal.say("there is no record of key '" + Printable.text(key) + "' of tenant '"
                    + Printable.text(target.tenant()) + "'" + target.elsewhereText());
            print(0);
            return NOT_FOUND;
        }
        terminal.say("deletes " + KeyTarget.named(id) + ", "
                + (look.status() == null ? "without status" : look.status().text())
                + (look.verdict() == Verdict.IN_PROGRESS
                        ? ". It is held now: if its body still runs, its completion writes the record again"
                        : ""));
        if (!isWanted()) {
            print(isDryRun() ? 1 : 0);
            return isDryRun() ? OK : NOT_FOUND;
        }
        boolean deleted = store.delete(id);
        if (deleted) {
            note(store, "delete", id.tenant(), id.scope(), id.key(), 1L);
        }
        terminal.say(KeyTarget.named(id) + (deleted ? " is deleted" : " has no record any more"));
        print(deleted ? 1 : 0);
        return deleted ? OK : NOT_FOUND;
    }
}
