package io.idempotenttrace.cli.planted;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.OnConflict;
import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.TenantId;
import io.idempotenttrace.TraceConflictException;
import io.idempotenttrace.TraceId;
import io.idempotenttrace.Unhashed;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Annotated methods without a mistake: of none a problem may be told. */
@SuppressWarnings("unused")
class Sound {

    enum Kind {
        SERVER,
        CLIENT
    }

    record Span(
            String traceId,
            String id,
            Optional<String> parentId,
            Kind kind,
            long startTimeUnixNano,
            Duration duration,
            Map<String, Object> attributes,
            List<Link> links,
            Set<String> tags,
            byte[] body) {}

    record Link(String traceId, Map<UUID, BigDecimal> weights) {}

    record Booking(String id, LocalDate dueDate, Instant startTime, Node root) {}

    record Node(String name, List<Node> children) {}

    record Message<T>(UUID messageId, T payload) {}

    record Stamped(String id, Instant timestamp, UUID requestId, String text) {}

    sealed interface Shape permits Circle, Square {}

    record Circle(double radius) implements Shape {}

    record Square(double side) implements Shape {}

    static class Account {
        private final String id;
        private final long balance;
        private transient Object cache;

        Account(String id, long balance) {
            this.id = id;
            this.balance = balance;
        }

        public String getId() {
            return id;
        }

        public long getBalance() {
            return balance;
        }
    }

    @IdempotentTrace
    private void emit(@TenantId String tenant, @IdempotencyKey({"/traceId", "/id"}) Span span) {}

    @IdempotentTrace
    static void emitStatic(@IdempotencyKey String id, Booking booking) {}

    @IdempotentTrace
    final String emitFinal(@IdempotencyKey("/id") Account account, @Unhashed Executor executor) {
        return "";
    }

    @IdempotentTrace
    void emitGeneric(@IdempotencyKey("/messageId") Message<Span> message) {}

    @IdempotentTrace(exclude = {"/timestamp", "/requestId"})
    void emitStamped(@IdempotencyKey("/id") Stamped stamped) {}

    @IdempotentTrace(include = {"/id", "/text"})
    Booking emitIncluded(@IdempotencyKey("/id") Stamped stamped) {
        return null;
    }

    @IdempotentTrace
    void emitOpen(@IdempotencyKey Object id, Map<String, Object> attributes, Shape shape, Comparable<?> any) {}

    @IdempotentTrace
    Shape emitSealed(@IdempotencyKey String id) {
        return null;
    }

    @IdempotentTrace
    void emitVarargs(@IdempotencyKey String id, String... parts) {}

    @IdempotentTrace
    CompletableFuture<Booking> emitLater(@IdempotencyKey("/id") Span span) {
        return null;
    }

    @IdempotentTrace(onInProgress = OnInProgress.SKIP)
    CompletionStage<Void> emitLaterSkipping(@IdempotencyKey("/id") Span span) {
        return null;
    }

    @IdempotentTrace(onConflict = OnConflict.SKIP, onInProgress = OnInProgress.SKIP)
    void emitSkipping(@IdempotencyKey("/id") Span span) {}

    @TraceId
    @IdempotentTrace(lease = "10s", ttl = "7d")
    String emitTraced(@IdempotencyKey UUID requestId, @TraceId String traceId, Span span) {
        return "";
    }

    @IdempotentTrace(scope = "a.first")
    void scoped(@IdempotencyKey String id) {}

    @IdempotentTrace(scope = "a.second")
    void scoped(@IdempotencyKey String id, String text) {}

    @IdempotentTrace
    void forwarded(@IdempotencyKey String id, int priority) {}

    @IdempotentTrace
    void forwarded(@IdempotencyKey String id) {
        forwarded(id, 3);
    }

    /** Its type comes from the annotations' jar, which is not among the classes that are looked at. */
    static String text(TraceConflictException conflict) {
        return String.valueOf(conflict.getKey());
    }

    static class Sink {
        @IdempotentTrace(scope = "sink")
        void write(@IdempotencyKey("/id") Span span) {}
    }

    static class LoudSink extends Sink {
        @IdempotentTrace(scope = "sink")
        @Override
        void write(@IdempotencyKey("/id") Span span) {
            super.write(span);
        }
    }

    static class PlainSink extends Sink {
        @Override
        void write(Span span) {
            super.write(span);
        }
    }

    abstract static class Named {
        @IdempotentTrace(scope = "of.all")
        void emitOfAll(@IdempotencyKey("/id") Span span) {}
    }

    static class FirstNamed extends Named {}

    static class SecondNamed extends Named {}

    interface Listener {
        @IdempotentTrace
        default void emitDefault(@IdempotencyKey("/id") Span span) {}
    }

    static class OnlyListener implements Listener {}

    static class BelowListener extends OnlyListener implements Listener {}

    static class ProxyOfListener$$SpringCGLIB$$0 implements Listener {}
}
