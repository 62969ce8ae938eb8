package io.idempotenttrace.cli;

import io.idempotenttrace.config.Printable;
import io.idempotenttrace.core.operate.RecordLook;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.Verdict;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A record as JSON and in words. The members of the JSON stay as they are: programs read them. */
final class RecordText {

    private RecordText() {}

    /** @param verdict null where a claim would be refused */
    static JsonLine json(RecordLook look, @Nullable Verdict verdict) {
        return new JsonLine()
                .with("found", true)
                .with("verdict", word(verdict))
                .with("status", look.status() == null ? null : look.status().text())
                .with("tenant", look.id().tenant())
                .with("scope", look.id().scope())
                .with("key", look.id().key())
                .with("hash", look.hash())
                .with("form", look.form())
                .with("traceId", look.traceId())
                .with("holder", look.holder())
                .with("attempt", look.attempt())
                .with(
                        "createdAt",
                        look.createdAt() == null ? null : look.createdAt().toString())
                .with("leaseMillisLeft", look.leaseMillisLeft())
                .with("ttlSeconds", look.ttlSeconds())
                .with("resultBytes", look.resultBytes())
                .with("error", look.error());
    }

    /** Of a key that has no record. */
    static JsonLine absent(String tenant, @Nullable String scope, String key) {
        String nothing = null;
        return new JsonLine()
                .with("found", false)
                .with("verdict", word(Verdict.NEW))
                .with("status", nothing)
                .with("tenant", tenant)
                .with("scope", scope)
                .with("key", key)
                .with("hash", nothing)
                .with("form", nothing)
                .with("traceId", nothing)
                .with("holder", nothing)
                .with("attempt", nothing)
                .with("createdAt", nothing)
                .with("leaseMillisLeft", nothing)
                .with("ttlSeconds", nothing)
                .with("resultBytes", nothing)
                .with("error", nothing);
    }

    /** As the scripts say it. */
    static @Nullable String word(@Nullable Verdict verdict) {
        return verdict == null ? null : verdict.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** One line of a list. */
    static String line(RecordLook look) {
        String status = look.status() == null ? "?" : look.status().text();
        StringBuilder line = new StringBuilder(String.format("%-9s  %s", status, id(look.id())));
        if (look.ageMillis() >= 0) {
            line.append("  ").append(time(look.ageMillis())).append(" old");
        }
        Long left = look.leaseMillisLeft();
        if (left != null) {
            line.append(left > 0 ? ", lease " + time(left) + " left" : ", lease over");
        }
        if (look.holder() != null) {
            line.append(", by ").append(Printable.text(look.holder()));
        }
        if (look.error() != null) {
            line.append(", ").append(Printable.text(look.error()));
        }
        return line.toString();
    }

    private static String id(RecordId id) {
        return Printable.text(id.tenant()) + "  " + (id.scope() == null ? "(shared)" : Printable.text(id.scope()))
                + "  " + Printable.text(id.key());
    }

    /** A span of time in its two largest units. */
    static String time(long millis) {
        Duration time = Duration.ofMillis(millis);
        if (millis < 60_000) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
        }
        if (time.toHours() == 0) {
            return time.toMinutes() + " min " + time.toSecondsPart() + " s";
        }
        return time.toDays() == 0
                ? time.toHours() + " h " + time.toMinutesPart() + " min"
                : time.toDays() + " d " + time.toHoursPart() + " h";
    }
}
