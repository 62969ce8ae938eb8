package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.TraceConflictException;
import java.io.InputStream;
import java.util.Map;

/** Makes some calls and stays, so that others can ask what became of them. */
public final class AskedProgram {

    private AskedProgram() {}

    @IdempotentTrace
    static String emit(@IdempotencyKey String key, Map<String, String> payload) {
        return "emitted";
    }

    @IdempotentTrace
    static void read(@IdempotencyKey String key, InputStream content) {}

    public static void main(String[] arguments) throws InterruptedException {
        emit("planted-key", Map.of("card", "planted-payload"));
        emit("planted-key", Map.of("card", "planted-payload"));
        try {
            emit("planted-key", Map.of("card", "planted-other"));
        } catch (TraceConflictException conflict) {
            System.out.println("ready");
        }
        Thread.sleep(Long.MAX_VALUE);
    }
}
