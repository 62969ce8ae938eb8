package io.idempotenttrace.applications.plain;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.TraceId;
import java.io.IOException;

/** Emits one span for each of two requests, inside of what an agent for observability makes a span of. It knows no such library. */
public final class TracedApplication {

    public static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    private TracedApplication() {}

    @IdempotentTrace
    private static void emit(@IdempotencyKey String id, @TraceId String trace) {}

    public static void main(String[] arguments) throws IOException {
        LoopbackServer.answer(() -> emit("span-1", TRACE), /* requests= */ 2);
    }
}
