package io.idempotenttrace.weaver;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.canonical.Exclusions;
import io.idempotenttrace.core.canonical.PayloadDigest;
import io.idempotenttrace.core.canonical.PayloadHasher;
import io.idempotenttrace.core.canonical.Pointer;
import io.idempotenttrace.core.canonical.UnhashableException;
import io.idempotenttrace.core.store.RecordId;
import java.util.ArrayList;
import java.util.List;

/** Which of a method's arguments are payload, key, tenant and trace id. Immutable. */
final class CallDocument {

    /** A place in the arguments: the value at a pointer into one of them. */
    private record Place(int parameter, String parameterName, Pointer pointer) {

        /** Null where nothing is there. */
        String textIn(Object[] arguments) {
            try {
                return pointer.textAt(arguments[parameter]);
            } catch (UnhashableException e) {
                throw new UnhashableException("/" + parameterName + e.pointer(), e.reason(), e.getCause());
            }
        }
    }

    private final List<Place> keyParts = new ArrayList<>();
    private final Place tenant;
    private final Place traceId;
    private final int[] hashed;
    private final String[] hashedNames;
    private final Exclusions exclusions;
    private final String configuredTenant;
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
        exclusions = Exclusions.parse(method.exclude().toArray(new String[0]));
        configuredTenant = configuration.text(Setting.TENANT);
        conflictDetail = configuration.text(Setting.CONFLICT_DETAIL, Policies.settingScope(method)).equals("true");
    }

    /** @throws UnhashableException if an argument has no canonical JSON */
    PayloadDigest digest(PayloadHasher hasher, Object[] arguments) {
        Object document = document(arguments);
        if (!conflictDetail) {
            return new PayloadDigest(hashed.length == 1 ? hasher.hash(document, exclusions)
                    : hasher.hash(hashedNames, (Object[]) document, exclusions), "");
        }
        return hashed.length == 1 ? hasher.digest(document, exclusions)
                : hasher.digest(hashedNames, (Object[]) document, exclusions);
    }

    /** The members in which the arguments differ from the payload of those digests; empty if nothing is known. */
    List<String> differing(PayloadHasher hasher, Object[] arguments, String storedDigests) {
        return storedDigests.isEmpty() ? List.of()
                : hasher.differing(hashed.length == 1 ? null : hashedNames, document(arguments), exclusions, storedDigests);
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

    /** Never empty: the configured one where the call names none. */
    String tenant(Object[] arguments) {
        String text = tenant == null ? null : tenant.textIn(arguments);
        return text == null || text.isEmpty() ? configuredTenant : text;
    }

    /** Empty where the call names none. */
    String traceId(Object[] arguments) {
        String text = traceId == null ? null : traceId.textIn(arguments);
        return text == null ? "" : text;
    }

    /** The key's parts joined, or the hash where the method has no key; empty if every part is missing or empty. */
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
            String text = keyParts.get(i).textIn(arguments);
            if (text != null) {
                RecordId.appendEncoded(text, key);
            }
        }
        return key.length() == keyParts.size() - 1 ? "" : key.toString();
    }

    /** Names the parameter and the place in it. */
    String describe(UnhashableException failure) {
        if (hashed.length == 1 && !failure.pointer().startsWith("/" + hashedNames[0])) {
            return "parameter '" + hashedNames[0] + "' can't be hashed " + failure.getMessage();
        }
        return "its arguments can't be hashed " + failure.getMessage();
    }
}
