package io.idempotenttrace.core.open;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.TraceConflictException;
import io.idempotenttrace.TraceInProgressException;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.canonical.Exclusions;
import io.idempotenttrace.core.canonical.HashForm;
import io.idempotenttrace.core.canonical.PayloadDigest;
import io.idempotenttrace.core.canonical.PayloadHasher;
import io.idempotenttrace.core.canonical.UnhashableException;
import io.idempotenttrace.core.failure.StoredError;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimRequest;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordTimes;
import io.idempotenttrace.core.store.StoredRecord;
import io.idempotenttrace.core.store.Update;
import io.idempotenttrace.core.store.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Idempotent calls without the agent: check a key before the work, mark it after; or {@link #run} the work, which does both.
 * {@link IdempotencyStores#open()} makes one.
 *
 * <p>A new call holds its key for the lease, 30 seconds unless set otherwise. {@link #run} renews it while the work runs. After
 * {@link #check} <b>nobody renews it but the caller</b>, by {@link #renew}: work that takes longer than its lease without a renewal can be
 * taken over by another worker, and its {@link #markCompleted} is then refused. A call that is never marked, since its process died, leaves
 * its key free once the lease is over.
 *
 * <p>Immutable. {@link #withTenant}, {@link #withScope}, {@link #withTtl} and {@link #withLease} make views of the same store, and closing
 * one closes all. Without a scope, a key is shared with every other writer of the same Redis, such as workers in other languages.
 *
 * <p>Safe for use by many threads. Methods block for at most the setting {@code command-timeout}, or the time that Redis takes to
 * acknowledge replicas, if asked for. Each that asks the store throws
 * <ul>
 *   <li>{@link IdempotencyStoreException} if the store can't answer; whether the step was made is then unknown, and it is safe to take it
 *       again with the same response;
 *   <li>{@link IllegalStateException} once the store is closed;
 *   <li>{@link NullPointerException} and {@link IllegalArgumentException} for bad arguments, before the store is asked and whichever store
 *       it is.
 * </ul>
 */
public final class IdempotentCalls implements AutoCloseable {

    private static final Duration SHORTEST_TTL = Duration.ofSeconds(1);
    private static final Duration SHORTEST_LEASE = Duration.ofMillis(100);
    /** More than a thousand years, and less than what overflows on the way. */
    private static final Duration LONGEST = Duration.ofDays(400_000);

    private final OpenedStore opened;
    private final String tenant;
    /** Null for shared keys. */
    private final @Nullable String scope;
    /** As {@link #lease}, null for the setting's. */
    private final @Nullable Duration ttl;

    private final @Nullable Duration lease;
    private final RecordTimes times;
    private final PayloadHasher hasher;
    private final Exclusions exclusions;
    private final boolean conflictDetail;
    /** The scope in the names of records. */
    private final @Nullable String recordScope;

    IdempotentCalls(OpenedStore opened) {
        this(opened, opened.configuration.text(Setting.TENANT), /* scope= */ null, /* ttl= */ null, /* lease= */ null);
    }

    private IdempotentCalls(
            OpenedStore opened,
            String tenant,
            @Nullable String scope,
            @Nullable Duration ttl,
            @Nullable Duration lease) {
        this.opened = opened;
        this.tenant = tenant;
        this.scope = scope;
        this.ttl = ttl;
        this.lease = lease;
        this.times = new RecordTimes(
                ttl != null ? ttl.toMillis() : opened.millis(Setting.TTL, scope),
                opened.millis(Setting.FAILED_TTL, scope),
                lease != null ? lease.toMillis() : opened.millis(Setting.LEASE, scope));
        String settingScope = OpenedStore.settingScope(scope);
        this.hasher = opened.hasher.with(PayloadHashers.unseenFields(opened.configuration, settingScope));
        this.exclusions = HashedParts.exclusions(opened.configuration, settingScope, List.of(), List.of());
        this.recordScope = scope == null ? null : opened.configuration.recordScope(scope);
        // Without a secret, Redis keeps no digests, and nothing else remembers them here.
        this.conflictDetail = Boolean.parseBoolean(opened.configuration.text(Setting.CONFLICT_DETAIL, settingScope))
                && (hasher.form().isKeyed() || !opened.storeName().equals("redis"));
    }

    /**
     * A view whose records are of that tenant; else they are of the setting {@code tenant}.
     *
     * @param name not empty
     * @return another view; this one stays as it is
     */
    public IdempotentCalls withTenant(String name) {
        return new IdempotentCalls(opened, notEmpty(name, "tenant"), scope, ttl, lease);
    }

    /**
     * A view whose keys are of that operation alone: two scopes have each their own key {@code 42}. The settings
     * {@code scope.<name>....} count.
     *
     * @param name not empty
     * @return another view; this one stays as it is
     */
    public IdempotentCalls withScope(String name) {
        return new IdempotentCalls(opened, tenant, notEmpty(name, "scope"), ttl, lease);
    }

    /**
     * A view whose completed records answer duplicates for that time; else it is the setting {@code ttl}.
     *
     * @param time at least a second, kept in whole seconds
     * @return another view; this one stays as it is
     */
    public IdempotentCalls withTtl(Duration time) {
        return new IdempotentCalls(opened, tenant, scope, within(time, SHORTEST_TTL, "TTL"), lease);
    }

    /**
     * A view whose claims are held for that time without a renewal; else it is the setting {@code lease}.
     *
     * @param time at least 100 ms, kept in whole milliseconds
     * @return another view; this one stays as it is
     */
    public IdempotentCalls withLease(Duration time) {
        return new IdempotentCalls(opened, tenant, scope, ttl, within(time, SHORTEST_LEASE, "lease"));
    }

    private static String notEmpty(String text, String name) {
        if (Objects.requireNonNull(text, name).isEmpty()) {
            throw new IllegalArgumentException("the " + name + " is empty; a record needs one");
        }
        return text;
    }

    private static Duration within(Duration time, Duration shortest, String name) {
        if (Objects.requireNonNull(time, name).compareTo(shortest) < 0 || time.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "a " + name + " of " + time + " is not allowed; give " + shortest + " to " + LONGEST);
        }
        return time;
    }

    /**
     * As {@link #check(String, Object, String)}, without a trace id known before the work.
     *
     * @param key the idempotency key; not empty
     * @param payload what is hashed; may be null
     * @return the verdict, and what is stored
     */
    public CheckResponse check(String key, @Nullable Object payload) {
        return check(key, payload, "");
    }

    /**
     * Claims the key for this payload. Where the answer {@link CheckResponse#isNew()}, the caller holds the key, under an owner token made
     * for this call alone, and is to do the work.
     *
     * @param key the idempotency key; not empty
     * @param payload what is hashed, so that another payload with the same key is a conflict; may be null
     * @param traceId the trace id to store with the claim, for those who meet it; empty where none is known yet
     * @return the verdict, and what is stored
     * @throws io.idempotenttrace.core.canonical.UnhashableException if the payload has no canonical JSON
     */
    public CheckResponse check(String key, @Nullable Object payload, String traceId) {
        IdempotencyStore store = opened.store();
        RecordId id = id(key);
        Objects.requireNonNull(traceId, "traceId: empty where there is none");
        ClaimRequest request = new ClaimRequest(
                id, digest(hasher, payload, exclusions), traceId, this::digestInOtherForm, new Object[] {payload});
        Claim claim = claim(request);
        ClaimResult answer = answer(store, claim);
        ClaimRequest inItsForm =
                answer.verdict() == Verdict.CONFLICT ? request.inForm(answer.form(), answer.hash()) : null;
        if (inItsForm != null) {
            claim = claim(inItsForm);
            answer = answer(store, claim);
        }
        PayloadHasher by = hasher.with(claim.form());
        boolean comparable = answer.verdict() == Verdict.CONFLICT
                && conflictDetail
                && answer.form().equals(claim.form().text())
                && !answer.digests().isEmpty();
        return new CheckResponse(
                claim,
                answer,
                comparable && by != null
                        ? by.differing(null, payload, exclusions, id.name(), answer.digests())
                        : List.of());
    }

    /**
     * As {@link #check(String, Object, String)}, of a payload that the caller has hashed, in the canonical form of the settings.
     *
     * @param key the idempotency key; not empty
     * @param hash 64 lower-case hex digits
     * @param traceId the trace id to store with the claim; empty where none is known yet
     * @return the verdict, and what is stored
     */
    public CheckResponse checkHash(String key, String hash, String traceId) {
        IdempotencyStore store = opened.store();
        RecordId id = id(key);
        Objects.requireNonNull(traceId, "traceId: empty where there is none");
        if (!isSha256(Objects.requireNonNull(hash, "hash"))) {
            throw new IllegalArgumentException(
                    "the hash '" + hash + "' is not 64 lower-case hex digits; see Payloads.hashRequest");
        }
        Claim claim = claim(new ClaimRequest(id, new PayloadDigest(hasher.form(), hash, ""), traceId));
        return new CheckResponse(claim, answer(store, claim), List.of());
    }

    private PayloadDigest digest(PayloadHasher by, @Nullable Object payload, Exclusions leftOut) {
        return conflictDetail ? by.digest(payload, leftOut) : by.hashed(payload, leftOut);
    }

    private @Nullable PayloadDigest digestInOtherForm(HashForm form, String recordHash, Object[] payload) {
        PayloadHasher other = hasher.with(form);
        try {
            return other == null
                    ? null
                    : exclusions.comparableWith(form, recordHash, leftOut -> digest(other, payload[0], leftOut));
        } catch (UnhashableException notInThatForm) {
            return null;
        }
    }

    /** If the answer comes later than the lease it grants, another worker may hold the key by now: the store is asked once more. */
    private static ClaimResult answer(IdempotencyStore store, Claim claim) {
        long asked = System.nanoTime();
        ClaimResult answer = store.check(claim);
        boolean late = System.nanoTime() - asked >= TimeUnit.MILLISECONDS.toNanos(claim.leaseMillis());
        return late && answer.verdict() == Verdict.NEW ? store.check(claim) : answer;
    }

    private static boolean isSha256(String hash) {
        return hash.length() == 64 && hash.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
    }

    private RecordId id(String key) {
        return new RecordId(tenant, recordScope, notEmpty(key, "key"));
    }

    private Claim claim(ClaimRequest request) {
        return new Claim(request, times, opened.ownerTokens);
    }

    /**
     * The work is done; as {@link #markCompleted(CheckResponse, String)}, keeping the trace id of the claim.
     *
     * @param response a new one
     * @return as {@link #markCompleted(CheckResponse, String, String)}
     */
    public Update markCompleted(CheckResponse response) {
        return markCompleted(response, "", null);
    }

    /**
     * As {@link #markCompleted(CheckResponse, String, String)}, without a result.
     *
     * @param response a new one
     * @param traceId the trace id that duplicates get; empty to keep that of the claim
     * @return as {@link #markCompleted(CheckResponse, String, String)}
     */
    public Update markCompleted(CheckResponse response, String traceId) {
        return markCompleted(response, traceId, null);
    }

    /**
     * The work is done: until the TTL is over, calls with this key and payload are duplicates. If the record has vanished meanwhile, it is
     * written again as a whole.
     *
     * @param response a new one
     * @param traceId the trace id that duplicates get; empty to keep that of the claim
     * @param result JSON that duplicates get; null for none. One of more than {@code max-result-bytes} is not stored, which is a warning
     * @return {@link Update#REFUSED} if another worker holds the key by now, since the lease was over: the work was done twice
     */
    public Update markCompleted(CheckResponse response, String traceId, @Nullable String result) {
        IdempotencyStore store = opened.store();
        Claim claim = held(response);
        Objects.requireNonNull(traceId, "traceId: empty to keep that of the claim");
        byte[] json = result == null ? null : result.getBytes(StandardCharsets.UTF_8);
        int most = opened.configuration.count(
                Setting.MAX_RESULT_BYTES,
                OpenedStore.settingScope(opened.configuration, claim.id().scope()));
        if (json != null && json.length > most) {
            opened.warnings.accept("the result of key '" + claim.id().key() + "' has " + json.length
                    + " bytes and is not stored, so its duplicates get none; raise max-result-bytes, which is "
                    + most);
            json = null;
        }
        if (json != null && result != null && result.startsWith("enc:")) {
            // Whoever reads it would take it for an encrypted one.
            opened.warnings.accept("the result of key '" + claim.id().key()
                    + "' is no JSON and is not stored, so its duplicates get none");
            json = null;
        }
        return store.markCompleted(
                claim,
                json == null
                        ? new Completion(traceId, null, "")
                        : new Completion(traceId, result, hasher.resultHashOf(json)));
    }

    /**
     * As {@link #markFailed(CheckResponse, String)}, with what the setting {@code store-error} keeps of what was thrown.
     *
     * @param response a new one
     * @param thrown what the work threw
     * @return as {@link #markFailed(CheckResponse, String)}
     */
    public Update markFailed(CheckResponse response, Throwable thrown) {
        IdempotencyStore store = opened.store();
        Objects.requireNonNull(thrown, "thrown");
        Claim claim = held(response);
        return store.markFailed(claim, storedError(claim).of(thrown));
    }

    private StoredError storedError(Claim claim) {
        String setting = opened.configuration.text(
                Setting.STORE_ERROR,
                OpenedStore.settingScope(opened.configuration, claim.id().scope()));
        return StoredError.valueOf(setting.toUpperCase(Locale.ROOT));
    }

    /**
     * The work failed: the key is free at once.
     *
     * @param response a new one
     * @param error what went wrong, for people; the first 500 characters are kept, and none unless {@code store-error} is {@code full}
     * @return {@link Update#GONE} if the record has vanished, {@link Update#REFUSED} if another worker holds the key by now
     */
    public Update markFailed(CheckResponse response, String error) {
        IdempotencyStore store = opened.store();
        Objects.requireNonNull(error, "error");
        Claim claim = held(response);
        return store.markFailed(claim, storedError(claim).of(error));
    }

    /**
     * Holds the key for another whole lease from now on. At a third of the lease is a good time to do so.
     *
     * @param response a new one
     * @return {@link Update#GONE} if the record has vanished, {@link Update#REFUSED} if another worker holds the key by now
     */
    public Update renew(CheckResponse response) {
        IdempotencyStore store = opened.store();
        return store.renew(held(response));
    }

    /**
     * Does the work once for the key and payload: checks, renews the lease while the work runs, marks it as completed, or as failed if it
     * throws.
     *
     * @param key as for {@link #check(String, Object, String)}
     * @param payload as for {@link #check(String, Object, String)}
     * @param work runs on this thread if the call is new; what it returns is the trace id that duplicates get, null for none
     * @return what the work returned; for a duplicate the stored trace id, null where there is none
     * @throws TraceInProgressException at once, if another caller holds the key: the work may yet fail there, so call again later
     * @throws TraceConflictException if the key was used with another payload
     * @throws IdempotencyStoreException if the store can't answer: before the work, which then is not done, or after it, when it is done
     *         and not recorded
     */
    public @Nullable String run(String key, @Nullable Object payload, Supplier<@Nullable String> work) {
        Objects.requireNonNull(work, "work");
        CheckResponse response = check(key, payload);
        return switch (response.verdict()) {
            case NEW -> runHeld(response, work);
            case DUPLICATE -> response.storedTraceId();
            case IN_PROGRESS ->
                throw new TraceInProgressException(
                        "the key '" + key + "' is held by " + response.holder() + " for another "
                                + response.leaseRemaining().toMillis()
                                + " ms unless renewed; call again later, and acknowledge no message before",
                        tenant,
                        key,
                        response.storedTraceId(),
                        null);
            case CONFLICT ->
                throw new TraceConflictException(
                        "the key '" + key + "' was used with another payload"
                                + (response.differingMembers().isEmpty()
                                        ? ""
                                        : ", which differs at " + String.join(", ", response.differingMembers()))
                                + "; give each payload a key of its own"
                                + response.incomparable(),
                        tenant,
                        key,
                        response.storedTraceId(),
                        null);
        };
    }

    private @Nullable String runHeld(CheckResponse response, Supplier<@Nullable String> work) {
        try (LeaseKeeper.Held held = opened.leases().keep(response.claim())) {
            String traceId;
            try {
                traceId = work.get();
            } catch (Throwable thrown) {
                failed(response, thrown);
                throw thrown;
            }
            Update update = markCompleted(response, traceId == null ? "" : traceId);
            if (update == Update.REFUSED) {
                opened.warnings.accept(
                        "the work of key '" + response.key() + "' of tenant '" + response.tenant()
                                + "' was done twice: its"
                                + " lease was over, and another worker took the key. Raise the lease if its process was paused for so long");
            }
            return traceId;
        }
    }

    /** What the work threw goes on, whatever becomes of its record: without an answer, its key is free when the lease is over. */
    private void failed(CheckResponse response, Throwable thrown) {
        try {
            markFailed(response, thrown);
        } catch (RuntimeException unanswered) {
            thrown.addSuppressed(unanswered);
        }
    }

    private static Claim held(CheckResponse response) {
        if (!Objects.requireNonNull(response, "response").isNew()) {
            throw new IllegalArgumentException("the call does not hold its key, so it can't end or renew it ("
                    + response + "); do so only where isNew()");
        }
        return response.claim();
    }

    /**
     * Forgets the key, whoever holds it: the next call is new.
     *
     * @param key the idempotency key; not empty
     * @return whether there was a record
     */
    public boolean delete(String key) {
        return opened.store().delete(id(key));
    }

    /**
     * The record of that key, as it stands.
     *
     * @param key the idempotency key; not empty
     * @return empty if there is none
     */
    public Optional<StoredRecord> status(String key) {
        return opened.store().status(id(key));
    }

    /** {@return where records live: {@code redis} or {@code memory}} */
    public String storeName() {
        return opened.storeName();
    }

    /**
     * Closes the store of this view and all others of it; its threads end within a second. Records in memory are gone. Does not throw, and
     * a second call does nothing.
     */
    @Override
    public void close() {
        opened.close();
    }
}
