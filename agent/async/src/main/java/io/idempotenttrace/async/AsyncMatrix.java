package io.idempotenttrace.async;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * Every asynchronous type x every calling thread x everything that can become of a call. Prints each difference, and last how many
 * cells there were.
 */
public final class AsyncMatrix {

    private static final long MOST_SECONDS = 20;

    /** Whose emitters pass it on to the body's future: other libraries leave a CompletionStage alone. */
    private static final Set<AsyncKind> CANCEL_REACHES_THE_BODY = EnumSet.of(
            AsyncKind.STAGE,
            AsyncKind.COMPLETABLE_FUTURE,
            AsyncKind.OWN_FUTURE,
            AsyncKind.FUTURE,
            AsyncKind.LISTENABLE,
            AsyncKind.MONO,
            AsyncKind.FLUX,
            AsyncKind.FLOW,
            AsyncKind.PUBLISHER,
            AsyncKind.MONO_AS_PUBLISHER);

    /** One call's life. */
    private interface Case {

        void run(AsyncMatrix matrix, AsyncKind kind, Caller caller, String key) throws Exception;
    }

    private enum Life {
        NEW((matrix, kind, caller, key) -> {
            Body body = new Body();
            Call call = matrix.begin(kind, caller, key, "p", body);
            await("its body", () -> body.runs() == 1);
            check(!call.outcome().isDone(), "ended before its body did");
            body.last().complete("v");
            value(call, kind.seen("v"));
        }),
        DUPLICATE((matrix, kind, caller, key) -> {
            Body body = new Body();
            matrix.complete(kind, caller, key, body, "v");
            for (int i = 0; i < 3; i++) {
                value(matrix.begin(kind, caller, key, "p", body), kind.seen("v"));
            }
            check(body.runs() == 1, "ran " + body.runs() + " times");
        }),
        IN_PROGRESS((matrix, kind, caller, key) -> {
            Body body = new Body();
            Call first = matrix.begin(kind, caller, key, "p", body);
            await("its body", () -> body.runs() == 1);
            Call second = matrix.begin(kind, caller, key, "p", body);
            Call third = matrix.begin(kind, Caller.MAIN, key, "p", body);
            check(!second.outcome().isDone() && !third.outcome().isDone(), "a duplicate ended before its owner");
            body.last().complete("v");
            value(first, kind.seen("v"));
            value(second, kind.seen("v"));
            value(third, kind.seen("v"));
            check(body.runs() == 1, "ran " + body.runs() + " times");
        }),
        IN_PROGRESS_OF_ONE_THAT_FAILS((matrix, kind, caller, key) -> {
            Body body = new Body();
            Call first = matrix.begin(kind, caller, key, "p", body);
            await("its body", () -> body.runs() == 1);
            Call second = matrix.begin(kind, caller, key, "p", body);
            body.last().completeExceptionally(new IllegalStateException("the body's"));
            failure(first, IllegalStateException.class);
            await("the duplicate's body", () -> body.runs() == 2);
            check(
                    caller.isOfKind(body.thread()),
                    "the deferred body ran on " + body.thread().getName());
            body.last().complete("w");
            value(second, kind.seen("w"));
        }),
        CONFLICT((matrix, kind, caller, key) -> {
            Body body = new Body();
            matrix.complete(kind, caller, key, body, "v");
            failure(matrix.begin(kind, caller, key, "other", body), "TraceConflictException");
            check(body.runs() == 1, "ran " + body.runs() + " times");
        }),
        FAILURE_AND_RETRY((matrix, kind, caller, key) -> {
            Body body = new Body();
            Call first = matrix.begin(kind, caller, key, "p", body);
            await("its body", () -> body.runs() == 1);
            IllegalStateException failure = new IllegalStateException("the body's");
            body.last().completeExceptionally(failure);
            check(failure(first, IllegalStateException.class) == failure, "another exception than the body's");
            matrix.complete(kind, caller, key, body, "w");
            value(matrix.begin(kind, caller, key, "p", body), kind.seen("w"));
            check(body.runs() == 2, "ran " + body.runs() + " times");
        }),
        CANCEL((matrix, kind, caller, key) -> {
            Body body = new Body();
            Call first = matrix.begin(kind, caller, key, "p", body);
            await("its body", () -> body.runs() == 1);
            CompletableFuture<String> running = body.last();
            first.cancel().run();
            if (CANCEL_REACHES_THE_BODY.contains(kind)) {
                await("the cancel at the body", running::isCancelled);
            }
            matrix.complete(kind, caller, key, body, "w");
            check(body.runs() == 2, "ran " + body.runs() + " times");
        }),
        TIMEOUT((matrix, kind, caller, key) -> {
            Body body = new Body();
            failure(matrix.begin(kind, caller, key, "p", body, Duration.ofMillis(30)), "TimeoutException");
            // Of a body of its own: that of the first call may begin as late as this.
            matrix.complete(kind, caller, key, new Body(), "w");
        }),
        CANCEL_OF_ONE_THAT_WAITS((matrix, kind, caller, key) -> {
            Body body = new Body();
            Call first = matrix.begin(kind, caller, key, "p", body);
            await("its body", () -> body.runs() == 1);
            matrix.begin(kind, caller, key, "p", body).cancel().run();
            body.last().completeExceptionally(new IllegalStateException("the body's"));
            failure(first, IllegalStateException.class);
            matrix.complete(kind, caller, key, body, "w");
            check(body.runs() == 2, "a cancelled call ran: " + body.runs());
        });

        private final Case life;

        Life(Case life) {
            this.life = life;
        }

        private boolean appliesTo(AsyncKind kind) {
            return switch (this) {
                case CANCEL, CANCEL_OF_ONE_THAT_WAITS -> kind.cancellable;
                case TIMEOUT -> kind.hasTimeout();
                default -> true;
            };
        }
    }

    private final Emitters emitters = new Emitters();

    /** How many cells there are. */
    static int cells() {
        return Caller.values().length
                * Arrays.stream(AsyncKind.values())
                        .mapToInt(kind -> (int) Arrays.stream(Life.values())
                                .filter(life -> life.appliesTo(kind))
                                .count())
                        .sum();
    }

    private AsyncMatrix() {}

    public static void main(String[] arguments) {
        AsyncMatrix matrix = new AsyncMatrix();
        int cells = 0;
        int wrong = 0;
        for (AsyncKind kind : AsyncKind.values()) {
            for (Caller caller : Caller.values()) {
                for (Life life : Life.values()) {
                    if (!life.appliesTo(kind)) {
                        continue;
                    }
                    cells++;
                    String cell = kind + " on " + caller + ": " + life;
                    try {
                        life.life.run(matrix, kind, caller, kind + "-" + caller + "-" + life);
                    } catch (Throwable failure) {
                        wrong++;
                        System.out.println("wrong: " + cell + ": " + failure);
                    }
                }
            }
        }
        System.out.println("cells=" + cells + " wrong=" + wrong);
        // Event loops of the application keep a JVM running.
        System.exit(0);
    }

    private Call begin(AsyncKind kind, Caller caller, String key, String payload, Body body) {
        return begin(kind, caller, key, payload, body, AsyncKind.LONG);
    }

    private Call begin(AsyncKind kind, Caller caller, String key, String payload, Body body, Duration timeout) {
        return caller.call(() -> kind.begin(emitters, key, payload, body, timeout));
    }

    /** One call from its begin to its value. */
    private void complete(AsyncKind kind, Caller caller, String key, Body body, String value) throws Exception {
        int before = body.runs();
        Call call = begin(kind, caller, key, "p", body);
        await("its body", () -> body.runs() == before + 1);
        body.last().complete(value);
        value(call, kind.seen(value));
    }

    private static void value(Call call, Object expected) throws Exception {
        Object value = call.outcome().get(MOST_SECONDS, TimeUnit.SECONDS);
        check(Objects.equals(value, expected), "got " + value + " instead of " + expected);
    }

    private static Throwable failure(Call call, Class<?> type) throws Exception {
        return failure(call, type.getSimpleName());
    }

    private static Throwable failure(Call call, String type) throws Exception {
        Throwable failure;
        try {
            Object value = call.outcome().get(MOST_SECONDS, TimeUnit.SECONDS);
            throw new AssertionError("got " + value + " instead of " + type);
        } catch (ExecutionException e) {
            failure = e.getCause();
        } catch (TimeoutException e) {
            throw new AssertionError("no end", e);
        }
        check(failure.getClass().getSimpleName().equals(type), "failed with " + failure);
        return failure;
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
        while (!condition.getAsBoolean()) {
            check(System.nanoTime() - end < 0, "waited in vain for " + what);
            Thread.sleep(1);
        }
    }

    private static void check(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }
}
