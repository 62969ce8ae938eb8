package io.idempotenttrace.core.canonical;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Kafka's records: key, value and headers. Where the record lies in the log (topic, partition, offset, the log's timestamp) is no
 * part of the hash, since the same record may be delivered again from a retry topic; pointers reach it. The timestamp that a
 * producer gives a record is its own, and counts.
 *
 * <p>A header is its UTF-8 text. Several of one name are a list in their order; the order between headers of different names does
 * not count. Headers that Spring for Apache Kafka adds with each new try are no part of the hash.
 */
final class KafkaMapping {

    /** What Spring's containers, retry topics and dead-letter publishers write into the headers of a record they deliver again. */
    private static final List<String> OF_DELIVERY = List.of("kafka_deliveryAttempt", "retry_topic-", "kafka_dlt-", "kafka_exception-",
            "kafka_backoff", "kafka_original-", "springDeserializerException");

    private KafkaMapping() {
    }

    static ValueMapping of(Class<?> known) throws NoSuchMethodException {
        return switch (known.getSimpleName()) {
            case "ConsumerRecord" -> content(known)
                    .unhashed("topic", LibraryMethod.of(known, "topic"))
                    .unhashed("partition", LibraryMethod.of(known, "partition"))
                    .unhashed("offset", LibraryMethod.of(known, "offset"))
                    .unhashed("timestamp", LibraryMethod.ifThere(known, "timestamp"))
                    .unhashed("timestampType", LibraryMethod.ifThere(known, "timestampType"))
                    .unhashed("leaderEpoch", LibraryMethod.ifThere(known, "leaderEpoch"))
                    .unhashed("deliveryCount", LibraryMethod.ifThere(known, "deliveryCount"))
                    .unhashed("serializedKeySize", LibraryMethod.ifThere(known, "serializedKeySize"))
                    .unhashed("serializedValueSize", LibraryMethod.ifThere(known, "serializedValueSize"));
            case "ProducerRecord" -> content(known)
                    .withPresent("timestamp", LibraryMethod.of(known, "timestamp"))
                    .unhashed("topic", LibraryMethod.of(known, "topic"))
                    .unhashed("partition", LibraryMethod.of(known, "partition"));
            case "ConsumerRecords" -> ContainerMapping.ITERABLE;
            case "Headers" -> new PartlyHashedMapping(headers -> headers(headers, /* all= */ true),
                    headers -> headers(headers, /* all= */ false));
            case "Header" -> new MembersMapping().with("key", LibraryMethod.of(known, "key"))
                    .with("value", text(LibraryMethod.of(known, "value")));
            case "TopicPartition" -> new MembersMapping().with("topic", LibraryMethod.of(known, "topic"))
                    .with("partition", LibraryMethod.of(known, "partition"));
            default -> null;
        };
    }

    private static MembersMapping content(Class<?> record) throws NoSuchMethodException {
        LibraryMethod headers = LibraryMethod.of(record, "headers");
        return new MembersMapping().with("key", LibraryMethod.of(record, "key")).with("value", LibraryMethod.of(record, "value"))
                .withPart("headers", value -> headers(headers.read(value), /* all= */ true),
                        value -> headers(headers.read(value), /* all= */ false));
    }

    private static MembersMapping.Reader text(LibraryMethod bytes) {
        return header -> HeaderText.of((byte[]) bytes.read(header));
    }

    private static Map<String, Object> headers(Object headers, boolean all) {
        Map<String, List<Object>> values = new LinkedHashMap<>();
        for (Object header : (Iterable<?>) headers) {
            String key = (String) read(header, "key");
            if (all || !isOfDelivery(key)) {
                values.computeIfAbsent(key, name -> new ArrayList<>()).add(HeaderText.of((byte[]) read(header, "value")));
            }
        }
        Map<String, Object> members = new LinkedHashMap<>();
        values.forEach((name, list) -> members.put(name, list.size() == 1 ? list.get(0) : list));
        return members;
    }

    /** Whether the header is one that Spring's own retries add. */
    static boolean isOfDelivery(String key) {
        for (String prefix : OF_DELIVERY) {
            if (key.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    private static Object read(Object header, String method) {
        return LibraryMethods.of(header, "org.apache.kafka.common.header.Header", method).read(header);
    }
}
