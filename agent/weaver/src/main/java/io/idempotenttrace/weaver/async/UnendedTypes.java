package io.idempotenttrace.weaver.async;

import io.idempotenttrace.core.classfile.SuperTypes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Types whose work has not ended, or not begun, when the method that returns one has returned, and whose end the agent can't see. One
 * table: the name of a type, which counts for all types below it, and why.
 */
public final class UnendedTypes {

    public static final String READ = "whose work is done while it is read";
    private static final String CALLED = "whose code runs when it is called, if it is";
    private static final String GOES_ON = "whose work goes on, and which tells nobody of its end";
    private static final String EFFECT = "a description of work that is done when it is run";
    private static final String PUBLISHER = "a publisher of a type of its own, in whose place no other can be put";
    private static final String HTTP = "which is worked on after the method has returned";
    private static final String REQUEST = "a request or statement that is sent when its caller says so";
    private static final String WRITTEN = "into which the caller writes";

    private static final Map<String, String> REASONS = new LinkedHashMap<>();

    /**
     * Of what a method declares, and not of the values that it returns: a value of one of these types may also be a part of a result whose
     * work is done, such as the queue that a body has filled. Who declares it as the result leaves something to the caller.
     */
    private static final Map<String, String> DECLARED_REASONS = new LinkedHashMap<>();

    /** What was written into memory is there, and goes nowhere else. */
    private static final List<String> IN_MEMORY = List.of(
            "java.io.ByteArrayOutputStream",
            "java.io.StringWriter",
            "java.io.CharArrayWriter",
            "org.apache.commons.io.output.AbstractByteArrayOutputStream",
            "org.apache.commons.io.output.ByteArrayOutputStream",
            "org.apache.commons.io.output.StringBuilderWriter",
            "org.springframework.util.FastByteArrayOutputStream");

    static {
        put(
                READ,
                "java.util.Iterator",
                "java.util.Enumeration",
                "java.util.Spliterator",
                "java.util.stream.BaseStream",
                "kotlin.sequences.Sequence",
                "kotlinx.coroutines.flow.Flow",
                "scala.collection.Iterator",
                "scala.collection.View",
                "scala.collection.immutable.LazyList",
                "scala.collection.immutable.Stream",
                "io.vavr.collection.Iterator",
                "io.vavr.collection.Stream",
                "com.google.common.collect.FluentIterable",
                "one.util.streamex.AbstractStreamEx",
                "org.jooq.lambda.Seq");
        put(
                HTTP,
                "org.springframework.web.context.request.async.WebAsyncTask",
                "org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody",
                "org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter",
                "jakarta.ws.rs.core.StreamingOutput",
                "javax.ws.rs.core.StreamingOutput",
                "jakarta.servlet.AsyncContext",
                "javax.servlet.AsyncContext");
        put(
                EFFECT,
                "cats.effect.IO",
                "cats.effect.SyncIO",
                "zio.ZIO",
                "monix.eval.Task",
                "monix.eval.Coeval",
                "monix.reactive.Observable",
                "monix.execution.CancelablePromise",
                "scalaz.concurrent.Task",
                "scalaz.effect.IO",
                "fs2.Stream",
                "akka.stream.Graph",
                "org.apache.pekko.stream.Graph",
                "ratpack.exec.Promise",
                "ratpack.exec.Operation",
                "com.spotify.flo.Task",
                "io.vavr.concurrent.Task");
        put(
                GOES_ON,
                "java.lang.Thread",
                "java.lang.Process",
                "java.lang.ProcessHandle",
                "java.util.concurrent.Executor",
                "java.util.concurrent.CompletionService",
                "java.util.concurrent.CountDownLatch",
                "java.util.Timer",
                "java.util.concurrent.Flow$Subscription",
                "java.util.concurrent.Flow$Subscriber",
                "org.reactivestreams.Subscription",
                "org.reactivestreams.Subscriber",
                "reactor.core.Disposable",
                "reactor.core.publisher.Sinks$Empty",
                "reactor.core.publisher.Sinks$Many",
                "io.reactivex.disposables.Disposable",
                "io.reactivex.rxjava3.disposables.Disposable",
                "io.reactivex.Observer",
                "io.reactivex.rxjava3.core.Observer",
                "io.smallrye.mutiny.subscription.Cancellable",
                "rx.Subscription",
                "io.vertx.core.Promise",
                "io.vavr.concurrent.Promise",
                "scala.concurrent.Promise",
                "com.twitter.util.Promise",
                "com.twitter.util.Future",
                "com.twitter.util.Awaitable",
                "scala.concurrent.Awaitable",
                "io.grpc.stub.StreamObserver",
                "io.grpc.ClientCall",
                "monix.execution.Cancelable",
                "com.azure.core.util.polling.SyncPoller",
                "kotlinx.coroutines.Job",
                "kotlinx.coroutines.channels.ReceiveChannel",
                "kotlinx.coroutines.channels.SendChannel");
        put(
                PUBLISHER,
                "org.reactivestreams.Publisher",
                Flow.Publisher.class.getName(),
                "reactor.core.publisher.Mono",
                "reactor.core.publisher.Flux",
                "io.smallrye.mutiny.Uni",
                "io.smallrye.mutiny.Multi",
                "rx.Observable",
                "rx.Single",
                "rx.Completable",
                "io.reactivex.Single",
                "io.reactivex.Maybe",
                "io.reactivex.Completable",
                "io.reactivex.Observable",
                "io.reactivex.rxjava3.core.Single",
                "io.reactivex.rxjava3.core.Maybe",
                "io.reactivex.rxjava3.core.Completable",
                "io.reactivex.rxjava3.core.Observable",
                "io.reactivex.SingleSource",
                "io.reactivex.MaybeSource",
                "io.reactivex.CompletableSource",
                "io.reactivex.ObservableSource",
                "io.reactivex.rxjava3.core.SingleSource",
                "io.reactivex.rxjava3.core.MaybeSource",
                "io.reactivex.rxjava3.core.CompletableSource",
                "io.reactivex.rxjava3.core.ObservableSource",
                "io.reactivex.parallel.ParallelFlowable",
                "io.reactivex.rxjava3.parallel.ParallelFlowable");
        put("a flow of a type of its own, which may go on without its collectors", "kotlinx.coroutines.flow.Flow");
        put(
                GOES_ON,
                "kotlinx.coroutines.channels.ReceiveChannel",
                "kotlinx.coroutines.channels.SendChannel",
                "kotlinx.coroutines.CoroutineScope",
                "kotlinx.coroutines.Job",
                "kotlin.coroutines.Continuation");
        // Futures of versions that lack what the agent needs of them.
        put(
                GOES_ON,
                CompletionStage.class.getName(),
                Future.class.getName(),
                "scala.concurrent.Future",
                "io.vavr.concurrent.Future",
                "io.vertx.core.Future",
                "org.springframework.web.context.request.async.DeferredResult",
                "io.opentelemetry.sdk.common.CompletableResultCode");
        put(
                REQUEST,
                "okhttp3.Call",
                "retrofit2.Call",
                "org.springframework.web.client.RestClient$UriSpec",
                "org.springframework.web.client.RestClient$RequestHeadersSpec",
                "org.springframework.web.client.RestClient$ResponseSpec",
                "org.springframework.web.reactive.function.client.WebClient$UriSpec",
                "org.springframework.web.reactive.function.client.WebClient$RequestHeadersSpec",
                "org.springframework.web.reactive.function.client.WebClient$ResponseSpec",
                "org.springframework.jdbc.core.simple.JdbcClient$StatementSpec",
                "org.springframework.jdbc.core.simple.JdbcClient$ResultQuerySpec",
                "org.springframework.jdbc.core.simple.JdbcClient$MappedQuerySpec",
                "org.springframework.r2dbc.core.DatabaseClient$GenericExecuteSpec",
                "org.springframework.r2dbc.core.RowsFetchSpec",
                "org.springframework.r2dbc.core.UpdatedRowsFetchSpec",
                "io.r2dbc.spi.Statement",
                "io.r2dbc.spi.Batch",
                "jakarta.persistence.Query",
                "javax.persistence.Query",
                "org.jooq.Query",
                "org.jooq.Batch",
                "jakarta.ws.rs.client.Invocation",
                "jakarta.ws.rs.client.Invocation$Builder",
                "javax.ws.rs.client.Invocation",
                "javax.ws.rs.client.Invocation$Builder",
                "org.apache.pulsar.client.api.TypedMessageBuilder");
        // A URLConnection sends nothing before somebody asks for its answer. A plain Statement gets its text when it is
        // executed, so that a method that returns one has executed it; a PreparedStatement waits for that. A ResultSet
        // or an InputStream is the answer to what was sent, so the methods that return one stay guarded.
        putDeclared(REQUEST, "java.net.URLConnection", "java.sql.PreparedStatement");
        putDeclared(WRITTEN, "java.io.OutputStream", "java.io.Writer", "java.nio.channels.WritableByteChannel");
        putDeclared(
                GOES_ON,
                "java.util.concurrent.BlockingQueue",
                "java.util.concurrent.Phaser",
                "java.util.concurrent.CyclicBarrier",
                "java.util.concurrent.Exchanger",
                "java.util.concurrent.Semaphore");
        // Last: what is called may be one of those above as well, which says more.
        put(
                CALLED,
                "java.util.concurrent.Callable",
                "java.lang.Runnable",
                "java.util.function.Supplier",
                "kotlin.Function",
                "kotlin.Lazy",
                "scala.Function0",
                "groovy.lang.Closure",
                "io.vavr.Lazy",
                "io.vavr.CheckedFunction0",
                "io.vavr.CheckedRunnable",
                "io.vavr.Function0",
                "com.google.common.base.Supplier",
                "java.security.PrivilegedAction",
                "java.security.PrivilegedExceptionAction",
                "org.springframework.beans.factory.ObjectFactory",
                "javax.inject.Provider",
                "jakarta.inject.Provider",
                "org.apache.commons.lang3.concurrent.ConcurrentInitializer");
    }

    private UnendedTypes() {}

    private static void put(String reason, String... types) {
        for (String type : types) {
            REASONS.put(type, reason);
        }
    }

    private static void putDeclared(String reason, String... types) {
        for (String type : types) {
            DECLARED_REASONS.put(type, reason);
        }
    }

    /**
     * Why the end of what a declared type holds can't be seen.
     *
     * @param isA whether the declared type is, or is below, the type of a name
     * @param name the declared type's own
     * @return null for a type whose work has ended when it is there, as far as its name says
     */
    public static @Nullable String declared(String name, Predicate<String> isA) {
        String reason = reason(name, isA);
        if (reason != null || IN_MEMORY.stream().anyMatch(isA)) {
            return reason;
        }
        for (Map.Entry<String, String> row : DECLARED_REASONS.entrySet()) {
            if (isA.test(row.getKey())) {
                return row.getValue();
            }
        }
        return null;
    }

    /** As {@link #declared(String, Predicate)}, of a loaded class or interface. */
    public static @Nullable String declared(Class<?> type) {
        return declared(type.getName(), name -> SuperTypes.named(name, type) != null);
    }

    private static @Nullable String reason(String name, Predicate<String> isA) {
        if (name.startsWith("java.util.function.")
                || name.startsWith("scala.Function")
                || name.startsWith("kotlin.jvm.functions.")
                || name.startsWith("io.vavr.CheckedFunction")
                || name.startsWith("io.vavr.Function")) {
            return CALLED;
        }
        for (Map.Entry<String, String> row : REASONS.entrySet()) {
            if (isA.test(row.getKey())) {
                return row.getValue().equals(CALLED) && isValue(isA) ? null : row.getValue();
            }
        }
        return null;
    }

    /** Some values happen to be functions as well: Clojure's maps, for one. */
    private static boolean isValue(Predicate<String> isA) {
        return isA.test("java.lang.Iterable")
                || isA.test("java.util.Map")
                || isA.test("java.lang.Enum")
                || isA.test("java.lang.CharSequence")
                || isA.test("java.lang.Record") && isA.test("java.util.function.Supplier");
    }

    /** Why the end of a value of that class can't be seen; null for a plain value. */
    public static @Nullable String of(Class<?> type) {
        if (type.isHidden()) {
            // A lambda, of whatever interface.
            return CALLED;
        }
        return reason(type.getName(), name -> SuperTypes.named(name, type) != null);
    }
}
