package io.idempotenttrace.survey;

import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent;
import com.amazonaws.services.lambda.runtime.events.S3Event;
import com.amazonaws.services.lambda.runtime.events.SNSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import com.azure.core.util.BinaryData;
import com.azure.messaging.servicebus.ServiceBusMessage;
import java.nio.ByteBuffer;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.sns.model.PublishRequest;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/** Messages and items of the clouds' clients. */
final class Clouds {

    private Clouds() {}

    static void add(Survey survey) {
        aws(survey);
        lambda(survey);
        azure(survey);
        services(survey);
    }

    private static void aws(Survey survey) {
        Library sqs = survey.library("software.amazon.awssdk:sqs", "AWS' queues");
        sqs.type("Message", () -> message("1", "b", "a").build())
                .part("id", () -> message("2", "b", "a").build())
                .part("body", () -> message("1", "c", "a").build())
                .part("attribute", () -> message("1", "b", "c").build())
                .same(() -> message("1", "b", "a").receiptHandle("r").build());
        sqs.type(
                        "SendMessageRequest",
                        () -> SendMessageRequest.builder()
                                .queueUrl("q")
                                .messageBody("a")
                                .build())
                .part(
                        "body",
                        () -> SendMessageRequest.builder()
                                .queueUrl("q")
                                .messageBody("b")
                                .build())
                .part(
                        "queue",
                        () -> SendMessageRequest.builder()
                                .queueUrl("p")
                                .messageBody("a")
                                .build());
        sqs.type(
                        "MessageAttributeValue",
                        () -> MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue("a")
                                .build())
                .part(
                        "text",
                        () -> MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue("b")
                                .build())
                .part(
                        "bytes",
                        () -> MessageAttributeValue.builder()
                                .dataType("String")
                                .binaryValue(SdkBytes.fromUtf8String("a"))
                                .build());
        sqs.type("SdkBytes", () -> SdkBytes.fromUtf8String("a")).part("bytes", () -> SdkBytes.fromUtf8String("b"));

        Library sns = survey.library("software.amazon.awssdk:sns", "AWS' notifications");
        sns.type(
                        "PublishRequest",
                        () -> PublishRequest.builder()
                                .topicArn("t")
                                .message("a")
                                .build())
                .part(
                        "message",
                        () -> PublishRequest.builder()
                                .topicArn("t")
                                .message("b")
                                .build())
                .part(
                        "subject",
                        () -> PublishRequest.builder()
                                .topicArn("t")
                                .message("a")
                                .subject("s")
                                .build());

        Library dynamo = survey.library("software.amazon.awssdk:dynamodb", "AWS' table store");
        dynamo.type("AttributeValue", () -> AttributeValue.fromS("a"))
                .part("text", () -> AttributeValue.fromS("b"))
                .part("number", () -> AttributeValue.fromN("1"))
                .part("bytes", () -> AttributeValue.fromB(SdkBytes.fromUtf8String("a")))
                .part("list", () -> AttributeValue.fromL(List.of(AttributeValue.fromS("a"))))
                .part("map", () -> AttributeValue.fromM(Map.of("a", AttributeValue.fromS("a"))))
                .part("flag", () -> AttributeValue.fromBool(true))
                .part("null", () -> AttributeValue.fromNul(true))
                .part("set", () -> AttributeValue.fromSs(List.of("a")));
        dynamo.type("item", () -> Map.of("id", AttributeValue.fromS("a")))
                .part("value", () -> Map.of("id", AttributeValue.fromS("b")));
        dynamo.type(
                        "PutItemRequest",
                        () -> PutItemRequest.builder()
                                .tableName("t")
                                .item(Map.of("id", AttributeValue.fromS("a")))
                                .build())
                .part(
                        "item",
                        () -> PutItemRequest.builder()
                                .tableName("t")
                                .item(Map.of("id", AttributeValue.fromS("b")))
                                .build());
    }

    private static Message.Builder message(String id, String body, String attribute) {
        return Message.builder()
                .messageId(id)
                .body(body)
                .messageAttributes(Map.of(
                        "a",
                        MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue(attribute)
                                .build()));
    }

    private static void lambda(Survey survey) {
        Library library =
                survey.library("com.amazonaws:aws-lambda-java-events", "what AWS Lambda hands to its functions");
        library.type("SQSEvent", () -> sqs("1", "b"))
                .part("id", () -> sqs("2", "b"))
                .part("body", () -> sqs("1", "c"));
        library.type("SNSEvent", () -> sns("a")).part("message", () -> sns("b"));
        library.type("KinesisEvent", () -> kinesis("a", "1"))
                .part("data", () -> kinesis("b", "1"))
                .part("number", () -> kinesis("a", "2"));
        library.type("S3Event", () -> s3("a")).part("name", () -> s3("b"));
        library.type("ScheduledEvent", () -> new ScheduledEvent().withId("a"))
                .part("id", () -> new ScheduledEvent().withId("b"));
        library.type(
                        "APIGatewayProxyRequestEvent",
                        () -> new APIGatewayProxyRequestEvent().withPath("a").withBody("b"))
                .part(
                        "body",
                        () -> new APIGatewayProxyRequestEvent().withPath("a").withBody("c"))
                .part(
                        "header",
                        () -> new APIGatewayProxyRequestEvent()
                                .withPath("a")
                                .withBody("b")
                                .withHeaders(Map.of("h", "i")));
    }

    private static Object sqs(String id, String body) {
        SQSEvent.SQSMessage message = new SQSEvent.SQSMessage();
        message.setMessageId(id);
        message.setBody(body);
        SQSEvent event = new SQSEvent();
        event.setRecords(List.of(message));
        return event;
    }

    private static Object sns(String text) {
        return new SNSEvent()
                .withRecords(List.of(new SNSEvent.SNSRecord().withSns(new SNSEvent.SNS().withMessage(text))));
    }

    private static Object kinesis(String data, String number) {
        KinesisEvent.Record record = new KinesisEvent.Record();
        record.setData(ByteBuffer.wrap(data.getBytes()));
        record.setSequenceNumber(number);
        KinesisEvent.KinesisEventRecord outer = new KinesisEvent.KinesisEventRecord();
        outer.setKinesis(record);
        KinesisEvent event = new KinesisEvent();
        event.setRecords(List.of(outer));
        return event;
    }

    private static Object s3(String name) {
        var bucket = new com.amazonaws.services.lambda.runtime.events.models.s3.S3EventNotification.S3BucketEntity(
                "b", null, null);
        var object = new com.amazonaws.services.lambda.runtime.events.models.s3.S3EventNotification.S3ObjectEntity(
                name, 1L, "e", "v", "s");
        var entity = new com.amazonaws.services.lambda.runtime.events.models.s3.S3EventNotification.S3Entity(
                "c", bucket, object, "1");
        return new S3Event(List.of(
                new com.amazonaws.services.lambda.runtime.events.models.s3.S3EventNotification
                        .S3EventNotificationRecord(
                        "r", "n", "s", "2020-01-01T00:00:00.000Z", "2", null, null, entity, null)));
    }

    private static void azure(Survey survey) {
        Library core = survey.library("com.azure:azure-core", "Azure's clients");
        core.type("BinaryData of text", () -> BinaryData.fromString("a"))
                .part("text", () -> BinaryData.fromString("b"));
        core.type("BinaryData of bytes", () -> BinaryData.fromBytes(new byte[] {1}))
                .part("bytes", () -> BinaryData.fromBytes(new byte[] {2}));
        core.type("BinaryData of an object", () -> BinaryData.fromObject(Map.of("a", 1)))
                .part("object", () -> BinaryData.fromObject(Map.of("a", 2)));
        core.type("CloudEvent", () -> cloudEvent("s", "a"))
                .part("source", () -> cloudEvent("t", "a"))
                .part("data", () -> cloudEvent("s", "b"));
        core.type("HttpHeaders", () -> new com.azure.core.http.HttpHeaders().set("a", "b"))
                .part("value", () -> new com.azure.core.http.HttpHeaders().set("a", "c"));
        core.type("ETag", () -> new com.azure.core.util.ETag("\"a\""))
                .part("value", () -> new com.azure.core.util.ETag("\"b\""));

        Library bus = survey.library("com.azure:azure-messaging-servicebus", "Azure's queues");
        bus.type("ServiceBusMessage", () -> serviceBus("a", "1"))
                .part("body", () -> serviceBus("b", "1"))
                .part("id", () -> serviceBus("a", "2"))
                .part("property", () -> {
                    ServiceBusMessage message = serviceBus("a", "1");
                    message.getApplicationProperties().put("p", "q");
                    return message;
                });
    }

    private static Object cloudEvent(String source, String data) {
        return new com.azure.core.models.CloudEvent(
                        source,
                        "t",
                        BinaryData.fromString("\"" + data + "\""),
                        com.azure.core.models.CloudEventDataFormat.JSON,
                        "application/json")
                .setId("1")
                .setTime(OffsetDateTime.parse("2020-01-01T00:00:00Z"));
    }

    private static ServiceBusMessage serviceBus(String body, String id) {
        return new ServiceBusMessage(body).setMessageId(id);
    }

    private static void services(Survey survey) {
        Library slack = survey.library("com.slack.api:slack-api-model", "messages to people");
        slack.type("Message", () -> slack("a", "1"))
                .part("text", () -> slack("b", "1"))
                .part("timestamp", () -> slack("a", "2"));

        Library stripe = survey.library("com.stripe:stripe-java", "payments");
        stripe.type("Charge", () -> charge("a", 1))
                .part("id", () -> charge("b", 1))
                .part("amount", () -> charge("a", 2));
    }

    private static Object slack(String text, String ts) {
        com.slack.api.model.Message message = new com.slack.api.model.Message();
        message.setText(text);
        message.setTs(ts);
        return message;
    }

    private static Object charge(String id, long amount) {
        com.stripe.model.Charge charge = new com.stripe.model.Charge();
        charge.setId(id);
        charge.setAmount(amount);
        return charge;
    }
}
