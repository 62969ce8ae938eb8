package io.idempotenttrace.examples.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.Await;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.TestRedis;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers of the packed example, with the packed agent, on a real broker and a real Redis. */
class KafkaExampleIT {

    private static final Path AGENT = Path.of(System.getProperty("agent.jar")).normalize();
    private static final Path WORKER = Path.of(System.getProperty("worker.jar"));
    private static final String TOPIC = "spans";
    private static final String GROUP = "spans";
    private static final int MESSAGES = 20;

    private final String tenant = "kafka-" + UUID.randomUUID();

    @TempDir
    private Path folder;

    private static String span(int id, int duration) {
        return "{\"traceId\":\"t\",\"id\":\"" + id + "\",\"duration\":" + duration + "}";
    }

    private Path file() {
        return folder.resolve("spans.jsonl");
    }

    private List<String> emitted() throws IOException {
        return Files.exists(file()) ? Files.readAllLines(file()) : List.of();
    }

    private ForkedJvm startWorker(KafkaBroker broker) {
        return ForkedJvm.on(Jdks.newest())
                .shortLived()
                .jvm("-Xmx128m")
                .agent(AGENT, TestRedis.shared().settings() + ",tenant=" + tenant)
                .jar(
                        WORKER,
                        "--spring.kafka.bootstrap-servers=" + broker.address(),
                        "--spring.kafka.consumer.properties.session.timeout.ms=3000",
                        "--spring.kafka.consumer.properties.heartbeat.interval.ms=500",
                        "--spans.file=" + file())
                .start();
    }

    @Tag("matrix")
    @Test
    void whatAKilledWorkerHasEmittedIsNotEmittedByTheNextOne() throws Exception {
        List<String> expected = new ArrayList<>(
                IntStream.range(0, MESSAGES).mapToObj(id -> span(id, 7)).toList());
        try (KafkaBroker broker = KafkaBroker.start(folder)) {
            broker.send(TOPIC, expected);
            killAWorkerBetweenEmitAndCommit(broker);
            assertEquals(expected, emitted());
            assertEquals(0, broker.committed(GROUP, TOPIC), "messages committed by the killed worker");

            try (ForkedJvm next = startWorker(broker)) {
                await(next, "the redelivered batch is committed", () -> broker.committed(GROUP, TOPIC) == MESSAGES);
                assertEquals(expected, emitted());

                // A message of before, one of before with another payload, and a new one.
                broker.send(TOPIC, List.of(span(3, 7), span(4, 8), span(MESSAGES, 7)));
                expected.add(span(MESSAGES, 7));
                await(next, "all is committed", () -> broker.committed(GROUP, TOPIC) == MESSAGES + 3);

                assertEquals(expected, emitted());
                assertEquals(1, broker.size("spans-dlt"), "dead letters");
                next.stop();
                ForkedJvm.Result result = next.await();
                assertTrue(
                        result.lastErr()
                                .startsWith("idempotent-trace: new=1 duplicate=" + (MESSAGES + 1) + " conflict=1 "),
                        result::toString);
            }
        }
    }

    /**
     * The file's lock holds the first body until the broker is paused. The worker then emits the whole batch, and waits for an answer to its
     * commit. Worker and broker are killed, so that the commit is lost.
     */
    private void killAWorkerBetweenEmitAndCommit(KafkaBroker broker) throws IOException {
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock();
                ForkedJvm worker = startWorker(broker)) {
            await(worker, "a body runs", () -> statuses().contains("pending"));
            broker.pause();
            lock.release();
            await(worker, "the batch is emitted", () -> statuses().equals(Collections.nCopies(MESSAGES, "completed")));
            worker.kill();
            worker.await();
            broker.restart();
        }
    }

    /** A failure says what the worker has printed. */
    private static void await(ForkedJvm worker, String what, Await.Condition condition) {
        try {
            Await.until(what, condition);
        } catch (AssertionError failure) {
            worker.kill();
            throw new AssertionError(what + ": " + worker.await(), failure);
        }
    }

    private List<String> statuses() {
        return TestRedis.shared().statuses(tenant);
    }
}
