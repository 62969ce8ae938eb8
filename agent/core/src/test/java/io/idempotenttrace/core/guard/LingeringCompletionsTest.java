package io.idempotenttrace.core.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.testkit.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LingeringCompletionsTest {

    private final ConcurrentLinkedQueue<String> sent = new ConcurrentLinkedQueue<>();

    private static RecordId id(String key) {
        return new RecordId("t", null, key);
    }

    @Test
    void whatNobodyAsksForIsSentAllTheSame() {
        LingeringCompletions<String> lingering = new LingeringCompletions<>(sent::addAll);
        // Again and again: its thread has fallen asleep in between.
        for (int i = 1; i <= 20; i++) {
            lingering.add(id("k" + i), "u" + i);
            int expected = i;
            Await.until("completion " + i + " is sent", () -> sent.size() == expected);
        }
    }

    @Test
    void aClaimsRecordIsSentAtOnce() {
        LingeringCompletions<String> lingering = new LingeringCompletions<>(sent::addAll);
        for (int i = 0; i < 1000; i++) {
            lingering.add(id("k" + i), "u" + i);
            lingering.release(id("k" + i));
            assertTrue(sent.contains("u" + i), "not sent: " + i);
        }
        assertEquals(1000, sent.stream().distinct().count());
    }

    @Test
    void aClaimDoesNotWaitWhileItsRecordIsBeingSentWithOthers() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Thread claim = Thread.currentThread();
        LingeringCompletions<String> lingering = new LingeringCompletions<>(together -> {
            begun.countDown();
            if (Thread.currentThread() != claim) {
                awaitUninterruptibly(goOn);
            }
            sent.addAll(together);
        });
        lingering.add(id("k"), "u");
        begun.await();
        lingering.release(id("k"));
        assertEquals(List.of("u"), List.copyOf(sent));
        goOn.countDown();
        Await.until("it is sent by both", () -> sent.size() == 2);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void sixteenAtMostAreSentTogether() {
        ConcurrentLinkedQueue<Integer> sizes = new ConcurrentLinkedQueue<>();
        CountDownLatch allAdded = new CountDownLatch(1);
        LingeringCompletions<String> lingering = new LingeringCompletions<>(together -> {
            // Otherwise a thread that is faster than this one would find one at a time.
            awaitUninterruptibly(allAdded);
            sizes.add(together.size());
            sent.addAll(together);
        });
        for (int i = 0; i < 200; i++) {
            lingering.add(id("k" + i), "u" + i);
        }
        allAdded.countDown();
        lingering.releaseAll();
        Await.until("all are sent", () -> sent.stream().distinct().count() == 200);
        assertTrue(sizes.stream().allMatch(size -> size <= 16), sizes::toString);
        // Thirteen times by each of the two threads, and once for what came first.
        assertTrue(sizes.size() <= 27, sizes::toString);
    }

    @Test
    void twoOfOneRecordAreBothSent() {
        LingeringCompletions<String> lingering = new LingeringCompletions<>(sent::addAll);
        lingering.add(id("k"), "first");
        lingering.add(id("k"), "second");
        lingering.releaseAll();
        assertEquals(List.of("first", "second"), sent.stream().distinct().toList());
    }

    @Test
    void manyThreadsHaveEachOfTheirsSent() throws InterruptedException {
        ConcurrentHashMap<String, AtomicInteger> times = new ConcurrentHashMap<>();
        LingeringCompletions<String> lingering = new LingeringCompletions<>(together -> together.forEach(update ->
                times.computeIfAbsent(update, any -> new AtomicInteger()).incrementAndGet()));
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            String name = "t" + t + "-";
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 2000; i++) {
                    lingering.add(id(name + i), name + i);
                    if (i % 3 == 0) {
                        lingering.release(id(name + i));
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        Await.until("all are sent", () -> times.size() == 16_000);
        // By the claim's thread and the one that sends together, at most; those that no claim asks for, once.
        times.forEach((update, count) -> {
            boolean claimed = Integer.parseInt(update.substring(update.indexOf('-') + 1)) % 3 == 0;
            assertTrue(count.get() <= (claimed ? 2 : 1), update + " was sent " + count.get() + " times");
        });
    }

    /** What comes above is sent by its caller, so that a late thread holds nothing up. */
    @Test
    void beyond256NoneWaits() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Thread caller = Thread.currentThread();
        LingeringCompletions<String> lingering = new LingeringCompletions<>(together -> {
            if (Thread.currentThread() == caller) {
                sent.addAll(together);
            } else {
                begun.countDown();
                awaitUninterruptibly(goOn);
            }
        });
        lingering.add(id("first"), "first");
        awaitUninterruptibly(begun);
        for (int i = 1; i < 256; i++) {
            lingering.add(id("k" + i), "u" + i);
        }
        assertEquals(List.of(), List.copyOf(sent), "they wait for the thread");
        lingering.add(id("above"), "above");
        assertEquals(List.of("above"), List.copyOf(sent));
        goOn.countDown();
        lingering.close();
    }

    @Test
    void whereNoThreadCanBeStartedItsCallerSendsIt() {
        LingeringCompletions<String> lingering = new LingeringCompletions<>(sent::addAll, new StandingPlatform());
        lingering.add(id("k"), "u");
        assertEquals(List.of("u"), List.copyOf(sent));
    }
}
