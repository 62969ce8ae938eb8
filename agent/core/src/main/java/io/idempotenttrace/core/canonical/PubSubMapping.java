package io.idempotenttrace.core.canonical;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A message of Google's Pub/Sub, as protobuf has it, without what each delivery changes: the acknowledgement and the count of a received
 * message, and the attributes that tell of the delivery. Pointers reach those.
 */
final class PubSubMapping extends ValueMapping {

    private static final String PACKAGE = "com.google.pubsub.v1.";
    private static final Set<String> OF_DELIVERY = Set.of("ackId", "deliveryAttempt");

    private final ProtobufMapping protobuf;
    /** Whether the value is what a delivery puts around the message. */
    private final boolean isReceived;

    private PubSubMapping(ProtobufMapping protobuf, boolean isReceived) {
        this.protobuf = protobuf;
        this.isReceived = isReceived;
    }

    /** The mapping of a message's class: what protobuf says of it, unless it is one of Pub/Sub's that are delivered. */
    static ValueMapping over(ProtobufMapping protobuf, Class<?> type) {
        if (LibraryMappings.supertype(type, PACKAGE + "PubsubMessageOrBuilder") != null) {
            return new PubSubMapping(protobuf, /* isReceived= */ false);
        }
        return LibraryMappings.supertype(type, PACKAGE + "ReceivedMessageOrBuilder") == null
                ? protobuf
                : new PubSubMapping(protobuf, /* isReceived= */ true);
    }

    @Override
    void write(CanonicalWriter writer, Object message) {
        int from = writer.beginMembers(message);
        for (Map.Entry<?, ?> member : ((Map<?, ?>) Objects.requireNonNull(protobuf.content(message))).entrySet()) {
            String name = (String) member.getKey();
            boolean ofDelivery = isReceived && OF_DELIVERY.contains(name) && !writer.names(name);
            Object content = ofDelivery || writer.excludes(name) ? null : member(writer, member);
            if (content != null) {
                writer.addMember(name, content);
            }
        }
        writer.endMembers(from);
    }

    /** Null where nothing is left of the attributes: the same message without them has no such member. */
    private @Nullable Object member(CanonicalWriter writer, Map.Entry<?, ?> member) {
        if (isReceived || !member.getKey().equals("attributes") || writer.includesOnlyInside("attributes")) {
            return member.getValue();
        }
        Map<?, ?> hashed = DeliveryHeaders.PUBSUB.hashed((Map<?, ?>) member.getValue());
        return hashed == null || hashed.isEmpty() ? null : hashed;
    }

    @Override
    @Nullable
    Object child(Object message, String segment) {
        return protobuf.child(message, segment);
    }

    @Override
    boolean hasChild(Object message, String segment) {
        return protobuf.hasChild(message, segment);
    }

    @Override
    List<String> childNames(Object message) {
        return protobuf.childNames(message);
    }
}
