package io.idempotenttrace.core.store;

import io.idempotenttrace.core.canonical.HashForm;
import io.idempotenttrace.core.canonical.KeyedMembers;
import io.idempotenttrace.core.canonical.PayloadDigest;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One call's wish to own a record. The same object claims, renews, completes and fails, so that each step carries the owner
 * token and a vanished record can be written whole again. Safe for use by many threads.
 */
public final class Claim {

    private static final AtomicReferenceFieldUpdater<Claim, String> OWNER =
            AtomicReferenceFieldUpdater.newUpdater(Claim.class, String.class, "owner");
    /** Writes without the fence of a volatile write, which each call would pay for. */
    private static final AtomicIntegerFieldUpdater<Claim> GRANTED =
            AtomicIntegerFieldUpdater.newUpdater(Claim.class, "granted");

    private final RecordId id;
    private final HashForm form;
    private final String hash;
    private final String digests;
    private final String traceId;
    private final RecordTimes times;
    /** Null where the token was given. */
    private final @Nullable Supplier<String> ownerTokens;
    /** Null until somebody asks: a store of this process tells owners apart by their claims. */
    private volatile @Nullable String owner;

    private volatile int granted;

    /**
     * @param request what is claimed. It is not kept, since a store may keep a hundred thousand claims
     * @param times how long
     * @param ownerTokens gives another token each time; asked once, when the token is first needed
     */
    public Claim(ClaimRequest request, RecordTimes times, Supplier<String> ownerTokens) {
        this(times, request, ownerTokens);
    }

    private Claim(RecordTimes times, ClaimRequest request, @Nullable Supplier<String> ownerTokens) {
        this.id = request.id();
        this.form = request.payload().form();
        this.hash = request.payload().hash();
        KeyedMembers members = request.payload().members();
        // The record's name is made only where it is needed.
        this.digests = members == null ? request.payload().digests() : members.of(id.name());
        this.traceId = request.traceId();
        this.times = Objects.requireNonNull(times, "times");
        this.ownerTokens = ownerTokens;
    }

    /**
     * As the other one, with a known token.
     *
     * @param owner another for each call, the same in every re-send of that call's commands
     * @throws IllegalArgumentException if the token is empty or has a space, which would end it in the record
     */
    public Claim(ClaimRequest request, RecordTimes times, String owner) {
        this(times, request, /* ownerTokens= */ null);
        if (owner.isEmpty() || owner.indexOf(' ') >= 0) {
            throw new IllegalArgumentException(
                    "the owner token '" + owner + "' is empty or has a space; give 128 random bits in hex");
        }
        this.owner = owner;
    }

    /** The record. */
    public RecordId id() {
        return id;
    }

    /** SHA-256 of the payload, hex. */
    public String hash() {
        return hash;
    }

    /** How the hash was made. */
    public HashForm form() {
        return form;
    }

    /** The trace id known before the body runs; empty where there is none. */
    public String traceId() {
        return traceId;
    }

    /** The owner token. */
    public String owner() {
        String known = owner;
        return known != null ? known : drawOwner();
    }

    private String drawOwner() {
        String token = Objects.requireNonNull(ownerTokens, "ownerTokens").get();
        return OWNER.compareAndSet(this, null, token) ? token : Objects.requireNonNull(owner);
    }

    /**
     * Whether a payload counts as another one than this claim's. Hashes of two forms can't be compared, so another form, or the
     * same with another secret, counts as another payload: who has the payload itself hashes it in this claim's form, and asks again.
     */
    public boolean conflictsWith(HashForm otherForm, String otherHash) {
        return !form.equals(otherForm) || !hash.equals(otherHash);
    }

    /** Whether both carry the same owner token. */
    public boolean isOfSameOwner(Claim other) {
        return this == other || owner().equals(other.owner());
    }

    /**
     * Whether its call owns the record and has not ended: its lease is to be renewed, and needs no renewal in a store of this process,
     * which sees it here.
     */
    public boolean isGranted() {
        return granted != 0;
    }

    /** Says whether {@link #isGranted()}. Others may see it some nanoseconds later. */
    public void granted(boolean byStore) {
        GRANTED.lazySet(this, byStore ? 1 : 0);
    }

    /** How long the claim is held without a renewal. */
    public long leaseMillis() {
        return times.leaseMillis();
    }

    /**
     * The digests of the document's members; empty where not wanted. They may be stored outside of this process only where the form {@link
     * HashForm#isKeyed()}.
     */
    public String digests() {
        return digests;
    }

    /** The record's TTL in whole seconds, never below 1. */
    public long ttlSeconds() {
        return times.ttlSeconds();
    }

    /** A failed record's TTL in whole seconds, never below 1. */
    public long failedTtlSeconds() {
        return times.failedTtlSeconds();
    }

    /** How long record and lease are kept. */
    public RecordTimes times() {
        return times;
    }

    /** What the claim's payload hashes to, in a new object. */
    public PayloadDigest payload() {
        return new PayloadDigest(form, hash, digests);
    }

    /** What the claim was made for, in a new object. */
    public ClaimRequest request() {
        return new ClaimRequest(id, payload(), traceId);
    }
}
