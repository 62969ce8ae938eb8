package io.idempotenttrace.payloads;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.activemq.command.ActiveMQBytesMessage;
import org.apache.activemq.command.ActiveMQMapMessage;
import org.apache.activemq.command.ActiveMQMessage;
import org.apache.activemq.command.ActiveMQObjectMessage;
import org.apache.activemq.command.ActiveMQStreamMessage;
import org.apache.activemq.command.ActiveMQTextMessage;
import org.junit.jupiter.api.Test;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.messaging.support.MessageBuilder;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/** Messages: another delivery of one hashes alike, another content does not, and hashing uses nothing up. */
class MessagePayloadsTest {

    /** A message of the library's own class, with a member of the application. */
    static final class TenantMessage extends GenericMessage<String> {

        private static final long serialVersionUID = 1L;
        private final String tenant;

        TenantMessage(String tenant, String payload) {
            super(payload, Map.of("h", 1));
            this.tenant = tenant;
        }

        public String getTenant() {
            return tenant;
        }
    }

    /** An envelope that implements the library's interface, and hides a field. */
    static final class Envelope implements Message<Object> {

        private final Message<?> message;
        private final String tenant;

        Envelope(String tenant, Message<?> message) {
            this.tenant = tenant;
            this.message = message;
        }

        String tenant() {
            return tenant;
        }

        @Override
        public Object getPayload() {
            return message.getPayload();
        }

        @Override
        public org.springframework.messaging.MessageHeaders getHeaders() {
            return message.getHeaders();
        }
    }

    /** A message that only passes on what another one holds. */
    static final class View implements Message<Object> {

        private final Message<?> message;

        View(Message<?> message) {
            this.message = message;
        }

        @Override
        public Object getPayload() {
            return message.getPayload();
        }

        @Override
        public org.springframework.messaging.MessageHeaders getHeaders() {
            return message.getHeaders();
        }
    }

    @Test
    void whatTheApplicationAddsToAMessageIsNotLost() {
        Payload.of(new TenantMessage("a", "p"))
                .is("{\"tenant\":\"a\",\"value\":{\"headers\":{\"h\":1},\"payload\":\"p\"}}")
                .differsFrom(new TenantMessage("b", "p"), new TenantMessage("a", "q"))
                .equalTo(new TenantMessage("a", "p"))
                .at("/payload", "p")
                .at("/tenant", "a");
        Message<String> message = new GenericMessage<>("p", Map.of("h", 1));
        Payload.of(new Envelope("a", message)).isRefused("field 'tenant'");
        Payload.of(new View(message)).equalTo(message);
    }

    private static ActiveMQTextMessage text(String text) throws Exception {
        ActiveMQTextMessage message = new ActiveMQTextMessage();
        message.setText(text);
        message.setStringProperty("x", "y");
        message.setJMSCorrelationID("c");
        return message;
    }

    @Test
    void aTextMessageDeliveredAgainHashesAlike() throws Exception {
        ActiveMQTextMessage again = text("hello");
        again.setRedeliveryCounter(3);
        again.setJMSTimestamp(17);
        again.setJMSPriority(9);
        again.setGroupSequence(0);
        Payload.of(text("hello"))
                .is(
                        "{\"JMSCorrelationID\":\"c\",\"body\":\"hello\",\"kind\":\"TextMessage\",\"properties\":{\"x\":\"y\"}}")
                .equalTo(again)
                .differsFrom(text("bye"))
                .at("/body", "hello")
                .at("/properties/x", "y")
                .at("/JMSRedelivered", "false");
        Payload.of(again)
                .at("/JMSTimestamp", "17")
                .at("/JMSRedelivered", "true")
                .at("/properties/JMSXDeliveryCount", "4");
        ActiveMQTextMessage other = text("hello");
        other.setStringProperty("x", "z");
        ActiveMQTextMessage grouped = text("hello");
        grouped.setStringProperty("JMSXGroupID", "g");
        Payload.of(text("hello")).differsFrom(other, grouped);
    }

    @Test
    void aBytesMessageIsNotUsedUpAndItsReaderStaysWhereItStood() throws Exception {
        ActiveMQBytesMessage message = new ActiveMQBytesMessage();
        message.writeBytes(new byte[] {1, 2, 3, 4});
        Payload.of(message).isRefused("call its reset()");
        message.writeBytes(new byte[] {5});
        message.reset();
        assertEquals(1, message.readByte());
        assertEquals(2, message.readByte());
        Payload.of(message)
                .is("{\"body\":\"AQIDBAU=\",\"kind\":\"BytesMessage\",\"properties\":{}}")
                .at("/body", "AQIDBAU=");
        assertEquals(3, message.readByte());
        ActiveMQTextMessage text = new ActiveMQTextMessage();
        text.setText("AQIDBAU=");
        Payload.of(message).differsFrom(text);
        assertEquals(4, message.readByte());
        byte[] rest = new byte[4];
        assertEquals(1, message.readBytes(rest));
        Payload.of(message).is("{\"body\":\"AQIDBAU=\",\"kind\":\"BytesMessage\",\"properties\":{}}");
        assertEquals(-1, message.readBytes(rest));
    }

    @Test
    void mapsAreReadOthersRefused() throws Exception {
        ActiveMQMapMessage map = new ActiveMQMapMessage();
        map.setString("traceId", "t1");
        map.setBytes("raw", new byte[] {1});
        ActiveMQMapMessage other = new ActiveMQMapMessage();
        other.setString("traceId", "t2");
        Payload.of(map)
                .is("{\"body\":{\"raw\":\"AQ==\",\"traceId\":\"t1\"},\"kind\":\"MapMessage\",\"properties\":{}}")
                .differsFrom(other)
                .at("/body/traceId", "t1");
        Payload.of(new ActiveMQObjectMessage())
                .isRefused("JMS ObjectMessage, whose body can't be read without deserialising it");
        Payload.of(new ActiveMQStreamMessage()).isRefused("JMS StreamMessage");
        Payload.of(new ActiveMQMessage()).is("{\"kind\":\"Message\",\"properties\":{}}");
    }

    @Test
    void springsMessageWithoutWhatEachReceivingMakesAnew() {
        Message<?> message = MessageBuilder.withPayload(Map.of("order", 1))
                .setHeader("x", "y")
                .setHeader("deliveryAttempt", 1)
                .build();
        Payload.of(message)
                .is("{\"headers\":{\"x\":\"y\"},\"payload\":{\"order\":1}}")
                .equalTo(new GenericMessage<>(Map.of("order", 1), Map.of("x", "y", "kafka_offset", 5L)))
                .differsFrom(
                        new GenericMessage<>(Map.of("order", 2), Map.of("x", "y")),
                        new GenericMessage<>(Map.of("order", 1), Map.of("x", "z")))
                .at("/payload/order", "1")
                .at("/headers/x", "y")
                .at("/headers/id", message.getHeaders().getId().toString());
        Payload.of(message.getHeaders())
                .is("{\"x\":\"y\"}")
                .at("/id", message.getHeaders().getId().toString());
        org.springframework.util.LinkedMultiValueMap<String, String> values =
                new org.springframework.util.LinkedMultiValueMap<>();
        values.add("a", "1");
        values.add("a", "2");
        Payload.of(values).is("{\"a\":[\"1\",\"2\"]}");
        org.springframework.http.HttpHeaders http = new org.springframework.http.HttpHeaders();
        http.add("a", "1");
        Payload.of(http).is("{\"a\":[\"1\"]}");
    }

    private static org.springframework.amqp.core.Message rabbit(String body, long tag, boolean again) {
        org.springframework.amqp.core.MessageProperties properties =
                new org.springframework.amqp.core.MessageProperties();
        properties.setDeliveryTag(tag);
        properties.setRedelivered(again);
        properties.setHeader("x", "y");
        if (again) {
            properties.setHeader("x-death", List.of(Map.of("count", 1)));
        }
        return new org.springframework.amqp.core.Message(body.getBytes(StandardCharsets.UTF_8), properties);
    }

    @Test
    void aMessageOfRabbitDeliveredAgainHashesAlike() {
        Payload.of(rabbit("a", 1, false))
                .is("{\"body\":\"YQ==\",\"contentType\":\"application/octet-stream\",\"headers\":{\"x\":\"y\"}}")
                .equalTo(rabbit("a", 2, true))
                .differsFrom(rabbit("b", 1, false))
                .at("/headers/x", "y")
                .at("/deliveryTag", "1");
    }

    @Test
    void anIncludedPlaceOfACloudEventHasItsDataWhateverThatIs() {
        byte[] bytes = {1};
        Payload.of(event().withSubject("s").withData("text/plain", bytes).build())
                .includes("/subject;/data", "{\"data\":\"AQ==\",\"subject\":\"s\"}")
                .includes("/data_base64", "{\"data_base64\":\"AQ==\"}");
        Payload.of(event().withData("application/json", "{\"a\":1,\"b\":2}".getBytes(StandardCharsets.UTF_8))
                        .build())
                .includes("/data/a;/id", "{\"data\":{\"a\":1},\"id\":\"1\"}");
    }

    @Test
    void anIncludedHeaderIsHashedThoughItTellsOfTheDelivery() {
        Message<String> message = MessageBuilder.withPayload("p")
                .setHeader("kafka_receivedTopic", "t")
                .setHeader("kafka_offset", 7)
                .build();
        Payload.of(message)
                .includes(
                        "/payload;/headers/kafka_receivedTopic",
                        "{\"headers\":{\"kafka_receivedTopic\":\"t\"},\"payload\":\"p\"}");
    }

    private static CloudEventBuilder event() {
        return CloudEventBuilder.v1()
                .withId("1")
                .withType("t")
                .withSource(URI.create("/s"))
                .withExtension("x", "y");
    }

    @Test
    void aCloudEventIsItsAttributesExtensionsAndData() {
        CloudEvent json = event().withData("application/json", "{\"a\": 1}".getBytes(StandardCharsets.UTF_8))
                .build();
        Payload.of(json)
                .is(
                        "{\"data\":{\"a\":1},\"datacontenttype\":\"application/json\",\"id\":\"1\",\"source\":\"/s\",\"specversion\":\"1.0\","
                                + "\"type\":\"t\",\"x\":\"y\"}")
                .equalTo(event().withData("application/json", "{\"a\":1}".getBytes(StandardCharsets.UTF_8))
                        .build())
                .differsFrom(
                        event().withData("application/json", "{\"a\":2}".getBytes(StandardCharsets.UTF_8))
                                .build(),
                        event().withId("2")
                                .withData("application/json", "{\"a\":1}".getBytes(StandardCharsets.UTF_8))
                                .build(),
                        event().withExtension("x", "z")
                                .withData("application/json", "{\"a\":1}".getBytes(StandardCharsets.UTF_8))
                                .build(),
                        event().withData("text/plain", "{\"a\": 1}".getBytes(StandardCharsets.UTF_8))
                                .build())
                .at("/id", "1")
                .at("/data/a", "1")
                .at("/x", "y")
                .at("/subject", null);
        Payload.of(event().withData("application/octet-stream", new byte[] {1}).build())
                .is("{\"data_base64\":\"AQ==\","
                        + "\"datacontenttype\":\"application/octet-stream\",\"id\":\"1\",\"source\":\"/s\",\"specversion\":\"1.0\",\"type\":\"t\","
                        + "\"x\":\"y\"}")
                .at("/data", "AQ==");
        Payload.of(event().build())
                .is("{\"id\":\"1\",\"source\":\"/s\",\"specversion\":\"1.0\",\"type\":\"t\",\"x\":\"y\"}")
                .at("/data", null);
    }

    private static software.amazon.awssdk.services.sqs.model.Message.Builder sqs() {
        return software.amazon.awssdk.services.sqs.model.Message.builder()
                .messageId("m")
                .receiptHandle("r1")
                .body("{}")
                .attributes(Map.of(
                        MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT,
                        "1",
                        MessageSystemAttributeName.SENDER_ID,
                        "s"))
                .messageAttributes(Map.of(
                        "x",
                        MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue("y")
                                .build()));
    }

    @Test
    void aMessageOfSqsReceivedAgainHashesAlike() {
        Payload.of(sqs().build())
                .is(
                        "{\"attributes\":{\"SenderId\":\"s\"},\"body\":\"{}\","
                                + "\"messageAttributes\":{\"x\":{\"dataType\":\"String\",\"stringValue\":\"y\"}},\"messageId\":\"m\"}")
                .equalTo(sqs().receiptHandle("r2")
                        .attributes(Map.of(
                                MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT,
                                "2",
                                MessageSystemAttributeName.SENDER_ID,
                                "s"))
                        .build())
                .differsFrom(
                        sqs().body("{ }").build(),
                        sqs().messageId("n").build(),
                        sqs().messageAttributes(Map.of()).build())
                .at("/body", "{}")
                .at("/Body", "{}")
                .at("/receiptHandle", "r1")
                .at("/attributes/ApproximateReceiveCount", "1")
                .at("/messageAttributes/x/stringValue", "y");
        Payload.of(SendMessageRequest.builder().queueUrl("q").messageBody("b").build())
                .is("{\"messageBody\":\"b\",\"queueUrl\":\"q\"}")
                .differsFrom(SendMessageRequest.builder()
                        .queueUrl("q")
                        .messageBody("c")
                        .build());
        Payload.of(SdkBytes.fromUtf8String("a")).is("\"YQ==\"");
    }

    @Test
    void aMessageOfSqsInLambdaReceivedAgainHashesAlike() {
        Payload.of(lambda("b", "r1", "1"))
                .equalTo(lambda("b", "r2", "2"))
                .differsFrom(lambda("c", "r1", "1"))
                .at("/body", "b")
                .at("/receiptHandle", "r1")
                .at("/attributes/ApproximateReceiveCount", "1");
        SQSEvent event = new SQSEvent();
        event.setRecords(List.of(lambda("b", "r1", "1")));
        Payload.of(event).at("/records/0/body", "b");
    }

    private static SQSEvent.SQSMessage lambda(String body, String handle, String count) {
        SQSEvent.SQSMessage message = new SQSEvent.SQSMessage();
        message.setBody(body);
        message.setReceiptHandle(handle);
        message.setMessageId("m");
        message.setAttributes(new HashMap<>(Map.of("ApproximateReceiveCount", count, "SenderId", "s")));
        return message;
    }
}
