package io.idempotenttrace.cli.planted;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.OnConflict;
import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.TenantId;
import io.idempotenttrace.TraceId;
import io.idempotenttrace.Unhashed;
import java.io.InputStream;
import java.nio.channels.CompletionHandler;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** Annotated methods with one mistake each. Loading a class here without need, or running its code, ends the test. */
@SuppressWarnings("unused")
class Mistakes {

    static {
        failIfInitialized();
    }

    private static void failIfInitialized() {
        throw new IllegalStateException("a class of the application was initialized");
    }

    record Line(String sku, int quantity) {}

    record Order(String id, String customer, List<Line> lines) {}

    record Event(UUID id, Instant createdAt, String text) {}

    record Envelope(String id, UUID requestId, Map<String, Event> events) {}

    record Attachment(String id, InputStream content) {}

    /** Shows its id and hides its amount. */
    static class Payment {
        private final String id;
        private final long amount;

        Payment(String id, long amount) {
            this.id = id;
            this.amount = amount;
        }

        public String getId() {
            return id;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(amount);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Payment payment && payment.amount == amount;
        }
    }

    static class Receipt {
        private final String text;

        private Receipt(String text) {
            this.text = text;
        }

        public static Receipt of(String text) {
            return new Receipt(text);
        }

        public String getText() {
            return text;
        }
    }

    interface Emitter {
        @Planted("no-body")
        @IdempotentTrace
        void emitByInterface(@IdempotencyKey("/id") Order order);
    }

    abstract static class Base {
        @Planted("no-body")
        @IdempotentTrace
        abstract void emitAbstract(@IdempotencyKey("/id") Order order);

        @IdempotentTrace
        void emitOverridden(@IdempotencyKey("/id") Order order) {}
    }

    static class Derived extends Base {
        @Override
        void emitAbstract(Order order) {}

        @Planted("unguarded-override")
        @Override
        void emitOverridden(Order order) {}
    }

    @Planted("no-body")
    @IdempotentTrace
    native void emitNative(@IdempotencyKey("/id") Order order);

    @Planted("stray-annotation")
    void emitWithoutAnnotation(@IdempotencyKey("/id") Order order) {}

    record Marked(String id) {
        @Planted("stray-annotation")
        Marked(@IdempotencyKey String id) {
            this.id = id;
        }
    }

    @Planted("trace-id-type")
    @TraceId
    @IdempotentTrace
    int returnsNoTraceId(@IdempotencyKey("/id") Order order) {
        return 0;
    }

    @Planted("trace-id-type")
    @TraceId
    @IdempotentTrace
    void returnsNothing(@IdempotencyKey("/id") Order order) {}

    @Planted("bad-duration")
    @IdempotentTrace(ttl = "1 day")
    void badTtl(@IdempotencyKey("/id") Order order) {}

    @Planted("bad-duration")
    @IdempotentTrace(lease = "5")
    void badLease(@IdempotencyKey("/id") Order order) {}

    @Planted("bad-pointer")
    @IdempotentTrace
    void badPointer(@IdempotencyKey("id") Order order) {}

    @Planted("bad-pointer")
    @IdempotentTrace(exclude = "createdAt")
    void badExclude(@IdempotencyKey("/id") Order order) {}

    @Planted("unobservable-return")
    @IdempotentTrace
    Iterator<String> returnsIterator(@IdempotencyKey("/id") Order order) {
        return List.of("a").iterator();
    }

    @Planted("unobservable-return")
    @IdempotentTrace
    Stream<String> returnsStream(@IdempotencyKey("/id") Order order) {
        return Stream.of();
    }

    @Planted("unobservable-return")
    @IdempotentTrace
    CountDownLatch returnsLatch(@IdempotencyKey("/id") Order order) {
        return new CountDownLatch(1);
    }

    @Planted("unobservable-return")
    @IdempotentTrace
    BlockingQueue<String> returnsQueue(@IdempotencyKey("/id") Order order) {
        return new LinkedBlockingQueue<>();
    }

    @Planted("unobservable-callback")
    @IdempotentTrace
    void tellsItsEnd(@IdempotencyKey("/id") Order order, @Unhashed CompletionHandler<String, Void> end) {}

    @Planted("callback-parameter")
    @IdempotentTrace
    CompletableFuture<String> tellsItsEndTwice(
            @IdempotencyKey("/id") Order order, @Unhashed CompletionHandler<String, Void> end) {
        return new CompletableFuture<>();
    }

    @Planted("callback-parameter")
    @IdempotentTrace
    void callsBack(@IdempotencyKey("/id") Order order, @Unhashed BiConsumer<String, Throwable> done) {}

    @Planted("shared-scope")
    @IdempotentTrace(scope = "orders")
    void oneOfScope(@IdempotencyKey("/id") Order order) {}

    @Planted("shared-scope")
    @IdempotentTrace(scope = "orders")
    void otherOfScope(@IdempotencyKey String id, String reason) {}

    @Planted("shared-scope")
    @IdempotentTrace
    void overloaded(@IdempotencyKey("/id") Order order) {}

    @Planted("shared-scope")
    @IdempotentTrace
    void overloaded(@IdempotencyKey("/id") Order order, @Unhashed String note) {}

    abstract static class Template {
        @Planted("shared-scope")
        @IdempotentTrace
        final void emitInherited(@IdempotencyKey("/id") Order order) {
            act(order);
        }

        abstract void act(Order order);
    }

    static class FirstOfTemplate extends Template {
        @Override
        void act(Order order) {}
    }

    static class SecondOfTemplate extends Template {
        @Override
        void act(Order order) {}
    }

    @Planted("no-key")
    @IdempotentTrace
    void withoutKey(Order order) {}

    @Planted("constant-key")
    @IdempotentTrace
    void withoutParameters() {}

    @Planted("constant-key")
    @IdempotentTrace
    void allUnhashed(@Unhashed Order order, @TenantId String tenant) {}

    enum State {
        OPEN,
        CLOSED
    }

    @Planted("weak-key")
    @IdempotentTrace
    void keyOfState(@IdempotencyKey State state, Order order) {}

    @Planted("trace-id-type")
    @IdempotentTrace
    void traceIdIsList(@IdempotencyKey("/id") Order order, @TraceId List<String> traceIds) {}

    @Planted("tenant-type")
    @IdempotentTrace
    void tenantIsObject(@IdempotencyKey String id, @TenantId Line tenant, Order order) {}

    @Planted("volatile-key")
    @IdempotentTrace
    void keyOfTime(@IdempotencyKey long timestamp, Order order) {}

    @Planted("duplicate-annotation")
    @IdempotentTrace
    void twoTenants(@TenantId String tenant, @TenantId String other, @IdempotencyKey("/id") Order order) {}

    @Planted("duplicate-annotation")
    @IdempotentTrace
    void keyTwice(@IdempotencyKey({"/id", "/id"}) Order order) {}

    @Planted("unmatched-pointer")
    @IdempotentTrace
    void keyMistyped(@IdempotencyKey("/idd") Order order) {}

    @Planted("unmatched-pointer")
    @IdempotentTrace(exclude = "/creationDate")
    void excludeMistyped(@IdempotencyKey("/id") Order order) {}

    @Planted("unmatched-pointer")
    @IdempotentTrace(include = {"/id", "/customers"})
    void includeMistyped(@IdempotencyKey("/id") Order order) {}

    @Planted("unmatched-pointer")
    @IdempotentTrace
    void tenantMistyped(@IdempotencyKey("/id") @TenantId("/tenant") Order order) {}

    @Planted("unhashable-type")
    @IdempotentTrace
    void hashesStream(@IdempotencyKey String id, InputStream content) {}

    @Planted("callback-parameter")
    @Planted("unhashable-type")
    @IdempotentTrace
    void hashesFunction(@IdempotencyKey String id, Function<String, String> callback) {}

    @Planted("unhashable-type")
    @IdempotentTrace
    void hashesInside(@IdempotencyKey("/id") Attachment attachment) {}

    @Planted("unhashable-type")
    @IdempotentTrace
    void keyIsNone(@IdempotencyKey Thread thread, Order order) {}

    @Planted("unseen-fields")
    @IdempotentTrace
    void hidesState(@IdempotencyKey("/id") Payment payment) {}

    @Planted("unseen-fields")
    @IdempotentTrace
    void hidesStateInside(@IdempotencyKey String id, Map<String, List<Payment>> payments) {}

    @Planted("volatile-member")
    @IdempotentTrace
    void hashesTime(@IdempotencyKey("/id") Event event) {}

    @Planted("volatile-member")
    @Planted("volatile-member")
    @IdempotentTrace
    void hashesTimeInside(@IdempotencyKey("/id") Envelope envelope) {}

    @Planted("volatile-member")
    @IdempotentTrace
    void hashesNow(@IdempotencyKey("/id") Order order, Instant now) {}

    @Planted("nothing-hashed")
    @IdempotentTrace(exclude = {"/id", "/customer", "/lines"})
    void hashesNothing(@IdempotencyKey("/id") Order order) {}

    @Planted("unreadable-result")
    @IdempotentTrace
    Receipt returnsUnreadable(@IdempotencyKey("/id") Order order) {
        return Receipt.of("");
    }

    @Planted("unreadable-result")
    @IdempotentTrace
    Object returnsAnything(@IdempotencyKey("/id") Order order) {
        return order;
    }

    @Planted("policy-without-effect")
    @IdempotentTrace(onConflict = OnConflict.SKIP)
    String skipsConflict(@IdempotencyKey("/id") Order order) {
        return "";
    }

    @Planted("policy-without-effect")
    @IdempotentTrace(onInProgress = OnInProgress.SKIP)
    String skipsInProgress(@IdempotencyKey("/id") Order order) {
        return "";
    }

    @Planted("short-wait")
    @IdempotentTrace(lease = "10m")
    void longLease(@IdempotencyKey("/id") Order order) {}

    void lambda(List<Order> orders) {
        orders.forEach(order -> {
            Runnable anonymous = new Runnable() {
                @Planted("unstable-scope")
                @IdempotentTrace
                void emitAnonymous(@IdempotencyKey("/id") Order each) {}

                @Override
                public void run() {
                    emitAnonymous(order);
                }
            };
            anonymous.run();
        });
    }
}
