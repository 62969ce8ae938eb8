package io.idempotenttrace.cli;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.OneLineJson;
import io.idempotenttrace.config.Printable;
import io.idempotenttrace.core.operate.OperatedStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what the fleet does, second by second. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what all processes of the fleet do, once a second: verdicts by scope, claims that are held with owner and age,"
                    + " conflicts with the members that differ, waits, unguarded bodies, how fast Redis answers.",
            "Each process looks every fleet-poll (2s) whether somebody watches, and tells its figures while somebody does."
                    + " Processes with fleet-poll=off, or with records in memory, tell nothing.",
            "On a terminal the view is drawn in place; else it is one line a second. Ctrl-C ends it.",
            "",
            "With --json one object a second: {number, millis, calls, perSecond, processes, scopes, held, heldCalls, conflicts,"
                    + " unguarded, claims, waits, storeFailures, partsAway, pendingUpdates, lostCompletions}."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:it has watched for the time asked for",
            "1:no process has told anything, or the user lacks a right",
            "2:wrong use: an option, a setting or a file",
            "3:the store can't be reached"
        })
final class WatchCommand extends RecordCommand {

    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FORGOTTEN_MILLIS = 60_000;
    private static final int ROWS = 24;
    private static final int COLUMNS = 100;

    @Option(names = "--seconds", paramLabel = "N", description = "end by itself after so many seconds")
    private @Nullable Integer seconds;

    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            description =
                    "show the same as a page with plots, such as at 127.0.0.1:8642; port 0 for any that is free. Whoever"
                            + " reaches the address sees keys: use one that only this machine has")
    private @Nullable String http;

    WatchCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    void check(Configuration configuration) {
        if (seconds != null && seconds < 1) {
            throw new WrongUseException("--seconds " + seconds + " is no number of seconds from 1 on");
        }
        if (http != null) {
            PageAddress.of(http);
        }
    }

    @Override
    int run(OperatedStore store, Configuration configuration) {
        if (http == null) {
            return watch(store, null);
        }
        WatchPage opened;
        try {
            opened = WatchPage.open(PageAddress.of(http));
        } catch (IOException e) {
            terminal.say("--http " + Printable.text(http) + ": " + e.getMessage());
            return WRONG_USE;
        } catch (NoClassDefFoundError e) {
            terminal.say("this Java has no module jdk.httpserver; run the command with the java of a JDK");
            return NOT_FOUND;
        }
        try (WatchPage page = opened) {
            terminal.say("the page is at " + page.url());
            if (!page.isLocal()) {
                terminal.say("whoever reaches this address sees the keys of the fleet");
            }
            return watch(store, page);
        }
    }

    private int watch(OperatedStore store, @Nullable WatchPage page) {
        WatchedFleet fleet = new WatchedFleet();
        String who = ChangeCommand.who();
        long begun = System.nanoTime();
        long next = begun;
        int drawn = 0;
        Frame frame = null;
        String said = null;
        while (seconds == null || System.nanoTime() - begun < seconds * SECOND_NANOS) {
            try {
                long now = System.currentTimeMillis();
                Map<String, String> lines = store.watch(who);
                frame = fleet.next(lines, now);
                for (String gone : fleet.silentFor(FORGOTTEN_MILLIS, now)) {
                    if (lines.containsKey(gone)) {
                        store.forgetFigures(gone);
                    }
                }
                said = null;
                if (page != null) {
                    page.show(frame);
                }
                if (page == null || options.json()) {
                    drawn = show(frame, drawn);
                    if (drawn < 0) {
                        // Nobody reads any more.
                        return OK;
                    }
                }
            } catch (IdempotencyStoreException e) {
                if (frame == null) {
                    throw e;
                }
                if (!String.valueOf(e.getMessage()).equals(said)) {
                    said = String.valueOf(e.getMessage());
                    terminal.say(said + "; the view goes on when Redis answers");
                    drawn = 0;
                }
            }
            // After an outage there is one view, and not one for each second of it.
            next = Math.max(next + SECOND_NANOS, System.nanoTime());
            LockSupport.parkNanos(Math.max(1, next - System.nanoTime()));
        }
        return frame == null || frame.processes().isEmpty() ? NOT_FOUND : OK;
    }

    /**
     * Shows it.
     *
     * @param drawn how many lines of the view before this one stand above the cursor
     * @return how many do now; below 0 if nobody reads
     */
    private int show(Frame frame, int drawn) {
        if (options.json() || !terminal.hasPerson()) {
            String line = options.json() ? OneLineJson.of(frame.toMap()) : FrameText.line(frame);
            return terminal.print(line) ? 0 : -1;
        }
        int[] size = terminal.size(ROWS, COLUMNS);
        List<String> lines = new ArrayList<>();
        for (String line : FrameText.page(frame)) {
            if (lines.size() < size[0] - 1) {
                lines.add(line.length() <= size[1] ? line : line.substring(0, size[1]));
            }
        }
        return terminal.redraw(lines, drawn) ? lines.size() : -1;
    }

    /** Where the page is, as it was asked for. */
    record PageAddress(String host, int port) {

        /** @throws WrongUseException if it is none */
        static PageAddress of(String text) {
            int colon = text.lastIndexOf(':');
            String port = text.substring(colon + 1);
            if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535) {
                throw new WrongUseException(
                        "--http '" + Printable.text(text) + "' has no port; give HOST:PORT, such as 127.0.0.1:8642");
            }
            String host = colon < 1 ? "127.0.0.1" : text.substring(0, colon);
            return new PageAddress(host.replaceAll("^\\[|\\]$", "").toLowerCase(Locale.ROOT), Integer.parseInt(port));
        }
    }
}
