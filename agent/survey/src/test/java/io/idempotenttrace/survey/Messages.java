package io.idempotenttrace.survey;

import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.apache.activemq.command.ActiveMQBytesMessage;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.command.ActiveMQMapMessage;
import org.apache.activemq.command.ActiveMQObjectMessage;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.ActiveMQStreamMessage;
import org.apache.activemq.command.ActiveMQTextMessage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;
import org.eclipse.paho.client.mqttv3.MqttMessage;

/** Messages of brokers. */
final class Messages {

    private Messages() {}

    static void add(Survey survey) {
        kafka(survey);
        connect(survey);
        jms(survey);
        rabbit(survey);
        others(survey);
        cloudEvents(survey);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void kafka(Survey survey) {
        Library library = survey.library("org.apache.kafka:kafka-clients", "the log that most traces travel through");
        library.type("ConsumerRecord", () -> consumed("k", "v", "h", 5))
                .part("key", () -> consumed("l", "v", "h", 5))
                .part("value", () -> consumed("k", "w", "h", 5))
                .part("header", () -> consumed("k", "v", "i", 5))
                .same(() -> consumed("k", "v", "h", 6))
                .partOfPayload("no value", () -> consumed("k", null, "h", 5));
        library.type("ConsumerRecord of bytes", () -> new ConsumerRecord<>("t", 1, 2, bytes("k"), bytes("v")))
                .part("value", () -> new ConsumerRecord<>("t", 1, 2, bytes("k"), bytes("w")));
        library.type("ProducerRecord", () -> new ProducerRecord<>("t", 1, 5L, "k", "v", headers("h")))
                .part("key", () -> new ProducerRecord<>("t", 1, 5L, "l", "v", headers("h")))
                .part("value", () -> new ProducerRecord<>("t", 1, 5L, "k", "w", headers("h")))
                .part("header", () -> new ProducerRecord<>("t", 1, 5L, "k", "v", headers("i")))
                .part("timestamp", () -> new ProducerRecord<>("t", 1, 6L, "k", "v", headers("h")));
        library.type("RecordHeaders", () -> headers("h"))
                .part("value", () -> headers("i"))
                .part("one more", () -> headers("h").add("x", bytes("y")))
                .part("same name again", () -> headers("h").add("name", bytes("y")));
        library.type("RecordHeader", () -> new RecordHeader("a", bytes("b")))
                .part("name", () -> new RecordHeader("c", bytes("b")))
                .part("value", () -> new RecordHeader("a", bytes("c")));
        library.type("TopicPartition", () -> new TopicPartition("a", 1))
                .part("topic", () -> new TopicPartition("b", 1))
                .part("partition", () -> new TopicPartition("a", 2));
        library.type("OffsetAndMetadata", () -> new OffsetAndMetadata(1, "m"))
                .part("offset", () -> new OffsetAndMetadata(2, "m"))
                .part("metadata", () -> new OffsetAndMetadata(1, "n"))
                .part("epoch", () -> new OffsetAndMetadata(1, java.util.Optional.of(3), "m"));
        library.type(
                        "map of TopicPartition to OffsetAndMetadata",
                        () -> Map.of(new TopicPartition("a", 1), new OffsetAndMetadata(1)))
                .part("topic", () -> Map.of(new TopicPartition("b", 1), new OffsetAndMetadata(1)))
                .part("partition", () -> Map.of(new TopicPartition("a", 2), new OffsetAndMetadata(1)))
                .part("offset", () -> Map.of(new TopicPartition("a", 1), new OffsetAndMetadata(2)));
        library.type("RecordMetadata", () -> new RecordMetadata(new TopicPartition("a", 1), 2, 3, 4, 5, 6))
                .part("topic", () -> new RecordMetadata(new TopicPartition("b", 1), 2, 3, 4, 5, 6))
                .part("offset", () -> new RecordMetadata(new TopicPartition("a", 1), 3, 3, 4, 5, 6))
                .part("timestamp", () -> new RecordMetadata(new TopicPartition("a", 1), 2, 3, 5, 5, 6));
        library.type("ConsumerRecords", () -> records("v")).part("value", () -> records("w"));
        library.type("Bytes", () -> Bytes.wrap(bytes("a"))).part("bytes", () -> Bytes.wrap(bytes("b")));
        library.type("common.Uuid", () -> new org.apache.kafka.common.Uuid(1, 2))
                .part("high bits", () -> new org.apache.kafka.common.Uuid(3, 2))
                .part("low bits", () -> new org.apache.kafka.common.Uuid(1, 3));
        library.type("Node", () -> new org.apache.kafka.common.Node(1, "h", 2))
                .part("id", () -> new org.apache.kafka.common.Node(2, "h", 2))
                .part("host", () -> new org.apache.kafka.common.Node(1, "i", 2))
                .part("port", () -> new org.apache.kafka.common.Node(1, "h", 3))
                .part("rack", () -> new org.apache.kafka.common.Node(1, "h", 2, "r"));
    }

    private static Headers headers(String value) {
        return new RecordHeaders().add("name", bytes(value));
    }

    private static ConsumerRecord<String, String> consumed(String key, String value, String header, long timestamp) {
        return new ConsumerRecord<>(
                "t",
                1,
                2,
                timestamp,
                TimestampType.CREATE_TIME,
                1,
                1,
                key,
                value,
                headers(header),
                java.util.Optional.empty());
    }

    private static Object records(String value) {
        return new ConsumerRecords<>(
                Map.of(new TopicPartition("t", 1), List.of(new ConsumerRecord<>("t", 1, 2, "k", value))), Map.of());
    }

    private static void connect(Survey survey) {
        Library library =
                survey.library("org.apache.kafka:connect-api", "rows of databases on their way through Kafka");
        library.type("Struct", () -> struct("a", 1))
                .part("text", () -> struct("b", 1))
                .part("number", () -> struct("a", 2));
        library.type("SchemaAndValue", () -> new SchemaAndValue(Schema.STRING_SCHEMA, "a"))
                .part("value", () -> new SchemaAndValue(Schema.STRING_SCHEMA, "b"));
        library.type(
                        "SourceRecord",
                        () -> new SourceRecord(Map.of("p", 1), Map.of("o", 1), "t", Schema.STRING_SCHEMA, "a"))
                .part("value", () -> new SourceRecord(Map.of("p", 1), Map.of("o", 1), "t", Schema.STRING_SCHEMA, "b"));
        library.type(
                        "SinkRecord",
                        () -> new SinkRecord("t", 1, Schema.STRING_SCHEMA, "k", Schema.STRING_SCHEMA, "a", 2))
                .part("value", () -> new SinkRecord("t", 1, Schema.STRING_SCHEMA, "k", Schema.STRING_SCHEMA, "b", 2))
                .part("key", () -> new SinkRecord("t", 1, Schema.STRING_SCHEMA, "l", Schema.STRING_SCHEMA, "a", 2));
        library.type("Schema", () -> schema("a")).part("field", () -> schema("b"));
    }

    private static Schema schema(String field) {
        return SchemaBuilder.struct()
                .name("n")
                .field(field, Schema.STRING_SCHEMA)
                .build();
    }

    private static Struct struct(String text, int number) {
        Schema schema = SchemaBuilder.struct()
                .field("text", Schema.STRING_SCHEMA)
                .field("number", Schema.INT32_SCHEMA)
                .build();
        return new Struct(schema).put("text", text).put("number", number);
    }

    private static void jms(Survey survey) {
        Library library =
                survey.library("org.apache.activemq:activemq-client", "Jakarta Messaging's most used provider");
        library.type("TextMessage", () -> text("a", "p"))
                .part("text", () -> text("b", "p"))
                .part("property", () -> text("a", "q"))
                .part("correlation", () -> {
                    ActiveMQTextMessage message = text("a", "p");
                    message.setJMSCorrelationID("c");
                    return message;
                });
        library.type("BytesMessage", () -> bytesMessage("a")).part("bytes", () -> bytesMessage("b"));
        library.type("BytesMessage that was received", () -> received("a")).part("bytes", () -> received("b"));
        library.type("MapMessage", () -> mapMessage("a", 1))
                .part("name", () -> mapMessage("b", 1))
                .part("value", () -> mapMessage("a", 2));
        library.type("ObjectMessage", () -> objectMessage("a")).part("object", () -> objectMessage("b"));
        library.type("StreamMessage", () -> streamMessage("a")).part("element", () -> streamMessage("b"));
        library.type("Queue", () -> new ActiveMQQueue("a"))
                .part("name", () -> new ActiveMQQueue("b"))
                .part("kind", () -> ActiveMQDestination.createDestination("a", ActiveMQDestination.TOPIC_TYPE));
    }

    private static ActiveMQTextMessage text(String text, String property) throws Exception {
        ActiveMQTextMessage message = new ActiveMQTextMessage();
        message.setText(text);
        message.setStringProperty("p", property);
        return message;
    }

    private static ActiveMQBytesMessage bytesMessage(String text) throws Exception {
        ActiveMQBytesMessage message = new ActiveMQBytesMessage();
        message.writeBytes(bytes(text));
        return message;
    }

    private static ActiveMQBytesMessage received(String text) throws Exception {
        ActiveMQBytesMessage message = bytesMessage(text);
        message.reset();
        return message;
    }

    private static Object mapMessage(String name, int value) throws Exception {
        ActiveMQMapMessage message = new ActiveMQMapMessage();
        message.setInt(name, value);
        return message;
    }

    private static Object objectMessage(String value) throws Exception {
        ActiveMQObjectMessage message = new ActiveMQObjectMessage();
        message.setObject(value);
        return message;
    }

    private static Object streamMessage(String value) throws Exception {
        ActiveMQStreamMessage message = new ActiveMQStreamMessage();
        message.writeString(value);
        return message;
    }

    private static void rabbit(Survey survey) {
        Library library = survey.library("com.rabbitmq:amqp-client", "RabbitMQ's client");
        library.type("AMQP.BasicProperties", () -> properties("t", "m"))
                .part("type", () -> properties("u", "m"))
                .part("message id", () -> properties("t", "n"))
                .part(
                        "priority",
                        () -> new com.rabbitmq.client.AMQP.BasicProperties.Builder()
                                .type("t")
                                .messageId("m")
                                .headers(Map.of("a", 1))
                                .priority(3)
                                .build())
                .part(
                        "header",
                        () -> new com.rabbitmq.client.AMQP.BasicProperties.Builder()
                                .type("t")
                                .messageId("m")
                                .headers(Map.of("a", 2))
                                .build());
        library.type("Envelope", () -> new com.rabbitmq.client.Envelope(1, true, "e", "r"))
                // A redelivery of the same message.
                .same(() -> new com.rabbitmq.client.Envelope(2, true, "e", "r"))
                .same(() -> new com.rabbitmq.client.Envelope(1, false, "e", "r"))
                .part("exchange", () -> new com.rabbitmq.client.Envelope(1, true, "f", "r"))
                .part("routing key", () -> new com.rabbitmq.client.Envelope(1, true, "e", "s"));
        library.type("Delivery", () -> delivery("a")).part("body", () -> delivery("b"));
        library.type(
                        "GetResponse",
                        () -> new com.rabbitmq.client.GetResponse(
                                new com.rabbitmq.client.Envelope(1, true, "e", "r"),
                                properties("t", "m"),
                                bytes("a"),
                                1))
                .part(
                        "body",
                        () -> new com.rabbitmq.client.GetResponse(
                                new com.rabbitmq.client.Envelope(1, true, "e", "r"),
                                properties("t", "m"),
                                bytes("b"),
                                1));
        library.type("LongString", () -> com.rabbitmq.client.impl.LongStringHelper.asLongString("a"))
                .part("text", () -> com.rabbitmq.client.impl.LongStringHelper.asLongString("b"));

        Library spring = survey.library("org.springframework.amqp:spring-amqp", "RabbitMQ in Spring");
        spring.type("Message", () -> amqp("a", "h"))
                .part("body", () -> amqp("b", "h"))
                .part("header", () -> amqp("a", "i"));
        spring.type("MessageProperties", () -> amqp("a", "h").getMessageProperties())
                .part("header", () -> amqp("a", "i").getMessageProperties());
    }

    private static com.rabbitmq.client.AMQP.BasicProperties properties(String type, String id) {
        return new com.rabbitmq.client.AMQP.BasicProperties.Builder()
                .type(type)
                .messageId(id)
                .headers(Map.of("a", 1))
                .build();
    }

    private static Object delivery(String body) {
        return new com.rabbitmq.client.Delivery(
                new com.rabbitmq.client.Envelope(1, true, "e", "r"), properties("t", "m"), bytes(body));
    }

    private static org.springframework.amqp.core.Message amqp(String body, String header) {
        return org.springframework.amqp.core.MessageBuilder.withBody(bytes(body))
                .setHeader("h", header)
                .build();
    }

    private static void others(Survey survey) {
        Library nats = survey.library("io.nats:jnats", "NATS");
        nats.type("NatsMessage", () -> nats("s", "d", "h"))
                .part("subject", () -> nats("t", "d", "h"))
                .part("data", () -> nats("s", "e", "h"))
                .part("header", () -> nats("s", "d", "i"));
        nats.type("Headers", () -> new io.nats.client.impl.Headers().add("a", "b"))
                .part("value", () -> new io.nats.client.impl.Headers().add("a", "c"))
                .part("name", () -> new io.nats.client.impl.Headers().add("c", "b"));

        Library paho = survey.library("org.eclipse.paho:org.eclipse.paho.client.mqttv3", "MQTT, of devices");
        paho.type("MqttMessage", () -> new MqttMessage(bytes("a")))
                .part("payload", () -> new MqttMessage(bytes("b")))
                .part("quality", () -> {
                    MqttMessage message = new MqttMessage(bytes("a"));
                    message.setQos(2);
                    return message;
                });

        Library rocket = survey.library("org.apache.rocketmq:rocketmq-common", "RocketMQ");
        rocket.type("Message", () -> rocket("t", "k", "b"))
                .part("topic", () -> rocket("u", "k", "b"))
                .part("key", () -> rocket("t", "l", "b"))
                .part("body", () -> rocket("t", "k", "c"));
        rocket.type("MessageQueue", () -> new org.apache.rocketmq.common.message.MessageQueue("t", "b", 1))
                .part("topic", () -> new org.apache.rocketmq.common.message.MessageQueue("u", "b", 1))
                .part("id", () -> new org.apache.rocketmq.common.message.MessageQueue("t", "b", 2));

        Library quartz = survey.library("org.quartz-scheduler:quartz", "jobs of servers");
        quartz.type("JobDataMap", () -> new org.quartz.JobDataMap(Map.of("a", 1)))
                .part("value", () -> new org.quartz.JobDataMap(Map.of("a", 2)));
        quartz.type("JobKey", () -> new org.quartz.JobKey("a", "g"))
                .part("name", () -> new org.quartz.JobKey("b", "g"))
                .part("group", () -> new org.quartz.JobKey("a", "h"));
        quartz.type("JobDetail", () -> job("a", 1))
                .part("key", () -> job("b", 1))
                .partBesideEquals("data", () -> job("a", 2));
    }

    private static Object job(String key, int data) {
        return org.quartz.JobBuilder.newJob(org.quartz.Job.class)
                .withIdentity(key)
                .usingJobData("d", data)
                .build();
    }

    private static Object nats(String subject, String data, String header) {
        return io.nats.client.impl.NatsMessage.builder()
                .subject(subject)
                .data(data)
                .headers(new io.nats.client.impl.Headers().add("h", header))
                .build();
    }

    private static Object rocket(String topic, String key, String body) {
        return new org.apache.rocketmq.common.message.Message(topic, "tag", key, bytes(body));
    }

    private static void cloudEvents(Survey survey) {
        Library library = survey.library("io.cloudevents:cloudevents-core", "the CNCF's envelope of events");
        library.type("CloudEvent", () -> event("1", "t", "d", "e"))
                .part("id", () -> event("2", "t", "d", "e"))
                .part("type", () -> event("1", "u", "d", "e"))
                .part("data", () -> event("1", "t", "x", "e"))
                .part("extension", () -> event("1", "t", "d", "x"));
        library.type(
                        "CloudEvent of version 0.3",
                        () -> CloudEventBuilder.v03()
                                .withId("1")
                                .withType("t")
                                .withSource(URI.create("s"))
                                .build())
                .part(
                        "source",
                        () -> CloudEventBuilder.v03()
                                .withId("1")
                                .withType("t")
                                .withSource(URI.create("z"))
                                .build());
        library.type("BytesCloudEventData", () -> io.cloudevents.core.data.BytesCloudEventData.wrap(bytes("a")))
                .part("bytes", () -> io.cloudevents.core.data.BytesCloudEventData.wrap(bytes("b")));
    }

    private static Object event(String id, String type, String data, String extension) {
        return CloudEventBuilder.v1()
                .withId(id)
                .withType(type)
                .withSource(URI.create("s"))
                .withTime(OffsetDateTime.parse("2020-01-01T00:00:00Z"))
                .withData("text/plain", bytes(data))
                .withExtension("ext", extension)
                .build();
    }
}
