package io.idempotenttrace.examples.otel;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.Unhashed;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Hands on each span once, whoever exports it how often. Each span is a guarded call of its own, which ends when the export of its batch
 * has ended: after a failure its key is free again. What is new of a batch is handed on as one batch.
 */
final class GuardedSpanExporter implements SpanExporter {

    private final SpanExporter exporter;

    GuardedSpanExporter(SpanExporter exporter) {
        this.exporter = exporter;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        Batch batch = new Batch(exporter);
        List<CompletableResultCode> calls = new ArrayList<>();
        for (SpanData span : spans) {
            calls.add(export(span.getTraceId(), span.getSpanId(), span.getName(), attributes(span), span, batch));
        }
        batch.export();
        return CompletableResultCode.ofAll(calls);
    }

    /** The guarded method. Two deliveries begin at two times, so that the payload is the name and the attributes. */
    @IdempotentTrace(scope = "span-export")
    private CompletableResultCode export(
            @IdempotencyKey String traceId,
            @IdempotencyKey String spanId,
            String name,
            Map<String, String> attributes,
            @Unhashed SpanData span,
            @Unhashed Batch batch) {
        return batch.add(span);
    }

    private static Map<String, String> attributes(SpanData span) {
        Map<String, String> attributes = new TreeMap<>();
        span.getAttributes().forEach((key, value) -> attributes.put(key.getKey(), String.valueOf(value)));
        return attributes;
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }

    /** The new spans of one export. */
    private static final class Batch {

        private final SpanExporter exporter;
        private final List<SpanData> spans = new ArrayList<>();
        private final CompletableResultCode exported = new CompletableResultCode();
        private boolean closed;

        Batch(SpanExporter exporter) {
            this.exporter = exporter;
        }

        /** The result of the export. A call that had to wait for another worker, which then failed, comes late: its span goes alone. */
        CompletableResultCode add(SpanData span) {
            synchronized (this) {
                if (!closed) {
                    spans.add(span);
                    return exported;
                }
            }
            return exporter.export(List.of(span));
        }

        void export() {
            synchronized (this) {
                closed = true;
            }
            if (spans.isEmpty()) {
                exported.succeed();
                return;
            }
            CompletableResultCode result = exporter.export(spans);
            result.whenComplete(() -> {
                if (result.isSuccess()) {
                    exported.succeed();
                } else {
                    exported.fail();
                }
            });
        }
    }
}
