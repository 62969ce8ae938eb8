package io.idempotenttrace.core.background;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

@Timeout(60)
@Isolated("counts what all calls of the process wait for")
class TimeLimitTest {

    private static final long AN_HOUR = TimeUnit.HOURS.toNanos(1);

    @Test
    void aWaitEndsWithItsFutureOrAtItsLimitAndLeavesTheFutureAlone() {
        CompletableFuture<String> future = new CompletableFuture<>();
        long begun = System.nanoTime();
        CompletableFuture<String> brief = TimeLimit.within(TimeUnit.MILLISECONDS.toNanos(20), future);
        CompletableFuture<String> lasting = TimeLimit.within(AN_HOUR, future);
        assertNull(brief.join());
        assertTrue(System.nanoTime() - begun >= TimeUnit.MILLISECONDS.toNanos(20), "no wait ends before its limit");
        assertFalse(future.isDone());
        assertFalse(lasting.isDone());
        future.complete("value");
        assertEquals("value", lasting.join());

        IllegalStateException failure = new IllegalStateException("failed");
        CompletableFuture<String> failed = new CompletableFuture<>();
        CompletableFuture<String> waiting = TimeLimit.within(AN_HOUR, failed);
        failed.completeExceptionally(failure);
        assertSame(
                failure, assertThrows(CompletionException.class, waiting::join).getCause());
        assertEquals(
                "there",
                TimeLimit.within(AN_HOUR, CompletableFuture.completedFuture("there"))
                        .join());
        assertNull(TimeLimit.within(-1, new CompletableFuture<>()).join());
    }

    /** The timer sleeps until the next limit: one that comes later and is due earlier must wake it. */
    @Test
    void limitsAreReachedInWhateverOrderTheyCameAndNeverEarly() {
        CompletableFuture<String> never = new CompletableFuture<>();
        CompletableFuture<String> last = TimeLimit.within(AN_HOUR, never);
        List<CompletableFuture<Boolean>> waits = new ArrayList<>();
        for (int millis : new int[] {70, 30, 90, 1, 50, 10, 80, 20, 60, 40}) {
            long begun = System.nanoTime();
            waits.add(TimeLimit.within(TimeUnit.MILLISECONDS.toNanos(millis), never)
                    .thenApply(ignored -> System.nanoTime() - begun >= TimeUnit.MILLISECONDS.toNanos(millis)));
        }
        waits.forEach(wait -> assertTrue(wait.join()));
        assertFalse(last.isDone());
        last.cancel(false);
    }

    /** What depends on a wait runs on the timer's thread where its limit was reached: a fault there must not end the timer. */
    @Test
    void aFaultOfWhatWaitedDoesNotStopTheTimer() {
        CompletableFuture<Object> never = new CompletableFuture<>();
        CompletableFuture<Object> faulty = TimeLimit.within(1, never).thenApply(ignored -> {
            throw new StackOverflowError("of a test");
        });
        assertThrows(CompletionException.class, faulty::join);
        assertNull(TimeLimit.within(1, never).join());
    }

    @Test
    void manyThreadsBeginAndEndWaitsAndNothingStaysBehind() {
        int before = TimeLimit.pending();
        AtomicInteger ended = new AtomicInteger();
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            threads.add(CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 20_000; i++) {
                    CompletableFuture<Integer> future = new CompletableFuture<>();
                    // Some limits are reached while the future ends.
                    CompletableFuture<Integer> wait = TimeLimit.within(i % 10 == 0 ? 1_000 : AN_HOUR, future);
                    future.complete(i);
                    Integer value = wait.join();
                    assertTrue(value == null ? i % 10 == 0 : value == i);
                    ended.incrementAndGet();
                }
            }));
        }
        CompletableFuture.allOf(threads.toArray(CompletableFuture[]::new)).join();
        assertEquals(80_000, ended.get());
        Await.until("no ended wait has a limit", () -> TimeLimit.pending() <= before);
    }
}
