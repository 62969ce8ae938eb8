package io.idempotenttrace.cli;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.core.operate.AuditLog;
import io.idempotenttrace.core.operate.OperatedStore;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the commands have in common that change records: they say what they would do, ask, and note in the audit log what they did. */
abstract class ChangeCommand extends RecordCommand {

    @Option(
            names = {"-y", "--yes"},
            description = "do it without asking: for scripts")
    private boolean yes;

    @Option(names = "--dry-run", description = "only say what would be done")
    private boolean dryRun;

    ChangeCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    void check(Configuration configuration) {
        if (!yes && !dryRun && !terminal.hasPerson()) {
            throw new WrongUseException(
                    "this changes records, and there is no terminal to ask at; give --yes to do it, or"
                            + " --dry-run to see what it would do");
        }
    }

    /** Whether to do it, which was said already; if not, that is said. */
    boolean isWanted() {
        if (dryRun) {
            terminal.say("nothing was changed (--dry-run)");
            return false;
        }
        if (yes || terminal.confirms("Do it?")) {
            return true;
        }
        terminal.say("nothing was changed");
        return false;
    }

    /** Whether it is only to be said. */
    boolean isDryRun() {
        return dryRun;
    }

    /** Whether nobody is asked, so that nothing has to be looked up for the question. */
    boolean isSure() {
        return yes && !dryRun;
    }

    /** The user and the machine. */
    static String who() {
        String user = System.getProperty("user.name", "?");
        String host = System.getenv("HOSTNAME");
        try {
            return user
                    + '@'
                    + (host == null || host.isEmpty()
                            ? InetAddress.getLocalHost().getHostName()
                            : host);
        } catch (UnknownHostException e) {
            return user + "@unknown-host";
        }
    }

    /** Notes what was done; where that can't be, it is said. */
    void note(
            OperatedStore store,
            String command,
            @Nullable String tenant,
            @Nullable String scope,
            @Nullable String key,
            @Nullable Long affected) {
        AuditLog log = store.audit(who());
        String problem = log.add(command, tenant, scope, key, affected);
        if (problem != null) {
            terminal.say("this is not in the audit log, the stream " + log.name() + " (grant +xadd): " + problem);
        }
    }

    /** The result. */
    void print(long changed) {
        if (options.json()) {
            terminal.print(new JsonLine().with("records", (Long) changed).toString());
        }
    }
}
