package io.idempotenttrace.core.canonical;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The headers of messages that are no part of the hash, by who writes them. A message that failed once comes again by a broker's retry or
 * dead-letter queue with other headers than before. If they were hashed, the redelivery would be a conflict with its own first delivery.
 * Pointers reach them all, and an included place that names one has it hashed.
 *
 * <p>A name is here only if the source of its broker or library has it, and is as exact as that source allows: whatever is listed is lost
 * where a sender gives it a meaning of its own. Each broker's list is for its own messages. Only Spring's {@code Message} has them all,
 * since its headers come from whichever broker delivered it.
 */
@SuppressWarnings("ImmutableEnumChecker") // The sets and lists can't be changed.
enum DeliveryHeaders {

    /**
     * The trace context that tracers write into the headers of what is sent, see {@link #isTraceContext}: whoever publishes the message
     * again, for a retry or a dead letter, is another span. A trace id in a body, and in any value but a message's headers, is hashed.
     */
    TRACE_CONTEXT(Set.of(), List.of()),

    RABBITMQ(
            Set.of(
                    // The broker writes these when it dead-letters the message.
                    "x-death",
                    "x-first-death-exchange",
                    "x-first-death-queue",
                    "x-first-death-reason",
                    "x-last-death-exchange",
                    "x-last-death-queue",
                    "x-last-death-reason",
                    // A quorum queue counts here, from the second delivery on.
                    "x-delivery-count",
                    "x-acquired-count",
                    // Spring AMQP's RepublishMessageRecoverer and its retries with a delayed exchange.
                    "x-exception-message",
                    "x-exception-stacktrace",
                    "x-original-exchange",
                    "x-original-routingKey",
                    "retry-count",
                    "x-delay"),
            List.of()),

    KAFKA(
            Set.of(),
            List.of(
                    // What Spring's containers, retry topics and dead-letter publishers write into a record that they
                    // deliver again.
                    "kafka_deliveryAttempt",
                    "retry_topic-",
                    "kafka_dlt-",
                    "kafka_exception-",
                    "kafka_key-exception-",
                    "kafka_backoff",
                    "kafka_original-",
                    "springDeserializerException",
                    // Kafka Connect's dead-letter topic.
                    "__connect.errors.")),

    JMS(
            Set.of(
                    // ActiveMQ's dead-letter queue.
                    "dlqDeliveryFailureCause",
                    // Artemis moves the message to the dead-letter or expiry address.
                    "_AMQ_ORIG_ADDRESS",
                    "_AMQ_ORIG_QUEUE",
                    "_AMQ_ORIG_MESSAGE_ID",
                    "_AMQ_ORIG_ROUTING_TYPE",
                    "_AMQ_ACTUAL_EXPIRY"),
            List.of()),

    /** The attributes that SQS itself gives a message: each receiving counts, and a move to the dead-letter queue is noted. */
    SQS(Set.of("ApproximateReceiveCount", "ApproximateFirstReceiveTimestamp", "DeadLetterQueueSourceArn"), List.of()),

    /** Google's client adds the count where the subscription has a dead-letter topic. */
    PUBSUB(Set.of("googclient_deliveryattempt"), List.of()),

    ROCKETMQ(
            Set.of(
                    // Where the message lies, which a pull notes.
                    "MIN_OFFSET",
                    "MAX_OFFSET",
                    // The message is sent back to its group's retry topic, by way of the topic of a delay.
                    "RETRY_TOPIC",
                    "REAL_TOPIC",
                    "REAL_QID",
                    "ORIGIN_MESSAGE_ID",
                    "RECONSUME_TIME",
                    "MAX_RECONSUME_TIMES",
                    "DELAY",
                    "TRAN_MSG",
                    "DLQ_ORIGIN_TOPIC",
                    "DLQ_ORIGIN_MESSAGE_ID",
                    // The consumer that has it now.
                    "CONSUME_START_TIME",
                    "POP_CK",
                    "POP_CK_OFFSET",
                    "1ST_POP_TIME",
                    // A checksum of the properties, these among them.
                    "__CRC32#"),
            List.of()),

    /** What Spring writes into the headers of its Message; the broker's own are in them too. */
    SPRING(
            Set.of(
                    // The framework's: made anew for each Message, or a live object to answer or acknowledge with.
                    "id",
                    "timestamp",
                    "deliveryAttempt",
                    "replyChannel",
                    "errorChannel",
                    "closeableResource",
                    // Kafka: the consumer, and where the record lies.
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
                    // RabbitMQ: the consumer and the delivery; dead-lettering changes the exchange and the key, and
                    // takes the expiration.
                    "amqp_channel",
                    "amqp_deliveryTag",
                    "amqp_redelivered",
                    "amqp_consumerTag",
                    "amqp_consumerQueue",
                    "amqp_receivedExchange",
                    "amqp_receivedRoutingKey",
                    "amqp_receivedDelay",
                    "amqp_receivedDeliveryMode",
                    "amqp_receivedUserId",
                    "amqp_expiration",
                    "amqp_retryCount",
                    "amqp_messageCount",
                    "amqp_lastInBatch",
                    "amqp_batchSize",
                    // JMS: the delivery, and the destination, which is another one for a dead letter.
                    "jms_redelivered",
                    "jms_timestamp",
                    "jms_destination",
                    "jms_expiration",
                    "JMSXDeliveryCount",
                    "JMSXRcvTimestamp",
                    // SQS: the receiving, and the queue, which is another one for a dead letter.
                    "Sqs_ReceiptHandle",
                    "Sqs_ReceivedAt",
                    "Sqs_ReceiveRequestAttemptId",
                    "Sqs_VisibilityTimeout",
                    "Sqs_Acknowledgement",
                    "Sqs_QueueName",
                    "Sqs_QueueUrl",
                    "Sqs_QueueAttributes",
                    "Sqs_Msa_ApproximateReceiveCount",
                    "Sqs_Msa_ApproximateFirstReceiveTimestamp",
                    "Sqs_Msa_DeadLetterQueueSourceArn",
                    "Sqs_Msa_AWSTraceHeader",
                    // Pub/Sub: live objects.
                    "gcp_pubsub_acknowledgement",
                    "gcp_pubsub_original_message",
                    // MQTT: whether the broker delivers it again.
                    "mqtt_duplicate",
                    // Pulsar: the delivery, and where the message lies; the retry and dead-letter topics have a copy
                    // with these properties.
                    "pulsar_message_redelivery_count",
                    "pulsar_message_id",
                    "pulsar_message_index",
                    "pulsar_message_sequence_id",
                    "pulsar_message_producer_name",
                    "pulsar_message_topic_name",
                    "pulsar_message_publish_time",
                    "pulsar_message_broker_publish_time",
                    "RECONSUMETIMES",
                    "DELAY_TIME",
                    "REAL_TOPIC",
                    "RETRY_TOPIC",
                    "ORIGIN_MESSAGE_ID",
                    "ORIGIN_MESSAGE_IDY_TIME",
                    // Azure Service Bus: the lock of this delivery, live objects, and why the message is a dead letter.
                    "azure_service_bus_delivery_count",
                    "azure_service_bus_lock_token",
                    "azure_service_bus_locked_until",
                    "azure_service_bus_state",
                    "azure_service_bus_received_message_context",
                    "azure_service_bus_dead_letter_reason",
                    "azure_service_bus_dead_letter_error_description",
                    "azure_service_bus_dead_letter_source",
                    "azure_checkpointer"),
            List.of(),
            RABBITMQ,
            KAFKA,
            JMS,
            PUBSUB);

    /** In small letters: tracers differ in the case. */
    private static final Set<String> OF_TRACERS = Set.of(
            // W3C.
            "traceparent",
            "tracestate",
            "baggage",
            // The same by Google's Pub/Sub client.
            "googclient_traceparent",
            "googclient_tracestate",
            "googclient_opentelemetryspancontext",
            // Zipkin's B3, as one header and as several.
            "b3",
            "x-b3-traceid",
            "x-b3-spanid",
            "x-b3-parentspanid",
            "x-b3-sampled",
            "x-b3-flags",
            // Jaeger, with its baggage, and OpenTracing.
            "uber-trace-id",
            "jaeger-baggage",
            "ot-tracer-traceid",
            "ot-tracer-spanid",
            "ot-tracer-sampled",
            // Datadog; _datadog is its one attribute of a message of SQS.
            "x-datadog-trace-id",
            "x-datadog-parent-id",
            "x-datadog-sampling-priority",
            "x-datadog-origin",
            "x-datadog-tags",
            "dd-pathway-ctx",
            "dd-pathway-ctx-base64",
            "_datadog",
            // SkyWalking.
            "sw8",
            "sw8-correlation",
            "sw8-x",
            // AWS X-Ray; AWSTraceHeader is an attribute that SQS has of its own.
            "x-amzn-trace-id",
            "awstraceheader",
            // Elastic.
            "elastic-apm-traceparent",
            "elasticapmtraceparent");

    /** Baggage of Jaeger and OpenTracing has a header for each of its entries. */
    private static final List<String> PREFIXES_OF_TRACERS = List.of("uberctx-", "ot-baggage-");

    private final Set<String> names;
    private final List<String> prefixes;
    private final List<DeliveryHeaders> others;

    DeliveryHeaders(Set<String> names, List<String> prefixes, DeliveryHeaders... others) {
        this.names = names;
        this.prefixes = prefixes;
        this.others = List.of(others);
    }

    /** Whether the header is no part of the hash. Each kind of message leaves the trace context out. */
    boolean leavesOut(String name) {
        return lists(name) || isTraceContext(name);
    }

    /** Those of the headers that are hashed; null if there are no headers. */
    @Nullable
    Map<Object, Object> hashed(@Nullable Map<?, ?> headers) {
        if (headers == null) {
            return null;
        }
        Map<Object, Object> members = new LinkedHashMap<>();
        headers.forEach((name, value) -> {
            if (!leavesOut(String.valueOf(name))) {
                members.put(name, value);
            }
        });
        return members;
    }

    private boolean lists(String name) {
        if (names.contains(name) || startsWithOneOf(name, prefixes)) {
            return true;
        }
        for (DeliveryHeaders other : others) {
            if (other.lists(name)) {
                return true;
            }
        }
        return false;
    }

    /** JMS allows no hyphen in a name, so that tracers write it as a word. */
    private static boolean isTraceContext(String name) {
        String header = name.toLowerCase(Locale.ROOT).replace("__dash__", "-");
        return OF_TRACERS.contains(header) || startsWithOneOf(header, PREFIXES_OF_TRACERS);
    }

    private static boolean startsWithOneOf(String name, List<String> prefixes) {
        for (String prefix : prefixes) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }
}
