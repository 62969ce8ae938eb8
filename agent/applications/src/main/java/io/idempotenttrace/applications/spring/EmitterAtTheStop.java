package io.idempotenttrace.applications.spring;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Async;
import org.springframework.stereotype.Component;

/** Its bodies end when the application stops, which waits for them. */
@Component
class EmitterAtTheStop {

    static final int CALLS = 20;

    private final CountDownLatch running = new CountDownLatch(CALLS);
    private final CompletableFuture<Void> stopping = new CompletableFuture<>();

    @Async
    @IdempotentTrace
    public void emit(@IdempotencyKey String id) {
        running.countDown();
        stopping.join();
    }

    /** A method, since the caller has a proxy without the fields. */
    public void awaitAll() throws InterruptedException {
        running.await();
    }

    @EventListener(ContextClosedEvent.class)
    public void stop() {
        stopping.complete(null);
    }
}
