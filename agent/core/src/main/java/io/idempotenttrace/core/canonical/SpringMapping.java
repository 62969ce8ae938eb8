package io.idempotenttrace.core.canonical;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Spring's Message: payload and headers. Headers that each receiving makes anew ({@code id}, {@code timestamp}), that tell of the
 * delivery, or that hold a live object to acknowledge or answer with, are no part of the hash; pointers reach them.
 */
final class SpringMapping {

    private static final Set<String> OF_DELIVERY = Set.of(
            "id",
            "timestamp",
            "deliveryAttempt",
            "replyChannel",
            "errorChannel",
            "closeableResource",
            "kafka_acknowledgment",
            "kafka_consumer",
            "kafka_listenerInfo",
            "kafka_groupId",
            "kafka_offset",
            "kafka_receivedTopic",
            "kafka_receivedPartitionId",
            "kafka_receivedTimestamp",
            "kafka_timestampType",
            "kafka_leaderEpoch",
            "amqp_channel",
            "amqp_deliveryTag",
            "amqp_redelivered",
            "amqp_consumerTag",
            "amqp_consumerQueue",
            "x-death",
            "x-delivery-count",
            "jms_redelivered",
            "jms_timestamp",
            "JMSXDeliveryCount",
            "JMSXRcvTimestamp",
            "Sqs_ReceiptHandle",
            "Sqs_ReceivedAt",
            "Sqs_VisibilityTimeout",
            "Sqs_Acknowledgement",
            "Sqs_Msa_ApproximateReceiveCount",
            "Sqs_Msa_ApproximateFirstReceiveTimestamp",
            "gcp_pubsub_acknowledgement",
            "gcp_pubsub_original_message");

    private SpringMapping() {}

    static ValueMapping of(Class<?> known, Class<?> type) throws NoSuchMethodException {
        return switch (known.getName()) {
            case "org.springframework.messaging.Message" -> {
                LibraryMethod headers = LibraryMethod.of(known, "getHeaders");
                yield new MembersMapping()
                        .with("payload", LibraryMethod.of(known, "getPayload"))
                        .withPart("headers", headers, message -> counting((Map<?, ?>) headers.read(message)));
            }
            case "org.springframework.messaging.MessageHeaders" ->
                new PartlyHashedMapping(
                        headers -> new LinkedHashMap<>((Map<?, ?>) headers), headers -> counting((Map<?, ?>) headers));
            case "org.springframework.amqp.core.Message" -> amqp(known);
            // Since Spring 7 no map any more.
            default ->
                Map.class.isAssignableFrom(type)
                        ? ContainerMapping.MAP
                        : httpHeaders(LibraryMethod.of(known, "headerSet"));
        };
    }

    private static Map<Object, Object> counting(Map<?, ?> headers) {
        Map<Object, Object> members = new LinkedHashMap<>();
        headers.forEach((name, value) -> {
            if (!OF_DELIVERY.contains(name) && !KafkaMapping.isOfDelivery((String) name)) {
                members.put(name, value);
            }
        });
        return members;
    }

    /** A message of RabbitMQ: body, headers, and the properties that its sender gives it. */
    private static ValueMapping amqp(Class<?> known) throws NoSuchMethodException {
        LibraryMethod properties = LibraryMethod.of(known, "getMessageProperties");
        MembersMapping message = new MembersMapping().with("body", LibraryMethod.of(known, "getBody"));
        message.withPart(
                "headers",
                value -> amqp(properties.read(value), "getHeaders"),
                value -> counting((Map<?, ?>) amqp(properties.read(value), "getHeaders")));
        for (String name :
                new String[] {"MessageId", "CorrelationId", "Type", "AppId", "ContentType", "ContentEncoding"}) {
            message.withPresent(
                    Character.toLowerCase(name.charAt(0)) + name.substring(1),
                    value -> amqp(properties.read(value), "get" + name));
        }
        for (String name :
                new String[] {"DeliveryTag", "Redelivered", "ConsumerQueue", "ReceivedExchange", "ReceivedRoutingKey"
                }) {
            message.unhashed(
                    Character.toLowerCase(name.charAt(0)) + name.substring(1),
                    value -> amqp(properties.read(value), (name.equals("Redelivered") ? "is" : "get") + name));
        }
        return message;
    }

    private static Object amqp(Object properties, String method) {
        return LibraryMethods.of(properties, "org.springframework.amqp.core.MessageProperties", method)
                .read(properties);
    }

    private static ValueMapping httpHeaders(LibraryMethod entries) {
        return new ScalarMapping.Holder(headers -> {
            Map<Object, Object> members = new LinkedHashMap<>();
            for (Object entry : (Iterable<?>) entries.read(headers)) {
                members.put(((Map.Entry<?, ?>) entry).getKey(), ((Map.Entry<?, ?>) entry).getValue());
            }
            return members;
        });
    }
}
