package io.idempotenttrace.examples.kafka;

import io.idempotenttrace.testkit.Await;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.FreePort;
import io.idempotenttrace.testkit.Jdks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.StringSerializer;

/** A real broker, which is its own controller, in a small JVM of its own. */
final class KafkaBroker implements AutoCloseable {

    private static final String MAX_HEAP = "-Xmx256m";

    private final Path configuration;
    private final String address;
    private final Admin admin;
    private ForkedJvm jvm;

    private KafkaBroker(Path configuration, String address) {
        this.configuration = configuration;
        this.address = address;
        this.admin = Admin.create(Map.of("bootstrap.servers", address));
    }

    /** Starts one that keeps its files in the folder. */
    static KafkaBroker start(Path folder) throws IOException {
        String address = "127.0.0.1:" + FreePort.find();
        String controller = "127.0.0.1:" + FreePort.find();
        Path configuration = Files.write(
                folder.resolve("broker.properties"),
                List.of(
                        "process.roles=broker,controller",
                        "node.id=1",
                        "controller.quorum.voters=1@" + controller,
                        "controller.listener.names=CONTROLLER",
                        "listeners=PLAINTEXT://" + address + ",CONTROLLER://" + controller,
                        "log.dirs=" + folder.resolve("log"),
                        "num.partitions=1",
                        "offsets.topic.num.partitions=1",
                        "offsets.topic.replication.factor=1",
                        "group.initial.rebalance.delay.ms=0",
                        // A killed worker's partitions are given to another one soon.
                        "group.min.session.timeout.ms=1000"));
        ForkedJvm.Result formatted = broker(
                        "kafka.tools.StorageTool",
                        "format",
                        "-t",
                        Uuid.randomUuid().toString(),
                        "-c",
                        configuration.toString())
                .run();
        if (formatted.exitCode() != 0) {
            throw new IllegalStateException("the broker's folder could not be formatted: " + formatted);
        }
        KafkaBroker broker = new KafkaBroker(configuration, address);
        broker.start();
        return broker;
    }

    private void start() {
        jvm = broker("kafka.Kafka", configuration.toString()).start();
        Await.until(
                "the broker answers",
                () -> !admin.describeCluster().nodes().get(5, TimeUnit.SECONDS).isEmpty());
    }

    /** It answers nobody from now on. What comes to it stays in the buffers of its connections. */
    void pause() {
        jvm.pause();
    }

    /** Kills it, with what is in its buffers, and starts it anew on its files. */
    void restart() {
        jvm.kill();
        jvm.await();
        start();
    }

    private static ForkedJvm.Builder broker(String mainClass, String... arguments) {
        return ForkedJvm.on(Jdks.newest())
                .shortLived()
                .jvm(MAX_HEAP)
                .main(System.getProperty("java.class.path"), mainClass, arguments);
    }

    String address() {
        return address;
    }

    /** Sends the messages, one after the other, and waits until the broker has them. */
    void send(String topic, List<String> messages) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", address), new StringSerializer(), new StringSerializer())) {
            messages.forEach(message -> producer.send(new ProducerRecord<>(topic, message)));
            producer.flush();
        }
    }

    /** How many messages of the topic's one partition the group has committed; 0, if it has committed none. */
    long committed(String group, String topic) throws Exception {
        OffsetAndMetadata offset = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get(30, TimeUnit.SECONDS)
                .get(new TopicPartition(topic, 0));
        return offset == null ? 0 : offset.offset();
    }

    /** How many messages the topic's one partition has. */
    long size(String topic) throws Exception {
        TopicPartition partition = new TopicPartition(topic, 0);
        return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition)
                .get(30, TimeUnit.SECONDS)
                .offset();
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
        jvm.close();
    }
}
