package io.idempotenttrace.async.vertx;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.smallrye.mutiny.Uni;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes traces by HTTP and emits them on its event loop: as Vert.x's own Future, or as Mutiny's Uni. */
public final class VertxApplication extends AbstractVerticle {

    private final AtomicInteger emitted = new AtomicInteger();

    public static void main(String[] arguments) {
        Vertx.vertx().deployVerticle(new VertxApplication());
    }

    @Override
    public void start(Promise<Void> started) {
        vertx.createHttpServer()
                .requestHandler(this::answer)
                .listen(0, "localhost")
                .onSuccess(server -> System.out.println("port " + server.actualPort()))
                .<Void>mapEmpty()
                .onComplete(started);
    }

    private void answer(HttpServerRequest request) {
        if (request.path().equals("/emitted")) {
            request.response().end(String.valueOf(emitted.get()));
            return;
        }
        String key = request.getHeader("Idempotency-Key");
        boolean uni = request.path().equals("/uni");
        request.body().onSuccess(body -> {
            Context handling = vertx.getOrCreateContext();
            if (uni) {
                emitUni(key, body.toString())
                        .subscribe()
                        .with(value -> answer(request, handling, value), failure -> refuse(request, failure));
            } else {
                emit(key, body.toString())
                        .onComplete(value -> answer(request, handling, value), failure -> refuse(request, failure));
            }
        });
    }

    /** Says whether the answer came back to the request's own context. */
    private static void answer(HttpServerRequest request, Context handling, String value) {
        request.response().end(value + (Vertx.currentContext() == handling ? " on its context" : " elsewhere"));
    }

    private static void refuse(HttpServerRequest request, Throwable failure) {
        request.response().setStatusCode(409).end(failure.toString());
    }

    @IdempotentTrace(scope = "vertx-app")
    private Future<String> emit(@IdempotencyKey String key, String trace) {
        return vertx.timer(100).map(tick -> String.valueOf(emitted.incrementAndGet()));
    }

    @IdempotentTrace(scope = "uni-app")
    private Uni<String> emitUni(@IdempotencyKey String key, String trace) {
        return Uni.createFrom()
                .emitter(end ->
                        vertx.timer(100).onSuccess(tick -> end.complete(String.valueOf(emitted.incrementAndGet()))));
    }
}
