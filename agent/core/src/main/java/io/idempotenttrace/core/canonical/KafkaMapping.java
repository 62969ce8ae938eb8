package io.idempotenttrace.core.canonical;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's records: key, value and headers. Where the record lies in the log (topic, partition, offset, the log's timestamp) is no
 * part of the hash, since the same record may be delivered again from a retry topic; pointers reach it. The timestamp that a
 * producer gives a record is its own, and counts.
 *
 * <p>A header is its UTF-8 text. Several of one name are a list in their order; the order between headers of different names does
 * not count. Headers that a new try adds are no part of the hash ({@link DeliveryHeaders#KAFKA}).
 */
final class KafkaMapping {

    private KafkaMapping() {}

    static @Nullable ValueMapping of(Class<?> known) throws NoSuchMethodException {
        return switch (known.getSimpleName()) {
            case "ConsumerRecord" ->
                content(known)
                        .unhashed("topic", LibraryMethod.of(known, "topic"))
                        .unhashed("partition", LibraryMethod.of(known, "partition"))
                        .unhashed("offset", LibraryMethod.of(known, "offset"))
                        .unhashed("timestamp", LibraryMethod.ifThere(known, "timestamp"))
                        .unhashed("timestampType", LibraryMethod.ifThere(known, "timestampType"))
                        .unhashed("leaderEpoch", LibraryMethod.ifThere(known, "leaderEpoch"))
                        .unhashed("deliveryCount", LibraryMethod.ifThere(known, "deliveryCount"))
                        .unhashed("serializedKeySize", LibraryMethod.ifThere(known, "serializedKeySize"))
                        .unhashed("serializedValueSize", LibraryMethod.ifThere(known, "serializedValueSize"));
            case "ProducerRecord" ->
                content(known)
                        .withPresent("timestamp", LibraryMethod.of(known, "timestamp"))
                        .unhashed("topic", LibraryMethod.of(known, "topic"))
                        .unhashed("partition", LibraryMethod.of(known, "partition"));
            // Of Kafka Streams.
            case "Record" -> content(known).with("timestamp", LibraryMethod.of(known, "timestamp"));
            case "ConnectRecord" -> connectRecord(known);
            case "Struct" -> new ScalarMapping.Holder(KafkaMapping::struct);
            case "ConsumerRecords" -> ContainerMapping.ITERABLE;
            case "Headers" ->
                new PartlyHashedMapping(
                        headers -> headers(headers, /* all= */ true), headers -> headers(headers, /* all= */ false));
            case "Header" ->
                new MembersMapping()
                        .with("key", LibraryMethod.of(known, "key"))
                        .with("value", text(LibraryMethod.of(known, "value")));
            case "TopicPartition" ->
                new MembersMapping()
                        .with("topic", LibraryMethod.of(known, "topic"))
                        .with("partition", LibraryMethod.of(known, "partition"));
            case "Bytes" -> {
                LibraryMethod bytes = LibraryMethod.of(known, "get");
                yield new ScalarMapping.Bytes(value -> ByteBuffer.wrap((byte[]) bytes.read(value)));
            }
            case "OffsetAndMetadata" ->
                new MembersMapping()
                        .with("offset", LibraryMethod.of(known, "offset"))
                        .with("metadata", LibraryMethod.of(known, "metadata"))
                        .with("leaderEpoch", LibraryMethod.of(known, "leaderEpoch"));
            case "RecordMetadata" ->
                new MembersMapping()
                        .with("topic", LibraryMethod.of(known, "topic"))
                        .with("partition", LibraryMethod.of(known, "partition"))
                        .with("offset", LibraryMethod.of(known, "offset"))
                        .with("timestamp", LibraryMethod.of(known, "timestamp"))
                        .with("serializedKeySize", LibraryMethod.of(known, "serializedKeySize"))
                        .with("serializedValueSize", LibraryMethod.of(known, "serializedValueSize"));
            default -> null;
        };
    }

    private static MembersMapping content(Class<?> record) throws NoSuchMethodException {
        LibraryMethod headers = LibraryMethod.of(record, "headers");
        return new MembersMapping()
                .with("key", LibraryMethod.of(record, "key"))
                .with("value", LibraryMethod.of(record, "value"))
                .withPart(
                        "headers",
                        value -> headers(headers.read(value), /* all= */ true),
                        value -> headers(headers.read(value), /* all= */ false));
    }

    /** A record of Kafka Connect, whose headers hold values of any kind. */
    private static MembersMapping connectRecord(Class<?> known) throws NoSuchMethodException {
        LibraryMethod headers = LibraryMethod.of(known, "headers");
        return new MembersMapping()
                .with("key", LibraryMethod.of(known, "key"))
                .with("value", LibraryMethod.of(known, "value"))
                .withPart(
                        "headers",
                        record -> connectHeaders(headers.read(record), /* all= */ true),
                        record -> connectHeaders(headers.read(record), /* all= */ false))
                .unhashed("topic", LibraryMethod.of(known, "topic"))
                .unhashed("partition", LibraryMethod.of(known, "kafkaPartition"))
                .unhashed("timestamp", LibraryMethod.of(known, "timestamp"));
    }

    private static Map<String, Object> connectHeaders(Object headers, boolean all) {
        String type = "org.apache.kafka.connect.header.Header";
        Map<String, List<Object>> values = new LinkedHashMap<>();
        for (Object header : (Iterable<?>) headers) {
            String key = (String) LibraryMethods.of(header, type, "key").read(header);
            if (all || !DeliveryHeaders.KAFKA.leavesOut(key)) {
                values.computeIfAbsent(key, name -> new ArrayList<>())
                        .add(LibraryMethods.of(header, type, "value").read(header));
            }
        }
        return oneOrMany(values);
    }

    /** The fields of its schema, as Kafka Connect names them. */
    private static Map<String, Object> struct(Object struct) {
        Object schema = LibraryMethods.of(struct, "org.apache.kafka.connect.data.Struct", "schema")
                .read(struct);
        Map<String, Object> members = new LinkedHashMap<>();
        for (Object field : (List<?>) LibraryMethods.of(schema, "org.apache.kafka.connect.data.Schema", "fields")
                .read(schema)) {
            String name = (String) LibraryMethods.of(field, "org.apache.kafka.connect.data.Field", "name")
                    .read(field);
            members.put(
                    name,
                    LibraryMethods.of(struct, "org.apache.kafka.connect.data.Struct", "get", String.class)
                            .call(struct, name));
        }
        return members;
    }

    private static MembersMapping.Reader text(LibraryMethod bytes) {
        return header -> HeaderText.of((byte[]) bytes.read(header));
    }

    private static Map<String, Object> headers(Object headers, boolean all) {
        Map<String, List<Object>> values = new LinkedHashMap<>();
        for (Object header : (Iterable<?>) headers) {
            String key = (String) read(header, "key");
            if (all || !DeliveryHeaders.KAFKA.leavesOut(key)) {
                values.computeIfAbsent(key, name -> new ArrayList<>())
                        .add(HeaderText.of((byte[]) read(header, "value")));
            }
        }
        return oneOrMany(values);
    }

    private static Map<String, Object> oneOrMany(Map<String, List<Object>> values) {
        Map<String, Object> members = new LinkedHashMap<>();
        values.forEach(
                (name, list) -> members.put(name, list.size() == 1 && !isList(list.get(0)) ? list.get(0) : list));
        return members;
    }

    /** One header that holds a list of two is another payload than two headers of that name: the list stays in a list. */
    private static boolean isList(@Nullable Object value) {
        return value instanceof Iterable || value != null && value.getClass().isArray() && !(value instanceof byte[]);
    }

    private static Object read(Object header, String method) {
        return LibraryMethods.of(header, "org.apache.kafka.common.header.Header", method)
                .read(header);
    }
}
