package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyException;
import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.TraceId;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.concurrent.Callable;

/** Methods that can't be guarded, or calls of which can't. */
public final class Unguardable {

    abstract static class Base {

        @IdempotentTrace
        abstract void withoutBody(String key);
    }

    private Unguardable() {}

    public static void main(String[] arguments) {
        for (int i = 0; i < 2; i++) {
            new Base() {
                @Override
                void withoutBody(String key) {
                    System.out.println("body withoutBody");
                }
            }.withoutBody("k");
            attempt(() -> later("k"));
            attempt(() -> wrongTtl("k"));
            attempt(() -> wrongPointer("k"));
            attempt(() -> wrongTraceId("k"));
            attempt(() -> stream(new ByteArrayInputStream(new byte[1])));
        }
    }

    private static void attempt(Runnable call) {
        try {
            call.run();
        } catch (IdempotencyException e) {
            System.out.println("refused: " + e.getMessage());
        }
    }

    @IdempotentTrace
    static Callable<String> later(@IdempotencyKey String key) {
        System.out.println("body later");
        return () -> "x";
    }

    @IdempotentTrace(ttl = "tomorrow")
    static void wrongTtl(@IdempotencyKey String key) {
        System.out.println("body wrongTtl");
    }

    @IdempotentTrace
    static void wrongPointer(@IdempotencyKey("id") String key) {
        System.out.println("body wrongPointer");
    }

    @IdempotentTrace
    @TraceId
    static int wrongTraceId(@IdempotencyKey String key) {
        System.out.println("body wrongTraceId");
        return 1;
    }

    @IdempotentTrace
    static void stream(InputStream in) {
        System.out.println("body stream");
    }
}
