package io.idempotenttrace.survey;

import brave.handler.MutableSpan;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.CollectionRegistration;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.ParameterizedMessage;
import org.apache.logging.log4j.message.SimpleMessage;

/** Spans, events, metrics and lines of logs: what this agent is made for. */
final class Traces {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";

    private Traces() {}

    static void add(Survey survey) {
        openTelemetry(survey);
        openTelemetryProtocol(survey);
        zipkin(survey);
        openTracing(survey);
        metrics(survey);
        logs(survey);
    }

    private static void openTelemetry(Survey survey) {
        Library library = survey.library("io.opentelemetry:opentelemetry-sdk", "the standard of traces");
        library.type("SpanData", () -> ended("login", "u1", 10, span -> {}))
                .part("name", () -> ended("logout", "u1", 10, span -> {}))
                .part("attribute", () -> ended("login", "u2", 10, span -> {}))
                .part("end", () -> ended("login", "u1", 11, span -> {}))
                .part("status", () -> ended("login", "u1", 10, span -> span.setStatus(StatusCode.ERROR)))
                .part("status text", () -> ended("login", "u1", 10, span -> span.setStatus(StatusCode.ERROR, "why")))
                .part("event", () -> ended("login", "u1", 10, span -> span.addEvent("e", Instant.ofEpochSecond(5))))
                .part("link", () -> ended("login", "u1", 10, span -> span.addLink(context(TRACE, SPAN))));
        library.type("SpanContext", () -> context(TRACE, SPAN))
                .part("trace id", () -> context(TRACE.replace('0', '1'), SPAN))
                .part("span id", () -> context(TRACE, SPAN.replace('b', 'c')))
                .part("flags", () -> SpanContext.create(TRACE, SPAN, TraceFlags.getDefault(), TraceState.getDefault()))
                .part(
                        "state",
                        () -> SpanContext.create(
                                TRACE,
                                SPAN,
                                TraceFlags.getSampled(),
                                TraceState.builder().put("a", "b").build()))
                .part(
                        "remote",
                        () -> SpanContext.createFromRemoteParent(
                                TRACE, SPAN, TraceFlags.getSampled(), TraceState.getDefault()));
        library.type("Attributes", () -> Attributes.of(AttributeKey.stringKey("a"), "b"))
                .part("value", () -> Attributes.of(AttributeKey.stringKey("a"), "c"))
                .part("name", () -> Attributes.of(AttributeKey.stringKey("b"), "b"))
                .part("kind", () -> Attributes.of(AttributeKey.longKey("a"), 1L))
                .part("list", () -> Attributes.of(AttributeKey.stringArrayKey("a"), List.of("b")))
                .part("nothing", Attributes::empty);
        library.type("AttributeKey", () -> AttributeKey.stringKey("a"))
                .part("name", () -> AttributeKey.stringKey("b"))
                .partOfPayload("type", () -> AttributeKey.longKey("a"));
        library.type("Resource", () -> Resource.create(Attributes.of(AttributeKey.stringKey("a"), "b")))
                .part("attribute", () -> Resource.create(Attributes.of(AttributeKey.stringKey("a"), "c")))
                .part("schema", () -> Resource.create(Attributes.of(AttributeKey.stringKey("a"), "b"), "http://s"));
        library.type("EventData", () -> EventData.create(1, "e", Attributes.empty()))
                .part("time", () -> EventData.create(2, "e", Attributes.empty()))
                .part("name", () -> EventData.create(1, "f", Attributes.empty()))
                .part("attribute", () -> EventData.create(1, "e", Attributes.of(AttributeKey.stringKey("a"), "b")));
        library.type("LinkData", () -> LinkData.create(context(TRACE, SPAN)))
                .part("span", () -> LinkData.create(context(TRACE, SPAN.replace('b', 'c'))));
        library.type("StatusData", () -> StatusData.create(StatusCode.ERROR, "a"))
                .part("text", () -> StatusData.create(StatusCode.ERROR, "b"))
                .part("code", () -> StatusData.create(StatusCode.OK, "a"));
        library.type("LogRecordData", () -> log("a", Severity.INFO, "x"))
                .part("body", () -> log("b", Severity.INFO, "x"))
                .part("severity", () -> log("a", Severity.WARN, "x"))
                .part("attribute", () -> log("a", Severity.INFO, "y"));
        library.type("MetricData", () -> counted("c", 1))
                .part("name", () -> counted("d", 1))
                .part("value", () -> counted("c", 2));
        library.type("Value", () -> Value.of("a"))
                .part("text", () -> Value.of("b"))
                .part("list", () -> Value.of(Value.of("a"), Value.of("b")))
                .part("bytes", () -> Value.of(new byte[] {1}));
        library.type("Baggage", () -> Baggage.builder().put("a", "b").build())
                .part("value", () -> Baggage.builder().put("a", "c").build())
                .part("name", () -> Baggage.builder().put("c", "b").build());
        library.type("InstrumentationScopeInfo", () -> InstrumentationScopeInfo.create("a"))
                .part("name", () -> InstrumentationScopeInfo.create("b"))
                .part(
                        "version",
                        () -> InstrumentationScopeInfo.builder("a")
                                .setVersion("1")
                                .build());
        library.type("TraceState", () -> TraceState.builder().put("a", "b").build())
                .part("value", () -> TraceState.builder().put("a", "c").build());
        library.type("TraceFlags", TraceFlags::getSampled).part("flag", TraceFlags::getDefault);
        library.type("SpanKind", () -> SpanKind.CLIENT).part("kind", () -> SpanKind.SERVER);
        library.type("CompletableResultCode", CompletableResultCode::ofSuccess)
                .part("result", CompletableResultCode::ofFailure);
    }

    private static SpanContext context(String trace, String span) {
        return SpanContext.create(trace, span, TraceFlags.getSampled(), TraceState.getDefault());
    }

    /** A span that the SDK has ended, as an exporter gets it. */
    private static SpanData ended(
            String name, String user, long end, Consumer<io.opentelemetry.api.trace.Span> change) {
        List<SpanData> exported = new ArrayList<>();
        SpanExporter exporter = new SpanExporter() {
            @Override
            public CompletableResultCode export(Collection<SpanData> spans) {
                exported.addAll(spans);
                return CompletableResultCode.ofSuccess();
            }

            @Override
            public CompletableResultCode flush() {
                return CompletableResultCode.ofSuccess();
            }

            @Override
            public CompletableResultCode shutdown() {
                return CompletableResultCode.ofSuccess();
            }
        };
        IdGenerator ids = new IdGenerator() {
            @Override
            public String generateSpanId() {
                return SPAN;
            }

            @Override
            public String generateTraceId() {
                return TRACE;
            }
        };
        try (SdkTracerProvider provider = SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                .setIdGenerator(ids)
                .setResource(Resource.empty())
                .build()) {
            io.opentelemetry.api.trace.Span span = provider.get("survey")
                    .spanBuilder(name)
                    .setStartTimestamp(Instant.ofEpochSecond(1))
                    .setAttribute("user", user)
                    .setNoParent()
                    .startSpan();
            change.accept(span);
            span.end(Instant.ofEpochSecond(end));
        }
        return exported.get(0);
    }

    private static LogRecordData log(String body, Severity severity, String attribute) {
        List<LogRecordData> exported = new ArrayList<>();
        try (SdkLoggerProvider provider = SdkLoggerProvider.builder()
                .setResource(Resource.empty())
                .addLogRecordProcessor((context, log) -> exported.add(log.toLogRecordData()))
                .build()) {
            provider.get("survey")
                    .logRecordBuilder()
                    .setBody(body)
                    .setSeverity(severity)
                    .setTimestamp(Instant.ofEpochSecond(1))
                    .setObservedTimestamp(Instant.ofEpochSecond(1))
                    .setAttribute(AttributeKey.stringKey("a"), attribute)
                    .emit();
        }
        return exported.get(0);
    }

    private static MetricData counted(String name, long value) {
        Reader reader = new Reader();
        io.opentelemetry.sdk.common.Clock clock = new io.opentelemetry.sdk.common.Clock() {
            @Override
            public long now() {
                return 1;
            }

            @Override
            public long nanoTime() {
                return 1;
            }
        };
        try (SdkMeterProvider provider = SdkMeterProvider.builder()
                .setResource(Resource.empty())
                .setClock(clock)
                .registerMetricReader(reader)
                .build()) {
            provider.get("survey").counterBuilder(name).build().add(value);
            return reader.registration.collectAllMetrics().iterator().next();
        }
    }

    private static final class Reader implements MetricReader {

        private CollectionRegistration registration;

        @Override
        public void register(CollectionRegistration given) {
            registration = given;
        }

        @Override
        public CompletableResultCode forceFlush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public AggregationTemporality getAggregationTemporality(InstrumentType type) {
            return AggregationTemporality.CUMULATIVE;
        }
    }

    private static void openTelemetryProtocol(Survey survey) {
        Library library = survey.library(
                "io.opentelemetry.proto:opentelemetry-proto", "what collectors and their exporters speak");
        library.type("Span", () -> span("t", "n", "v"))
                .part("trace id", () -> span("u", "n", "v"))
                .part("name", () -> span("t", "m", "v"))
                .part("attribute", () -> span("t", "n", "w"));
        library.type("ResourceSpans", () -> spans("n")).part("span", () -> spans("m"));
        library.type("AnyValue", () -> AnyValue.newBuilder().setStringValue("a").build())
                .part("text", () -> AnyValue.newBuilder().setStringValue("b").build())
                .part(
                        "bytes",
                        () -> AnyValue.newBuilder()
                                .setBytesValue(ByteString.copyFromUtf8("a"))
                                .build());
    }

    private static Span span(String trace, String name, String value) {
        return Span.newBuilder()
                .setTraceId(ByteString.copyFromUtf8(trace))
                .setName(name)
                .addAttributes(KeyValue.newBuilder()
                        .setKey("k")
                        .setValue(AnyValue.newBuilder().setStringValue(value)))
                .build();
    }

    private static Object spans(String name) {
        return ResourceSpans.newBuilder()
                .addScopeSpans(ScopeSpans.newBuilder().addSpans(span("t", name, "v")))
                .build();
    }

    private static void zipkin(Survey survey) {
        Library library =
                survey.library("io.zipkin.zipkin2:zipkin", "Zipkin's spans, of Spring Cloud Sleuth and Micrometer");
        library.type("Span", () -> zipkin("1").build())
                .part("trace id", () -> zipkin("2").build())
                .part("name", () -> zipkin("1").name("x").build())
                .part("tag", () -> zipkin("1").putTag("a", "b").build())
                .part("annotation", () -> zipkin("1").addAnnotation(5, "x").build())
                .part("duration", () -> zipkin("1").duration(9).build())
                .part("kind", () -> zipkin("1").kind(zipkin2.Span.Kind.CLIENT).build())
                .part(
                        "endpoint",
                        () -> zipkin("1")
                                .localEndpoint(zipkin2.Endpoint.newBuilder()
                                        .serviceName("s")
                                        .build())
                                .build())
                .part("shared", () -> zipkin("1").shared(true).build())
                .part("debug", () -> zipkin("1").debug(true).build());
        library.type(
                        "Endpoint",
                        () -> zipkin2.Endpoint.newBuilder()
                                .serviceName("a")
                                .port(1)
                                .build())
                .part(
                        "name",
                        () -> zipkin2.Endpoint.newBuilder()
                                .serviceName("b")
                                .port(1)
                                .build())
                .part(
                        "port",
                        () -> zipkin2.Endpoint.newBuilder()
                                .serviceName("a")
                                .port(2)
                                .build())
                .part(
                        "address",
                        () -> zipkin2.Endpoint.newBuilder()
                                .serviceName("a")
                                .port(1)
                                .ip("1.2.3.4")
                                .build());
        library.type("Annotation", () -> zipkin2.Annotation.create(1, "a"))
                .part("time", () -> zipkin2.Annotation.create(2, "a"))
                .part("value", () -> zipkin2.Annotation.create(1, "b"));
        library.type(
                        "DependencyLink",
                        () -> zipkin2.DependencyLink.newBuilder()
                                .parent("a")
                                .child("b")
                                .callCount(1)
                                .build())
                .part(
                        "child",
                        () -> zipkin2.DependencyLink.newBuilder()
                                .parent("a")
                                .child("c")
                                .callCount(1)
                                .build())
                .part(
                        "count",
                        () -> zipkin2.DependencyLink.newBuilder()
                                .parent("a")
                                .child("b")
                                .callCount(2)
                                .build());

        Library tracer = survey.library("io.zipkin.brave:brave", "Zipkin's tracer");
        tracer.type("MutableSpan", () -> mutable(span -> {}))
                .part("name", () -> mutable(span -> span.name("x")))
                .part("tag", () -> mutable(span -> span.tag("a", "c")))
                .part("annotation", () -> mutable(span -> span.annotate(5, "x")))
                .part("finish", () -> mutable(span -> span.finishTimestamp(99)))
                .part("error", () -> mutable(span -> span.error(new IllegalStateException("x"))))
                .part("remote", () -> mutable(span -> span.remoteServiceName("x")))
                .part("shared", () -> mutable(MutableSpan::setShared))
                .part("id", () -> mutable(span -> span.id("5")));
        tracer.type("TraceContext", () -> braveContext(1, 2))
                .part("trace id", () -> braveContext(3, 2))
                .part("span id", () -> braveContext(1, 3))
                .partBesideEquals(
                        "sampled",
                        () -> brave.propagation.TraceContext.newBuilder()
                                .traceId(1)
                                .spanId(2)
                                .sampled(true)
                                .build())
                .partBesideEquals(
                        "parent",
                        () -> brave.propagation.TraceContext.newBuilder()
                                .traceId(1)
                                .spanId(2)
                                .parentId(7)
                                .build());
    }

    private static zipkin2.Span.Builder zipkin(String trace) {
        return zipkin2.Span.newBuilder()
                .traceId(trace)
                .id("2")
                .name("n")
                .timestamp(1)
                .duration(2);
    }

    private static MutableSpan mutable(Consumer<MutableSpan> change) {
        MutableSpan span = new MutableSpan();
        span.traceId("1");
        span.id("2");
        span.name("n");
        span.tag("a", "b");
        span.startTimestamp(1);
        change.accept(span);
        return span;
    }

    private static Object braveContext(long trace, long span) {
        return brave.propagation.TraceContext.newBuilder()
                .traceId(trace)
                .spanId(span)
                .build();
    }

    private static void openTracing(Survey survey) {
        Library library = survey.library("io.opentracing:opentracing-mock", "OpenTracing, before OpenTelemetry");
        library.type(
                        "MockSpan.Reference of contexts",
                        () -> new io.opentracing.mock.MockSpan.MockContext(1, 2, Map.of("a", "b")))
                .part("trace id", () -> new io.opentracing.mock.MockSpan.MockContext(3, 2, Map.of("a", "b")))
                .part("span id", () -> new io.opentracing.mock.MockSpan.MockContext(1, 3, Map.of("a", "b")))
                .part("baggage", () -> new io.opentracing.mock.MockSpan.MockContext(1, 2, Map.of("a", "c")));
        library.type("StringTag", () -> new io.opentracing.tag.StringTag("a"))
                .part("name", () -> new io.opentracing.tag.StringTag("b"));
    }

    private static void metrics(Survey survey) {
        Library library =
                survey.library("io.micrometer:micrometer-core", "metrics of Spring Boot, Quarkus and Micronaut");
        library.type("Tag", () -> Tag.of("a", "b"))
                .part("key", () -> Tag.of("c", "b"))
                .part("value", () -> Tag.of("a", "c"));
        library.type("Tags", () -> Tags.of("a", "b", "c", "d"))
                .same(() -> Tags.of("c", "d", "a", "b"))
                .part("value", () -> Tags.of("a", "b", "c", "e"))
                .part("one less", () -> Tags.of("a", "b"));
        library.type("Meter.Id", () -> new Meter.Id("n", Tags.of("a", "b"), null, null, Meter.Type.COUNTER))
                .part("name", () -> new Meter.Id("m", Tags.of("a", "b"), null, null, Meter.Type.COUNTER))
                .part("tag", () -> new Meter.Id("n", Tags.of("a", "c"), null, null, Meter.Type.COUNTER))
                .partBesideEquals("unit", () -> new Meter.Id("n", Tags.of("a", "b"), "s", null, Meter.Type.COUNTER));
        library.type("KeyValues", () -> io.micrometer.common.KeyValues.of("a", "b"))
                .part("value", () -> io.micrometer.common.KeyValues.of("a", "c"));
        library.type("Measurement", () -> measurement(1)).part("value", () -> measurement(2));

        Library prometheus = survey.library("io.prometheus:prometheus-metrics-model", "Prometheus' client");
        prometheus
                .type("Labels", () -> Labels.of("a", "b"))
                .part("value", () -> Labels.of("a", "c"))
                .part("name", () -> Labels.of("b", "b"));
        prometheus
                .type("CounterSnapshot", () -> counter("c", 1))
                .part("name", () -> counter("d", 1))
                .part("value", () -> counter("c", 2));
        prometheus.type("GaugeSnapshot", () -> gauge(1)).part("value", () -> gauge(2));
        prometheus
                .type("MetricSnapshots", () -> MetricSnapshots.of(counter("c", 1)))
                .part("value", () -> MetricSnapshots.of(counter("c", 2)));
    }

    private static Object measurement(double value) {
        return new io.micrometer.core.instrument.Measurement(
                () -> value, io.micrometer.core.instrument.Statistic.COUNT);
    }

    private static CounterSnapshot counter(String name, double value) {
        return CounterSnapshot.builder()
                .name(name)
                .dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                        .value(value)
                        .build())
                .build();
    }

    private static Object gauge(double value) {
        return GaugeSnapshot.builder()
                .name("g")
                .dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                        .value(value)
                        .build())
                .build();
    }

    private static void logs(Survey survey) {
        Library logback = survey.library("ch.qos.logback:logback-classic", "Spring Boot's logging");
        logback.type("LoggingEvent", () -> logged("a", 1))
                .part("message", () -> logged("b", 1))
                .part("time", () -> logged("a", 2));
        logback.type("Level", () -> ch.qos.logback.classic.Level.INFO)
                .part("level", () -> ch.qos.logback.classic.Level.WARN);
        logback.type(
                        "ThrowableProxy",
                        () -> new ch.qos.logback.classic.spi.ThrowableProxy(new IllegalStateException("a")))
                .part("message", () -> new ch.qos.logback.classic.spi.ThrowableProxy(new IllegalStateException("b")));

        Library log4j = survey.library("org.apache.logging.log4j:log4j-core", "the other logging");
        log4j.type("Log4jLogEvent", () -> event("a", 1))
                .part("message", () -> event("b", 1))
                .part("time", () -> event("a", 2));
        log4j.type("ParameterizedMessage", () -> new ParameterizedMessage("a {}", "b"))
                .part("parameter", () -> new ParameterizedMessage("a {}", "c"))
                .part("pattern", () -> new ParameterizedMessage("b {}", "b"));
        log4j.type("SimpleMessage", () -> new SimpleMessage("a")).part("text", () -> new SimpleMessage("b"));
        log4j.type("StringMapMessage", () -> new org.apache.logging.log4j.message.StringMapMessage(Map.of("a", "b")))
                .part("value", () -> new org.apache.logging.log4j.message.StringMapMessage(Map.of("a", "c")));

        Library sentry = survey.library("io.sentry:sentry", "errors of applications");
        sentry.type("Breadcrumb", () -> breadcrumb("a", "x"))
                .part("message", () -> breadcrumb("b", "x"))
                .partBesideEquals("data", () -> breadcrumb("a", "y"));
        sentry.type("SentryId", () -> new io.sentry.protocol.SentryId("0af7651916cd43dd8448eb211c80319c"))
                .part("id", () -> new io.sentry.protocol.SentryId("1af7651916cd43dd8448eb211c80319c"));
        sentry.type("User", () -> user("a")).part("id", () -> user("b"));
        sentry.type("SentryEvent", () -> sentryEvent("a")).part("message", () -> sentryEvent("b"));
    }

    private static Object logged(String message, long time) {
        LoggingEvent event = new LoggingEvent(
                "f",
                new LoggerContext().getLogger("l"),
                ch.qos.logback.classic.Level.INFO,
                message,
                null,
                new Object[] {1});
        event.setTimeStamp(time);
        return event;
    }

    private static Object event(String message, long time) {
        return Log4jLogEvent.newBuilder()
                .setLoggerName("l")
                .setMessage(new SimpleMessage(message))
                .setTimeMillis(time)
                .setThreadName("t")
                .build();
    }

    private static Object breadcrumb(String message, String data) {
        io.sentry.Breadcrumb breadcrumb = new io.sentry.Breadcrumb(new Date(1));
        breadcrumb.setMessage(message);
        breadcrumb.setData("d", data);
        return breadcrumb;
    }

    private static Object user(String id) {
        io.sentry.protocol.User user = new io.sentry.protocol.User();
        user.setId(id);
        return user;
    }

    private static Object sentryEvent(String text) {
        io.sentry.SentryEvent event = new io.sentry.SentryEvent(new Date(1));
        event.setEventId(new io.sentry.protocol.SentryId("0af7651916cd43dd8448eb211c80319c"));
        io.sentry.protocol.Message message = new io.sentry.protocol.Message();
        message.setMessage(text);
        event.setMessage(message);
        return event;
    }
}
