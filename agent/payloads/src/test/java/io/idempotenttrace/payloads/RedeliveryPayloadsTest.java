package io.idempotenttrace.payloads;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.google.protobuf.ByteString;
import com.google.pubsub.v1.PubsubMessage;
import com.google.pubsub.v1.ReceivedMessage;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.impl.LongStringHelper;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.activemq.command.ActiveMQTextMessage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.rocketmq.common.message.MessageConst;
import org.apache.rocketmq.common.message.MessageExt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.messaging.support.GenericMessage;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/**
 * A message that failed and comes again by its broker's retry or dead-letter queue, by a republisher, or behind a tracer: it hashes as
 * before. What its sender gives counts, under whatever name.
 */
class RedeliveryPayloadsTest {

    /** A message of each kind that has metadata, with the given headers beside its own. */
    private static final Map<String, Function<Map<String, String>, Object>> KINDS = Map.of(
            "Spring AMQP", headers -> amqp(properties -> headers.forEach(properties::setHeader)),
            "RabbitMQ's client", headers -> delivery(1, new HashMap<>(headers)),
            "Spring", headers -> new GenericMessage<>("p", new HashMap<>(headers)),
            "Kafka", RedeliveryPayloadsTest::kafka,
            "Connect",
                    headers -> {
                        ConnectHeaders all = new ConnectHeaders();
                        headers.forEach(all::addString);
                        return sink(all);
                    },
            "JMS", RedeliveryPayloadsTest::jms,
            "SQS", RedeliveryPayloadsTest::sqs,
            "Lambda", RedeliveryPayloadsTest::lambda,
            "Pub/Sub", RedeliveryPayloadsTest::pubsub);

    private static Message amqp(Consumer<MessageProperties> sender) {
        MessageProperties properties = new MessageProperties();
        properties.setMessageId("m");
        sender.accept(properties);
        return new Message("b".getBytes(UTF_8), properties);
    }

    private static BasicProperties.Builder properties(Map<String, Object> headers) {
        return new BasicProperties.Builder().messageId("m").headers(headers);
    }

    private static Delivery delivery(long tag, Map<String, Object> headers) {
        return new Delivery(
                new Envelope(tag, tag > 1, tag > 1 ? "" : "e", "r" + tag),
                properties(headers).build(),
                "b".getBytes(UTF_8));
    }

    private static ConsumerRecord<String, String> kafka(Map<String, String> headers) {
        ConsumerRecord<String, String> message = new ConsumerRecord<>("t", 0, 0, "k", "v");
        headers.forEach((name, value) -> message.headers().add(name, value.getBytes(UTF_8)));
        return message;
    }

    private static SinkRecord sink(Headers headers) {
        return new SinkRecord(
                "t", 0, null, "k", null, "v", 1, 1L, org.apache.kafka.common.record.TimestampType.CREATE_TIME, headers);
    }

    private static Object jms(Map<String, String> properties) {
        try {
            ActiveMQTextMessage message = new ActiveMQTextMessage();
            message.setText("b");
            for (Map.Entry<String, String> property : properties.entrySet()) {
                message.setStringProperty(property.getKey(), property.getValue());
            }
            return message;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object sqs(Map<String, String> attributes) {
        Map<String, MessageAttributeValue> values = new HashMap<>();
        attributes.forEach((name, value) -> values.put(
                name, MessageAttributeValue.builder().stringValue(value).build()));
        software.amazon.awssdk.services.sqs.model.Message.Builder message =
                software.amazon.awssdk.services.sqs.model.Message.builder().body("b");
        return (values.isEmpty()
                        ? message
                        : message.messageAttributes(values).md5OfMessageAttributes("sum of " + attributes))
                .build();
    }

    private static Object lambda(Map<String, String> attributes) {
        Map<String, SQSEvent.MessageAttribute> values = new HashMap<>();
        attributes.forEach((name, value) -> {
            SQSEvent.MessageAttribute attribute = new SQSEvent.MessageAttribute();
            attribute.setStringValue(value);
            values.put(name, attribute);
        });
        SQSEvent.SQSMessage message = new SQSEvent.SQSMessage();
        message.setBody("b");
        message.setMessageAttributes(values);
        message.setMd5OfMessageAttributes(values.isEmpty() ? null : "sum of " + attributes);
        return message;
    }

    private static PubsubMessage pubsub(Map<String, String> attributes) {
        return PubsubMessage.newBuilder()
                .setMessageId("1")
                .setData(ByteString.copyFromUtf8("d"))
                .putAllAttributes(attributes)
                .build();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "traceparent",
                "tracestate",
                "baggage",
                "b3",
                "X-B3-TraceId",
                "x-b3-spanid",
                "uber-trace-id",
                "uberctx-user",
                "x-datadog-parent-id",
                "sw8",
                "X-Amzn-Trace-Id",
                "elastic-apm-traceparent"
            })
    void anotherTraceContextIsNoOtherMessageAndNoneIsNeither(String header) {
        KINDS.forEach((kind, message) -> Payload.of(message.apply(Map.of()))
                .equalTo(message.apply(Map.of(header, "1")))
                .equalTo(message.apply(Map.of(header, "2")))
                .differsFrom(message.apply(Map.of("trace", "1")), message.apply(Map.of("order-" + header, "1"))));
    }

    @Test
    void tracersOfJmsWriteTheHyphenAsAWord() {
        Payload.of(jms(Map.of()))
                .equalTo(jms(Map.of("uber__dash__trace__dash__id", "1")))
                .equalTo(jms(Map.of("X__dash__B3__dash__TraceId", "1")))
                .differsFrom(jms(Map.of("order__dash__id", "1")));
    }

    @Test
    void aTraceContextInABodyOrNamedByAPlaceIsHashed() {
        Payload.of(Map.of("traceparent", "1")).differsFrom(Map.of("traceparent", "2"));
        Payload.of(new GenericMessage<>(Map.of("traceparent", "1"), Map.of("traceparent", "2")))
                .is("{\"headers\":{},\"payload\":{\"traceparent\":\"1\"}}")
                .at("/headers/traceparent", "2")
                .includes(
                        "/payload;/headers/traceparent",
                        "{\"headers\":{\"traceparent\":\"2\"},\"payload\":{\"traceparent\":\"1\"}}");
        Payload.of(kafka(Map.of("b3", "1", "h", "2")))
                .is("{\"headers\":{\"h\":\"2\"},\"key\":\"k\",\"value\":\"v\"}")
                .at("/headers/b3", "1")
                .includes("/value;/headers/b3", "{\"headers\":{\"b3\":\"1\"},\"value\":\"v\"}");
        Payload.of(pubsub(Map.of("googclient_traceparent", "1", "a", "2")))
                .is("{\"attributes\":{\"a\":\"2\"},\"data\":\"ZA==\",\"messageId\":\"1\"}")
                .at("/attributes/googclient_traceparent", "1")
                .includes(
                        "/data;/attributes/googclient_traceparent",
                        "{\"attributes\":{\"googclient_traceparent\":\"1\"},\"data\":\"ZA==\"}");
        Payload.of(sqs(Map.of("traceparent", "1")))
                .includes(
                        "/body;/messageAttributes/traceparent",
                        "{\"body\":\"b\",\"messageAttributes\":{\"traceparent\":{\"stringValue\":\"1\"}}}");
    }

    @Test
    void rabbitsMessageComesAgainByADeadLetterQueue() {
        Message first = amqp(properties -> properties.setExpiration("60000"));
        Message again = amqp(properties -> {
            properties.setRedelivered(true);
            properties.setDeliveryTag(9);
            properties.setReceivedExchange("dlx");
            properties.setReceivedUserId("guest");
            for (String header : new String[] {
                "x-death",
                "x-first-death-exchange",
                "x-first-death-queue",
                "x-first-death-reason",
                "x-last-death-exchange",
                "x-last-death-queue",
                "x-last-death-reason",
                "x-delivery-count",
                "x-acquired-count",
                "x-exception-message",
                "x-exception-stacktrace",
                "x-original-exchange",
                "x-original-routingKey",
                "retry-count"
            }) {
                properties.setHeader(header, "1");
            }
        });
        Payload.of(again)
                .equalTo(first)
                .at("/headers/x-first-death-queue", "1")
                .at("/receivedExchange", "dlx")
                .at("/redelivered", "true");
        Payload.of(first).at("/expiration", "60000");
        Payload.of(delivery(1, null))
                .is("{\"body\":\"Yg==\",\"properties\":{\"headers\":{},\"messageId\":\"m\"}}")
                .equalTo(delivery(2, Map.of("x-death", List.of(), "x-last-death-reason", "rejected")))
                .at("/envelope/deliveryTag", "1")
                .at("/envelope/exchange", "e");
    }

    @Test
    void whatTheSenderOfARabbitMessageGivesCountsUnderWhateverName() {
        for (String header : new String[] {
            "id", "timestamp", "replyChannel", "errorChannel", "deliveryAttempt", "jms_timestamp", "kafka_offset"
        }) {
            Payload.of(amqp(properties -> properties.setHeader(header, "1")))
                    .differsFrom(amqp(properties -> properties.setHeader(header, "2")), amqp(properties -> {}));
        }
        Payload.of(amqp(properties -> {}))
                .differsFrom(
                        amqp(properties -> properties.setReplyTo("q")),
                        amqp(properties -> properties.setTimestamp(new Date(1))),
                        amqp(properties -> properties.setPriority(3)),
                        amqp(properties -> properties.setType("t")));
        Payload.of(properties(Map.of("h", LongStringHelper.asLongString("v"))).build())
                .is("{\"headers\":{\"h\":\"v\"},\"messageId\":\"m\"}")
                .equalTo(properties(Map.of("h", "v")).priority(0).userId("u").build())
                .differsFrom(
                        properties(Map.of("h", "w")).build(),
                        properties(Map.of("h", "v")).replyTo("q").build(),
                        properties(Map.of("h", "v")).timestamp(new Date(1)).build(),
                        properties(Map.of("h", "v")).priority(3).build())
                .at("/headers/h", "v");
        Payload.of(new Envelope(1, false, "e", "r"))
                .is("{\"exchange\":\"e\",\"routingKey\":\"r\"}")
                .equalTo(new Envelope(2, true, "e", "r"))
                .at("/deliveryTag", "1");
        Payload.of(new GetResponse(
                        new Envelope(1, false, "e", "r"), properties(Map.of()).build(), new byte[] {1}, 5))
                .is("{\"body\":\"AQ==\",\"props\":{\"headers\":{},\"messageId\":\"m\"}}")
                .at("/messageCount", "5");
    }

    @Test
    void springsMessageComesAgainFromWhicheverBroker() {
        for (String header : new String[] {
            "x-first-death-queue",
            "x-exception-message",
            "amqp_receivedExchange",
            "amqp_receivedRoutingKey",
            "amqp_retryCount",
            "mqtt_duplicate",
            "pulsar_message_redelivery_count",
            "azure_service_bus_delivery_count",
            "azure_service_bus_lock_token",
            "googclient_deliveryattempt",
            "Sqs_Msa_AWSTraceHeader",
            "kafka_key-exception-fqcn",
            "jms_destination"
        }) {
            Payload.of(new GenericMessage<>("p", Map.of(header, "1")))
                    .is("{\"headers\":{},\"payload\":\"p\"}")
                    .at("/headers/" + header, "1");
        }
    }

    @Test
    void aRecordComesAgainFromARetryTopicOrConnectsDeadLetterTopic() {
        Payload.of(kafka(Map.of("h", "1")))
                .equalTo(kafka(Map.of("h", "1", "kafka_key-exception-fqcn", "x", "kafka_exception-fqcn", "x")))
                .equalTo(kafka(Map.of("h", "1", "__connect.errors.topic", "t")))
                .differsFrom(kafka(Map.of("h", "1", "kafka_key", "x")), kafka(Map.of("h", "1", "x-death", "x")));
    }

    @Test
    void aMessageComesAgainFromADeadLetterQueueOfJmsOrSqs() {
        Payload.of(jms(Map.of())).equalTo(jms(Map.of("dlqDeliveryFailureCause", "c", "_AMQ_ORIG_QUEUE", "q")));
        Payload.of(software.amazon.awssdk.services.sqs.model.Message.builder()
                        .attributesWithStrings(Map.of(
                                "SenderId", "s", "AWSTraceHeader", "Root=1", "DeadLetterQueueSourceArn", "arn:q"))
                        .receiptHandle("r")
                        .build())
                .is("{\"attributes\":{\"SenderId\":\"s\"}}")
                .includes("/receiptHandle", "{\"receiptHandle\":\"r\"}");
        Payload.of(software.amazon.awssdk.services.sqs.model.Message.builder()
                        .body("b")
                        .attributesWithStrings(Map.of("AWSTraceHeader", "Root=1"))
                        .build())
                .equalTo(software.amazon.awssdk.services.sqs.model.Message.builder()
                        .body("b")
                        .build());
    }

    @Test
    void googlesMessageComesAgain() {
        PubsubMessage first = pubsub(Map.of("a", "b"));
        PubsubMessage again = pubsub(Map.of("a", "b", "googclient_deliveryattempt", "2"));
        Payload.of(first)
                .equalTo(again)
                .equalTo(again.toBuilder())
                .differsFrom(
                        pubsub(Map.of("a", "c")),
                        pubsub(Map.of()),
                        first.toBuilder().setMessageId("2").build());
        Payload.of(pubsub(Map.of())).equalTo(pubsub(Map.of("googclient_deliveryattempt", "2")));
        ReceivedMessage received = ReceivedMessage.newBuilder()
                .setAckId("a")
                .setDeliveryAttempt(1)
                .setMessage(first)
                .build();
        Payload.of(received)
                .is("{\"message\":{\"attributes\":{\"a\":\"b\"},\"data\":\"ZA==\",\"messageId\":\"1\"}}")
                .equalTo(ReceivedMessage.newBuilder()
                        .setAckId("b")
                        .setDeliveryAttempt(2)
                        .setMessage(again)
                        .build())
                .differsFrom(received.toBuilder().setMessage(pubsub(Map.of())).build())
                .includes("/ackId", "{\"ackId\":\"a\"}")
                .at("/ackId", "a")
                .at("/message/attributes/a", "b");
    }

    private static MessageExt rocket(String id, int times, String... properties) {
        MessageExt message = new MessageExt();
        message.setTopic("t");
        message.setBody("b".getBytes(UTF_8));
        message.setKeys("k");
        message.setMsgId(id);
        message.setReconsumeTimes(times);
        message.setQueueOffset(times);
        message.setStoreTimestamp(times);
        message.setStoreHost(new InetSocketAddress("127.0.0.1", times + 1));
        for (int i = 0; i < properties.length; i += 2) {
            message.getProperties().put(properties[i], properties[i + 1]);
        }
        return message;
    }

    @Test
    void rocketsMessageComesAgainFromItsGroupsRetryTopic() {
        Payload.of(rocket("1", 0, "u", "v"))
                .is("{\"body\":\"Yg==\",\"flag\":0,\"properties\":{\"KEYS\":\"k\",\"u\":\"v\"}}")
                .equalTo(rocket(
                        "2",
                        1,
                        "u",
                        "v",
                        MessageConst.PROPERTY_RETRY_TOPIC,
                        "t",
                        MessageConst.PROPERTY_ORIGIN_MESSAGE_ID,
                        "1",
                        MessageConst.PROPERTY_RECONSUME_TIME,
                        "1",
                        MessageConst.PROPERTY_MAX_OFFSET,
                        "9"))
                .differsFrom(rocket("1", 0, "u", "w"), rocket("1", 0))
                .at("/keys", "k")
                .at("/topic", "t")
                .at("/reconsumeTimes", "0");
        Payload.of(new MessageExt()).is("{\"body\":null,\"flag\":0,\"properties\":{}}");
    }

    @Test
    void aConnectHeaderThatHoldsAListIsNotSeveralHeaders() {
        Schema ofNumbers = SchemaBuilder.array(Schema.INT32_SCHEMA).build();
        Payload.of(sink(new ConnectHeaders().add("h", List.of(1, 2), ofNumbers)))
                .is("{\"headers\":{\"h\":[[1,2]]},\"key\":\"k\",\"value\":\"v\"}")
                .differsFrom(sink(new ConnectHeaders().addInt("h", 1).addInt("h", 2)));
        Payload.of(sink(new ConnectHeaders().add("h", Arrays.asList(1), ofNumbers)))
                .differsFrom(sink(new ConnectHeaders().addInt("h", 1)));
        Payload.of(sink(new ConnectHeaders().addInt("h", 1)))
                .is("{\"headers\":{\"h\":1},\"key\":\"k\",\"value\":\"v\"}");
    }
}
