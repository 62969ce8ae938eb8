package io.idempotenttrace.dist.app;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.idempotenttrace.IdempotencyException;
import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.OnDuplicate;
import io.idempotenttrace.TraceId;
import io.idempotenttrace.Unhashed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.ProtocolException;
import java.net.URL;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/** Calls methods whose results are read back, or can't be, and prints what a duplicate got. */
public final class Results {

    /** The application's own Jackson annotations, of a version of its own. */
    public static final class Named {

        private final String id;
        private final int count;

        @JsonIgnore
        public String secret = "kept out";

        @JsonCreator
        public Named(@JsonProperty("the_id") String id, @JsonProperty("n") int count) {
            this.id = id;
            this.count = count;
        }

        @JsonProperty("the_id")
        public String id() {
            return id;
        }

        @JsonProperty("n")
        public int count() {
            return count;
        }

        @Override
        public String toString() {
            return "Named " + id + " " + count + " " + secret;
        }
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes(@JsonSubTypes.Type(value = Cat.class, name = "cat"))
    interface Animal {}

    record Cat(String name) implements Animal {}

    /** Trusts whatever class the JSON names: ours does not. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
    interface Trusting {}

    record Trusted(String name) implements Trusting {}

    interface Abstract {}

    record Concrete(String name) implements Abstract {}

    static class Base {

        public int a = 1;
    }

    static final class Derived extends Base {

        public int b = 2;
    }

    static final class NoConstructor {

        public final int a;

        NoConstructor(int a, int ignored) {
            this.a = a + ignored;
        }
    }

    /** Of fluent methods; a copy of it would have no sink. */
    static final class Fluent implements Serializable {

        private static final long serialVersionUID = 1L;

        private transient List<String> sink = new LinkedList<>();

        @IdempotentTrace
        Fluent send(@IdempotencyKey String key) {
            bodies++;
            sink.add(key);
            return this;
        }

        @IdempotentTrace
        Fluent sendTo(@IdempotencyKey String key, @Unhashed Fluent other) {
            bodies++;
            other.sink.add(key);
            return other.sink.isEmpty() ? other : this;
        }

        @IdempotentTrace
        CompletableFuture<Fluent> sendLater(@IdempotencyKey String key) {
            return CompletableFuture.supplyAsync(() -> {
                bodies++;
                sink.add(key);
                return this;
            });
        }
    }

    /** Known by what it is. */
    sealed interface Reply {}

    static final class Accepted implements Reply {

        static final Accepted INSTANCE = new Accepted();

        private Accepted() {}
    }

    static final class InvalidOrderException extends IllegalArgumentException {

        private static final long serialVersionUID = 1L;

        InvalidOrderException(String message) {
            super(message);
        }
    }

    static final class OwnFuture extends CompletableFuture<String> {

        final String name = "own";
    }

    /** Its subclasses say which future it is. */
    abstract static class Client<F extends CompletionStage<String>> {

        abstract F send(String key);

        @IdempotentTrace
        F emit(@IdempotencyKey String key) {
            bodies++;
            return send(key);
        }
    }

    static final class OwnClient extends Client<OwnFuture> {

        @Override
        OwnFuture send(String key) {
            OwnFuture future = new OwnFuture();
            CompletableFuture.runAsync(() -> future.complete(key));
            return future;
        }
    }

    private static int bodies;

    private Results() {}

    private interface Call {

        Object make();
    }

    public static void main(String[] arguments) {
        twice("named", () -> named("k"));
        twice("subtype", () -> animal("k"));
        twice("trusting", () -> trusting("k"));
        twice("abstract", () -> hidden("k"));
        twice("base", () -> base("k").a);
        twice("derived", () -> derived("k").a);
        twice("no constructor", () -> noConstructor("k").a);
        Fluent fluent = new Fluent();
        twice("own object", () -> fluent.send("k") == fluent ? fluent.sink : "another");
        twice("own object or another", () -> fluent.sendTo("k", new Fluent()) == fluent);
        twice("own object later", () -> fluent.sendLater("k").join() == fluent);
        twice("singleton", () -> accepted("k") == Accepted.INSTANCE);
        twice("object text", () -> object("k", "text"));
        twice("object long", () -> object("l", 5L));
        twice("comparable", () -> comparable("k", "text"));
        twice("serializable", () -> serializable("k", 5L));
        twice("char sequence", () -> sequence("k", "text"));
        twice("number", () -> number("k", 2.5f));
        twice("other comparable", () -> comparable("o", java.time.Duration.ZERO));
        twice(
                "object iterator",
                () -> ((Iterator<?>) object("i", List.of("first").iterator())).next());
        twice("type variable", () -> echo("k"));
        twice("type variable of another list", () -> {
            LinkedList<String> list = given("l", new LinkedList<>(List.of("k")));
            return list.getFirst();
        });
        twice("future of a type variable", () -> {
            OwnFuture future = new OwnClient().emit("k");
            return future.name + " " + future.join();
        });
        twice("pooled future of a type variable", () -> {
            FutureTask<String> future = task("k", new FutureTask<>(() -> "k"));
            future.run();
            return get(future);
        });
        twice("empty trace id", () -> "[" + noTraceId("k", "claimed") + "]");
        twice("connection", () -> posting("k"));
        twice("list of what", () -> anything("k"));
        twice("null optional", () -> nullOptional("k"));
        twice("stream", () -> stream("k").toList());
        twice("input", () -> input("k").read());
        twice("class", () -> type("k").getSimpleName());
        twice("final failure", () -> invalid("k", 1));
        twice("final failure of a subclass", () -> invalid("s", 2));
        twice("other failure", () -> invalid("o", 3));
        twice("final failure of void", () -> {
            invalidVoid("v");
            return null;
        });
        twice("final failure that is thrown", () -> invalidThrown("t"));
        twice("long message", () -> invalid("x".repeat(10), 4));
        twice("final failure of trace id", () -> invalidTraceId("t"));
    }

    private static void twice(String name, Call call) {
        int before = bodies;
        String first = answer(call);
        String second = answer(call);
        System.out.println(name + ": " + (first.equals(second) ? "same " + first : first + " | " + second) + ", bodies "
                + (bodies - before));
    }

    private static String answer(Call call) {
        try {
            return String.valueOf(call.make());
        } catch (IdempotencyException e) {
            String message = e.getMessage();
            int failed = message.indexOf("failed with ");
            return e.getClass().getSimpleName()
                    + (failed < 0 ? "" : " of " + message.substring(failed + 12).replaceAll("x{400,}", "xx"));
        } catch (RuntimeException e) {
            return e.getClass().getSimpleName();
        }
    }

    @IdempotentTrace
    static Reply accepted(@IdempotencyKey String key) {
        bodies++;
        return Accepted.INSTANCE;
    }

    @IdempotentTrace
    static Named named(@IdempotencyKey String key) {
        return new Named("id" + bodies++, 3);
    }

    @IdempotentTrace
    static Animal animal(@IdempotencyKey String key) {
        return new Cat("cat " + bodies++);
    }

    @IdempotentTrace
    static Trusting trusting(@IdempotencyKey String key) {
        return new Trusted("t" + bodies++);
    }

    @IdempotentTrace
    static Abstract hidden(@IdempotencyKey String key) {
        return new Concrete("c" + bodies++);
    }

    @IdempotentTrace
    static Base base(@IdempotencyKey String key) {
        Base base = new Base();
        base.a = 7 + bodies++;
        return base;
    }

    @IdempotentTrace
    static Base derived(@IdempotencyKey String key) {
        bodies++;
        return new Derived();
    }

    @IdempotentTrace
    static NoConstructor noConstructor(@IdempotencyKey String key) {
        return new NoConstructor(bodies++, 1);
    }

    @IdempotentTrace
    static Object object(@IdempotencyKey String key, @Unhashed Object value) {
        bodies++;
        return value instanceof String text ? text + bodies : value;
    }

    @IdempotentTrace
    static Comparable<?> comparable(@IdempotencyKey String key, @Unhashed Comparable<?> value) {
        bodies++;
        return value;
    }

    @IdempotentTrace
    static Serializable serializable(@IdempotencyKey String key, @Unhashed Serializable value) {
        bodies++;
        return value;
    }

    @IdempotentTrace
    static CharSequence sequence(@IdempotencyKey String key, @Unhashed CharSequence value) {
        bodies++;
        return value;
    }

    @IdempotentTrace
    static Number number(@IdempotencyKey String key, @Unhashed Number value) {
        bodies++;
        return value;
    }

    @IdempotentTrace
    static <T> T echo(@IdempotencyKey T key) {
        bodies++;
        return key;
    }

    @IdempotentTrace
    static <T> T given(@IdempotencyKey String key, @Unhashed T value) {
        bodies++;
        return value;
    }

    @IdempotentTrace
    static <F extends Future<String>> F task(@IdempotencyKey String key, @Unhashed F future) {
        bodies++;
        return future;
    }

    private static String get(Future<String> future) {
        try {
            return future.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @IdempotentTrace
    @TraceId
    static String noTraceId(@IdempotencyKey String key, @TraceId String traceId) {
        bodies++;
        return "";
    }

    /** Its getters would connect, after which no method can be set. Declared as itself, its work would count as not begun. */
    @IdempotentTrace
    static Object connection(@IdempotencyKey String key) {
        bodies++;
        try {
            return new URL("http://127.0.0.1:9/").openConnection();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String posting(String key) {
        HttpURLConnection connection = (HttpURLConnection) connection(key);
        try {
            connection.setRequestMethod("POST");
        } catch (ProtocolException e) {
            throw new IllegalStateException(e);
        }
        return connection.getRequestMethod();
    }

    @IdempotentTrace
    static Map<String, List<?>> anything(@IdempotencyKey String key) {
        bodies++;
        return Map.of("a", List.of(1, "x", Map.of("b", true)));
    }

    @IdempotentTrace
    static Optional<String> nullOptional(@IdempotencyKey String key) {
        bodies++;
        return null;
    }

    @IdempotentTrace
    static Stream<String> stream(@IdempotencyKey String key) {
        bodies++;
        return Stream.of("a", "b");
    }

    @IdempotentTrace
    static ByteArrayInputStream input(@IdempotencyKey String key) {
        bodies++;
        return new ByteArrayInputStream(new byte[] {42});
    }

    @IdempotentTrace
    static Class<?> type(@IdempotencyKey String key) {
        bodies++;
        return Results.class;
    }

    @IdempotentTrace(replayFailures = {InvalidOrderException.class, UnsupportedOperationException.class})
    static String invalid(@IdempotencyKey String key, int how) {
        bodies++;
        switch (how) {
            case 1:
                throw new InvalidOrderException("no lines");
            case 2:
                throw new UnsupportedOperationException("never") {
                    private static final long serialVersionUID = 1L;
                };
            case 3:
                throw new IllegalStateException("later");
            default:
                throw new InvalidOrderException("x".repeat(1000));
        }
    }

    @IdempotentTrace(replayFailures = IllegalArgumentException.class)
    static void invalidVoid(@IdempotencyKey String key) {
        bodies++;
        throw new InvalidOrderException(null);
    }

    @IdempotentTrace(replayFailures = InvalidOrderException.class, onDuplicate = OnDuplicate.THROW)
    static int invalidThrown(@IdempotencyKey String key) {
        bodies++;
        throw new InvalidOrderException("thrown");
    }

    @IdempotentTrace(replayFailures = InvalidOrderException.class)
    @TraceId
    static String invalidTraceId(@IdempotencyKey String key) {
        bodies++;
        throw new InvalidOrderException("traced");
    }
}
