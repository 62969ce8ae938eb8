package io.idempotenttrace.weaver.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One future of the application must not keep the others from being told. */
@Timeout(60)
class FuturePollTest {

    /** A future whose class can't say whether it is done. */
    private static class Broken extends FutureTask<String> {

        private final Throwable thrown;

        Broken(Throwable thrown) {
            super(() -> "never");
            this.thrown = thrown;
        }

        @Override
        public boolean isDone() {
            throw FuturePollTest.<RuntimeException>sneaky(thrown);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }

    private static CompletableFuture<Object> watch(Future<?> future) {
        CompletableFuture<Object> told = new CompletableFuture<>();
        FuturePoll.whenDone(future, future::isDone, () -> told.complete("done"), told::completeExceptionally);
        return told;
    }

    @Test
    void aFutureWhoseQuestionThrowsEndsWithThatAndTheOthersAreTold() throws Exception {
        FutureTask<String> before = new FutureTask<>(() -> "before");
        CompletableFuture<Object> toldBefore = watch(before);
        for (Throwable thrown : new Throwable[] {
            new IllegalStateException("no answer"), new StackOverflowError(), new OutOfMemoryError("none")
        }) {
            CompletableFuture<Object> broken = watch(new Broken(thrown));
            assertSame(thrown, broken.handle((value, failure) -> failure).get(30, TimeUnit.SECONDS));
        }
        before.run();
        assertEquals("done", toldBefore.get(30, TimeUnit.SECONDS));
        FutureTask<String> after = new FutureTask<>(() -> "after");
        CompletableFuture<Object> toldAfter = watch(after);
        after.run();
        assertEquals("done", toldAfter.get(30, TimeUnit.SECONDS));
    }

    /** A lock that somebody holds, as a future's own synchronization may. */
    @Test
    void aFutureWhoseQuestionBlocksIsAskedByAThreadOfItsOwn() throws Exception {
        CompletableFuture<String> said = new CompletableFuture<>();
        FuturePoll.reportTo(line -> {
            // A pause of the machine makes another test's future slow as well.
            if (line.contains("FuturePollTest$")) {
                said.complete(line);
            }
        });
        CountDownLatch answers = new CountDownLatch(1);
        FutureTask<String> blocked = new FutureTask<>(() -> "blocked") {
            @Override
            public boolean isDone() {
                try {
                    answers.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return super.isDone();
            }
        };
        CompletableFuture<Object> toldBlocked = watch(blocked);
        FutureTask<String> other = new FutureTask<>(() -> "other");
        CompletableFuture<Object> toldOther = watch(other);
        other.run();
        assertEquals("done", toldOther.get(30, TimeUnit.SECONDS));
        // The thread that takes over may be quicker than the line that says so.
        String line = said.get(30, TimeUnit.SECONDS);
        assertTrue(line.contains("isDone()"), line);
        assertFalse(toldBlocked.isDone());
        blocked.run();
        answers.countDown();
        assertEquals("done", toldBlocked.get(30, TimeUnit.SECONDS));
    }

    @Test
    void aCallWhoseFutureCantSayWhetherItIsDoneFails() throws Exception {
        CompletableFuture<Object> told = new CompletableFuture<>();
        PolledFutures polled = new PolledFutures();
        Broken broken = new Broken(new IllegalStateException("no answer")) {
            private boolean asked;

            @Override
            public boolean isDone() {
                boolean first = !asked;
                asked = true;
                return !first && super.isDone();
            }
        };
        polled.onEnd(broken, (value, failure) -> told.completeExceptionally(failure));
        assertEquals(
                "no answer",
                told.handle((value, failure) -> failure.getMessage()).get(30, TimeUnit.SECONDS));
    }
}
