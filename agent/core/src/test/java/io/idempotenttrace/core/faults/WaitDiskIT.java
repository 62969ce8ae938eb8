package io.idempotenttrace.core.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.guard.Admission;
import io.idempotenttrace.core.guard.RunningCall;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.Claims;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.Update;
import io.idempotenttrace.core.store.Verdict;
import io.idempotenttrace.testkit.Await;
import io.idempotenttrace.testkit.FaultCount;
import io.idempotenttrace.testkit.FaultCount.Answer;
import io.idempotenttrace.testkit.RedisBinary;
import io.idempotenttrace.testkit.RedisCluster;
import io.idempotenttrace.testkit.RedisDeployment;
import io.idempotenttrace.testkit.RedisSentinel;
import io.idempotenttrace.testkit.TestRedis;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * With {@code wait-disk} no body runs whose claim is not on disk. A server that can't tell is no reason to believe so. Servers that can
 * are those of TEST_SERVERS, and the one that is installed if it is new enough.
 */
class WaitDiskIT {

    private final FaultCount count = new FaultCount();
    private final List<String> warnings = new CopyOnWriteArrayList<>();

    private IdempotencyStore open(RedisDeployment redis, String timeout) {
        return IdempotencyStores.open(settings(redis, timeout), warnings::add);
    }

    private static Configuration settings(RedisDeployment redis, String timeout) {
        return Configuration.defaults()
                .with(Setting.REDIS_URL, redis.url())
                .with(Setting.WAIT_DISK, "true")
                .with(Setting.WAIT_DISK_TIMEOUT, timeout)
                .with(Setting.COMMAND_TIMEOUT, "30s")
                .with(Setting.CONNECT_TIMEOUT, "30s");
    }

    private Worker worker(IdempotencyStore store, OnStoreFailure onStoreFailure) {
        return new Worker(store, Worker.policy(onStoreFailure, 600_000, 5_000), count, 0);
    }

    /** Of Redis 7.2 and later, and of Valkey. */
    static List<RedisBinary> ableServers() {
        List<RedisBinary> able = new ArrayList<>();
        Stream.concat(Stream.of(RedisBinary.newest()), RedisBinary.others().stream())
                .forEach(binary -> {
                    try (TestRedis redis = TestRedis.start(binary, "--appendonly", "yes")) {
                        if (((List<?>) redis.call("COMMAND", "INFO", "waitaof")).get(0) != null) {
                            able.add(binary);
                        }
                    }
                });
        if (able.isEmpty()) {
            System.out.println(
                    "skipped wait-disk on servers that have WAITAOF: none is there; set TEST_SERVERS to one of Redis 7.2 or"
                            + " later, or of Valkey");
        }
        return able;
    }

    private void isRefused(RedisDeployment redis, String because) {
        try (Worker strict = worker(open(redis, "1s"), OnStoreFailure.THROW);
                Worker lenient = worker(open(redis, "1s"), OnStoreFailure.PROCEED)) {
            IdempotencyStoreException refused = assertThrows(
                    IdempotencyStoreException.class,
                    () -> strict.guard.admit(
                            Claims.request(Worker.id("refused"), "a".repeat(64)),
                            Worker.policy(OnStoreFailure.THROW, 600_000, 5_000)));
            assertTrue(
                    refused.getMessage().contains(because)
                            && refused.getMessage().contains("wait-disk"),
                    refused.getMessage());
            assertEquals(Answer.UNDECIDED, strict.deliver("refused too"));
            assertEquals(0, count.bodiesOf("refused too"));
            assertEquals(Answer.RAN, lenient.deliver("unguarded"));
            assertEquals(1, lenient.unguarded());
            assertTrue(lenient.said().contains(because), lenient.said());
        }
    }

    @Test
    void aServerThatHasNoSuchCommandRefusesEachClaimAndSaysSoAtTheStart() {
        try (TestRedis redis = TestRedis.start(RedisBinary.EMBEDDED_7, "--appendonly", "yes")) {
            isRefused(redis, "refuses WAITAOF");
            Await.until("each store has said so", () -> warnings.size() == 2);
            assertTrue(warnings.get(0).contains("wait-disk needs Redis 7.2"), warnings.get(0));
        }
    }

    /** A connection that was opened anew has written nothing, so that the server would answer at once for all that it wrote. */
    @Test
    void aConnectionThatBreaksWhileItWaitsAnswersForNothing() {
        try (TestRedis primary = TestRedis.start("--repl-diskless-sync-delay", "0");
                TestRedis replica = TestRedis.start("--replicaof", "127.0.0.1", Integer.toString(primary.port()));
                IdempotencyStore store = IdempotencyStores.open(Configuration.defaults()
                        .with(Setting.REDIS_URL, primary.url())
                        .with(Setting.WAIT_REPLICAS, "1")
                        .with(Setting.WAIT_REPLICAS_TIMEOUT, "20s")
                        .with(Setting.COMMAND_TIMEOUT, "30s"))) {
            Await.until(
                    "the replica follows",
                    () -> replica.info("replication", "master_link_status").equals("up"));
            assertEquals(
                    Verdict.NEW,
                    store.check(Claims.forAMinute(Worker.id("acknowledged"))).verdict());
            replica.pause();
            CompletableFuture<?> waits = store.checkAsync(Claims.forAMinute(Worker.id("not acknowledged")));
            Await.until("WAIT holds its connection", () -> waitingClients(primary) == 1);
            primary.call("CLIENT", "KILL", "TYPE", "normal");
            Await.until("the step is made again, and waits", () -> waits.isDone() || waitingClients(primary) == 1);
            assertEquals(false, waits.isDone());
            replica.resume();
            waits.join();
        }
    }

    private static int waitingClients(TestRedis redis) {
        return Integer.parseInt(redis.info("clients", "blocked_clients"));
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("ableServers")
    void aServerWithoutAppendOnlyFileRefusesEachClaim(RedisBinary binary) {
        try (TestRedis redis = TestRedis.start(binary)) {
            isRefused(redis, "appendonly is disabled");
        }
    }

    /** Where nothing is ever written to the disk on purpose, no claim counts; what others do on the other connection does not wait. */
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("ableServers")
    void aClaimCountsOnceItIsOnDisk(RedisBinary binary) {
        try (TestRedis redis = TestRedis.start(binary, "--appendonly", "yes", "--appendfsync", "no");
                IdempotencyStore store = open(redis, "600s")) {
            CompletableFuture<?> waits = store.checkAsync(Claims.forAMinute(Worker.id("first")));
            Await.until("the claim waits for the disk", () -> waitingClients(redis) == 1);
            assertEquals(
                    "pending",
                    store.status(Worker.id("first")).orElseThrow().fields().get("status"));
            redis.call("CLIENT", "KILL", "TYPE", "normal");
            Await.until("it waits again", () -> waits.isDone() || waitingClients(redis) == 1);
            assertEquals(false, waits.isDone());
            redis.call("CONFIG", "SET", "appendfsync", "always");
            waits.join();
        }
        try (TestRedis redis = TestRedis.start(binary, "--appendonly", "yes", "--appendfsync", "no")) {
            isRefused(redis, "is not known to be on the primary's disk");
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("ableServers")
    void whatCountsOutlivesTheServer(RedisBinary binary) {
        for (String policy : List.of("always", "everysec")) {
            try (TestRedis redis = TestRedis.start(binary, "--appendonly", "yes", "--appendfsync", policy);
                    Worker worker = worker(open(redis, "60s"), OnStoreFailure.THROW)) {
                assertEquals(Answer.RAN, worker.deliver("completed " + policy));
                Admission held = worker.guard.admit(
                        Claims.request(Worker.id("held"), "a".repeat(64)),
                        Worker.policy(OnStoreFailure.THROW, 600_000, 5_000));
                assertTrue(held instanceof RunningCall, held.toString());
                redis.kill();
                redis.restart();
                Await.until(
                        "it has loaded",
                        () -> redis.info("persistence", "loading").equals("0"));
                assertEquals(
                        "completed",
                        redis.call("HGET", Worker.id("completed " + policy).redisKey(), "status"));
                assertEquals("pending", redis.call("HGET", Worker.id("held").redisKey(), "status"));
            }
        }
    }

    /** The caller is told; the completion itself stays, and is not lost. */
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("ableServers")
    void aCompletionThatSomebodyWaitsForCountsOnceItIsOnDisk(RedisBinary binary) {
        try (TestRedis redis = TestRedis.start(binary, "--appendonly", "yes", "--appendfsync", "always");
                IdempotencyStore store = open(redis, "100ms")) {
            Claim claim = Claims.forAMinute(Worker.id("claimed"));
            Await.until("the claim is on disk", () -> {
                try {
                    return store.check(claim).verdict() == Verdict.NEW;
                } catch (IdempotencyStoreException late) {
                    return false;
                }
            });
            redis.call("CONFIG", "SET", "appendfsync", "no");
            IdempotencyStoreException unsafe = assertThrows(
                    IdempotencyStoreException.class,
                    () -> store.markCompleted(claim, new Completion("t", "\"result\"", "")));
            assertTrue(unsafe.getMessage().startsWith("the completion is not known to be on"), unsafe.getMessage());
            redis.call("CONFIG", "SET", "appendfsync", "always");
            Await.until("it is on disk at last", () -> {
                try {
                    return store.markCompleted(claim, new Completion("t", "\"result\"", "")) == Update.APPLIED;
                } catch (IdempotencyStoreException late) {
                    return false;
                }
            });
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("ableServers")
    void itHoldsInAClusterAndBehindSentinelsAndWithReplicas(RedisBinary binary) {
        String[] onDisk = {"--appendonly", "yes", "--appendfsync", "always"};
        List<String> inCluster = new ArrayList<>(List.of(RedisCluster.NOBODY_DIES));
        inCluster.addAll(List.of(onDisk));
        try (RedisCluster cluster = RedisCluster.start(binary, inCluster.toArray(new String[0]))) {
            runsEverywhere(cluster);
        }
        try (RedisSentinel sentinels = RedisSentinel.start(binary, 1, onDisk).inWhichNobodyDies()) {
            runsEverywhere(sentinels);
        }
    }

    private void runsEverywhere(RedisDeployment redis) {
        IdempotencyStore store =
                IdempotencyStores.open(settings(redis, "60s").with(Setting.WAIT_REPLICAS, "1"), warnings::add);
        try (Worker worker = worker(store, OnStoreFailure.THROW)) {
            List<CompletableFuture<Answer>> answers = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                String key = redis.getClass().getSimpleName() + i;
                answers.add(CompletableFuture.supplyAsync(() -> worker.deliver(key)));
            }
            answers.forEach(answer -> assertEquals(Answer.RAN, answer.join()));
            assertEquals(0, worker.unguarded());
        }
    }
}
