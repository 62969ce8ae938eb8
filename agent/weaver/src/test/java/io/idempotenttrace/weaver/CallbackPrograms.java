package io.idempotenttrace.weaver;

import com.google.common.util.concurrent.FutureCallback;
import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.Unhashed;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/** Methods that tell a parameter the end of their work. */
final class CallbackPrograms {

    private CallbackPrograms() {}

    @IdempotentTrace
    static void completion(
            @IdempotencyKey String key, @Unhashed CompletionHandler<String, ?> end, @Unhashed Runnable body) {
        body.run();
    }

    @IdempotentTrace
    static String callback(@IdempotencyKey String key, @Unhashed FutureCallback<String> end, @Unhashed Runnable body) {
        body.run();
        return "begun";
    }

    /** Its end is seen by what it returns. */
    @IdempotentTrace
    static CompletableFuture<String> both(
            @IdempotencyKey String key, @Unhashed CompletionHandler<String, ?> end, @Unhashed Runnable body) {
        body.run();
        return CompletableFuture.completedFuture("done");
    }

    /** May have been called before it returns. */
    @IdempotentTrace
    static void function(
            @IdempotencyKey String key, @Unhashed BiConsumer<String, Throwable> end, @Unhashed Runnable body) {
        body.run();
    }
}
