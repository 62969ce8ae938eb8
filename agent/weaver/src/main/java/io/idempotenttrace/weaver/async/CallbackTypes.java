package io.idempotenttrace.weaver.async;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Types of parameters to which a method tells something while it runs or later: a duplicate, which runs no body, tells it nothing. One
 * table: the name of a type, which counts for all types below it, and what it is told.
 */
public final class CallbackTypes {

    /** What a parameter is told. */
    public enum Told {
        /** The end of the work, by a type that has no other purpose: the method returns before. */
        END,
        /** Something, perhaps before the method returns: a function says no more of itself. */
        ANYTHING,
        /** That a message is done. */
        ACKNOWLEDGEMENT
    }

    private static final Map<String, Told> TYPES = new HashMap<>();

    static {
        put(
                Told.END,
                "java.nio.channels.CompletionHandler",
                "java.util.concurrent.Flow$Subscriber",
                "org.reactivestreams.Subscriber",
                "io.grpc.stub.StreamObserver",
                "io.grpc.ClientCall$Listener",
                "org.apache.kafka.clients.producer.Callback",
                "jakarta.ws.rs.container.AsyncResponse",
                "javax.ws.rs.container.AsyncResponse",
                "jakarta.ws.rs.client.InvocationCallback",
                "javax.ws.rs.client.InvocationCallback",
                "jakarta.servlet.AsyncContext",
                "javax.servlet.AsyncContext",
                "jakarta.jms.CompletionListener",
                "javax.jms.CompletionListener",
                "org.springframework.web.context.request.async.DeferredResult",
                "org.springframework.util.concurrent.SuccessCallback",
                "org.springframework.util.concurrent.FailureCallback",
                "io.vertx.core.Promise",
                "io.netty.util.concurrent.Promise",
                "okhttp3.Callback",
                "retrofit2.Callback",
                "com.google.common.util.concurrent.FutureCallback",
                "com.google.common.util.concurrent.SettableFuture",
                "com.google.api.core.ApiFutureCallback",
                "com.google.api.core.SettableApiFuture",
                "org.apache.http.concurrent.FutureCallback",
                "org.apache.hc.core5.concurrent.FutureCallback",
                "com.amazonaws.handlers.AsyncHandler",
                "org.elasticsearch.action.ActionListener",
                "org.elasticsearch.client.ResponseListener",
                "org.opensearch.core.action.ActionListener",
                "org.opensearch.client.ResponseListener",
                "org.eclipse.jetty.util.Callback",
                "org.apache.zookeeper.AsyncCallback",
                "org.eclipse.paho.client.mqttv3.IMqttActionListener");
        put(
                Told.END,
                "reactor.core.publisher.MonoSink",
                "reactor.core.publisher.FluxSink",
                "reactor.core.publisher.Sinks$Empty",
                "reactor.core.publisher.Sinks$Many",
                "io.smallrye.mutiny.subscription.UniEmitter",
                "io.smallrye.mutiny.subscription.MultiEmitter",
                "io.reactivex.Emitter",
                "io.reactivex.SingleEmitter",
                "io.reactivex.MaybeEmitter",
                "io.reactivex.CompletableEmitter",
                "io.reactivex.Observer",
                "io.reactivex.SingleObserver",
                "io.reactivex.MaybeObserver",
                "io.reactivex.CompletableObserver",
                "io.reactivex.rxjava3.core.Emitter",
                "io.reactivex.rxjava3.core.SingleEmitter",
                "io.reactivex.rxjava3.core.MaybeEmitter",
                "io.reactivex.rxjava3.core.CompletableEmitter",
                "io.reactivex.rxjava3.core.Observer",
                "io.reactivex.rxjava3.core.SingleObserver",
                "io.reactivex.rxjava3.core.MaybeObserver",
                "io.reactivex.rxjava3.core.CompletableObserver",
                "scala.concurrent.Promise",
                "io.vavr.concurrent.Promise",
                "kotlinx.coroutines.CompletableDeferred",
                "kotlinx.coroutines.CompletableJob");
        put(
                Told.ACKNOWLEDGEMENT,
                "org.springframework.kafka.support.Acknowledgment",
                "org.apache.kafka.clients.consumer.Consumer",
                "com.rabbitmq.client.Channel",
                "jakarta.jms.Session",
                "javax.jms.Session",
                "org.apache.pulsar.client.api.Consumer",
                "io.awspring.cloud.sqs.listener.acknowledgement.Acknowledgement",
                "io.awspring.cloud.sqs.listener.acknowledgement.BatchAcknowledgement",
                "com.google.cloud.pubsub.v1.AckReplyConsumer",
                "com.google.cloud.pubsub.v1.AckReplyConsumerWithResponse",
                "com.google.cloud.spring.pubsub.support.BasicAcknowledgeablePubsubMessage",
                "com.azure.messaging.servicebus.ServiceBusReceivedMessageContext",
                "io.micronaut.messaging.Acknowledgement");
    }

    /** By these names alone: a payload of the application may be a function as well. A supplier is asked, and told nothing. */
    private static final Set<String> FUNCTIONS = Set.of(
            "java.lang.Runnable",
            "java.util.concurrent.CompletableFuture",
            "java.util.function.Consumer",
            "java.util.function.BiConsumer",
            "java.util.function.Function",
            "java.util.function.BiFunction",
            "kotlin.Function",
            "groovy.lang.Closure");

    private static final String VERTX_HANDLER = "io.vertx.core.Handler";

    private CallbackTypes() {}

    private static void put(Told told, String... types) {
        for (String type : types) {
            TYPES.put(type, told);
        }
    }

    /**
     * What a parameter is told.
     *
     * @param name of the parameter's declared type
     * @param types that type and all above it
     * @param argument the name of its first type argument; null for none
     * @return null for one that is a value
     */
    public static @Nullable Told of(String name, Set<String> types, @Nullable String argument) {
        Told told = null;
        for (String type : types) {
            Told ofType = TYPES.get(type);
            told = told == null || ofType == Told.END ? ofType : told;
        }
        if (told == Told.END) {
            // First: a promise of Vert.x 3 and 4 is a handler of its result as well, and of any type.
            return told;
        }
        if (types.contains(VERTX_HANDLER)) {
            return "io.vertx.core.AsyncResult".equals(argument) ? Told.END : Told.ANYTHING;
        }
        if (FUNCTIONS.contains(name)
                || name.startsWith("java.util.function.") && name.endsWith("Consumer")
                || name.startsWith("kotlin.jvm.functions.Function")
                || name.startsWith("scala.Function")) {
            return Told.ANYTHING;
        }
        return told;
    }

    /** Whether a message of that type may be acknowledged by one of its own methods. */
    public static boolean isAcknowledgeable(Predicate<String> isA) {
        return isA.test("jakarta.jms.Message") || isA.test("javax.jms.Message") || isA.test("io.nats.client.Message");
    }
}
