package io.idempotenttrace.cli;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Printable;
import io.idempotenttrace.core.operate.OperatedStore;
import io.idempotenttrace.core.operate.RecordCounts;
import io.idempotenttrace.core.operate.RecordFilter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Deletes the records of a tenant or a scope. */
@Command(
        name = "purge",
        mixinStandardHelpOptions = true,
        description = {
            "Deletes all records of a tenant, or of a scope, with their failed notes: their deliveries are new again.",
            "A body that runs meanwhile writes its record again when it is completed: stop the workers of the tenant first,"
                    + " or purge once more.",
            "Lines about the begin and the end are left in the audit log, the stream PREFIX:%%audit in Redis.",
            "",
            "With --json one object {records}."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:no such record is left",
            "1:nothing was deleted, since the answer was no or the user lacks a right",
            "2:wrong use: an option, a setting or a file",
            "3:the store can't be reached"
        })
final class PurgeCommand extends ChangeCommand {

    @Option(
            names = "--older-than",
            paramLabel = "TIME",
            description = "only keys that were first claimed longer ago, such as 1m, 90s, 24h")
    private @Nullable String olderThan;

    PurgeCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    void check(Configuration configuration) {
        if (options.tenant() == null && options.scope() == null) {
            throw new WrongUseException(
                    "purge needs --tenant or --scope, or both; it does not delete the records of all");
        }
        Filters.millis("--older-than", olderThan);
        super.check(configuration);
    }

    @Override
    int run(OperatedStore store, Configuration configuration) {
        RecordFilter all = Filters.of(options, configuration);
        RecordFilter filter = new RecordFilter(
                all.tenant(), all.scope(), all.shared(), null, Filters.millis("--older-than", olderThan), null);
        String what = described(filter);
        if (!isSure()) {
            RecordCounts counts = store.count(filter, OperatedStore.COUNTED_EXACTLY, terminal.progress());
            terminal.say("purges " + (counts.isEstimate() ? "about " : "") + counts.records() + " records of " + what
                    + (counts.pending() == 0
                            ? ""
                            : ", of which " + counts.pending()
                                    + " are pending: bodies that still run write their records again"));
            if (!isWanted()) {
                print(isDryRun() ? counts.records() : 0);
                return isDryRun() ? OK : NOT_FOUND;
            }
        } else {
            terminal.say("purges the records of " + what);
        }
        note(store, "purge begins", filter.tenant(), filter.scope(), null, null);
        long deleted = store.purge(filter, terminal.progress());
        note(store, "purge", filter.tenant(), filter.scope(), null, deleted);
        terminal.say(deleted + " records of " + what + " were deleted");
        print(deleted);
        return OK;
    }

    private String described(RecordFilter filter) {
        String tenant = filter.tenant() == null ? "all tenants" : "tenant '" + Printable.text(filter.tenant()) + "'";
        String scope = filter.scope() == null ? "" : ", scope '" + Printable.text(filter.scope()) + "'";
        return tenant
                + scope
                + (filter.shared() ? ", shared keys" : "")
                + (olderThan == null ? "" : ", older than " + Printable.text(olderThan));
    }
}
