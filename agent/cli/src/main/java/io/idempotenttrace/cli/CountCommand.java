package io.idempotenttrace.cli;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Printable;
import io.idempotenttrace.core.operate.OperatedStore;
import io.idempotenttrace.core.operate.RecordCounts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Counts records. */
@Command(
        name = "count",
        mixinStandardHelpOptions = true,
        description = {
            "Counts records by tenant, scope and status, with the bytes that they take in Redis. Changes nothing.",
            "Where all servers together have more than a million names, not each record is read: statuses and bytes are"
                    + " then an estimate, which the command says.",
            "",
            "With --json one object {tenant, scope, status, records, bytes, estimate} a line; scope is null for shared keys,"
                    + " status for records whose status is none, and bytes where the user lacks the right to MEMORY USAGE."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:they were counted, if only to none",
            "1:the user lacks a right",
            "2:wrong use: an option, a setting or a file",
            "3:the store can't be reached"
        })
final class CountCommand extends RecordCommand {

    @Option(names = "--exact", description = "read each record, however many there are")
    private boolean exact;

    CountCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run(OperatedStore store, Configuration configuration) {
        RecordCounts counts = store.count(
                Filters.of(options, configuration),
                exact ? Long.MAX_VALUE : OperatedStore.COUNTED_EXACTLY,
                terminal.progress());
        for (RecordCounts.Line line : counts.lines()) {
            terminal.print(options.json() ? json(line, counts.isEstimate()) : text(line, counts.isEstimate()));
        }
        if (!options.json()) {
            terminal.print((counts.records() == 0 ? "no records" : counts.records() + " records") + " in all");
        }
        if (counts.isEstimate()) {
            terminal.say("statuses and bytes are an estimate: of " + counts.readEvery()
                    + " records, one was read. --exact reads each");
        }
        if (counts.lacksBytes()) {
            terminal.say("the user may not ask for bytes; grant +memory|usage");
        }
        return OK;
    }

    private static String json(RecordCounts.Line line, boolean estimate) {
        return new JsonLine()
                .with("tenant", line.tenant())
                .with("scope", line.scope())
                .with("status", line.status() == null ? null : line.status().text())
                .with("records", (Long) line.records())
                .with("bytes", line.bytes())
                .with("estimate", estimate)
                .toString();
    }

    private static String text(RecordCounts.Line line, boolean estimate) {
        String about = estimate ? "~" : "";
        return String.format(
                "%12s  %-9s  %15s  %s  %s",
                about + line.records(),
                line.status() == null ? "?" : line.status().text(),
                line.bytes() == null ? "? bytes" : about + line.bytes() + " bytes",
                Printable.text(line.tenant()),
                line.scope() == null ? "(shared)" : Printable.text(line.scope()));
    }
}
