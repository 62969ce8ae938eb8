/** Spans of OpenTelemetry's SDK: those of a message that is delivered again are the same spans, and are exported once. */
package io.idempotenttrace.examples.otel;
