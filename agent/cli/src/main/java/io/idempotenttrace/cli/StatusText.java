package io.idempotenttrace.cli;

import io.idempotenttrace.config.Printable;
import io.idempotenttrace.core.open.OfferedPayload;
import io.idempotenttrace.core.operate.RecordLook;
import io.idempotenttrace.core.store.RecordStatus;
import io.idempotenttrace.core.store.Verdict;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One record in words. */
final class StatusText {

    private static final int LONGEST = 1100;

    private final Terminal terminal;
    private final RecordLook look;
    private final String recordName;

    /** @param recordName its name in Redis */
    StatusText(Terminal terminal, RecordLook look, String recordName) {
        this.terminal = terminal;
        this.look = look;
        this.recordName = recordName;
    }

    /**
     * @param verdict null where a claim would be refused
     * @param payload what was offered; null where nothing was
     * @param differing in which members that differs, as far as it is known
     */
    void print(@Nullable Verdict verdict, @Nullable OfferedPayload payload, List<String> differing) {
        line("key", look.id().key());
        line("tenant", look.id().tenant());
        line(
                "scope",
                look.id().scope() == null
                        ? "none: shared with workers of all kinds"
                        : look.id().scope());
        terminal.print(label("verdict") + verdict(verdict, payload));
        if (payload != null && verdict == Verdict.CONFLICT) {
            conflict(payload, differing);
        }
        line("status", look.status() == null ? "none" : look.status().text() + failure());
        holder();
        since();
        if (look.attempt() != null) {
            line("attempts", Long.toString(look.attempt()));
        }
        line("trace id", look.traceId());
        line("hash", look.hash() + " (" + look.form() + ")");
        if (payload != null) {
            line("payload", payload.hash() + " (" + payload.form() + ")");
        }
        line("result", look.resultBytes() == null ? "none stored" : look.resultBytes() + " bytes");
        line("lives for", look.ttlSeconds() == null ? "ever: no TTL" : RecordText.time(look.ttlSeconds() * 1000));
        if (look.isNewer()) {
            line("version", look.version() + ": a newer agent wrote it, this one does not know who holds it");
        }
        line("in Redis", recordName);
    }

    private String failure() {
        return look.error() == null ? "" : ": " + look.error();
    }

    private void conflict(OfferedPayload payload, List<String> differing) {
        String incomparable = payload.incomparable(look.form());
        if (!incomparable.isEmpty()) {
            line("differs in", "unknown. " + incomparable);
        } else if (differing.isEmpty()) {
            line("differs in", "unknown: the record keeps digests of its members only where there is a hash-secret");
        } else {
            line("differs in", String.join(", ", differing));
        }
    }

    private void holder() {
        String holder = look.holder();
        if (holder == null) {
            return;
        }
        String[] parts = holder.split("/", 4);
        String who = parts.length < 4
                ? holder
                : "host " + parts[0] + ", pid " + parts[1] + ", thread " + parts[3] + " (agent " + parts[2] + ")";
        line(look.status() == RecordStatus.COMPLETED ? "completed by" : "held by", who);
    }

    private void since() {
        Instant created = look.createdAt();
        if (created != null) {
            line("claimed", created + ", " + RecordText.time(look.ageMillis()) + " ago");
        }
        Instant granted = look.grantedAt();
        Long attempt = look.attempt();
        if (granted != null && attempt != null && attempt > 1) {
            line("last claim", granted.toString());
        }
        Long left = look.leaseMillisLeft();
        if (left != null) {
            line("lease", left > 0 ? RecordText.time(left) + " left" : "over: its owner has not renewed it");
        }
    }

    private String verdict(@Nullable Verdict verdict, @Nullable OfferedPayload payload) {
        if (verdict == null) {
            return terminal.coloured("refused", Terminal.Colour.BAD)
                    + ": the record names another tenant than its name does; no claim of it is answered";
        }
        String same = payload == null ? "a delivery with the same payload" : "this payload";
        String means = switch (verdict) {
            case NEW -> same + " is new: the body runs";
            case DUPLICATE -> same + " is a duplicate: the body does not run";
            case IN_PROGRESS -> same + " waits for the holder, or is to come again";
            case CONFLICT -> "the record is of another payload than this one: the body does not run";
        };
        Terminal.Colour colour = switch (verdict) {
            case NEW, DUPLICATE -> Terminal.Colour.GOOD;
            case IN_PROGRESS -> Terminal.Colour.DOUBTFUL;
            case CONFLICT -> Terminal.Colour.BAD;
        };
        return terminal.coloured(String.valueOf(RecordText.word(verdict)), colour) + ": " + means;
    }

    private void line(String label, @Nullable String value) {
        if (value != null) {
            terminal.print(label(label) + Printable.text(value, LONGEST));
        }
    }

    private static String label(String label) {
        return String.format("%-13s", label);
    }
}
