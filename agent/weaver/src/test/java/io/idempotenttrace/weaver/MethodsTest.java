package io.idempotenttrace.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.DuplicateTraceException;
import io.idempotenttrace.IdempotencyException;
import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.TraceConflictException;
import io.idempotenttrace.core.guard.GuardMode;
import io.idempotenttrace.testkit.Await;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** Each kind of guarded method before records in memory: what the body's end becomes, what duplicates get, what each call counts as. */
@Timeout(60)
class MethodsTest {

    private static final String[] PUBLISHERS = {"flow", "publisher", "flux", "mono", "flowable", "multi"};

    private final AtomicInteger bodies = new AtomicInteger();
    private final WovenProgram program = new WovenProgram(MethodPrograms.class);

    private <T> Supplier<T> body(T returned) {
        return () -> {
            bodies.incrementAndGet();
            return returned;
        };
    }

    private static Runnable nothing() {
        return () -> {};
    }

    private void assertCounts(String expected) {
        assertEquals(expected, program.counts().replaceAll(" ?[a-z-]+=0", "").trim(), program::said);
    }

    static Stream<String> publishers() {
        return Stream.of(PUBLISHERS);
    }

    @Test
    void aVoidMethodRunsOnce() {
        program.call("nothing", "k", "payload", (Runnable) bodies::incrementAndGet);
        assertNull(program.call("nothing", "k", "payload", (Runnable) bodies::incrementAndGet));
        assertEquals(1, bodies.get());
        assertCounts("new=1 duplicate=1");
    }

    @Test
    void anotherPayloadIsAConflictThatNamesWhatDiffers() {
        program.call("nothing", "k", java.util.Map.of("a", 1, "b", 2), nothing());
        TraceConflictException conflict = assertThrows(
                TraceConflictException.class,
                () -> program.call("nothing", "k", java.util.Map.of("a", 1, "b", 3), nothing()));
        assertTrue(conflict.getMessage().contains("payload differs in: /b"), conflict::getMessage);
        assertEquals("nothing", conflict.getStackTrace()[0].getMethodName());
        assertCounts("new=1 conflict=1");
    }

    @Test
    void aDuplicateGetsTheStoredResultOrTraceId() {
        assertEquals("r", program.call("text", "k", body("r")));
        assertEquals("r", program.call("text", "k", body("other")));
        assertEquals(7L, program.call("traceId", "k", body(7L)));
        assertEquals(7L, program.call("traceId", "k", body(8L)));
        assertEquals(2, bodies.get());
        assertCounts("new=2 duplicate=2");
    }

    @Test
    void aDuplicateIsRefusedWhereThePolicySaysSo() {
        assertEquals(1, program.call("once", "k"));
        assertThrows(DuplicateTraceException.class, () -> program.call("once", "k"));
        assertCounts("new=1 duplicate=1");
    }

    @Test
    void aBodyThatThrowsLeavesItsKeyFree() {
        IllegalStateException thrown = new IllegalStateException("sink down");
        assertSame(
                thrown,
                assertThrows(
                        IllegalStateException.class,
                        () -> program.call("text", "k", (Supplier<String>) () -> {
                            throw thrown;
                        })));
        assertEquals("r", program.call("text", "k", body("r")));
        assertCounts("new=1 failed=1");
    }

    /** What the record says of it is its own text, which is code of the application's. */
    @Test
    void aFailureThatCantTellItsMessageLeavesItsKeyFree() {
        assertThrows(
                IllegalStateException.class,
                () -> program.call("text", "k", (Supplier<String>) () -> {
                    throw new IllegalStateException() {
                        private static final long serialVersionUID = 1L;

                        @Override
                        public String getMessage() {
                            throw new AssertionError("no message");
                        }
                    };
                }));
        assertEquals("r", program.call("text", "k", body("r")));
        assertCounts("new=1 failed=1");
    }

    @Test
    void aTypeThatSaysNothingBringsTextsAndNumbersBack() {
        for (Serializable value : new Serializable[] {"text", 5, 5L, 2.5f, true}) {
            String key = value.getClass().getName();
            assertEquals(value, program.call("comparable", key, body(value)));
            assertEquals(value, program.call("comparable", key, body(value)));
            assertEquals(value, program.call("object", key, body(value)));
            assertEquals(value, program.call("object", key, body(value)));
        }
        assertEquals(10, bodies.get());
        program.call("comparable", "uuid", body(java.util.UUID.randomUUID()));
        assertThrows(DuplicateTraceException.class, () -> program.call("comparable", "uuid", body("x")));
        assertTrue(program.said().contains("can't be stored"), program::said);
    }

    @Test
    void whatHasNoEndRunsEachTimeOrIsRefused() {
        program.call("stream", "k", body(Stream.of("a")));
        program.call("stream", "k", body(Stream.of("a")));
        assertEquals(2, bodies.get());
        assertCounts("unguarded=2");
        WovenProgram strict = new WovenProgram(MethodPrograms.class, "on-unobservable", "throw");
        assertThrows(IdempotencyException.class, () -> strict.call("stream", "k", body(Stream.of("a"))));
        assertEquals(2, bodies.get());
    }

    @Test
    void aFutureIsACallUntilItEnds() throws Exception {
        CompletableFuture<String> own = new CompletableFuture<>();
        Future<?> first = (Future<?>) program.call("future", "k", body(own));
        Future<?> second = (Future<?>) program.call("future", "k", body(new CompletableFuture<>()));
        assertEquals(1, bodies.get());
        own.complete("r");
        assertEquals("r", first.get(30, TimeUnit.SECONDS));
        assertEquals("r", second.get(30, TimeUnit.SECONDS));
        assertCounts("new=1 duplicate=1");
    }

    @Test
    void aFutureThatFailsLeavesItsKeyFree() throws Exception {
        CompletableFuture<String> failed = CompletableFuture.failedFuture(new IllegalStateException("sink down"));
        Future<?> given = (Future<?>) program.call("future", "k", body(failed));
        assertEquals(
                "sink down",
                assertThrows(ExecutionException.class, given::get).getCause().getMessage());
        assertEquals(
                "r", ((Future<?>) program.call("future", "k", body(CompletableFuture.completedFuture("r")))).get());
        assertCounts("new=1 failed=1");
    }

    /** The value stands in for work that goes on, and may fail. */
    @Test
    void aCallWhoseCallerCompletesItOnTimeoutIsNotDone() throws Exception {
        // Which thread calls the listeners is a matter of chance here: that of the timer, or this one, which waits.
        for (int i = 0; i < 50; i++) {
            String key = "k" + i;
            CompletableFuture<String> own = new CompletableFuture<>();
            @SuppressWarnings("unchecked")
            CompletableFuture<Object> given = (CompletableFuture<Object>) program.call("future", key, body(own));
            assertEquals(
                    "unknown",
                    given.completeOnTimeout("unknown", 1, TimeUnit.MILLISECONDS).join());
            assertEquals("unknown", own.get(30, TimeUnit.SECONDS));
            assertEquals("r", ended(program.call("future", key, body(CompletableFuture.completedFuture("r")))));
        }
        assertCounts("new=50 failed=50");
    }

    @Test
    void aCallWhoseBodyCompletesItOnTimeoutIsNotDone() throws Exception {
        for (String method : new String[] {"future", "stage", "plainFuture", "object"}) {
            WovenProgram each = new WovenProgram(MethodPrograms.class);
            CompletableFuture<String> own = new CompletableFuture<>();
            Object given = each.call(method, "k", body(own.completeOnTimeout("unknown", 50, TimeUnit.MILLISECONDS)));
            if (given != own) {
                assertEquals("unknown", ended(given));
            }
            Await.until(
                    "the call of " + method + " has failed", () -> each.counts().contains("failed=1"));
            assertEquals("r", ended(each.call(method, "k", body(CompletableFuture.completedFuture("r")))));
        }
    }

    /** Its own stages are no other work; what the application does on the timer's thread is. */
    @Test
    void whatFollowsATimeoutIsDoneOnlyIfTheApplicationHasEndedIt() throws Exception {
        CompletableFuture<String> own = new CompletableFuture<>();
        assertEquals(
                "unknown!",
                ended(program.call(
                        "future",
                        "staged",
                        body(own.completeOnTimeout("unknown", 50, TimeUnit.MILLISECONDS)
                                .thenApply(text -> text + "!")))));
        CompletableFuture<String> set = new CompletableFuture<>();
        Object given = program.call("future", "set", body(set));
        new CompletableFuture<String>()
                .completeOnTimeout("r", 50, TimeUnit.MILLISECONDS)
                // By a class that is none of the engine's, as this one is by its package.
                .thenAccept(text -> Optional.of(text).ifPresent(set::complete));
        assertEquals("r", ended(given));
        Await.until("both have ended", () -> program.counts().contains("failed=1"));
        assertEquals("r", ended(program.call("future", "set", body(new CompletableFuture<>()))));
        assertCounts("new=1 duplicate=1 failed=1");
    }

    private static Object ended(Object stage) throws Exception {
        return ((CompletionStage<?>) stage).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** These stages refuse every method that a stage does not have, such as the one that would end them. */
    @Test
    void aStageThatCantBeAskedEndsAllTheSame() throws Exception {
        for (int i = 0; i < 2; i++) {
            CompletionStage<?> given =
                    (CompletionStage<?>) program.call("stage", "k", body(CompletableFuture.completedStage("r")));
            assertEquals("r", given.toCompletableFuture().get(30, TimeUnit.SECONDS));
        }
        CompletionStage<?> failed = (CompletionStage<?>) program.call(
                "stage", "failing", body(CompletableFuture.failedStage(new IllegalStateException("sink down"))));
        assertEquals(
                "sink down",
                assertThrows(
                                ExecutionException.class,
                                () -> failed.toCompletableFuture().get(30, TimeUnit.SECONDS))
                        .getCause()
                        .getMessage());
        assertCounts("new=1 duplicate=1 failed=1");
    }

    @Test
    void aCallbackThatThrowsDoesNotMakeTheBodyOfADuplicateRun() throws Exception {
        ThrowingFuture own = new ThrowingFuture();
        Future<?> first = (Future<?>) program.call("throwingFuture", "k", body(own));
        Future<?> second = (Future<?>) program.call("throwingFuture", "k", body(own));
        assertThrows(IllegalStateException.class, () -> own.complete("r"));
        assertEquals("r", first.get(30, TimeUnit.SECONDS));
        assertEquals("r", second.get(30, TimeUnit.SECONDS));
        Await.until(
                "nothing is left to be done",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("idempotent-trace-callbacks")));
        assertEquals(1, bodies.get(), program::said);
        assertCounts("new=1 duplicate=1");
    }

    @Test
    void aFutureThatTellsNobodyIsAskedAndOneThatCantSayFails() throws Exception {
        FutureTask<String> task = new FutureTask<>(() -> "r");
        Future<?> given = (Future<?>) program.call("plainFuture", "k", body(task));
        task.run();
        assertEquals("r", given.get(30, TimeUnit.SECONDS));
        FutureTask<String> broken = new FutureTask<>(() -> "never") {
            private boolean asked;

            @Override
            public boolean isDone() {
                if (asked) {
                    throw new IllegalStateException("no answer");
                }
                asked = true;
                return false;
            }
        };
        Future<?> failing = (Future<?>) program.call("plainFuture", "broken", body(broken));
        assertThrows(ExecutionException.class, () -> failing.get(30, TimeUnit.SECONDS));
        FutureTask<String> later = new FutureTask<>(() -> "later");
        Future<?> fine = (Future<?>) program.call("plainFuture", "later", body(later));
        later.run();
        assertEquals("later", fine.get(30, TimeUnit.SECONDS));
        assertCounts("new=2 failed=1");
    }

    @Test
    void aRefusedFutureIsOneThatHasFailed() throws Exception {
        ((Future<?>) program.call("future", "k", body(CompletableFuture.completedFuture("r")))).get();
        WovenProgram throwing = new WovenProgram(MethodPrograms.class, "on-duplicate", "throw");
        ((Future<?>) throwing.call("future", "k", body(CompletableFuture.completedFuture("r")))).get();
        Future<?> refused = (Future<?>) throwing.call("future", "k", body(CompletableFuture.completedFuture("r")));
        assertTrue(assertThrows(ExecutionException.class, refused::get).getCause() instanceof DuplicateTraceException);
        WovenProgram eager = new WovenProgram(MethodPrograms.class, "on-duplicate", "throw", "async-errors", "throw");
        ((Future<?>) eager.call("future", "k", body(CompletableFuture.completedFuture("r")))).get();
        assertThrows(
                DuplicateTraceException.class,
                () -> eager.call("future", "k", body(CompletableFuture.completedFuture("r"))));
    }

    @ParameterizedTest
    @MethodSource("publishers")
    void eachSubscriptionIsACall(String kind) {
        boolean one = kind.equals("mono");
        AtomicInteger subscriptions = new AtomicInteger();
        Flux<Object> source = Flux.<Object>just("a", "b").doOnSubscribe(any -> subscriptions.incrementAndGet());
        Object publisher = program.call(kind, "k", body(source));
        List<Object> all = one ? List.of("a") : List.of("a", "b");
        assertEquals(all, MethodPrograms.items(publisher));
        assertEquals(all, MethodPrograms.items(publisher));
        assertEquals(all, MethodPrograms.items(program.call(kind, "k", body(source))));
        assertEquals(1, subscriptions.get());
        assertCounts("new=1 duplicate=2");
    }

    @ParameterizedTest
    @MethodSource("publishers")
    void aPublisherThatFailsLeavesItsKeyFree(String kind) {
        Object failing = program.call(kind, "k", body(Flux.error(new IllegalStateException("sink down"))));
        assertEquals(
                "sink down",
                assertThrows(IllegalStateException.class, () -> MethodPrograms.items(failing))
                        .getMessage());
        assertEquals(
                "a",
                MethodPrograms.items(program.call(kind, "k", body(Flux.just("a"))))
                        .get(0));
        assertCounts("new=1 failed=1");
    }

    /** Whatever an item's own code throws while the engine writes it: the subscriber gets its items and its end. */
    @ParameterizedTest
    @MethodSource("publishers")
    void anItemWhoseGetterThrowsAnErrorReachesItsSubscriber(String kind) {
        for (Error thrown : new Error[] {
            new AssertionError("no"),
            new OutOfMemoryError("none"),
            new NoClassDefFoundError("com/acme/X"),
            new InternalError("broken"),
            new StackOverflowError()
        }) {
            Object item = new Object() {
                @SuppressWarnings("unused")
                public String getBroken() {
                    throw thrown;
                }
            };
            String key = thrown.getClass().getName();
            assertEquals(List.of(item), MethodPrograms.items(program.call(kind, key, body(Flux.just(item)))));
            Object duplicate = program.call(kind, key, body(Flux.just(item)));
            assertThrows(DuplicateTraceException.class, () -> MethodPrograms.items(duplicate));
        }
        assertCounts("new=5 duplicate=5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"flow", "publisher"})
    void aPublisherThatThrowsInPlaceOfASignalEndsItsSubscriber(String kind) {
        Flux<Object> throwing = new Flux<>() {
            @Override
            public void subscribe(reactor.core.CoreSubscriber<? super Object> subscriber) {
                throw new IllegalStateException("no subscription");
            }
        };
        Object publisher = program.call(kind, "k", body(throwing));
        assertThrows(IllegalStateException.class, () -> MethodPrograms.items(publisher));
    }

    /** Read for its hash; the call runs as the policy for what can't be hashed says. */
    @Test
    void aPayloadWhoseGetterThrowsAnErrorIsOneThatCantBeHashed() {
        Object payload = new Object() {
            @SuppressWarnings("unused")
            public String getBroken() {
                throw new OutOfMemoryError("none");
            }
        };
        program.call("nothing", "k", payload, (Runnable) bodies::incrementAndGet);
        assertEquals(1, bodies.get());
        assertCounts("unguarded=1");
        assertTrue(program.said().contains("can't be hashed"), program::said);
        WovenProgram strict = new WovenProgram(MethodPrograms.class, "on-store-failure", "throw");
        assertThrows(IdempotencyStoreException.class, () -> strict.call("nothing", "k", payload, nothing()));
    }

    @Test
    void aPublisherInDisguiseIsGuardedByItsClass() {
        Object publisher = program.call("disguised", "k", body(Flux.just("a")));
        assertEquals(List.of("a"), MethodPrograms.items(publisher));
        assertThrows(DuplicateTraceException.class, () -> MethodPrograms.items(publisher));
        assertCounts("new=1 duplicate=1");
    }

    @Test
    void whileTheModeIsOffNothingIsGuarded() {
        program.guard.mode(GuardMode.OFF);
        program.call("text", "k", body("a"));
        assertEquals("b", program.call("text", "k", body("b")));
        assertCounts("");
    }

    @Test
    void whileTheModeIsObserveEachBodyRuns() {
        program.guard.mode(GuardMode.OBSERVE);
        program.call("text", "k", body("a"));
        assertEquals("b", program.call("text", "k", body("b")));
        assertEquals(2, bodies.get());
    }
}
