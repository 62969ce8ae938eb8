package io.idempotenttrace.cli;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.core.operate.OperatedStore;
import io.idempotenttrace.core.operate.RecordFilter;
import io.idempotenttrace.core.store.RecordStatus;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists records. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = {
            "Lists records, as they are met by SCAN. Changes nothing.",
            "Without --tenant, --scope or --shared those of all tenants and scopes.",
            "",
            "With --json one object a line, with the members of 'status --json'."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:there are such records",
            "1:there are none, or the user lacks a right",
            "2:wrong use: an option, a setting or a file",
            "3:the store can't be reached"
        })
final class ListCommand extends RecordCommand {

    @Option(names = "--status", paramLabel = "pending|failed|completed", description = "only records of this status")
    private @Nullable String statusName;

    @Option(
            names = "--older-than",
            paramLabel = "TIME",
            description = "only keys that were first claimed longer ago, such as 1m, 90s, 24h")
    private @Nullable String olderThan;

    @Option(
            names = "--held-by",
            paramLabel = "HOST[/PID]",
            description =
                    "only what this host, or this process of it, holds now; with --status completed what it has completed")
    private @Nullable String heldBy;

    @Option(names = "--limit", paramLabel = "N", description = "at most so many")
    private @Nullable Integer limit;

    ListCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    void check(Configuration configuration) {
        filter(configuration);
        if (limit != null && limit < 1) {
            throw new WrongUseException("--limit is " + limit + "; give a number above 0");
        }
    }

    private RecordFilter filter(Configuration configuration) {
        RecordStatus status = RecordStatus.of(statusName);
        if (statusName != null && status == null) {
            throw new WrongUseException("--status is unknown; allowed is pending, failed or completed");
        }
        if (heldBy != null && heldBy.isEmpty()) {
            throw new WrongUseException("--held-by is empty; give the name of a host, as 'status' shows it");
        }
        RecordFilter all = Filters.of(options, configuration);
        return new RecordFilter(
                all.tenant(),
                all.scope(),
                all.shared(),
                heldBy != null && status == null ? RecordStatus.PENDING : status,
                Filters.millis("--older-than", olderThan),
                heldBy);
    }

    @Override
    int run(OperatedStore store, Configuration configuration) {
        AtomicLong met = new AtomicLong();
        long most = limit == null ? Long.MAX_VALUE : limit;
        store.list(
                filter(configuration),
                look -> {
                    boolean read = terminal.print(
                            options.json()
                                    ? RecordText.json(look, look.verdict()).toString()
                                    : RecordText.line(look));
                    return met.incrementAndGet() < most && read;
                },
                terminal.progress());
        if (met.get() == 0 && !options.json()) {
            terminal.say("no such records");
        }
        return met.get() == 0 ? NOT_FOUND : OK;
    }
}
