package io.idempotenttrace.core.operate;

import io.idempotenttrace.core.store.ClaimField;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordStatus;
import io.idempotenttrace.core.store.Verdict;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One record as it stood when somebody looked, and what a delivery would have got then. No claim is made for it: {@link #verdict()} follows
 * the rules of {@code claim.lua}, and a test compares the two on every case that clients have to pass.
 */
public final class RecordLook {

    private static final String VERSION = "1";

    private final RecordId id;
    private final boolean note;
    private final Map<String, String> fields;
    private final long ttlMillis;
    private final long resultBytes;
    private final long nowMillis;
    private final long leaseMillis;
    private final ClaimField claim;

    /**
     * @param note whether it stands under the name of a failed note
     * @param fields by name, as in Redis
     * @param ttlMillis what is left of its life; -1 without TTL
     * @param resultBytes -1 where no result is stored
     * @param nowMillis by the clock of Redis
     * @param leaseMillis the lease of whoever asks: a record of a worker that writes none is held for so long
     */
    public RecordLook(
            RecordId id,
            boolean note,
            Map<String, String> fields,
            long ttlMillis,
            long resultBytes,
            long nowMillis,
            long leaseMillis) {
        this.id = id;
        this.note = note;
        this.fields = fields;
        this.ttlMillis = ttlMillis;
        this.resultBytes = resultBytes;
        this.nowMillis = nowMillis;
        this.leaseMillis = leaseMillis;
        this.claim = ClaimField.of(fields.get(ClaimField.NAME));
    }

    public RecordId id() {
        return id;
    }

    /** The status as it stands in the record; null where that is none. */
    public @Nullable RecordStatus status() {
        return RecordStatus.of(fields.get("status"));
    }

    /** What a delivery with the same payload would get; null where it would be refused, since the record names another tenant. */
    public @Nullable Verdict verdict() {
        if (isOfAnotherTenant()) {
            return null;
        }
        RecordStatus status = status();
        if (status == RecordStatus.COMPLETED || isWronglyFailed()) {
            return Verdict.DUPLICATE;
        }
        if (isNewer()) {
            return Verdict.IN_PROGRESS;
        }
        if (status == RecordStatus.FAILED && !(claim.fence() > 0 && claim.leaseMillis() > 0)) {
            return Verdict.NEW;
        }
        return leaseLeft() > 0 ? Verdict.IN_PROGRESS : Verdict.NEW;
    }

    /** Whether our workers have completed it, and a worker with five fields has marked it as failed since. */
    private boolean isWronglyFailed() {
        String text = fields.get(ClaimField.NAME);
        return status() == RecordStatus.FAILED
                && id.scope() == null
                && !note
                && !isNewer()
                && text != null
                && !text.isEmpty()
                && (text.indexOf(' ') < 0 || text.matches("\\d* 0 .*"));
    }

    /** Whether a claim of it would be refused: the tenant in the record is not the one in its name. */
    public boolean isOfAnotherTenant() {
        String tenant = fields.get("tenant_id");
        return tenant != null && !tenant.equals(id.tenant());
    }

    /** Whether a newer version of the agent has written it: this one does not know who holds it. */
    public boolean isNewer() {
        return !fields.getOrDefault("v", VERSION).equals(VERSION);
    }

    /** The record's version, as it stands there. */
    public String version() {
        return fields.getOrDefault("v", VERSION);
    }

    /** What is left of the lease in milliseconds, 0 if it is over; null where none runs, or nobody here knows. */
    public @Nullable Long leaseMillisLeft() {
        boolean held =
                status() == RecordStatus.PENDING || status() == RecordStatus.FAILED && verdict() == Verdict.IN_PROGRESS;
        return held && !isNewer() ? Math.max(0, leaseLeft()) : null;
    }

    private long leaseLeft() {
        long length = claim.leaseMillis() > 0 ? claim.leaseMillis() : leaseMillis;
        long ends;
        if (claim.deadlineMillis() > 0) {
            ends = claim.deadlineMillis();
        } else if (claim.fence() > 0) {
            ends = claim.fence() / 1000 + length;
        } else {
            long created = createdAtSeconds();
            ends = (created > 0 ? (created + 1) * 1000 : nowMillis) + length;
        }
        // One that lies too far ahead: the clock of Redis was set back.
        return Math.min(ends - nowMillis, claim.fence() == 0 ? length + 1000 : length);
    }

    private long createdAtSeconds() {
        String text = fields.getOrDefault("created_at", "");
        return text.matches("\\d{1,15}") ? Long.parseLong(text) : 0;
    }

    /** When the key was first claimed; null where another worker wrote no time. */
    public @Nullable Instant createdAt() {
        return instant(createdAtSeconds());
    }

    private static @Nullable Instant instant(long seconds) {
        try {
            return seconds == 0 ? null : Instant.ofEpochSecond(seconds);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** When the last claim was granted, which is its fence; null where the record does not say. */
    public @Nullable Instant grantedAt() {
        return instant(claim.fence() / 1_000_000);
    }

    /** How long ago the key was first claimed, in milliseconds; -1 where that is not known. */
    public long ageMillis() {
        long created = createdAtSeconds();
        return created == 0 ? -1 : Math.max(0, nowMillis - created * 1000);
    }

    /** How often the key was claimed; null where only a worker with five fields did. */
    public @Nullable Long attempt() {
        return claim.attempt() > 0 ? (Long) claim.attempt() : claim.owner().isEmpty() ? null : (Long) 1L;
    }

    /** Whose claim it is; empty where the record names no owner. */
    String owner() {
        return claim.owner();
    }

    /** Who holds or completed it: {@code host/pid/version/thread}; null where the record does not say. */
    public @Nullable String holder() {
        return text("holder");
    }

    public @Nullable String hash() {
        return text("hash");
    }

    /** How the hash was made; never null. */
    public String form() {
        String form = text("form");
        return form == null ? "python" : form;
    }

    /** The digests of the payload's members; empty where there are none. */
    public String members() {
        return fields.getOrDefault("members", "");
    }

    public @Nullable String traceId() {
        return text("trace_id");
    }

    /** What a failed record says of its failure; null where it says nothing. */
    public @Nullable String error() {
        return text("error");
    }

    private @Nullable String text(String field) {
        String text = fields.get(field);
        return text == null || text.isEmpty() ? null : text;
    }

    /** What is left of the record's life in whole seconds; null without TTL. */
    public @Nullable Long ttlSeconds() {
        return ttlMillis < 0 ? null : (Long) ((ttlMillis + 500) / 1000);
    }

    /** The bytes of the stored result, as it stands in Redis; null where none is stored. */
    public @Nullable Long resultBytes() {
        return resultBytes < 0 ? null : (Long) resultBytes;
    }
}
