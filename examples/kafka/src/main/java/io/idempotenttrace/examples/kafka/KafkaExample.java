package io.idempotenttrace.examples.kafka;

import io.idempotenttrace.IdempotencyException;
import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.TraceInProgressException;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.clients.admin.NewTopic;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaOperations;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.ExponentialBackOff;
import org.springframework.util.backoff.FixedBackOff;

/** Starts a worker. */
@SpringBootApplication
public class KafkaExample {

    private static final long RETRY_MILLIS = 1000;
    private static final long RETRIES = 9;
    private static final Duration LONGEST_OUTAGE = Duration.ofHours(6);

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
     * What the consumer does with each exception. A key that another worker holds, and a call that Redis could not answer for, are decided by a
     * later delivery: it comes again and again, for longer than an outage lasts. What no delivery will decide, such as a key that was used for
     * two payloads, goes to the dead letters at once, and what the body throws after some attempts.
     */
    @Bean
    DefaultErrorHandler errorHandler(KafkaOperations<Object, Object> operations) {
        DefaultErrorHandler handler = new DefaultErrorHandler(
                new DeadLetterPublishingRecoverer(operations), new FixedBackOff(RETRY_MILLIS, RETRIES));
        handler.addNotRetryableExceptions(IdempotencyException.class);
        handler.addRetryableExceptions(TraceInProgressException.class, IdempotencyStoreException.class);
        ExponentialBackOff undecided = new ExponentialBackOff(RETRY_MILLIS, 2);
        undecided.setMaxElapsedTime(LONGEST_OUTAGE.toMillis());
        handler.setBackOffFunction((message, failure) -> isUndecided(failure) ? undecided : null);
        return handler;
    }

    private static boolean isUndecided(Throwable failure) {
        return failure != null
                && (failure instanceof TraceInProgressException
                        || failure instanceof IdempotencyStoreException
                        || isUndecided(failure.getCause()));
    }
}
