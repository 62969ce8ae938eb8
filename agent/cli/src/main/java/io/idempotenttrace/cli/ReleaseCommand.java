package io.idempotenttrace.cli;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Printable;
import io.idempotenttrace.core.operate.OperatedStore;
import io.idempotenttrace.core.operate.RecordLook;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordStatus;
import io.idempotenttrace.core.store.Release;
import io.idempotenttrace.core.store.Verdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Takes a claim from its holder. */
@Command(
        name = "release",
        mixinStandardHelpOptions = true,
        description = {
            "Lets a held key go: the next delivery claims it and runs its body. For a holder that hangs.",
            "The holder is not stopped: if its body ends after all, what it did stays done, but its completion is refused."
                    + " Attempts and fencing tokens count on. Those who wait for the key in other processes are woken; calls in the"
                    + " holder's own process go on waiting for its body.",
            "A line about it is left in the audit log, the stream PREFIX:%%audit in Redis.",
            "",
            "With --json one object {records}."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:it is claimable now",
            "1:there is no such record, it is completed, or another one holds it by now",
            "2:wrong use: an option, a setting or a file",
            "3:the store can't be reached"
        })
final class ReleaseCommand extends ChangeCommand {

    @Parameters(paramLabel = "KEY", description = "the idempotency key, as it stands in the record's name")
    private String key;

    @SuppressWarnings("NullAway") // picocli sets the key before it calls call().
    ReleaseCommand(Terminal terminal) {
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
                    + Printable.text(target.tenant()) + "'; it is claimable" + target.elsewhereText());
            print(0);
            return NOT_FOUND;
        }
        if (look.verdict() == Verdict.DUPLICATE) {
            return ended(store, id, Release.COMPLETED);
        }
        if (look.status() == RecordStatus.FAILED && look.verdict() == Verdict.NEW) {
            return ended(store, id, Release.FREE);
        }
        say(id, look);
        if (!isWanted()) {
            print(isDryRun() ? 1 : 0);
            return isDryRun() ? OK : NOT_FOUND;
        }
        return ended(store, id, store.release(look, who()));
    }

    private void say(RecordId id, RecordLook look) {
        Long left = look.leaseMillisLeft();
        terminal.say("releases " + KeyTarget.named(id) + ", held"
                + (look.holder() == null ? "" : " by " + Printable.text(look.holder()))
                + (look.ageMillis() < 0 ? "" : ", first claimed " + RecordText.time(look.ageMillis()) + " ago")
                + (left == null ? "" : left > 0 ? ", lease " + RecordText.time(left) + " left" : ", lease over")
                + ". If its body still runs, another one will run beside it");
    }

    private int ended(OperatedStore store, RecordId id, Release release) {
        if (release == Release.APPLIED) {
            note(store, "release", id.tenant(), id.scope(), id.key(), 1L);
        }
        terminal.say(KeyTarget.named(id)
                + switch (release) {
                    case APPLIED -> " is claimable now";
                    case FREE -> " has failed, and so is claimable already";
                    case GONE -> " has no record any more, and so is claimable";
                    case COMPLETED -> " is completed, and was not changed; 'delete' lets its body run again";
                    case REFUSED ->
                        " was not changed: another owner holds it by now, or a newer version of the agent wrote it";
                });
        print(release == Release.APPLIED ? 1 : 0);
        return release == Release.APPLIED || release == Release.FREE || release == Release.GONE ? OK : NOT_FOUND;
    }
}
