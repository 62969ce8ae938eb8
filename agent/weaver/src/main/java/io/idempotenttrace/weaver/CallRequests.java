package io.idempotenttrace.weaver;

import io.idempotenttrace.IdempotencyException;
import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.canonical.HashForm;
import io.idempotenttrace.core.canonical.PayloadDigest;
import io.idempotenttrace.core.canonical.PayloadHasher;
import io.idempotenttrace.core.canonical.UnhashableException;
import io.idempotenttrace.core.guard.CallPolicy;
import io.idempotenttrace.core.guard.GuardLog;
import io.idempotenttrace.core.guard.GuardMode;
import io.idempotenttrace.core.guard.PayloadConflictException;
import io.idempotenttrace.core.guard.ScopeMode;
import io.idempotenttrace.core.guard.UnguardedReason;
import io.idempotenttrace.core.store.ClaimRequest;
import io.idempotenttrace.core.store.PayloadForms;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.weaver.application.ApplicationCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes what the calls of one method claim out of their arguments: tenant, key, trace id and hash. Says and counts what they lack. Reads the
 * arguments behind the door {@link ApplicationCode}. Safe for use by many threads.
 */
final class CallRequests implements PayloadForms {

    private static final String FORGOTTEN =
            "; members that differ are named only where this process still knows the first payload, or with a hash-secret";

    private final MethodSpecification specification;
    private final CallDocument document;
    private final MissingParts missing;
    private final PayloadHasher hasher;
    /** Null for a key that is shared with every other writer. */
    private final @Nullable String scope;

    private final CallPolicy policy;
    private final Policies.Unhashable unhashable;
    private final ScopeMode mode;
    private final CallsWithoutRecord without;
    private final GuardLog log;

    /**
     * @param scope of the records; null for a key that is shared with every other writer
     * @param unhashable what becomes of a call that has no hash
     * @param mode of the method's scope, as it is at each call
     */
    CallRequests(
            MethodSpecification specification,
            CallDocument document,
            PayloadHasher hasher,
            @Nullable String scope,
            CallPolicy policy,
            Policies.Unhashable unhashable,
            ScopeMode mode,
            CallsWithoutRecord without,
            GuardLog log) {
        this.specification = specification;
        this.document = document;
        this.missing = new MissingParts(specification.qualifiedName(), document, log);
        this.hasher = hasher;
        this.scope = scope;
        this.policy = policy;
        this.unhashable = unhashable;
        this.mode = mode;
        this.without = without;
        this.log = log;
    }

    /**
     * Key and hash of a call; null if it runs unguarded.
     *
     * @throws IdempotencyException where the policy refuses a call that has none
     */
    @Nullable
    ClaimRequest request(Object[] arguments) {
        boolean[] door = ApplicationCode.door();
        boolean before = door[0];
        door[0] = true;
        try {
            PayloadDigest payload = document.digest(hasher, arguments);
            String tenant = tenant(arguments);
            String key = document.key(arguments, payload.hash());
            if (NameLimits.isTooLong(key)) {
                if (scope == null) {
                    return withoutKey(tenant, tooLong("key", key), /* everyTime= */ false);
                }
                key = NameLimits.shortened(key);
            }
            return key.isEmpty()
                    ? withoutKey(tenant, arguments)
                    : new ClaimRequest(
                            new RecordId(tenant, scope, key),
                            payload,
                            traceId(arguments),
                            /* forms= */ this,
                            arguments);
        } catch (UnhashableException e) {
            return withoutHash(e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            // An Error, or what Java would have checked, of the application's own code: most become an
            // UnhashableException where they are.
            return withoutHash(new UnhashableException(
                    "", "reading it failed with " + e.getClass().getName(), e));
        } finally {
            door[0] = before;
        }
    }

    /** Of a call that meets a record of another form. */
    @Override
    public @Nullable PayloadDigest digest(HashForm form, String recordHash, Object[] arguments) {
        PayloadHasher other = hasher.with(form);
        if (other == null) {
            return null;
        }
        boolean[] door = ApplicationCode.door();
        boolean before = door[0];
        door[0] = true;
        try {
            return document.digestLike(form, recordHash, other, arguments);
        } catch (Throwable notInThatForm) {
            // Then nothing says that the payloads are equal.
            return null;
        } finally {
            door[0] = before;
        }
    }

    private List<String> differing(PayloadConflictException conflict, Object[] arguments) {
        return differingMembers(conflict.record(), conflict.storedForm(), conflict.storedDigests(), arguments);
    }

    private List<String> differingMembers(RecordId record, String recordForm, String digests, Object[] arguments) {
        HashForm form = HashForm.named(recordForm);
        PayloadHasher known = form == null ? null : hasher.with(form);
        return known == null ? List.of() : document.differing(known, arguments, record.name(), digests);
    }

    /** Of a call that is observed. */
    @Override
    public List<String> differing(RecordId record, String form, String digests, Object[] arguments) {
        boolean[] door = ApplicationCode.door();
        boolean before = door[0];
        door[0] = true;
        try {
            return differingMembers(record, form, digests, arguments);
        } catch (Throwable fault) {
            // The call is told of without them.
            return List.of();
        } finally {
            door[0] = before;
        }
    }

    /** Whether digests are wanted, and were not stored, since no secret would hide what they tell. */
    private boolean isForgotten(PayloadConflictException conflict, Object[] arguments) {
        HashForm form = HashForm.named(conflict.storedForm());
        PayloadHasher plain = form == null || form.isKeyed() ? null : hasher.with(form);
        // Nothing could be named of a payload that is no object.
        return plain != null
                && conflict.storedDigests().isEmpty()
                && !document.digest(plain, arguments).digests().isEmpty();
    }

    private String tenant(Object[] arguments) {
        String named = document.tenant(arguments);
        boolean tooLong = NameLimits.isTooLong(named);
        if (named != null && !named.isEmpty() && !tooLong) {
            return named;
        }
        if (document.isTenantRequired() && !isObserved()) {
            throw withoutTenant(
                    named != null && tooLong ? tooLong("tenant", named) : document.describeMissingTenant(arguments));
        }
        if (tooLong) {
            sayTooLong("tenant", named);
            return document.configuredTenant();
        }
        missing.sayTenant(arguments, document.configuredTenant());
        return document.configuredTenant();
    }

    private IdempotencyException withoutTenant(@Nullable String reason) {
        without.countRefused();
        return new IdempotencyException(
                specification.qualifiedName() + " was called without tenant ("
                        + (reason == null ? "null or empty" : reason)
                        + "). The body did not run (on-missing-tenant=throw); send a tenant",
                null,
                null,
                null,
                null);
    }

    private String traceId(Object[] arguments) {
        String named = document.traceId(arguments);
        if (NameLimits.isTooLong(named)) {
            sayTooLong("trace id", named);
            return "";
        }
        if (named != null) {
            return named;
        }
        missing.sayTraceId(arguments);
        return "";
    }

    private void sayTooLong(String what, @Nullable String name) {
        log.sayOnceAPeriod(
                GuardLog.Occasion.MISSING_KEY,
                specification.qualifiedName(),
                specification.qualifiedName() + ": " + tooLong(what, name == null ? "" : name)
                        + ", so it counts as missing");
    }

    private static String tooLong(String what, String name) {
        return "its " + what + " has " + name.length() + " characters, and may have " + NameLimits.LONGEST;
    }

    private @Nullable ClaimRequest withoutKey(String tenant, Object[] arguments) {
        String part = missing.keyPart(arguments, /* again= */ policy.throwOnMissingKey());
        return withoutKey(tenant, part, part != null);
    }

    /** @param everyTime whether the line is said at each call, since whoever asked for it limits it; else once a period */
    private @Nullable ClaimRequest withoutKey(String tenant, @Nullable String part, boolean everyTime) {
        String problem = specification.qualifiedName() + " was called without idempotency key ("
                + (part == null ? "null or empty, or a part of it matches nothing)" : part + ")");
        if (policy.throwOnMissingKey() && !isObserved()) {
            without.countRefused();
            throw new IdempotencyException(
                    problem + ". The body did not run (on-missing-key=throw); send a key", tenant, null, null, null);
        }
        without.countUnguarded(UnguardedReason.NO_KEY);
        String consequence =
                problem + "; its body runs unguarded (" + (isObserved() ? "mode=observe)" : "on-missing-key=proceed)");
        if (everyTime) {
            log.sayAtOnce(GuardLog.Occasion.MISSING_KEY, specification.qualifiedName(), consequence);
        } else {
            log.sayOnceAPeriod(GuardLog.Occasion.MISSING_KEY, specification.qualifiedName(), consequence);
        }
        return null;
    }

    private @Nullable ClaimRequest withoutHash(UnhashableException failure) {
        String problem = specification.qualifiedName() + ": " + document.describe(failure);
        if (unhashable.throwing() && !isObserved()) {
            without.countRefused();
            throw new IdempotencyStoreException(
                    problem + ". The body did not run (" + unhashable.setting() + ")", null, null, null, failure);
        }
        without.countUnguarded(UnguardedReason.UNHASHABLE);
        log.sayOnceAPeriod(
                GuardLog.Occasion.UNHASHABLE,
                specification.qualifiedName(),
                problem + "; its body runs unguarded (" + (isObserved() ? "mode=observe" : unhashable.setting()) + ")");
        return null;
    }

    /** What a conflict's message says besides: in which members the payloads differ. */
    String detail(IdempotencyException refusal, Object[] arguments) {
        boolean[] door = ApplicationCode.door();
        boolean before = door[0];
        door[0] = true;
        try {
            List<String> differing =
                    refusal instanceof PayloadConflictException conflict ? differing(conflict, arguments) : List.of();
            if (!differing.isEmpty()) {
                return "; payload differs in: " + String.join(", ", differing);
            }
            return refusal instanceof PayloadConflictException conflict && isForgotten(conflict, arguments)
                    ? FORGOTTEN
                    : "";
        } catch (Throwable fault) {
            // The conflict stands without it.
            return "";
        } finally {
            door[0] = before;
        }
    }

    private boolean isObserved() {
        return mode.mode() == GuardMode.OBSERVE;
    }
}
