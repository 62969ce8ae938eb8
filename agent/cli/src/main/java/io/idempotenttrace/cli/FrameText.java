package io.idempotenttrace.cli;

import io.idempotenttrace.config.Printable;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A moment of the fleet for people: as one line, or as a page of a terminal. */
final class FrameText {

    private static final int MOST_SCOPES = 8;
    private static final int MOST_PROCESSES = 8;
    private static final int MOST_HELD = 5;
    private static final int MOST_CONFLICTS = 5;
    private static final int LONGEST_NAME = 44;

    private final Frame frame;
    private final List<String> lines = new ArrayList<>();

    private FrameText(Frame frame) {
        this.frame = frame;
    }

    /** {@code 21:14:02 processes=3 new=80.0/s ... claims p50=1.0ms p99=5.0ms | new=4711 ...}. */
    static String line(Frame frame) {
        StringBuilder line =
                new StringBuilder(time(frame.millis())).append(" processes=").append(running(frame));
        frame.perSecond()
                .forEach((ending, rate) -> line.append(' ')
                        .append(ending)
                        .append('=')
                        .append(rate(rate))
                        .append("/s"));
        line.append(" held=").append(frame.heldCalls());
        if (!frame.held().isEmpty()) {
            line.append(" oldest=").append(RecordText.time(frame.held().get(0).millis()));
        }
        line.append(" claims ").append(times(frame.claims()));
        line.append(" waits ").append(times(frame.waits()));
        if (frame.partsAway() > 0) {
            line.append(" store-away=").append(frame.partsAway());
        }
        return line.append(" | ").append(counts(frame.totals())).toString();
    }

    /** @return the lines, without line ends */
    static List<String> page(Frame frame) {
        FrameText text = new FrameText(frame);
        text.write();
        return text.lines;
    }

    private void write() {
        lines.add("idempotent-trace watch   " + time(frame.millis()) + "   " + running(frame)
                + " processes   Ctrl-C ends");
        if (frame.processes().isEmpty()) {
            lines.add("");
            lines.add("no process has told anything yet: each looks every fleet-poll (2s) whether somebody watches");
            return;
        }
        lines.add("");
        StringBuilder head = new StringBuilder(String.format("%-" + LONGEST_NAME + "s", "per second, by scope"));
        frame.perSecond().keySet().forEach(ending -> head.append(String.format("%12s", ending)));
        lines.add(head.append(String.format("%8s", "held")).toString());
        frame.scopes().stream()
                .limit(MOST_SCOPES)
                .forEach(scope -> row(scope.scope(), scope.perSecond(), scope.held()));
        more(frame.scopes().size(), MOST_SCOPES);
        row("all", frame.perSecond(), frame.heldCalls());
        StringBuilder sums = new StringBuilder(String.format("%-" + LONGEST_NAME + "s", "all, since they began"));
        frame.totals().values().forEach(count -> sums.append(String.format("%12d", count)));
        lines.add(sums.toString());
        lines.add("");
        lines.add("claims in Redis " + times(frame.claims()) + "   waits " + times(frame.waits())
                + "   unanswered claims " + frame.storeFailures() + "   completions to write " + frame.pendingUpdates()
                + "   lost " + frame.lostCompletions()
                + (frame.partsAway() == 0 ? "" : "   " + frame.partsAway() + " processes DO NOT REACH REDIS"));
        lines.add("unguarded bodies " + (frame.unguarded().isEmpty() ? "none" : counts(frame.unguarded())));
        lines.add("");
        processes();
        held();
        conflicts();
    }

    private void row(String name, Map<String, Double> rates, long held) {
        StringBuilder row = new StringBuilder(String.format("%-" + LONGEST_NAME + "s", cut(name)));
        rates.values().forEach(rate -> row.append(String.format("%12s", rate(rate))));
        lines.add(row.append(String.format("%8d", held)).toString());
    }

    private void more(int size, int shown) {
        if (size > shown) {
            lines.add("... and " + (size - shown) + " more");
        }
    }

    private void processes() {
        for (Frame.OfProcess process : frame.processes()
                .subList(0, Math.min(MOST_PROCESSES, frame.processes().size()))) {
            lines.add(String.format("%-" + LONGEST_NAME + "s", cut(process.process())) + "  " + process.state()
                    + "  mode=" + Printable.text(process.mode()) + "  " + counts(process.calls()));
        }
        more(frame.processes().size(), MOST_PROCESSES);
    }

    private void held() {
        if (!frame.held().isEmpty()) {
            lines.add("");
            lines.add("held, the oldest first");
        }
        for (Frame.Held held :
                frame.held().subList(0, Math.min(MOST_HELD, frame.held().size()))) {
            lines.add("  " + RecordText.time(held.millis()) + "  " + place(held.tenant(), held.scope(), held.key())
                    + "  by " + Printable.text(held.process()));
        }
        more((int) frame.heldCalls(), MOST_HELD);
    }

    private void conflicts() {
        if (!frame.conflicts().isEmpty()) {
            lines.add("");
            lines.add("conflicts, the newest first");
        }
        for (Frame.Conflict conflict : frame.conflicts()
                .subList(0, Math.min(MOST_CONFLICTS, frame.conflicts().size()))) {
            lines.add("  " + time(conflict.millis()) + "  "
                    + place(conflict.tenant(), conflict.scope(), conflict.key())
                    + (conflict.members().isEmpty()
                            ? ""
                            : "  differs in " + Printable.text(String.join(", ", conflict.members()))));
        }
    }

    private static String place(String tenant, @Nullable String scope, String key) {
        return Printable.text(tenant) + "  " + (scope == null ? "(shared)" : cut(scope)) + "  " + Printable.text(key);
    }

    private static String cut(String name) {
        String shown = Printable.text(name);
        // The end of a class name says more than its beginning.
        return shown.length() <= LONGEST_NAME ? shown : "..." + shown.substring(shown.length() - LONGEST_NAME + 3);
    }

    private static long running(Frame frame) {
        return frame.processes().stream()
                .filter(process -> process.state().equals("runs"))
                .count();
    }

    private static String counts(Map<String, Long> counts) {
        List<String> each = new ArrayList<>();
        counts.forEach((name, count) -> each.add(Printable.text(name) + '=' + count));
        return String.join(" ", each);
    }

    private static String times(Frame.Times times) {
        if (times.count() == 0) {
            return "-";
        }
        return "p50<=" + bound(times.p50()) + " p99<=" + bound(times.p99());
    }

    private static String bound(@Nullable Double millis) {
        return millis == null ? "more" : String.format(Locale.ROOT, millis < 10 ? "%.2fms" : "%.0fms", millis);
    }

    private static String rate(double rate) {
        return String.format(Locale.ROOT, "%.1f", rate);
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis)
                .atZone(ZoneId.systemDefault())
                .toLocalTime()
                .truncatedTo(ChronoUnit.SECONDS)
                .format(java.time.format.DateTimeFormatter.ISO_LOCAL_TIME);
    }
}
