package io.idempotenttrace.core.canonical;

import java.util.Map;

/**
 * RocketMQ's MessageExt, a message that was received: body, flag, and the properties, in which keys and tags are, and the id that the
 * producer's client gave. Where the message lies and how often it was consumed is no part of the hash, nor is the topic: the message comes
 * again from its group's retry topic, as another message of the broker. Pointers reach those.
 */
final class RocketMapping {

    private static final String[] OF_DELIVERY = {
        "topic",
        "tags",
        "keys",
        "msgId",
        "transactionId",
        "brokerName",
        "queueId",
        "queueOffset",
        "commitLogOffset",
        "storeSize",
        "storeTimestamp",
        "storeHost",
        "bornTimestamp",
        "bornHost",
        "sysFlag",
        "bodyCRC",
        "reconsumeTimes",
        "preparedTransactionOffset"
    };

    private RocketMapping() {}

    static ValueMapping of(Class<?> known) throws NoSuchMethodException {
        LibraryMethod properties = LibraryMethod.of(known, "getProperties");
        MembersMapping message = new MembersMapping()
                .with("body", LibraryMethod.of(known, "getBody"))
                .with("flag", LibraryMethod.of(known, "getFlag"))
                .withPart(
                        "properties",
                        value -> properties(properties, value),
                        value -> DeliveryHeaders.ROCKETMQ.hashed(properties(properties, value)));
        for (String name : OF_DELIVERY) {
            message.unhashed(
                    name,
                    LibraryMethod.ifThere(known, "get" + Character.toUpperCase(name.charAt(0)) + name.substring(1)));
        }
        return message;
    }

    private static Map<?, ?> properties(LibraryMethod properties, Object message) {
        Object all = properties.read(message);
        return all == null ? Map.of() : (Map<?, ?>) all;
    }
}
