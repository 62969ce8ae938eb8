package com.example.emitter;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import java.util.Map;

/** Its span and receipt are of a module that opens nothing to anyone. */
public final class Emitter {

    record Span(String id, Map<String, String> attributes) {
    }

    record Receipt(String id, int position) {
    }

    private int bodies;

    /** What was answered for the span: the same for its duplicates. */
    public String emit(String id, String name) {
        return append(new Span(id, Map.of("name", name))).toString();
    }

    @IdempotentTrace
    private Receipt append(@IdempotencyKey("/id") Span span) {
        bodies++;
        return new Receipt(span.id(), bodies);
    }

    public int bodies() {
        return bodies;
    }
}
