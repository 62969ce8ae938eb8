package io.idempotenttrace.examples.kafka;

import io.idempotenttrace.TraceConflictException;
import java.nio.file.Path;
import org.apache.kafka.clients.admin.NewTopic;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaOperations;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.FixedBackOff;

/** Starts a worker. */
@SpringBootApplication
public class KafkaExample {

    private static final long RETRY_MILLIS = 1000;

    public static void main(String[] arguments) {
        SpringApplication.run(KafkaExample.class, arguments);
    }

    @Bean
    NewTopic spans() {
        return TopicBuilder.name("spans").partitions(1).build();
    }

    @Bean
    NewTopic deadLetters() {
        return TopicBuilder.name("spans-dlt").partitions(1).build();
    }

    @Bean
    SpanFile spanFile(@Value("${spans.file}") Path file) {
        return new SpanFile(file);
    }

    /**
     * What the consumer does with each exception. A key that was used for two payloads will not be decided by another delivery: the message
     * goes to the dead letters. Everything else is delivered again until it is decided, above all a key that another worker holds, and a
     * call that Redis could not answer for.
     */
    @Bean
    DefaultErrorHandler errorHandler(KafkaOperations<Object, Object> operations) {
        DefaultErrorHandler handler = new DefaultErrorHandler(
                new DeadLetterPublishingRecoverer(operations),
                new FixedBackOff(RETRY_MILLIS, FixedBackOff.UNLIMITED_ATTEMPTS));
        handler.addNotRetryableExceptions(TraceConflictException.class);
        return handler;
    }
}
