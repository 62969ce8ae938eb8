package io.idempotenttrace.core.canonical;

import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Hashes documents in one canonical form. Safe for use by many threads. Java values map to JSON by a fixed set of rules
 * ({@link MappingRules}), so that a value has the same hash on every JVM version, after every restart, in every locale and
 * time zone, and the same hash whatever Java type holds the same JSON.
 */
public final class PayloadHasher {

    /** Levels of nesting that a document may have. */
    public static final int DEFAULT_MAX_DEPTH = 500;
    /** Bytes of canonical JSON that a document may have. */
    public static final long DEFAULT_MAX_BYTES = 8L << 20;

    /** Idle writers, found by thread: a pool of fixed size, where a ThreadLocal would keep a buffer for each virtual thread. */
    private static final int POOL_SIZE = 64;

    private final HashForm form;
    private final int maxDepth;
    private final long maxBytes;
    private final HashSecrets secrets;
    /** The one that {@code form} names; null where it names none. */
    private final @Nullable HashSecret secret;

    private final UnseenFieldPolicies unseenFields;
    /** The pools of all hashers that were made of one another, by form. There are as many as forms and secrets. */
    private final ConcurrentHashMap<HashForm, AtomicReferenceArray<CanonicalWriter>> pools;

    private final AtomicReferenceArray<CanonicalWriter> pool;

    public PayloadHasher(CanonicalForm form) {
        this(form, DEFAULT_MAX_DEPTH, DEFAULT_MAX_BYTES, HashSecrets.NONE);
    }

    /**
     * @param maxDepth levels of nesting a document may have; above 0
     * @param maxBytes bytes of canonical JSON a document may have; above 0
     * @param secrets those that make hashes, and that others have made hashes with
     */
    public PayloadHasher(CanonicalForm form, int maxDepth, long maxBytes, HashSecrets secrets) {
        this(
                HashForm.of(form, secrets.signing()),
                maxDepth,
                maxBytes,
                secrets,
                secrets.signing(),
                UnseenFieldPolicies.DEFAULT,
                new ConcurrentHashMap<>());
        NumberText.prepare();
    }

    private PayloadHasher(
            HashForm form,
            int maxDepth,
            long maxBytes,
            HashSecrets secrets,
            @Nullable HashSecret secret,
            UnseenFieldPolicies unseenFields,
            ConcurrentHashMap<HashForm, AtomicReferenceArray<CanonicalWriter>> pools) {
        this.form = form;
        this.maxDepth = maxDepth;
        this.maxBytes = maxBytes;
        this.secrets = secrets;
        this.secret = secret;
        this.unseenFields = unseenFields;
        this.pools = pools;
        this.pool = pools.computeIfAbsent(form, made -> new AtomicReferenceArray<>(POOL_SIZE));
    }

    /** This hasher with other policies for objects of which the properties show a part. The two share their idle writers. */
    public PayloadHasher with(UnseenFieldPolicies otherUnseenFields) {
        return new PayloadHasher(form, maxDepth, maxBytes, secrets, secret, otherUnseenFields, pools);
    }

    /**
     * This hasher with that form; null if the secret that the form names is not known here. Which members a payload keeps is said by the
     * {@link Exclusions} alone.
     */
    public @Nullable PayloadHasher with(HashForm recorded) {
        HashForm wanted = recorded.ofNullMembers(false);
        if (wanted.equals(form)) {
            return this;
        }
        HashSecret named = wanted.isKeyed() ? secrets.named(wanted.keyId()) : null;
        return wanted.isKeyed() && named == null
                ? null
                : new PayloadHasher(wanted, maxDepth, maxBytes, secrets, named, unseenFields, pools);
    }

    /** How its hashes are made, as records name it. */
    public HashForm form() {
        return form;
    }

    /**
     * The document's hash, 64 lower-case hex digits.
     *
     * @param document may be null
     * @throws UnhashableException if it has no canonical JSON
     */
    public String hash(@Nullable Object document, Exclusions exclusions) {
        return run(exclusions, /* memberDigests= */ false, null, document).hash();
    }

    /** As {@link #digest(Object, Exclusions)}, without the digests of the members. */
    public PayloadDigest hashed(@Nullable Object document, Exclusions exclusions) {
        return run(exclusions, /* memberDigests= */ false, null, document);
    }

    /** As {@link #digest(String[], Object[], Exclusions)}, without the digests of the members. */
    public PayloadDigest hashed(String[] names, Object[] values, Exclusions exclusions) {
        return run(exclusions, /* memberDigests= */ false, names, values);
    }

    /** As {@link #hash(Object, Exclusions)}, with the digests of the document's members. */
    public PayloadDigest digest(@Nullable Object document, Exclusions exclusions) {
        return run(exclusions, /* memberDigests= */ true, null, document);
    }

    /**
     * As {@link #digest(Object, Exclusions)}, of the object that has these members: no map is made on the way.
     *
     * @param names the members' names, each once
     * @param values their values, in the same order
     */
    public PayloadDigest digest(String[] names, Object[] values, Exclusions exclusions) {
        return run(exclusions, /* memberDigests= */ true, names, values);
    }

    private PayloadDigest run(
            Exclusions exclusions, boolean memberDigests, String @Nullable [] names, @Nullable Object document) {
        int slot = (int) (Thread.currentThread().getId() & POOL_SIZE - 1);
        CanonicalWriter writer = pool.getAndSet(slot, null);
        if (writer == null) {
            writer = newWriter();
        }
        try {
            writer.start(exclusions, unseenFields, memberDigests, /* keep= */ false);
            write(writer, names, document);
            PayloadDigest digest = writer.finishDigest();
            writer.rest();
            pool.set(slot, writer);
            return digest;
        } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError e) {
            // Of the application's own code too: a collection that is changed meanwhile, a lazy one that fails. The
            // writer is
            // dropped, since it may hold on to the application's objects.
            throw writer.failure(e);
        }
    }

    /**
     * In which members the document differs from another one.
     *
     * @param names as in {@link #digest(String[], Object[], Exclusions)}; null where {@code document} is the document itself
     * @param document the document, or the array of its members' values
     * @param record the name of the record that the other document has, without the prefix that all names have
     * @param otherDigests of the other document, made for that record in this hasher's form
     * @return as {@link MemberDigests#differing}; empty if nothing is known
     * @throws UnhashableException if the document has no canonical JSON
     */
    public List<String> differing(
            String @Nullable [] names,
            @Nullable Object document,
            Exclusions exclusions,
            String record,
            String otherDigests) {
        if (otherDigests.isEmpty()) {
            return List.of();
        }
        CanonicalWriter writer = newWriter();
        try {
            writer.start(exclusions, unseenFields, /* digestMembers= */ true, /* keep= */ false);
            write(writer, names, document);
            PayloadDigest own = writer.finishDigest();
            return MemberDigests.of(form).differing(otherDigests, own.digestsFor(record), writer.digestedNames());
        } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError e) {
            throw writer.failure(e);
        }
    }

    /**
     * The {@code response_hash} of a result, keyed where hashes are; 64 lower-case hex digits.
     *
     * @param sha256 SHA-256 of its JSON
     */
    public String resultHash(byte[] sha256) {
        return HexFormat.of().formatHex(secret == null ? sha256 : secret.ofResult(sha256));
    }

    /** As {@link #resultHash}, of the JSON itself. */
    public String resultHashOf(byte[] json) {
        return resultHash(Sha256.newDigest().digest(json));
    }

    /**
     * The canonical JSON itself.
     *
     * @throws UnhashableException if the document has none
     */
    public byte[] canonical(@Nullable Object document, Exclusions exclusions) {
        CanonicalWriter writer = newWriter();
        try {
            writer.start(exclusions, unseenFields, /* digestMembers= */ false, /* keep= */ true);
            write(writer, null, document);
            return writer.finishBytes();
        } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError e) {
            throw writer.failure(e);
        }
    }

    private CanonicalWriter newWriter() {
        return new CanonicalWriter(form, maxDepth, maxBytes, secret);
    }

    private static void write(CanonicalWriter writer, String @Nullable [] names, @Nullable Object document) {
        if (names == null) {
            writer.value(document);
        } else {
            writer.members(names, Objects.requireNonNull((Object[]) document));
        }
    }
}
