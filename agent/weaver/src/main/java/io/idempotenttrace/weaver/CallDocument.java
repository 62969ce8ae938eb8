package io.idempotenttrace.weaver;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.canonical.Exclusions;
import io.idempotenttrace.core.canonical.HashForm;
import io.idempotenttrace.core.canonical.PayloadDigest;
import io.idempotenttrace.core.canonical.PayloadHasher;
import io.idempotenttrace.core.canonical.Pointer;
import io.idempotenttrace.core.canonical.UnhashableException;
import io.idempotenttrace.core.store.RecordId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which of a method's arguments are payload, key, tenant and trace id. Immutable. */
final class CallDocument {

    /** A place in the arguments: the value at a pointer into one of them. */
    private record Place(int parameter, String parameterName, Pointer pointer) {

        /** Null where nothing is there, or null is; {@link #isMissingIn} tells them apart. */
        @Nullable
        String textIn(Object[] arguments) {
            try {
                return pointer.textAt(arguments[parameter]);
            } catch (UnhashableException e) {
                throw named(e);
            }
        }

        /** Whether the pointer matches nothing, which costs a second walk: only asked where there is no text. */
        boolean isMissingIn(Object[] arguments) {
            try {
                return !pointer.matches(arguments[parameter]);
            } catch (UnhashableException e) {
                throw named(e);
            }
        }

        /** What is there instead; null if the pointer matches. */
        @Nullable
        String describeMiss(Object[] arguments) {
            String miss = pointer.describeMiss(arguments[parameter]);
            return miss == null ? null : "of parameter '" + parameterName + "', " + miss;
        }

        private UnhashableException named(UnhashableException e) {
            return new UnhashableException("/" + parameterName + e.pointer(), e.reason(), e.getCause());
        }
    }

    private final List<Place> keyParts = new ArrayList<>();
    private final @Nullable Place tenant;
    private final @Nullable Place traceId;
    private final int[] hashed;
    private final String[] hashedNames;
    private final Exclusions exclusions;
    private final String configuredTenant;
    private final boolean tenantRequired;
    private final boolean conflictDetail;

    CallDocument(MethodSpecification method, Configuration configuration) {
        Place foundTenant = null;
        Place foundTraceId = null;
        List<Integer> hashedIndexes = new ArrayList<>();
        for (int i = 0; i < method.parameters().size(); i++) {
            MethodSpecification.Parameter parameter = method.parameters().get(i);
            if (parameter.keyPointers() != null) {
                List<String> pointers = parameter.keyPointers().isEmpty() ? List.of("") : parameter.keyPointers();
                for (String pointer : pointers) {
                    keyParts.add(new Place(i, parameter.name(), Pointer.parse(pointer)));
                }
            }
            if (parameter.tenantPointer() != null) {
                foundTenant = new Place(i, parameter.name(), Pointer.parse(parameter.tenantPointer()));
            }
            if (parameter.traceIdPointer() != null) {
                foundTraceId = new Place(i, parameter.name(), Pointer.parse(parameter.traceIdPointer()));
            }
            if (parameter.hashed()) {
                hashedIndexes.add(i);
            }
        }
        tenant = foundTenant;
        traceId = foundTraceId;
        hashed = new int[hashedIndexes.size()];
        hashedNames = new String[hashed.length];
        for (int i = 0; i < hashed.length; i++) {
            hashed[i] = hashedIndexes.get(i);
            hashedNames[i] = method.parameters().get(hashed[i]).name();
        }
        exclusions = Policies.exclusions(method, configuration);
        configuredTenant = configuration.text(Setting.TENANT);
        tenantRequired = tenant != null && Policies.throwsOnMissingTenant(method, configuration);
        conflictDetail = Policies.keepsConflictDetail(method, configuration);
    }

    /** Whether no place of the hashed arguments is left out. */
    boolean hashesWholeArguments() {
        return !exclusions.hasPlaces();
    }

    /** @throws UnhashableException if an argument has no canonical JSON */
    PayloadDigest digest(PayloadHasher hasher, Object[] arguments) {
        return digest(hasher, arguments, exclusions);
    }

    /**
     * As {@link Exclusions#comparableWith}.
     *
     * @param hasher of the record's form
     */
    PayloadDigest digestLike(HashForm form, String recordHash, PayloadHasher hasher, Object[] arguments) {
        return exclusions.comparableWith(form, recordHash, leftOut -> digest(hasher, arguments, leftOut));
    }

    private PayloadDigest digest(PayloadHasher hasher, Object[] arguments, Exclusions leftOut) {
        Object document = document(arguments);
        if (!conflictDetail) {
            return hashed.length == 1
                    ? hasher.hashed(document, leftOut)
                    : hasher.hashed(hashedNames, (Object[]) document, leftOut);
        }
        return hashed.length == 1
                ? hasher.digest(document, leftOut)
                : hasher.digest(hashedNames, (Object[]) document, leftOut);
    }

    /**
     * The members in which the arguments differ from the payload of those digests; empty if nothing is known.
     *
     * @param record the name of the record that has the other payload
     */
    List<String> differing(PayloadHasher hasher, Object[] arguments, String record, String storedDigests) {
        return hasher.differing(
                hashed.length == 1 ? null : hashedNames, document(arguments), exclusions, record, storedDigests);
    }

    /** The one hashed argument, or the array of all hashed ones. */
    private Object document(Object[] arguments) {
        if (hashed.length == 1) {
            return arguments[hashed[0]];
        }
        Object[] values = new Object[hashed.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = arguments[hashed[i]];
        }
        return values;
    }

    /** Null or empty where the call names none: it belongs to the configured one then. */
    @Nullable
    String tenant(Object[] arguments) {
        return tenant == null ? null : tenant.textIn(arguments);
    }

    /** Whether a call is refused that names no tenant, though the method has a place for it. */
    boolean isTenantRequired() {
        return tenantRequired;
    }

    String configuredTenant() {
        return configuredTenant;
    }

    /** Why the tenant's pointer matches nothing, for people; null if it matches, or if there is none. */
    @Nullable
    String describeMissingTenant(Object[] arguments) {
        return tenant == null ? null : tenant.describeMiss(arguments);
    }

    /** Whether there is a pointer for the tenant, and it matches nothing. */
    boolean isTenantMissing(Object[] arguments) {
        return tenant != null && tenant.isMissingIn(arguments);
    }

    /** Null where the call names none. */
    @Nullable
    String traceId(Object[] arguments) {
        return traceId == null ? null : traceId.textIn(arguments);
    }

    /** Why the trace id's pointer matches nothing, for people; null if it matches, or if there is none. */
    @Nullable
    String describeMissingTraceId(Object[] arguments) {
        return traceId == null ? null : traceId.describeMiss(arguments);
    }

    /** Whether there is a pointer for the trace id, and it matches nothing. */
    boolean isTraceIdMissing(Object[] arguments) {
        return traceId != null && traceId.isMissingIn(arguments);
    }

    /**
     * The key's parts joined, or the hash where the method has no key; empty if every part is null or empty, or if one of them matches
     * nothing: without that part, calls that are not the same would share a key.
     */
    String key(Object[] arguments, String hash) {
        if (keyParts.isEmpty()) {
            return hash;
        }
        if (keyParts.size() == 1) {
            String text = keyParts.get(0).textIn(arguments);
            return text == null ? "" : text;
        }
        StringBuilder key = new StringBuilder(64);
        for (int i = 0; i < keyParts.size(); i++) {
            if (i > 0) {
                key.append(':');
            }
            Place part = keyParts.get(i);
            String text = part.textIn(arguments);
            if (text != null) {
                RecordId.appendEncoded(text, key);
            } else if (part.isMissingIn(arguments)) {
                return "";
            }
        }
        return key.length() == keyParts.size() - 1 ? "" : key.toString();
    }

    /** Which part of the key matches nothing, for people; null if each is there, be it null or empty. */
    @Nullable
    String describeMissingKeyPart(Object[] arguments) {
        for (Place part : keyParts) {
            String miss = part.describeMiss(arguments);
            if (miss != null) {
                return miss;
            }
        }
        return null;
    }

    /** Names the parameter and the place in it. */
    String describe(UnhashableException failure) {
        if (hashed.length == 1 && !failure.pointer().startsWith("/" + hashedNames[0])) {
            return "parameter '" + hashedNames[0] + "' can't be hashed " + failure.getMessage();
        }
        return "its arguments can't be hashed " + failure.getMessage();
    }
}
