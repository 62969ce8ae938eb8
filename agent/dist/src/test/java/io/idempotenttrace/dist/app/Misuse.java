package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.TenantId;
import io.idempotenttrace.TraceId;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/** Methods whose pointers name what is not there, beside such that name what is null, or what a text holds. */
public final class Misuse {

    record Span(String traceId, int id, String body) {}

    /** Without a getter: the file {@code META-INF/services/idempotent.mapping} tells how it is hashed. */
    static final class Money {

        private final long cents;

        Money(long cents) {
            this.cents = cents;
        }
    }

    /** As Money, by the setting {@code mapping}. */
    static class Event {

        private final String name;

        Event(String name) {
            this.name = name;
        }
    }

    static final class SubEvent extends Event {

        SubEvent(String name) {
            super(name);
        }
    }

    /** A mapping is named for it that is not there. */
    static final class Unmapped {

        private final int id;

        Unmapped(int id) {
            this.id = id;
        }

        public int getId() {
            return id;
        }
    }

    static final class Maps {

        static Map<String, Object> money(Money money) {
            return Map.of("cents", money.cents);
        }

        static String event(Event event) {
            return "{\"name\": \"" + event.name + "\"}";
        }
    }

    private static int bodies;

    private Misuse() {}

    public static void main(String[] arguments) {
        run("typing error in a record", i -> record(new Span("t" + i, 1, "")));
        run("typing error in a map", i -> map(Map.of("traceId", "t" + i, "id", 1)));
        run("null part", i -> {
            Map<String, Object> span = new HashMap<>(Collections.singletonMap("traceId", null));
            span.put("id", i);
            nullable(span);
            nullable(span);
        });
        run("typing error of tenant and trace id", i -> tenant(new Span("t" + i, i, "")));
        run("bytes", i -> bytes(("{\"order_id\": " + i + ", \"at\": 1}").getBytes(StandardCharsets.UTF_8)));
        run("bytes again", i -> bytes(("{\"at\": 2, \"order_id\": " + i + "}").getBytes(StandardCharsets.UTF_8)));
        run("text in a record", i -> text(new Span("t", 1, "{\"order\":{\"id\":\"" + i % 3 + "\"}}")));
        run("no json", i -> text(new Span("t", 1, "hunter2 " + i)));
        run("mapped by a file", i -> money(new Money(i)));
        run("mapped by a file again", i -> money(new Money(i)));
        run("mapped by a setting", i -> event(new SubEvent("e" + i), i));
        run("mapped by a setting again", i -> event(new SubEvent("e" + i), i));
        run("empty tenant", i -> owned(i % 2 == 0 ? "" : null, i));
        run("mapping not there", i -> unmapped(new Unmapped(1)));
        run("time as the key", i -> timed(i));
        run("time in the key", i -> measured("sensor", i));
    }

    private interface Call {
        void with(int i);
    }

    private static void run(String name, Call call) {
        bodies = 0;
        int refused = 0;
        for (int i = 0; i < 5; i++) {
            try {
                call.with(i);
            } catch (RuntimeException e) {
                refused++;
            }
        }
        System.out.println(name + ": bodies " + bodies + (refused == 0 ? "" : ", refused " + refused));
    }

    @IdempotentTrace
    static void record(@IdempotencyKey({"/traceID", "/id"}) Span span) {
        bodies++;
    }

    @IdempotentTrace
    static void map(@IdempotencyKey({"/traceID", "/id"}) Map<String, Object> span) {
        bodies++;
    }

    @IdempotentTrace
    static void nullable(@IdempotencyKey({"/traceId", "/id"}) Map<String, Object> span) {
        bodies++;
    }

    @IdempotentTrace
    static void tenant(@TenantId("/tenant") @TraceId("/trace") @IdempotencyKey("/id") Span span) {
        bodies++;
    }

    @IdempotentTrace
    static void owned(@TenantId String tenant, @IdempotencyKey int id) {
        bodies++;
    }

    @IdempotentTrace(exclude = "|json/at")
    static void bytes(@IdempotencyKey("|json/order_id") byte[] body) {
        bodies++;
    }

    @IdempotentTrace
    static void text(@IdempotencyKey("/body|json/order/id") Span span) {
        bodies++;
    }

    @IdempotentTrace
    static void money(Money money) {
        bodies++;
    }

    @IdempotentTrace
    static void event(@IdempotencyKey("/name") Event event, int number) {
        bodies++;
    }

    @IdempotentTrace
    static void unmapped(Unmapped value) {
        bodies++;
    }

    @IdempotentTrace
    private static void timed(@IdempotencyKey long timestamp) {
        bodies++;
    }

    /** A sensor tells what it measured at that time. */
    @IdempotentTrace
    private static void measured(@IdempotencyKey String sensor, @IdempotencyKey long timestamp) {
        bodies++;
    }
}
