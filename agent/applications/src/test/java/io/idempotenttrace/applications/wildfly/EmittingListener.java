package io.idempotenttrace.applications.wildfly;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.TraceConflictException;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import java.util.concurrent.atomic.AtomicInteger;

/** Emits when it is deployed. */
@WebListener
public final class EmittingListener implements ServletContextListener {

    private final AtomicInteger bodies = new AtomicInteger();

    @Override
    public void contextInitialized(ServletContextEvent event) {
        emit("span", "payload");
        emit("span", "payload");
        String outcome;
        try {
            emit("span", "other payload");
            outcome = "no conflict";
        } catch (TraceConflictException e) {
            outcome = "conflict";
        }
        System.out.println("deployed: bodies " + bodies + ", " + outcome);
    }

    @IdempotentTrace
    private void emit(@IdempotencyKey String id, String payload) {
        bodies.incrementAndGet();
    }
}
