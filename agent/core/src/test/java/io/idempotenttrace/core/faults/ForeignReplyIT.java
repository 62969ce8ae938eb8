package io.idempotenttrace.core.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.Claims;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.HeardCompletion;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordStatus;
import io.idempotenttrace.core.store.Update;
import io.idempotenttrace.core.store.Verdict;
import io.idempotenttrace.testkit.Await;
import io.idempotenttrace.testkit.RedisConnection;
import io.idempotenttrace.testkit.TcpProxy;
import io.idempotenttrace.testkit.TcpProxy.Fault;
import io.idempotenttrace.testkit.TestRedis;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client that lost count of the replies hands each command the next one's. */
class ForeignReplyIT {

    private static final int CALLS = 2000;
    private static final int BURST = 200;
    private static final RecordId ANOTHER = new RecordId("tenant", "another", "key");

    private TestRedis redis;
    private TcpProxy proxy;
    private final AtomicInteger commands = new AtomicInteger();
    private int struck;

    @BeforeEach
    void begin() {
        redis = TestRedis.start();
        proxy = TcpProxy.to(redis);
    }

    @AfterEach
    void end() {
        proxy.close();
        redis.close();
    }

    private static Claim claim(int number) {
        return Claims.of(
                new RecordId("tenant", "foreign", "key-" + number),
                String.format("%064x", number),
                "python",
                "trace-" + number,
                String.format("%032x", number),
                3_600_000,
                60_000,
                600_000,
                "");
    }

    private static String traceId(int number) {
        return "trace-" + number;
    }

    /** Sends many at a time, and three times in each burst a reply is left out. */
    private <T> List<T> each(IdempotencyStore store, Function<Claim, CompletableFuture<T>> step) {
        List<T> answers = new ArrayList<>();
        for (int first = 0; first < CALLS; first += BURST) {
            Fault fault = proxy.dropReply(
                    3,
                    command -> command.contains("EVAL")
                            && command.contains("foreign")
                            && commands.incrementAndGet() % 16 == 0);
            List<CompletableFuture<T>> sent = IntStream.range(first, first + BURST)
                    .mapToObj(number -> step.apply(claim(number)))
                    .toList();
            // What lacks its reply at the end of a connection's traffic is found out by what comes next.
            Await.until(
                    "answers to a burst",
                    () -> sent.stream().allMatch(CompletableFuture::isDone)
                            || store.status(ANOTHER).isPresent());
            sent.forEach(answer -> answers.add(answer.join()));
            struck += fault.struck();
            proxy.heal();
        }
        return answers;
    }

    // [P11, P33]
    @Test
    void noCallGetsTheAnswerOfAnother() {
        Configuration configuration =
                Configuration.defaults().with(Setting.REDIS_URL, proxy.url()).with(Setting.COMMAND_TIMEOUT, "60s");
        try (IdempotencyStore store = IdempotencyStores.open(configuration)) {
            List<ClaimResult> claimed = each(store, store::checkAsync);
            for (int i = 0; i < CALLS; i++) {
                assertEquals(Verdict.NEW, claimed.get(i).verdict(), traceId(i));
                assertEquals(claim(i).hash(), claimed.get(i).hash());
            }
            List<Update> completed =
                    each(store, claim -> store.markCompletedAsync(claim, new Completion(claim.traceId(), null, "")));
            completed.forEach(update -> assertEquals(Update.APPLIED, update));

            // Most are answered twice by Redis, then from what is known here.
            for (int round = 0; round < 3; round++) {
                List<ClaimResult> met = each(store, store::checkAsync);
                for (int i = 0; i < CALLS; i++) {
                    assertEquals(Verdict.DUPLICATE, met.get(i).verdict(), traceId(i));
                    assertEquals(traceId(i), met.get(i).traceId());
                }
            }
            for (int i = 0; i < CALLS; i += BURST / 2) {
                int number = i;
                assertEquals(
                        traceId(i),
                        store.status(claim(number).id()).orElseThrow().fields().get("trace_id"));
                assertEquals(
                        RecordStatus.COMPLETED,
                        store.status(claim(number).id()).orElseThrow().status());
            }
        }
        assertTrue(struck > 30, "replies left out: " + struck);
    }

    /** [P33, P40] Found by the model: the reply to a completion was taken for that to two of which it was the first. */
    @Test
    void theReplyToACompletionIsNotTakenForThatToTwoThatBeginWithIt() throws Exception {
        Configuration configuration =
                Configuration.defaults().with(Setting.REDIS_URL, proxy.url()).with(Setting.COMMAND_TIMEOUT, "60s");
        try (IdempotencyStore store = IdempotencyStores.open(configuration)) {
            List<HeardCompletion> two = IntStream.range(0, 2)
                    .mapToObj(i -> new HeardCompletion(claim(i), new Completion(traceId(i), null, "")))
                    .toList();
            two.forEach(
                    each -> assertEquals(Verdict.NEW, store.check(each.claim()).verdict()));
            redis.call("DEL", claim(1).id().redisKey());
            // So that the server knows the script, and each of the two sends has one reply.
            store.markCompleted(claim(2), new Completion(traceId(2), null, ""));
            Fault fault = proxy.dropReply(1, command -> command.contains("EVAL"));
            store.markCompletedTogether(two);
            CompletableFuture<Update> again = store.markCompletedAsync(claim(0), new Completion(traceId(0), null, ""));
            assertEquals(Update.GONE, two.get(1).end().get(60, TimeUnit.SECONDS));
            assertEquals(Update.APPLIED, two.get(0).end().get(60, TimeUnit.SECONDS));
            assertEquals(Update.APPLIED, again.get(60, TimeUnit.SECONDS));
            assertEquals(
                    RecordStatus.COMPLETED,
                    store.status(claim(1).id()).orElseThrow().status());
            assertEquals(1, fault.struck());
        }
    }

    /** That the fault is what it says: a client without such a check is taken in by it. */
    @Test
    void aPlainClientTakesTheNextReplyForItsOwn() throws IOException {
        try (RedisConnection plain = new RedisConnection("127.0.0.1", proxy.port())) {
            Fault fault = proxy.dropReply(1, command -> command.contains("first"));
            plain.send("ECHO", "first");
            plain.send("ECHO", "second");
            assertEquals("second", plain.reply());
            assertEquals(1, fault.struck());
        }
    }
}
