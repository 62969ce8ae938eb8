package io.idempotenttrace.examples.kafka;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import java.io.IOException;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.listener.BatchListenerFailedException;
import org.springframework.stereotype.Component;

/** Takes batches of messages. The container commits a batch when all of it has been emitted. */
@Component
class SpanListener {

    private final SpanFile file;

    SpanListener(SpanFile file) {
        this.file = file;
    }

    /** Each message is guarded by itself, so that a batch that is delivered again, cut differently or in part, emits what is missing. */
    @KafkaListener(id = "spans", topics = "spans", batch = "true")
    void received(List<ConsumerRecord<String, String>> batch) {
        for (int i = 0; i < batch.size(); i++) {
            try {
                emit(batch.get(i).value());
            } catch (IOException | RuntimeException e) {
                // Names the message, so that those before it are committed, and only it and those after it are
                // delivered again.
                throw new BatchListenerFailedException("not emitted: " + e.getMessage(), e, i);
            }
        }
    }

    /** The guarded method. The key is read from the JSON text of the message. */
    @IdempotentTrace
    private void emit(@IdempotencyKey({"|json/traceId", "|json/id"}) String span) throws IOException {
        file.append(span);
    }
}
