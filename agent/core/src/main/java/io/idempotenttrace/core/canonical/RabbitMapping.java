package io.idempotenttrace.core.canonical;

import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Messages of RabbitMQ, as its client and Spring AMQP hand them over: body, headers, and the properties that the sender gives and that
 * each delivery repeats. No part of the hash are the envelope, which is another one for a dead letter, and the properties that a broker or
 * a republisher changes: the expiration (dead-lettering takes it away), the delivery mode and the user id (whoever publishes the message
 * again gives his own). Pointers reach those.
 */
final class RabbitMapping {

    private static final String[] OF_SENDER = {
        "messageId",
        "correlationId",
        "type",
        "appId",
        "clusterId",
        "contentType",
        "contentEncoding",
        "replyTo",
        "timestamp",
        "priority"
    };

    private static final String[] OF_PUBLISHER = {"expiration", "deliveryMode", "userId"};

    private static final String[] OF_SPRINGS_DELIVERY = {
        "deliveryTag",
        "redelivered",
        "consumerTag",
        "consumerQueue",
        "receivedExchange",
        "receivedRoutingKey",
        "receivedDeliveryMode",
        "receivedUserId"
    };

    private RabbitMapping() {}

    static ValueMapping of(Class<?> known) throws NoSuchMethodException {
        return switch (known.getSimpleName()) {
            case "Message" -> springs(known);
            case "Delivery" ->
                new MembersMapping()
                        .with("body", LibraryMethod.of(known, "getBody"))
                        .with("properties", LibraryMethod.of(known, "getProperties"))
                        .unhashed("envelope", LibraryMethod.of(known, "getEnvelope"));
            case "GetResponse" ->
                new MembersMapping()
                        .with("body", LibraryMethod.of(known, "getBody"))
                        .with("props", LibraryMethod.of(known, "getProps"))
                        .unhashed("envelope", LibraryMethod.of(known, "getEnvelope"))
                        .unhashed("messageCount", LibraryMethod.of(known, "getMessageCount"));
            // By itself it is all that is handed over, and where the message was sent is what it tells.
            case "Envelope" ->
                new MembersMapping()
                        .with("exchange", LibraryMethod.of(known, "getExchange"))
                        .with("routingKey", LibraryMethod.of(known, "getRoutingKey"))
                        .unhashed("deliveryTag", LibraryMethod.of(known, "getDeliveryTag"))
                        .unhashed("redeliver", LibraryMethod.of(known, "isRedeliver"));
            case "BasicProperties" -> withProperties(new MembersMapping(), known, value -> value);
            // A text in a header, of which the sender tells no encoding.
            default -> {
                LibraryMethod bytes = LibraryMethod.of(known, "getBytes");
                yield new ScalarMapping.Holder(value -> HeaderText.of((byte[]) bytes.read(value)));
            }
        };
    }

    private static ValueMapping springs(Class<?> known) throws NoSuchMethodException {
        UnaryOperator<Object> properties = LibraryMethod.of(known, "getMessageProperties")::read;
        Class<?> type = known.getMethod("getMessageProperties").getReturnType();
        MembersMapping message = new MembersMapping().with("body", LibraryMethod.of(known, "getBody"));
        withProperties(message, type, properties);
        for (String name : OF_SPRINGS_DELIVERY) {
            message.unhashed(name, in(properties, getter(type, name)));
        }
        return message;
    }

    private static MembersMapping withProperties(
            MembersMapping message, Class<?> type, UnaryOperator<Object> properties) throws NoSuchMethodException {
        LibraryMethod headers = LibraryMethod.of(type, "getHeaders");
        message.withPart(
                "headers",
                value -> headers(headers, properties.apply(value)),
                value -> DeliveryHeaders.RABBITMQ.hashed(headers(headers, properties.apply(value))));
        for (String name : OF_SENDER) {
            LibraryMethod getter = LibraryMethod.of(type, getterName(name));
            message.withPresent(
                    name,
                    name.equals("priority")
                            ? value -> priority(getter.read(properties.apply(value)))
                            : value -> getter.read(properties.apply(value)));
        }
        for (String name : OF_PUBLISHER) {
            message.unhashed(name, in(properties, getter(type, name)));
        }
        return message;
    }

    /** A message without headers gets some when it is dead-lettered, so that none and an empty table are one. */
    private static Map<?, ?> headers(LibraryMethod headers, Object properties) {
        Object all = headers.read(properties);
        return all == null ? Map.of() : (Map<?, ?>) all;
    }

    /** To the broker a message without a priority has 0, which Spring gives to all. */
    private static @Nullable Object priority(Object priority) {
        return Integer.valueOf(0).equals(priority) ? null : priority;
    }

    private static MembersMapping.@Nullable Reader in(
            UnaryOperator<Object> properties, @Nullable LibraryMethod getter) {
        return getter == null ? null : value -> getter.read(properties.apply(value));
    }

    private static @Nullable LibraryMethod getter(Class<?> type, String name) {
        LibraryMethod getter = LibraryMethod.ifThere(type, getterName(name));
        return getter != null
                ? getter
                : LibraryMethod.ifThere(type, getterName(name).replaceFirst("get", "is"));
    }

    private static String getterName(String property) {
        return "get" + Character.toUpperCase(property.charAt(0)) + property.substring(1);
    }
}
