package io.idempotenttrace.payloads;

import com.google.protobuf.ByteString;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.testing.logs.TestLogRecordData;
import io.opentelemetry.sdk.testing.trace.TestSpanData;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** Kafka's records and what tracing libraries emit. */
class TelemetryPayloadsTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";

    private static ConsumerRecord<String, String> record(
            String topic, int partition, long offset, long timestamp, Headers headers, String key, String value) {
        return new ConsumerRecord<>(
                topic,
                partition,
                offset,
                timestamp,
                TimestampType.CREATE_TIME,
                key.length(),
                value.length(),
                key,
                value,
                headers,
                Optional.of(3));
    }

    private static RecordHeaders headers(String... namesAndValues) {
        RecordHeaders headers = new RecordHeaders();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1].getBytes(StandardCharsets.UTF_8));
        }
        return headers;
    }

    @Test
    void aConsumedRecordIsKeyValueAndHeadersWhereverItLies() {
        Payload.of(record("spans", 1, 17, 1000, headers("x", "y"), "k", "v"))
                .is("{\"headers\":{\"x\":\"y\"},\"key\":\"k\",\"value\":\"v\"}")
                .equalTo(record("spans-retry", 0, 3, 2000, headers("x", "y"), "k", "v"))
                .differsFrom(
                        record("spans", 1, 17, 1000, headers("x", "y"), "k", "w"),
                        record("spans", 1, 17, 1000, headers("x", "y"), "j", "v"),
                        record("spans", 1, 17, 1000, headers("x", "z"), "k", "v"),
                        record("spans", 1, 17, 1000, headers(), "k", "v"))
                .at("/key", "k")
                .at("/value", "v")
                .at("/headers/x", "y")
                .at("/topic", "spans")
                .at("/partition", "1")
                .at("/offset", "17")
                .at("/timestamp", "1000")
                .at("/leaderEpoch", "3")
                .at("/headers/absent", null);
    }

    @Test
    void headersOfOneNameAreAListAndBytesThatAreNoTextStayApartFromText() {
        Payload.of(record("t", 0, 0, 0, headers("x", "1", "y", "2", "x", "3"), "k", "v"))
                .is("{\"headers\":{\"x\":[\"1\",\"3\"],\"y\":\"2\"},\"key\":\"k\",\"value\":\"v\"}")
                .differsFrom(record("t", 0, 0, 0, headers("x", "3", "y", "2", "x", "1"), "k", "v"))
                .at("/headers/x/1", "3");
        RecordHeaders binary = headers();
        binary.add("x", new byte[] {(byte) 0xff, 0});
        binary.add("none", null);
        Payload.of(record("t", 0, 0, 0, binary, "k", "v"))
                .is("{\"headers\":{\"none\":null,\"x\":{\"base64\":\"/wA=\"}},\"key\":\"k\",\"value\":\"v\"}")
                .differsFrom(record("t", 0, 0, 0, headers("x", "/wA="), "k", "v"));
    }

    @Test
    void whatSpringAddsAtEachTryIsNoPartOfTheHash() {
        Payload.of(record("t", 0, 0, 0, headers("x", "1"), "k", "v"))
                .equalTo(record(
                        "t",
                        0,
                        0,
                        0,
                        headers("x", "1", "kafka_deliveryAttempt", "2", "retry_topic-attempts", "3"),
                        "k",
                        "v"));
        Payload.of(record("t", 0, 0, 0, headers("retry_topic-attempts", "3"), "k", "v"))
                .at("/headers/retry_topic-attempts", "3");
    }

    @Test
    void aProducedRecordCountsItsOwnTimestamp() {
        Payload.of(new ProducerRecord<>("spans", "k", "v"))
                .is("{\"headers\":{},\"key\":\"k\",\"value\":\"v\"}")
                .equalTo(new ProducerRecord<>("spans", 4, "k", "v"))
                .differsFrom(
                        new ProducerRecord<>("spans", "k", "w"), new ProducerRecord<>("spans", null, 17L, "k", "v"))
                .at("/topic", "spans")
                .at("/value", "v");
        Payload.of(new ProducerRecord<>("spans", null, Map.of("id", 7)))
                .is("{\"headers\":{},\"key\":null,\"value\":{\"id\":7}}")
                .at("/value/id", "7");
    }

    private static TestSpanData.Builder span() {
        return TestSpanData.builder()
                .setName("login")
                .setKind(SpanKind.SERVER)
                .setStartEpochNanos(1)
                .setEndEpochNanos(2)
                .setHasEnded(true)
                .setStatus(StatusData.ok())
                .setResource(Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), "web")))
                .setSpanContext(SpanContext.create(
                        TRACE,
                        SPAN,
                        TraceFlags.getSampled(),
                        TraceState.builder().put("a", "b").build()))
                .setAttributes(Attributes.of(
                        AttributeKey.stringKey("user"), "u1", AttributeKey.longArrayKey("n"), List.of(1L, 2L)))
                .setEvents(List.of(EventData.create(5, "e", Attributes.empty())))
                .setLinks(List.of(LinkData.create(SpanContext.getInvalid())))
                .setInstrumentationScopeInfo(InstrumentationScopeInfo.create("scope"));
    }

    @Test
    void spanDataIsAllThatItSays() {
        SpanContext context = SpanContext.create(
                TRACE,
                SPAN,
                TraceFlags.getSampled(),
                TraceState.builder().put("a", "b").build());
        Payload.of(span().build())
                .equalTo(span().build())
                .differsFrom(
                        span().setName("logout").build(),
                        span().setEndEpochNanos(3).build(),
                        span().setAttributes(Attributes.of(AttributeKey.stringKey("user"), "u2"))
                                .build(),
                        span().setStatus(StatusData.error()).build(),
                        span().setEvents(List.of()).build(),
                        span().setLinks(List.of()).build(),
                        span().setResource(Resource.empty()).build(),
                        span().setParentSpanContext(context).build(),
                        span().setKind(SpanKind.CLIENT).build(),
                        span().setInstrumentationScopeInfo(InstrumentationScopeInfo.create("other"))
                                .build(),
                        span().setTotalAttributeCount(9).build())
                .at("/traceId", TRACE)
                .at("/spanId", SPAN)
                .at("/name", "login")
                .at("/attributes/user", "u1")
                .at("/attributes/n/1", "2")
                .at("/resource/attributes/service.name", "web")
                .at("/spanContext/traceState", "a=b")
                .at("/status/statusCode", "OK")
                .includes("/name;/traceId", "{\"name\":\"login\",\"traceId\":\"" + TRACE + "\"}");
        Payload.of(context)
                .is("{\"remote\":false,\"spanId\":\"" + SPAN + "\",\"traceFlags\":\"01\",\"traceId\":\"" + TRACE
                        + "\",\"traceState\":\"a=b\"}");
    }

    @Test
    void aSpanThatTheSdkRecordsIsItsData() {
        try (SdkTracerProvider tracers = SdkTracerProvider.builder().build()) {
            io.opentelemetry.api.trace.Span span =
                    tracers.get("test").spanBuilder("login").startSpan();
            SpanData data = ((io.opentelemetry.sdk.trace.ReadableSpan) span).toSpanData();
            Payload.of(span).equalTo(data).at("/traceId", span.getSpanContext().getTraceId());
            span.setAttribute("user", "u1");
            Payload.of(span).differsFrom(data);
        }
    }

    @Test
    void logRecordDataWithEveryKindOfBody() {
        Payload.of(log(Value.of("hello")))
                .differsFrom(log(Value.of("bye")), log(Value.of(1)), log(Value.of(true)))
                .at("/body", "hello")
                .at("/severity", "INFO")
                .at("/attributes/a", "1");
        Payload.of(log(Value.of(1))).differsFrom(log(Value.of("1")), log(Value.of(1.0)));
        Payload.of(Value.of(KeyValue.of("k", Value.of(1)), KeyValue.of("l", Value.of(Value.of("x")))))
                .is("{\"k\":1,\"l\":[\"x\"]}");
        Payload.of(Value.of(new byte[] {1, 2, 3})).is("{\"base64\":\"AQID\"}").differsFrom(Value.of("AQID"));
        Payload.of(Value.empty()).is("null");
    }

    private static Object log(Value<?> body) {
        return TestLogRecordData.builder()
                .setBodyValue(body)
                .setSeverity(Severity.INFO)
                .setTimestamp(java.time.Instant.ofEpochSecond(1))
                .setAttributes(Attributes.of(AttributeKey.longKey("a"), 1L))
                .build();
    }

    private static zipkin2.Span.Builder zipkin() {
        return zipkin2.Span.newBuilder()
                .traceId(TRACE)
                .id(SPAN)
                .name("login")
                .timestamp(5)
                .duration(7)
                .localEndpoint(zipkin2.Endpoint.newBuilder()
                        .serviceName("web")
                        .ip("1.2.3.4")
                        .port(80)
                        .build())
                .putTag("a", "b")
                .addAnnotation(6, "x");
    }

    @Test
    void zipkinSpansAreZipkinsJson() {
        zipkin2.Span span = zipkin().build();
        Payload.of(span)
                .is("{\"annotations\":[{\"timestamp\":6,\"value\":\"x\"}],\"duration\":7,\"id\":\"" + SPAN
                        + "\",\"localEndpoint\":{\"ipv4\":\"1.2.3.4\",\"port\":80,\"serviceName\":\"web\"},\"name\":\"login\","
                        + "\"tags\":{\"a\":\"b\"},\"timestamp\":5,\"traceId\":\"" + TRACE + "\"}")
                .equalTo(zipkin().build())
                .differsFrom(
                        zipkin().name("logout").build(),
                        zipkin().kind(zipkin2.Span.Kind.SERVER).build(),
                        zipkin().putTag("c", "d").build(),
                        zipkin().debug(true).build(),
                        zipkin().shared(true).build(),
                        zipkin().parentId("1").build(),
                        zipkin().addAnnotation(6, "y").build())
                .at("/traceId", TRACE)
                .at("/id", SPAN)
                .at("/tags/a", "b")
                .at("/localEndpoint/serviceName", "web");
        Payload.of(span)
                .equalTo(io.idempotenttrace.core.canonical.JsonReader.read(
                        new String(zipkin2.codec.SpanBytesEncoder.JSON_V2.encode(span), StandardCharsets.UTF_8)));
    }

    private static brave.handler.MutableSpan brave() {
        brave.handler.MutableSpan span = new brave.handler.MutableSpan();
        span.traceId(TRACE);
        span.id(SPAN);
        span.name("login");
        span.startTimestamp(5);
        span.localServiceName("web");
        span.tag("a", "b");
        span.annotate(6, "x");
        return span;
    }

    @Test
    void bravesSpanIsAllThatItHolds() {
        brave.handler.MutableSpan tagged = brave();
        tagged.tag("c", "d");
        brave.handler.MutableSpan renamed = brave();
        renamed.name("logout");
        brave.handler.MutableSpan failed = brave();
        failed.error(new IllegalStateException("no"));
        brave.handler.MutableSpan annotated = brave();
        annotated.annotate(7, "x");
        Payload.of(brave())
                .is("{\"annotations\":[{\"timestamp\":6,\"value\":\"x\"}],\"id\":\"" + SPAN
                        + "\",\"localServiceName\":\"web\",\"name\":\"login\",\"startTimestamp\":5,\"tags\":{\"a\":\"b\"},"
                        + "\"traceId\":\"" + TRACE + "\"}")
                .equalTo(brave())
                .differsFrom(tagged, renamed, failed, annotated)
                .at("/traceId", TRACE)
                .at("/tags/a", "b");
    }

    @Test
    void spansOfOtlpAreProtobuf() {
        io.opentelemetry.proto.trace.v1.Span span = io.opentelemetry.proto.trace.v1.Span.newBuilder()
                .setTraceId(ByteString.copyFromUtf8("0123456789abcdef"))
                .setName("login")
                .build();
        Payload.of(span)
                .is("{\"name\":\"login\",\"traceId\":\"MDEyMzQ1Njc4OWFiY2RlZg==\"}")
                .differsFrom(span.toBuilder().setName("logout").build())
                .at("/name", "login");
    }

    @Test
    void fieldsOfANewerSchemaCount() throws Exception {
        io.opentelemetry.proto.trace.v1.Span span = io.opentelemetry.proto.trace.v1.Span.newBuilder()
                .setName("login")
                .build();
        Payload.of(newer(span, 1))
                .differsFrom(span, newer(span, 2))
                .at("/name", "login")
                .is("{\"@unknownFields\":{\"\":\"gH0B\"},\"name\":\"login\"}");
        io.opentelemetry.proto.trace.v1.ScopeSpans.Builder spans =
                io.opentelemetry.proto.trace.v1.ScopeSpans.newBuilder();
        Payload.of(spans.clone().addSpans(newer(span, 1)).addSpans(span).build())
                .differsFrom(
                        spans.clone().addSpans(span).addSpans(newer(span, 1)).build());
    }

    private static io.opentelemetry.proto.trace.v1.Span newer(io.opentelemetry.proto.trace.v1.Span span, int value) {
        return span.toBuilder()
                .setUnknownFields(com.google.protobuf.UnknownFieldSet.newBuilder()
                        .addField(
                                2000,
                                com.google.protobuf.UnknownFieldSet.Field.newBuilder()
                                        .addVarint(value)
                                        .build())
                        .build())
                .build();
    }

    @Test
    void recordsOfKafkaConnect() {
        org.apache.kafka.connect.data.Schema schema = org.apache.kafka.connect.data.SchemaBuilder.struct()
                .field("id", org.apache.kafka.connect.data.Schema.STRING_SCHEMA)
                .build();
        Payload.of(sink(schema, "a", 1))
                .is("{\"headers\":{\"x\":7},\"key\":\"k\",\"value\":{\"id\":\"a\"}}")
                .equalTo(sink(schema, "a", 2))
                .differsFrom(sink(schema, "b", 1))
                .at("/value/id", "a")
                .at("/topic", "t");
    }

    private static Object sink(org.apache.kafka.connect.data.Schema schema, String id, long offset) {
        org.apache.kafka.connect.sink.SinkRecord record = new org.apache.kafka.connect.sink.SinkRecord(
                "t", 0, null, "k", schema, new org.apache.kafka.connect.data.Struct(schema).put("id", id), offset);
        record.headers().addInt("x", 7);
        return record;
    }

    @Test
    void jaegersThriftSpan() {
        Payload.of(jaeger("login"))
                .equalTo(jaeger("login"))
                .differsFrom(jaeger("logout"))
                .at("/traceIdLow", "1")
                .at("/operationName", "login")
                .at("/tags/0/vStr", "v")
                .at("/references", null);
    }

    private static io.jaegertracing.thriftjava.Span jaeger(String name) {
        io.jaegertracing.thriftjava.Tag tag =
                new io.jaegertracing.thriftjava.Tag("k", io.jaegertracing.thriftjava.TagType.STRING);
        tag.setVStr("v");
        return new io.jaegertracing.thriftjava.Span(1, 2, 3, 0, name, 1, 5, 6).setTags(List.of(tag));
    }
}
