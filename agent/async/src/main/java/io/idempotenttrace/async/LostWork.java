package io.idempotenttrace.async;

import io.vavr.control.Either;
import io.vavr.control.Try;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import reactor.core.Disposable;
import reactor.core.publisher.ConnectableFlux;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import scala.jdk.javaapi.FutureConverters;

/**
 * Delivers one message three times to each emitter: while the sink is down, when it is back, and once more. Prints what each delivery
 * came to, and how often the work was tried: a message whose work failed must not be taken for done.
 */
public final class LostWork {

    private boolean down;
    private final AtomicInteger tries = new AtomicInteger();
    private final UnendedEmitters emitters = new UnendedEmitters(this::work);

    private LostWork() {}

    private String work() {
        tries.incrementAndGet();
        if (down) {
            throw new IllegalStateException("sink down");
        }
        return "ok";
    }

    public static void main(String[] arguments) {
        LostWork lost = new LostWork();
        UnendedEmitters emitters = lost.emitters;
        lost.deliver("rx2 Single", emitters::rx2Single);
        lost.deliver("Vavr Future", emitters::vavr);
        lost.deliver("DeferredResult", emitters::deferredResult);
        lost.deliver("ForkJoinTask", emitters::forkJoin);
        lost.deliver("Object of a future", emitters::object);
        lost.deliver("T of a future", emitters::generic);
        lost.deliver("own interface of a future", emitters::ownInterface);
        lost.deliver("Object of a Scala future", emitters::objectOfScala);
        lost.deliver("Object of a Mono", emitters::objectOfMono);
        lost.deliver("Try", emitters::tried);
        lost.deliver("future of a Try", emitters::triedLater);
        lost.deliver("Flux of Try", emitters::triedMany);
        lost.deliver("Either", emitters::either);
        lost.deliver("Callable", emitters::callable);
        lost.deliver("Supplier", emitters::supplier);
        lost.deliver("Stream", emitters::stream);
        lost.deliver("Iterator", emitters::iterator);
        lost.deliver("WebAsyncTask", emitters::webAsyncTask);
        lost.deliver("own Mono", emitters::ownMono);
        lost.deliver("ConnectableFlux", emitters::connectable);
        lost.deliver("Disposable", emitters::disposable);
        lost.deliver("list of futures", emitters::futures);
        lost.deliver("Optional of a Callable", emitters::perhaps);
        lost.deliver("future of a Stream", emitters::streamLater);
        lost.deliver("Object of a Callable", emitters::objectOfCallable);
        lost.deliver("Object of an own Mono", emitters::objectOfOwnMono);
        lost.deliver("own function", emitters::ownFunction);
        lost.deliver("record with a future", emitters::receipt);
        lost.deliver("map with a future", emitters::map);
        // Threads of the libraries may keep a JVM running.
        System.exit(0);
    }

    private void deliver(String name, Function<String, Object> emitter) {
        tries.set(0);
        StringBuilder line = new StringBuilder(name).append(":");
        for (int delivery = 0; delivery < 3; delivery++) {
            down = delivery == 0;
            line.append(' ').append(outcome(() -> end(emitter.apply(name))));
        }
        System.out.println(line.append(", tries ").append(tries));
    }

    private static String outcome(Callable<Object> call) {
        try {
            return String.valueOf(call.call());
        } catch (Throwable thrown) {
            Throwable failure = thrown instanceof ExecutionException ? thrown.getCause() : thrown;
            return failure.getClass().getSimpleName();
        }
    }

    /** What the caller does with what it got, up to the end of the work. */
    private static Object end(Object returned) throws Exception {
        if (returned instanceof DeferredResult<?> result) {
            CompletableFuture<Object> handled = new CompletableFuture<>();
            result.setResultHandler(
                    value -> handled.complete(value instanceof Throwable failure ? Try.failure(failure) : value));
            return end(handled.get());
        } else if (returned instanceof Disposable running) {
            Waits.until(running::isDisposed);
            return "ended";
        } else if (returned instanceof Try<?> tried) {
            return tried.get();
        } else if (returned instanceof Either<?, ?> either) {
            return either.isLeft() ? "Left" : either.get();
        } else if (returned instanceof Optional<?> perhaps) {
            return end(perhaps.get());
        } else if (returned instanceof List<?> many) {
            return end(many.get(many.size() - 1));
        } else if (returned instanceof Map<?, ?> parts) {
            return end(parts.values().iterator().next());
        } else if (returned instanceof UnendedEmitters.Receipt receipt) {
            return end(receipt.acknowledged());
        } else if (returned instanceof Future<?> future) {
            return end(future.get());
        }
        return ofLibrary(returned);
    }

    private static Object ofLibrary(Object returned) throws Exception {
        if (returned instanceof ConnectableFlux<?> connectable) {
            return connectable.autoConnect().blockLast();
        } else if (returned instanceof Mono<?> mono) {
            return mono.block();
        } else if (returned instanceof Flux<?> flux) {
            return end(flux.collectList().block());
        } else if (returned instanceof io.reactivex.Single<?> single) {
            return single.blockingGet();
        } else if (returned instanceof io.vavr.concurrent.Future<?> future) {
            return future.get();
        } else if (returned instanceof scala.concurrent.Future<?> future) {
            return FutureConverters.asJava(future).toCompletableFuture().get();
        } else if (returned instanceof WebAsyncTask<?> task) {
            return task.getCallable().call();
        } else if (returned instanceof Callable<?> callable) {
            return callable.call();
        } else if (returned instanceof Supplier<?> supplier) {
            return supplier.get();
        } else if (returned instanceof UnendedEmitters.Job job) {
            return job.run();
        } else if (returned instanceof Stream<?> stream) {
            return stream.toList().get(0);
        } else if (returned instanceof Iterator<?> iterator) {
            return iterator.next();
        }
        return returned;
    }
}
