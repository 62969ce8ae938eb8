package io.idempotenttrace.examples.springboot;

/** What a client sends, and sends again when it got no answer. */
record Span(String traceId, String id, String service, long durationMicros) {}
