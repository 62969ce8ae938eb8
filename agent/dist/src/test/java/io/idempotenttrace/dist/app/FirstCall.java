package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import java.util.Map;

/** Makes one guarded call, between two classes that a log of loaded classes shows. */
public final class FirstCall {

    /** Loaded before the call. */
    private static final class Before {}

    /** Loaded after it. */
    private static final class After {}

    /** Hashed in full. */
    private record Order(String id, long cents, Map<String, String> tags) {}

    /** A class of its own, so that it is woven when it is called. */
    private static final class Emitter {

        @IdempotentTrace
        private static void emit(@IdempotencyKey("/id") Order order) {
            System.out.println("body");
        }
    }

    private FirstCall() {}

    public static void main(String[] arguments) {
        System.out.println(new Before().hashCode());
        Emitter.emit(new Order("1", 100, Map.of("name", "value")));
        System.out.println(new After().hashCode());
    }
}
