package io.idempotenttrace.weaver;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.TraceConflictException;
import java.util.AbstractMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One program for each kind of code of the application that the engine runs for its own ends. Each calls {@link #inner} with its own name
 * as the key: the engine has then called it, and the application has not.
 */
final class ReadPrograms {

    private static final ConcurrentHashMap<String, AtomicInteger> RUNS = new ConcurrentHashMap<>();

    private ReadPrograms() {}

    static int runs(String key) {
        return RUNS.computeIfAbsent(key, any -> new AtomicInteger()).get();
    }

    @IdempotentTrace(scope = "inner")
    static String inner(@IdempotencyKey String key) {
        RUNS.computeIfAbsent(key, any -> new AtomicInteger()).incrementAndGet();
        return key;
    }

    /** What the engine reads of it calls the guarded method. */
    static class Payload {

        private String program;
        /** How many reads come before the one that calls. */
        private transient int quiet;

        Payload() {
            this("", 0);
        }

        Payload(String program, int quiet) {
            this.program = program;
            this.quiet = quiet;
        }

        public String getProgram() {
            if (!program.isEmpty() && quiet-- <= 0) {
                inner(program);
            }
            return program;
        }

        public void setProgram(String program) {
            this.program = program;
            if (program.equals("setter at replay")) {
                inner(program);
            }
        }
    }

    @IdempotentTrace
    static void emit(@IdempotencyKey String key, Object payload) {}

    @IdempotentTrace
    static Payload result(@IdempotencyKey String key) {
        return new Payload(key, 0);
    }

    @IdempotentTrace
    static void failing(@IdempotencyKey String key) {
        throw new IllegalStateException() {
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage() {
                inner(key);
                return "failed";
            }
        };
    }

    @IdempotentTrace
    static Future<String> future(@IdempotencyKey String key, @io.idempotenttrace.Unhashed Future<String> future) {
        return future;
    }

    @IdempotentTrace
    static CompletionStage<String> stage(
            @IdempotencyKey String key, @io.idempotenttrace.Unhashed CompletionStage<String> stage) {
        return stage;
    }

    @IdempotentTrace
    static Flow.Publisher<Payload> flow(@IdempotencyKey String key) {
        return subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {
                subscriber.onNext(new Payload(key, 0));
                subscriber.onComplete();
            }

            @Override
            public void cancel() {
                // One item comes at once.
            }
        });
    }

    static void getter(String name) {
        emit(name, new Payload(name, 0));
    }

    static void iterator(String name) {
        Set<Map.Entry<String, Object>> entries = Map.<String, Object>of("a", 1).entrySet();
        emit(name, new AbstractMap<String, Object>() {
            @Override
            public Set<Entry<String, Object>> entrySet() {
                inner(name);
                return entries;
            }
        });
    }

    static void keyPart(String name) {
        keyed(new Payload(name, 0));
    }

    @IdempotentTrace
    private static void keyed(@IdempotencyKey("/program") Payload payload) {}

    static void conflictDetail(String name) {
        emit(name, Map.of("a", 1, "p", new Payload()));
        try {
            // Once for the hash; the second time is for the conflict's message.
            emit(name, Map.of("a", 2, "p", new Payload(name, 1)));
        } catch (TraceConflictException conflict) {
            return;
        }
        throw new AssertionError("no conflict");
    }

    static void writtenResult(String name) {
        result(name);
    }

    static void setterAtReplay(String name) {
        result(name);
        RUNS.remove(name);
        result(name);
    }

    static void itemOfAPublisher(String name) throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        flow(name).subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(9);
            }

            @Override
            public void onNext(Payload item) {
                // Not read by the application.
            }

            @Override
            public void onError(Throwable failure) {
                ended.countDown();
            }

            @Override
            public void onComplete() {
                ended.countDown();
            }
        });
        if (!ended.await(30, TimeUnit.SECONDS)) {
            throw new AssertionError("no end");
        }
    }

    static void messageOfAFailure(String name) {
        try {
            failing(name);
        } catch (IllegalStateException e) {
            return;
        }
        throw new AssertionError("no failure");
    }

    /** A future that tells nobody of its end. */
    static void questionOfAFuture(String name) throws Exception {
        FutureTask<String> task = new FutureTask<>(() -> name) {
            @Override
            public boolean isDone() {
                inner(name);
                return super.isDone();
            }
        };
        Future<String> given = future(name, task);
        task.run();
        given.get(30, TimeUnit.SECONDS);
    }

    static void valueOfAFuture(String name) throws Exception {
        FutureTask<String> task = new FutureTask<>(() -> name) {
            @Override
            public String get() throws InterruptedException, java.util.concurrent.ExecutionException {
                inner(name);
                return super.get();
            }
        };
        task.run();
        future(name, task).isDone();
    }

    static void listenerOfAStage(String name) throws Exception {
        CompletableFuture<String> own = new CompletableFuture<>() {
            @Override
            public CompletableFuture<String> whenComplete(
                    java.util.function.BiConsumer<? super String, ? super Throwable> action) {
                inner(name);
                return super.whenComplete(action);
            }
        };
        CompletionStage<String> given = stage(name, own);
        own.complete(name);
        given.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    static void anotherFuture(String name) throws Exception {
        CompletableFuture<String> own = new CompletableFuture<>() {
            @Override
            public <U> CompletableFuture<U> newIncompleteFuture() {
                inner(name);
                return new CompletableFuture<>();
            }
        };
        CompletionStage<String> given = stage(name, own);
        own.complete(name);
        given.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** What hangs on a future that its caller has is the application's own work: it is guarded, whatever ends the future. */
    static List<String> callbackOfACaller(String name) throws Exception {
        CompletableFuture<String> own = new CompletableFuture<>();
        CompletableFuture<String> then = stage(name, own).toCompletableFuture().thenApply(ReadPrograms::inner);
        own.complete(name);
        return List.of(then.get(30, TimeUnit.SECONDS));
    }
}
