package io.idempotenttrace.core.canonical;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * OpenTelemetry's span and log data with what they consist of, whichever class implements them. A span that the SDK still records
 * is the data that it has by now. Attributes are an object of their keys' names.
 */
final class OpenTelemetryMapping {

    private static final String API = "io.opentelemetry.api.common.";
    private static final int TYPICAL_STATE = 64;

    private OpenTelemetryMapping() {}

    static @Nullable ValueMapping of(Class<?> known, Class<?> type) throws NoSuchMethodException {
        return switch (known.getSimpleName()) {
            case "SpanData" -> span(known);
            case "LogRecordData" -> log(known, type);
            case "ReadableSpan" -> holder(known, "toSpanData");
            case "ReadWriteLogRecord" -> holder(known, "toLogRecordData");
            case "SpanContext" ->
                all(
                        known,
                        "traceId",
                        "getTraceId",
                        "spanId",
                        "getSpanId",
                        "traceFlags",
                        "getTraceFlags",
                        "traceState",
                        "getTraceState",
                        "remote",
                        "isRemote");
            case "EventData" ->
                all(
                        known,
                        "name",
                        "getName",
                        "epochNanos",
                        "getEpochNanos",
                        "attributes",
                        "getAttributes",
                        "totalAttributeCount",
                        "getTotalAttributeCount");
            case "LinkData" ->
                all(
                        known,
                        "spanContext",
                        "getSpanContext",
                        "attributes",
                        "getAttributes",
                        "totalAttributeCount",
                        "getTotalAttributeCount");
            case "StatusData" -> all(known, "statusCode", "getStatusCode", "description", "getDescription");
            case "Resource" -> all(known, "attributes", "getAttributes", "schemaUrl", "getSchemaUrl");
            case "InstrumentationScopeInfo" ->
                all(
                        known,
                        "name",
                        "getName",
                        "version",
                        "getVersion",
                        "schemaUrl",
                        "getSchemaUrl",
                        "attributes",
                        "getAttributes");
            case "TraceFlags" -> text(LibraryMethod.of(known, "asHex"));
            case "TraceState" -> traceState(LibraryMethod.of(known, "asMap"));
            case "Attributes", "ExtendedAttributes" -> attributes(LibraryMethod.of(known, "asMap"));
            case "Value" -> value(known);
            case "KeyValue" -> all(known, "key", "getKey", "value", "getValue");
            default -> null;
        };
    }

    private static ValueMapping span(Class<?> known) throws NoSuchMethodException {
        MembersMapping span = all(
                known,
                "name",
                "getName",
                "kind",
                "getKind",
                "spanContext",
                "getSpanContext",
                "parentSpanContext",
                "getParentSpanContext",
                "status",
                "getStatus",
                "startEpochNanos",
                "getStartEpochNanos",
                "endEpochNanos",
                "getEndEpochNanos",
                "ended",
                "hasEnded",
                "attributes",
                "getAttributes",
                "events",
                "getEvents",
                "links",
                "getLinks",
                "resource",
                "getResource",
                "totalRecordedEvents",
                "getTotalRecordedEvents",
                "totalRecordedLinks",
                "getTotalRecordedLinks",
                "totalAttributeCount",
                "getTotalAttributeCount");
        return scope(span, known)
                .unhashed("traceId", LibraryMethod.of(known, "getTraceId"))
                .unhashed("spanId", LibraryMethod.of(known, "getSpanId"))
                .unhashed("parentSpanId", LibraryMethod.of(known, "getParentSpanId"));
    }

    private static ValueMapping log(Class<?> known, Class<?> type) throws NoSuchMethodException {
        MembersMapping log = all(
                known,
                "timestampEpochNanos",
                "getTimestampEpochNanos",
                "observedTimestampEpochNanos",
                "getObservedTimestampEpochNanos",
                "spanContext",
                "getSpanContext",
                "severity",
                "getSeverity",
                "severityText",
                "getSeverityText",
                "resource",
                "getResource",
                "totalAttributeCount",
                "getTotalAttributeCount");
        Class<?> extended =
                LibraryMappings.supertype(type, "io.opentelemetry.sdk.logs.data.internal.ExtendedLogRecordData");
        log.with(
                "attributes",
                extended != null
                        ? LibraryMethod.of(extended, "getExtendedAttributes")
                        : LibraryMethod.of(known, "getAttributes"));
        LibraryMethod eventName = LibraryMethod.ifThere(known, "getEventName");
        if (eventName != null) {
            log.withPresent("eventName", eventName);
        }
        LibraryMethod body = LibraryMethod.ifThere(known, "getBodyValue");
        if (body == null) {
            LibraryMethod textBody = LibraryMethod.of(known, "getBody");
            log.with(
                    "body",
                    value -> LibraryMethods.of(textBody.read(value), "io.opentelemetry.sdk.logs.data.Body", "asString")
                            .read(textBody.read(value)));
        } else {
            log.with("body", body);
        }
        return scope(log, known);
    }

    private static MembersMapping scope(MembersMapping members, Class<?> known) throws NoSuchMethodException {
        return members.with("instrumentationScope", LibraryMethod.of(known, "getInstrumentationScopeInfo"));
    }

    /** @param namesAndMethods a member's name, then the method that gives it */
    private static MembersMapping all(Class<?> known, String... namesAndMethods) throws NoSuchMethodException {
        MembersMapping members = new MembersMapping();
        for (int i = 0; i < namesAndMethods.length; i += 2) {
            members.with(namesAndMethods[i], LibraryMethod.of(known, namesAndMethods[i + 1]));
        }
        return members;
    }

    private static ValueMapping holder(Class<?> known, String method) throws NoSuchMethodException {
        return new ScalarMapping.Holder(LibraryMethod.of(known, method)::read);
    }

    private static ValueMapping text(LibraryMethod method) {
        return new ScalarMapping.Text(value -> (String) method.read(value));
    }

    /** As the W3C's header writes it: the order of the entries counts. */
    private static ValueMapping traceState(LibraryMethod asMap) {
        return new ScalarMapping.Text(state -> {
            StringBuilder text = new StringBuilder(TYPICAL_STATE);
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) asMap.read(state)).entrySet()) {
                text.append(text.isEmpty() ? "" : ",")
                        .append(entry.getKey())
                        .append('=')
                        .append(entry.getValue());
            }
            return text.toString();
        });
    }

    private static ValueMapping attributes(LibraryMethod asMap) {
        return new ScalarMapping.Holder(attributes -> {
            Map<String, Object> members = new LinkedHashMap<>();
            ((Map<?, ?>) asMap.read(attributes)).forEach((key, value) -> {
                boolean extended = LibraryMappings.supertype(key.getClass(), API + "AttributeKey") == null;
                String name = (String) LibraryMethods.of(
                                key,
                                extended
                                        ? "io.opentelemetry.api.incubator.common.ExtendedAttributeKey"
                                        : API + "AttributeKey",
                                "getKey")
                        .read(key);
                members.put(name, value);
            });
            return members;
        });
    }

    private static ValueMapping value(Class<?> known) throws NoSuchMethodException {
        LibraryMethod kind = LibraryMethod.of(known, "getType");
        LibraryMethod content = LibraryMethod.of(known, "getValue");
        return new ScalarMapping.Holder(value -> switch (((Enum<?>) kind.read(value)).name()) {
            case "EMPTY" -> null;
            // Text could be the same base64.
            case "BYTES" -> Map.of("base64", ((ByteBuffer) content.read(value)).duplicate());
            case "KEY_VALUE_LIST" -> members((List<?>) content.read(value));
            default -> content.read(value);
        });
    }

    /** As an object; a list of key and value where a key comes twice, since nothing may be left out. */
    private static Object members(List<?> pairs) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (Object pair : pairs) {
            members.put(
                    (String) LibraryMethods.of(pair, API + "KeyValue", "getKey").read(pair),
                    LibraryMethods.of(pair, API + "KeyValue", "getValue").read(pair));
        }
        return members.size() == pairs.size() ? members : new ArrayList<>(pairs);
    }
}
