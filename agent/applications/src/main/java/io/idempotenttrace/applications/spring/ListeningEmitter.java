package io.idempotenttrace.applications.spring;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.annotation.EnableKafka;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.AcknowledgingConsumerAwareMessageListener;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Called by Spring Kafka's listener adapter, through a proxy of its class. */
@Component
class ListeningEmitter {

    /** No broker is there: its container is not started, and is handed the records that it would poll. */
    @EnableKafka
    @Configuration
    static class Listening {

        @Bean
        ConcurrentKafkaListenerContainerFactory<String, String> kafkaListenerContainerFactory() {
            ConcurrentKafkaListenerContainerFactory<String, String> factory =
                    new ConcurrentKafkaListenerContainerFactory<>();
            factory.setConsumerFactory(new DefaultKafkaConsumerFactory<>(
                    Map.of("bootstrap.servers", "localhost:1"), new StringDeserializer(), new StringDeserializer()));
            return factory;
        }
    }

    private final Bodies bodies;

    ListeningEmitter(Bodies bodies) {
        this.bodies = bodies;
    }

    @KafkaListener(id = "traces", topics = "traces", autoStartup = "false")
    @Transactional
    @IdempotentTrace
    public void received(@IdempotencyKey @Header(KafkaHeaders.RECEIVED_KEY) String id, @Payload String payload) {
        bodies.ran("listening");
    }

    /** As the container does with a record that it polled. */
    @SuppressWarnings("unchecked")
    static void deliver(KafkaListenerEndpointRegistry registry, String id, String payload) {
        AcknowledgingConsumerAwareMessageListener<String, String> listener = (AcknowledgingConsumerAwareMessageListener<
                        String, String>)
                registry.getListenerContainer("traces").getContainerProperties().getMessageListener();
        listener.onMessage(
                new ConsumerRecord<>("traces", /* partition= */ 0, /* offset= */ 7, id, payload), null, null);
    }
}
