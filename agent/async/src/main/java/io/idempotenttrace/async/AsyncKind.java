package io.idempotenttrace.async;

import com.google.api.core.ApiFuture;
import com.google.common.util.concurrent.ListenableFuture;
import io.opentelemetry.sdk.common.CompletableResultCode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import scala.jdk.javaapi.FutureConverters;

/** Each asynchronous type: how its emitter is called, and what a value looks like to its caller. */
enum AsyncKind {
    STAGE(true) {
        @Override
        Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout) {
            return ofStage(emitters.stage(key, payload, body), timeout);
        }
    },
    COMPLETABLE_FUTURE(true) {
        @Override
        Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout) {
            return ofStage(emitters.privateFuture(key, payload, body), timeout);
        }
    },
    OWN_FUTURE(true) {
        @Override
        Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout) {
            return ofStage(emitters.ownFuture(key, payload, body), timeout);
        }
    },
    FUTURE(true) {
        @Override
        Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout) {
            return ofFuture(Emitters.future(key, payload, body));
        }
    },
    POOL_FUTURE(true) {
        @Override
        Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout) {
            return ofFuture(Emitters.poolFuture(key, payload, body));
        }
    },
    LISTENABLE(true) {
        @Override
        Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout) {
            ListenableFuture<String> future = emitters.listenable(key, payload, body);
            CompletableFuture<Object> outcome = new CompletableFuture<>();
            future.addListener(() -> tell(future, outcome), Runnable::run);
            return new Call(outcome, () -> future.cancel(true));
        }
    },
    VERTX(false) {
        @Override
        Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout) {
            CompletableFuture<Object> outcome = new CompletableFuture<>();
            emitters.vertx(key, payload, body).onComplete(outcome::complete, outcome::completeExceptionally);
            return new Call(outcome, () -> {});
        }
    },
    MONO(true) {
        @Override
        Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout) {
            CompletableFuture<Object> outcome = new CompletableFuture<>();
            Disposable subscription = within(timeout, emitters.mono(key, payload, body), mono -> mono.timeout(timeout))
                    .subscribe(outcome::complete, outcome::completeExceptionally, () -> outcome.complete(null));
            return new Call(outcome, subscription::dispose);
        }
    },
    FLUX(true) {
        @Override
        Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout) {
            return ofFlux(within(timeout, Emitters.flux(key, payload, body), flux -> flux.timeout(timeout)));
        }
    },
    SINGLE(true) {
        @Override
        Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout) {
            CompletableFuture<Object> outcome = new CompletableFuture<>();
            return new Call(
                    outcome,
                    within(
                                    timeout,
                                    emitters.single(key, payload, body),
                                    single -> single.timeout(timeout.toMillis(), TimeUnit.MILLISECONDS))
                            .subscribe(outcome::complete, outcome::completeExceptionally)::dispose);
        }
    },
    MAYBE(true) {
        @Override
        Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout) {
            CompletableFuture<Object> outcome = new CompletableFuture<>();
            return new Call(
                    outcome,
                    within(
                                            timeout,
                                            emitters.maybe(key, payload, body),
                                            maybe -> maybe.timeout(timeout.toMillis(), TimeUnit.MILLISECONDS))
                                    .subscribe(
                                            outcome::complete,
                                            outcome::completeExceptionally,
                                            () -> outcome.complete(null))::dispose);
        }
    },
    COMPLETABLE(true) {
        @Override
        Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout) {
            CompletableFuture<Object> outcome = new CompletableFuture<>();
            return new Call(
                    outcome,
                    within(
                                    timeout,
                                    emitters.completable(key, payload, body),
                                    completable -> completable.timeout(timeout.toMillis(), TimeUnit.MILLISECONDS))
                            .subscribe(() -> outcome.complete(null), outcome::completeExceptionally)::dispose);
        }

        @Override
        Object seen(String value) {
            return null;
        }
    },
    FLOWABLE(true) {
        @Override
        Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout) {
            CompletableFuture<Object> outcome = new CompletableFuture<>();
            return new Call(
                    outcome,
                    within(
                                    timeout,
                                    emitters.flowable(key, payload, body),
                                    flowable -> flowable.timeout(timeout.toMillis(), TimeUnit.MILLISECONDS))
                            .toList()
                            .subscribe(outcome::complete, outcome::completeExceptionally)::dispose);
        }
    },
    OBSERVABLE(true) {
        @Override
        Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout) {
            CompletableFuture<Object> outcome = new CompletableFuture<>();
            return new Call(
                    outcome,
                    within(
                                    timeout,
                                    emitters.observable(key, payload, body),
                                    observable -> observable.timeout(timeout.toMillis(), TimeUnit.MILLISECONDS))
                            .toList()
                            .subscribe(outcome::complete, outcome::completeExceptionally)::dispose);
        }
    },
    UNI(true) {
        @Override
        Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout) {
            CompletableFuture<Object> outcome = new CompletableFuture<>();
            return new Call(
                    outcome,
                    within(
                                    timeout,
                                    emitters.uni(key, payload, body),
                                    uni -> uni.ifNoItem().after(timeout).fail())
                            .subscribe()
                            .with(outcome::complete, outcome::completeExceptionally)::cancel);
        }
    },
    MULTI(true) {
        @Override
        Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout) {
            CompletableFuture<Object> outcome = new CompletableFuture<>();
            return new Call(
                    outcome,
                    within(
                                    timeout,
                                    emitters.multi(key, payload, body),
                                    multi -> multi.ifNoItem().after(timeout).fail())
                            .collect()
                            .asList()
                            .subscribe()
                            .with(outcome::complete, outcome::completeExceptionally)::cancel);
        }
    },
    RX2_SINGLE(true) {
        @Override
        Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout) {
            CompletableFuture<Object> outcome = new CompletableFuture<>();
            return new Call(
                    outcome,
                    within(
                                    timeout,
                                    emitters.rx2Single(key, payload, body),
                                    single -> single.timeout(timeout.toMillis(), TimeUnit.MILLISECONDS))
                            .subscribe(outcome::complete, outcome::completeExceptionally)::dispose);
        }
    },
    RX2_MAYBE(true) {
        @Override
        Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout) {
            CompletableFuture<Object> outcome = new CompletableFuture<>();
            return new Call(
                    outcome,
                    within(
                                            timeout,
                                            emitters.rx2Maybe(key, payload, body),
                                            maybe -> maybe.timeout(timeout.toMillis(), TimeUnit.MILLISECONDS))
                                    .subscribe(
                                            outcome::complete,
                                            outcome::completeExceptionally,
                                            () -> outcome.complete(null))::dispose);
        }
    },
    RX2_COMPLETABLE(true) {
        @Override
        Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout) {
            CompletableFuture<Object> outcome = new CompletableFuture<>();
            return new Call(
                    outcome,
                    within(
                                    timeout,
                                    emitters.rx2Completable(key, payload, body),
                                    completable -> completable.timeout(timeout.toMillis(), TimeUnit.MILLISECONDS))
                            .subscribe(() -> outcome.complete(null), outcome::completeExceptionally)::dispose);
        }

        @Override
        Object seen(String value) {
            return null;
        }
    },
    RX2_FLOWABLE(true) {
        @Override
        Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout) {
            CompletableFuture<Object> outcome = new CompletableFuture<>();
            return new Call(
                    outcome,
                    within(
                                    timeout,
                                    emitters.rx2Flowable(key, payload, body),
                                    flowable -> flowable.timeout(timeout.toMillis(), TimeUnit.MILLISECONDS))
                            .toList()
                            .subscribe(outcome::complete, outcome::completeExceptionally)::dispose);
        }
    },
    RX2_OBSERVABLE(true) {
        @Override
        Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout) {
            CompletableFuture<Object> outcome = new CompletableFuture<>();
            return new Call(
                    outcome,
                    within(
                                    timeout,
                                    emitters.rx2Observable(key, payload, body),
                                    observable -> observable.timeout(timeout.toMillis(), TimeUnit.MILLISECONDS))
                            .toList()
                            .subscribe(outcome::complete, outcome::completeExceptionally)::dispose);
        }
    },
    VAVR(true) {
        @Override
        Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout) {
            io.vavr.concurrent.Future<String> future = emitters.vavr(key, payload, body);
            CompletableFuture<Object> outcome = new CompletableFuture<>();
            future.onSuccess(outcome::complete).onFailure(outcome::completeExceptionally);
            return new Call(outcome, future::cancel);
        }
    },
    SCALA(false) {
        @Override
        Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout) {
            return ofStage(FutureConverters.asJava(Emitters.scala(key, payload, body)), timeout);
        }
    },
    RESULT_CODE(false) {
        @Override
        Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout) {
            CompletableFuture<Object> outcome = new CompletableFuture<>();
            CompletableResultCode code = emitters.resultCode(key, payload, body);
            code.whenComplete(() -> {
                if (code.isSuccess()) {
                    outcome.complete(null);
                } else {
                    outcome.completeExceptionally(code.getFailureThrowable());
                }
            });
            return new Call(outcome, () -> {});
        }

        @Override
        Object seen(String value) {
            return null;
        }
    },
    DEFERRED_RESULT(false) {
        @Override
        Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout) {
            CompletableFuture<Object> outcome = new CompletableFuture<>();
            // As Spring MVC does, whose only handler it is.
            emitters.deferredResult(key, payload, body).setResultHandler(result -> {
                if (result instanceof Throwable failure) {
                    outcome.completeExceptionally(failure);
                } else {
                    outcome.complete(result);
                }
            });
            return new Call(outcome, () -> {});
        }
    },
    API_FUTURE(true) {
        @Override
        Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout) {
            ApiFuture<String> future = Emitters.apiFuture(key, payload, body);
            CompletableFuture<Object> outcome = new CompletableFuture<>();
            future.addListener(() -> tell(future, outcome), Runnable::run);
            return new Call(outcome, () -> future.cancel(true));
        }
    },
    SETTABLE(true) {
        @Override
        Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout) {
            ListenableFuture<String> future = emitters.settable(key, payload, body);
            CompletableFuture<Object> outcome = new CompletableFuture<>();
            future.addListener(() -> tell(future, outcome), Runnable::run);
            return new Call(outcome, () -> future.cancel(true));
        }
    },
    NETTY_FUTURE(true) {
        @Override
        Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout) {
            io.netty.util.concurrent.Future<String> future = emitters.netty(key, payload, body);
            CompletableFuture<Object> outcome = new CompletableFuture<>();
            future.addListener(ended -> tell(future, outcome));
            return new Call(outcome, () -> future.cancel(true));
        }
    },
    PUBLISHER(true) {
        @Override
        Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout) {
            return ofFlux(Flux.from(emitters.publisher(key, payload, body)));
        }
    },
    MONO_AS_PUBLISHER(true) {
        @Override
        Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout) {
            return ofFlux(
                    Mono.from(emitters.monoAsPublisher(key, payload, body)).flux());
        }

        @Override
        Object seen(String value) {
            return List.of(value);
        }
    },
    FLOW(true) {
        @Override
        Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout) {
            Flow.Publisher<String> publisher = emitters.flow(key, payload, body);
            return ofFlux(JdkFlowAdapter.flowPublisherToFlux(publisher));
        }
    };

    /** No timeout, for those that can do without one. */
    static final Duration LONG = Duration.ofMinutes(5);

    /** Whether a caller can cancel it. */
    final boolean cancellable;

    AsyncKind(boolean cancellable) {
        this.cancellable = cancellable;
    }

    /** Whether its library has a timeout for its caller. */
    boolean hasTimeout() {
        return !List.of(
                        FUTURE,
                        POOL_FUTURE,
                        LISTENABLE,
                        VERTX,
                        FLOW,
                        VAVR,
                        SCALA,
                        RESULT_CODE,
                        DEFERRED_RESULT,
                        API_FUTURE,
                        SETTABLE,
                        NETTY_FUTURE,
                        PUBLISHER,
                        MONO_AS_PUBLISHER)
                .contains(this);
    }

    /** @param timeout after which the caller gives up, if it has a timeout */
    abstract Call begin(Emitters emitters, String key, String payload, Body body, Duration timeout);

    /** What the caller gets where the body's future ended with that value. */
    Object seen(String value) {
        return switch (this) {
            case FLUX, FLOWABLE, OBSERVABLE, RX2_FLOWABLE, RX2_OBSERVABLE, MULTI, FLOW, PUBLISHER ->
                List.of(value, "2");
            default -> value;
        };
    }

    /** With its library's timeout, but for {@link #LONG}: the libraries' timers take locks on threads that must not block. */
    private static <T> T within(Duration timeout, T publisher, UnaryOperator<T> withTimeout) {
        return timeout == LONG ? publisher : withTimeout.apply(publisher);
    }

    private static Call ofStage(CompletionStage<String> stage, Duration timeout) {
        if (timeout != LONG) {
            stage.toCompletableFuture().orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
        }
        CompletableFuture<Object> outcome = new CompletableFuture<>();
        stage.whenComplete((value, failure) -> {
            if (failure == null) {
                outcome.complete(value);
            } else {
                outcome.completeExceptionally(failure);
            }
        });
        return new Call(outcome, () -> stage.toCompletableFuture().cancel(true));
    }

    private static Call ofFlux(Flux<String> flux) {
        CompletableFuture<Object> outcome = new CompletableFuture<>();
        Disposable subscription = flux.collectList().subscribe(outcome::complete, outcome::completeExceptionally);
        return new Call(outcome, subscription::dispose);
    }

    /** Its caller waits on a thread of its own. */
    private static Call ofFuture(Future<String> future) {
        CompletableFuture<Object> outcome = new CompletableFuture<>();
        Emitters.POOL.execute(() -> {
            try {
                future.get(60, TimeUnit.SECONDS);
            } catch (InterruptedException | ExecutionException | CancellationException e) {
                // Told below.
            } catch (TimeoutException e) {
                outcome.completeExceptionally(e);
            }
            tell(future, outcome);
        });
        return new Call(outcome, () -> future.cancel(true));
    }

    private static void tell(Future<String> future, CompletableFuture<Object> outcome) {
        try {
            outcome.complete(future.get());
        } catch (ExecutionException e) {
            outcome.completeExceptionally(e.getCause());
        } catch (InterruptedException | CancellationException e) {
            outcome.completeExceptionally(e);
        }
    }
}
