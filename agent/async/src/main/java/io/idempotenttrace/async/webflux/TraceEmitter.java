package io.idempotenttrace.async.webflux;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Service;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Emits with a delay, as a call to another service takes. */
@Service
class TraceEmitter {

    private final AtomicInteger emitted = new AtomicInteger();

    /** Says who called, which Reactor's context alone knows, and on what thread. */
    @IdempotentTrace(scope = "web")
    public Mono<String> emit(@IdempotencyKey String key, Map<String, Object> trace) {
        return Mono.deferContextual(context -> {
            String subscribedOn = Thread.currentThread().getName().replaceAll("[0-9-]+", "");
            return Mono.delay(Duration.ofMillis(100))
                    .map(tick -> emitted.incrementAndGet() + " by " + context.get("caller") + " on " + subscribedOn);
        });
    }

    @IdempotentTrace(scope = "spans")
    public Flux<String> spans(@IdempotencyKey String key, Map<String, Object> trace) {
        return Flux.fromIterable(trace.keySet())
                .delayElements(Duration.ofMillis(5))
                .map(name -> emitted.incrementAndGet() + name + "\n");
    }

    int emitted() {
        return emitted.get();
    }
}
