package io.idempotenttrace.examples.otel;

import io.opentelemetry.sdk.trace.IdGenerator;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Ids of spans that a redelivery repeats: those of a message's first trace and spans follow from the message's id, and from how many came
 * before. Random ids would make the spans of each delivery other spans, which nobody could tell apart from new ones.
 */
final class DeliveryIds implements IdGenerator {

    private static final int TRACE_ID_CHARACTERS = 32;
    private static final int SPAN_ID_CHARACTERS = 16;

    private final ThreadLocal<Delivery> current = new ThreadLocal<>();

    private static final class Delivery {

        private final String messageId;
        private int spans;
        private int traces;

        Delivery(String messageId) {
            this.messageId = messageId;
        }
    }

    /** Runs what handles a message. Spans that it begins on this thread get the ids of the message. */
    void during(String messageId, Runnable handler) {
        current.set(new Delivery(messageId));
        try {
            handler.run();
        } finally {
            current.remove();
        }
    }

    @Override
    public String generateTraceId() {
        Delivery delivery = current.get();
        return delivery == null
                ? IdGenerator.random().generateTraceId()
                : hex(delivery.messageId + "/trace/" + delivery.traces++, TRACE_ID_CHARACTERS);
    }

    @Override
    public String generateSpanId() {
        Delivery delivery = current.get();
        return delivery == null
                ? IdGenerator.random().generateSpanId()
                : hex(delivery.messageId + "/span/" + delivery.spans++, SPAN_ID_CHARACTERS);
    }

    private static String hex(String text, int characters) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, characters);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
