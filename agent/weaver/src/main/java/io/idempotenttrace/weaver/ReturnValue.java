package io.idempotenttrace.weaver;

import io.idempotenttrace.DuplicateTraceException;
import io.idempotenttrace.TraceInProgressException;
import io.idempotenttrace.core.canonical.PayloadHasher;
import io.idempotenttrace.core.classfile.ReturnedReceiver;
import io.idempotenttrace.core.failure.Failures;
import io.idempotenttrace.core.guard.Admission;
import io.idempotenttrace.core.guard.GuardLog;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.RecordId;
import java.lang.reflect.Type;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;

/**
 * What a method returns: how it is stored when its body has run, and how a duplicate gets it back. A value is never made up:
 * where none is stored, the duplicate gets an exception.
 */
final class ReturnValue {

    private enum Kind {
        VOID,
        TRACE_ID,
        /** Of a method that returns the object it is called on: nothing is stored, and a duplicate gets its own. */
        RECEIVER,
        RESULT
    }

    private static final String NULL_JSON = "null";
    private static final String EMPTY_JSON = "\"\"";

    private final MethodSpecification method;
    private final Kind kind;
    private final Class<?> traceIdType;
    /** Null where nothing is written as JSON: of all kinds but RESULT. */
    private final @Nullable ResultJson json;

    private final int maxResultBytes;
    private final GuardLog log;
    private final PayloadHasher hasher;

    /**
     * @param declaring the woven class
     * @param type what the body's end brings: the method's return type, or what its stage or publisher gives
     */
    ReturnValue(MethodSpecification method, Class<?> declaring, Type type, GuardedMethod.Parts parts) {
        this(method, declaring, type, kind(method, raw(type)), /* part= */ false, parts);
    }

    private ReturnValue(
            MethodSpecification method,
            Class<?> declaring,
            Type type,
            Kind kind,
            boolean part,
            GuardedMethod.Parts parts) {
        this.method = method;
        this.log = parts.log();
        this.hasher = parts.hasher();
        this.kind = kind;
        this.traceIdType = raw(type);
        this.json = kind == Kind.RESULT ? new ResultJson(type, declaring, part) : null;
        this.maxResultBytes = Policies.maxResultBytes(method, parts.configuration());
    }

    private static Class<?> raw(Type type) {
        return type instanceof JavaType known
                ? known.getRawClass()
                : type instanceof Class<?> known ? known : Object.class;
    }

    private static Kind kind(MethodSpecification method, Class<?> type) {
        return type == void.class || type == Void.class
                ? Kind.VOID
                : method.traceIdReturned() ? Kind.TRACE_ID : Kind.RESULT;
    }

    /**
     * What a method returns when it returns, which may be the object that it is called on.
     *
     * @param returned its return type
     */
    static ReturnValue ofImmediate(
            MethodSpecification method,
            Class<?> declaring,
            Class<?> returned,
            Type generic,
            GuardedMethod.Parts parts) {
        boolean receiver = returned.isAssignableFrom(declaring)
                && GuardWriter.passesReceiver(method)
                && ReturnedReceiver.isAll(declaring, method.methodName(), method.descriptor());
        return new ReturnValue(
                method,
                declaring,
                generic,
                receiver ? Kind.RECEIVER : kind(method, raw(generic)),
                /* part= */ false,
                parts);
    }

    /** As the constructor, for one of many items, which are stored as one JSON list. */
    static ReturnValue ofItem(MethodSpecification method, Class<?> declaring, Type type, GuardedMethod.Parts parts) {
        return new ReturnValue(method, declaring, type, kind(method, raw(type)), /* part= */ true, parts);
    }

    /** What is stored of a result that is JSON already. */
    Completion completionOf(String text, byte[] json) {
        return new Completion("", text, hasher.resultHashOf(json));
    }

    boolean isVoid() {
        return kind == Kind.VOID;
    }

    /** The class of the values, as far as it is declared. */
    Class<?> declaredClass() {
        return traceIdType;
    }

    /**
     * What is stored of the value that a body returned.
     *
     * @param receiver the object that its method was called on; null where it is not known
     * @throws UnendedWork if a part of it goes on where nobody sees its end
     */
    @SuppressWarnings("ReferenceEquality") // It is about which object it is.
    Completion completion(@Nullable Object returned, @Nullable Object receiver) {
        if (kind == Kind.VOID || kind == Kind.RECEIVER) {
            return Completion.EMPTY;
        }
        if (json == null) {
            // Null and an empty text have to be stored as such: an empty trace id would let the claim's own be taken
            // for the returned one.
            String text = returned == null ? NULL_JSON : returned.toString();
            return returned == null || text.isEmpty()
                    ? new Completion("", returned == null ? NULL_JSON : EMPTY_JSON, "")
                    : new Completion(text, null, "");
        }
        if (returned != null && returned == receiver) {
            sayNotStored(json, "it is the object that the method was called on");
            return Completion.EMPTY;
        }
        ResultBytes written = new ResultBytes(maxResultBytes);
        try {
            json.write(returned, written);
            return new Completion("", written.text(), hasher.resultHash(written.sha256()));
        } catch (Throwable e) {
            // Also what getters of the application throw: the body has run, and is done.
            UnendedWork unended = UnendedWork.in(e);
            if (unended != null) {
                throw unended;
            }
            sayNotStored(json, Failures.firstLine(e));
            return Completion.EMPTY;
        }
    }

    private void sayNotStored(ResultJson json, String reason) {
        log.sayOnceAPeriod(
                GuardLog.Occasion.REPLAY_FAILED,
                method.qualifiedName(),
                method.qualifiedName() + ": its result of type " + json.typeName() + " can't be stored (" + reason
                        + "); its duplicates get DuplicateTraceException");
    }

    /**
     * The value that a duplicate gets; null if the method is void.
     *
     * @param receiver the object that the duplicate's method is called on; null where it is not known
     */
    @Nullable
    Object replay(Admission.Stored stored, RecordId id, @Nullable Object receiver) {
        if (kind == Kind.VOID) {
            return null;
        }
        if (stored.ownerRuns() && (kind != Kind.TRACE_ID || stored.traceId().isEmpty())) {
            throw new TraceInProgressException(
                    method.qualifiedName() + ": key '" + id.key() + "' of tenant '" + id.tenant()
                            + "' is held by a running call, so there is no result to return yet (on-in-progress=skip). Retry later",
                    id.tenant(),
                    id.key(),
                    stored.traceId().isEmpty() ? null : stored.traceId(),
                    null);
        }
        if (kind == Kind.RECEIVER) {
            return receiver;
        }
        return json == null ? replayTraceId(stored, id) : replayResult(json, stored, id);
    }

    private @Nullable Object replayTraceId(Admission.Stored stored, RecordId id) {
        String traceId = stored.traceId();
        if (NULL_JSON.equals(stored.result()) && !traceIdType.isPrimitive()) {
            return null;
        }
        if (EMPTY_JSON.equals(stored.result()) && traceIdType.isAssignableFrom(String.class)) {
            return "";
        }
        if (traceId.isEmpty()) {
            throw nothingReplayed("no trace id is stored", stored, id, null);
        }
        try {
            if (traceIdType == UUID.class) {
                return UUID.fromString(traceId);
            }
            return traceIdType == long.class || traceIdType == Long.class ? (Object) Long.valueOf(traceId) : traceId;
        } catch (IllegalArgumentException e) {
            throw nothingReplayed("the stored trace id is no " + traceIdType.getSimpleName(), stored, id, null);
        }
    }

    private @Nullable Object replayResult(ResultJson json, Admission.Stored stored, RecordId id) {
        if (stored.result() == null) {
            throw nothingReplayed(
                    "no result is stored (larger than max-result-bytes=" + maxResultBytes
                            + ", not brought back by JSON as it was, an object that the method was called on, brought by a future or publisher that the method does not declare, encrypted with a key"
                            + " that is not known here, or another worker's record)",
                    stored,
                    id,
                    null);
        }
        try {
            return json.read(stored.result());
        } catch (Throwable e) {
            // Also what constructors and setters of the application throw: the body must not run for it.
            throw nothingReplayed(
                    "the stored result can't be read back as " + json.typeName() + " ("
                            + e.getClass().getSimpleName() + ")",
                    stored,
                    id,
                    e);
        }
    }

    /** A duplicate that can get no value, for that reason. */
    DuplicateTraceException nothingReplayed(
            String reason, Admission.Stored stored, RecordId id, @Nullable Throwable cause) {
        return new DuplicateTraceException(
                method.qualifiedName() + ": duplicate of a completed call with key '" + id.key() + "' of tenant '"
                        + id.tenant() + "', but " + reason + ". The body ran before; acknowledge the message",
                id.tenant(),
                id.key(),
                stored.traceId().isEmpty() ? null : stored.traceId(),
                cause);
    }
}
