package io.idempotenttrace;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What became of one guarded call, for a listener of {@link CallVerdicts}. Immutable. */
public final class CallVerdict {

    private final @Nullable String method;
    private final @Nullable String scope;
    private final @Nullable String tenant;
    private final @Nullable String key;
    private final String verdict;
    private final @Nullable String reason;
    private final @Nullable String traceId;
    private final long waitMillis;
    private final long storeNanos;
    private final long attempt;

    /**
     * Made by the agent, and by tests of a listener.
     *
     * @param method see {@link #method()}
     * @param scope see {@link #scope()}
     * @param tenant see {@link #tenant()}
     * @param key see {@link #key()}
     * @param verdict see {@link #verdict()}
     * @param reason see {@link #reason()}
     * @param traceId see {@link #traceId()}
     * @param waitMillis see {@link #waitMillis()}
     * @param storeNanos see {@link #storeNanos()}
     * @param attempt see {@link #attempt()}
     */
    public CallVerdict(
            @Nullable String method,
            @Nullable String scope,
            @Nullable String tenant,
            @Nullable String key,
            String verdict,
            @Nullable String reason,
            @Nullable String traceId,
            long waitMillis,
            long storeNanos,
            long attempt) {
        this.method = method;
        this.scope = scope;
        this.tenant = tenant;
        this.key = key;
        this.verdict = Objects.requireNonNull(verdict, "verdict");
        this.reason = reason;
        this.traceId = traceId;
        this.waitMillis = waitMillis;
        this.storeNanos = storeNanos;
        this.attempt = attempt;
    }

    /**
     * The annotated method.
     *
     * @return its class, name and parameter types
     */
    public @Nullable String method() {
        return method;
    }

    /**
     * The scope of the record.
     *
     * @return null where its key is shared with all writers
     */
    public @Nullable String scope() {
        return scope;
    }

    /**
     * The tenant of the record.
     *
     * @return null for a call that has met no record: it had no key or no hash, or nobody sees its end
     */
    public @Nullable String tenant() {
        return tenant;
    }

    /**
     * The idempotency key. It may be personal data.
     *
     * @return null for a call that has met no record, as {@link #tenant()}
     */
    public @Nullable String key() {
        return key;
    }

    /**
     * How the call ended, as the agent's exit line names it.
     *
     * @return {@code new}, {@code duplicate}, {@code conflict}, {@code in-progress}, {@code failed} or {@code unguarded}; later versions
     *         may know more
     */
    public String verdict() {
        return verdict;
    }

    /**
     * Why the body ran unguarded.
     *
     * @return {@code store}, {@code no-key}, {@code unhashable} or {@code unobservable}, and in later versions others; null for other
     *         verdicts
     */
    public @Nullable String reason() {
        return reason;
    }

    /**
     * The trace id of the record that answered, or of this call where its body ran.
     *
     * @return null where there is none
     */
    public @Nullable String traceId() {
        return traceId;
    }

    /**
     * How long the call waited for another one with its key.
     *
     * @return milliseconds; 0 where it did not have to
     */
    public long waitMillis() {
        return waitMillis;
    }

    /**
     * How long Redis took to answer the claim.
     *
     * @return nanoseconds; 0 where it was not asked
     */
    public long storeNanos() {
        return storeNanos;
    }

    /**
     * How often the record was claimed, this call included.
     *
     * @return 0 where that is not known
     */
    public long attempt() {
        return attempt;
    }

    /** For people. It has no key and no tenant, which may be personal data. */
    @Override
    public String toString() {
        return verdict + " of " + method;
    }
}
