package io.idempotenttrace.weaver;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What {@link WarmUp} weaves and calls in the place of the application's first guarded method. The JVM never loads this class by its name:
 * its class file is read, woven and defined as a hidden class, which no transformer sees.
 */
final class WarmUpCall implements Runnable {

    /** A payload of the kinds of members that most have. */
    record Payload(
            String traceId, long number, double share, Instant at, List<String> items, Map<String, Object> tags) {}

    WarmUpCall() {}

    @Override
    public void run() {
        Payload payload =
                new Payload("warm-up", 1, 0.5, Instant.EPOCH, List.of("one"), Map.of("name", "value", "count", 1));
        emit(payload);
        emit(payload);
    }

    @IdempotentTrace
    private static String emit(@IdempotencyKey("/traceId") Payload payload) {
        return payload.traceId();
    }
}
