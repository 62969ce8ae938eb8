package io.idempotenttrace.applications.tomcat.webapp;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Its argument is hashed and its result read back by the types of this deployment's loader. */
final class SpanStore {

    record Span(String id, Map<String, String> attributes) {}

    record Receipt(String id, int position) {}

    private final AtomicInteger bodies = new AtomicInteger();

    @IdempotentTrace
    Receipt append(@IdempotencyKey("/id") Span span) {
        return new Receipt(span.id(), bodies.incrementAndGet());
    }

    int bodies() {
        return bodies.get();
    }
}
