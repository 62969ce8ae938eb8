package io.idempotenttrace.examples.worker;

import com.fasterxml.jackson.databind.JsonNode;
import io.idempotenttrace.TraceConflictException;
import io.idempotenttrace.TraceInProgressException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Delivers messages to the emitter, and redelivers what was not acknowledged. Safe for use by many threads. */
final class Delivery {

    /** How often a message is delivered again that could not be handled, before it counts as an error. */
    private static final int REDELIVERIES = 3;

    private static final int SHOWN = 3;

    private final SpanEmitter emitter;
    private final String tenant;
    private final AtomicLong handled = new AtomicLong();
    private final AtomicLong conflicts = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicInteger shownConflicts = new AtomicInteger();
    private final AtomicInteger shownErrors = new AtomicInteger();

    Delivery(SpanEmitter emitter, String tenant) {
        this.emitter = emitter;
        this.tenant = tenant;
    }

    /** Handles one delivery to its end. Each gets a span of its own, as a consumer parses each message. */
    void deliver(byte[] message) {
        try {
            deliver(TraceFiles.JSON.readTree(message), 0);
        } catch (TraceConflictException e) {
            conflicts.incrementAndGet();
            show(shownConflicts, e.getMessage());
        } catch (IOException | RuntimeException e) {
            errors.incrementAndGet();
            show(shownErrors, "error: " + e);
        }
        handled.incrementAndGet();
    }

    private void deliver(JsonNode span, int redelivery) throws IOException {
        try {
            emitter.handle(tenant, span);
        } catch (TraceInProgressException e) {
            if (redelivery == REDELIVERIES) {
                throw e;
            }
            deliver(span, redelivery + 1);
        }
    }

    private static void show(AtomicInteger shown, String line) {
        int count = shown.incrementAndGet();
        if (count <= SHOWN) {
            System.err.println(line);
        } else if (count == SHOWN + 1) {
            System.err.println("(more of these are counted, not shown)");
        }
    }

    long handled() {
        return handled.get();
    }

    long conflicts() {
        return conflicts.get();
    }

    long errors() {
        return errors.get();
    }
}
