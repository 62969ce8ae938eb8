package io.idempotenttrace.weaver.async;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One subscription to a guarded publisher, which is one call. Of its last four methods the first that is called counts. */
public interface SubscribedCall {

    /**
     * What the subscriber gets.
     *
     * @param replayed whether {@code value} is all of it; else it gets what the method's own publisher brings
     * @param value what is stored: an item, null for none, or a List of items for a publisher of many
     */
    record Answer(boolean replayed, @Nullable Object value) {

        /** The stored items of a publisher of many. */
        List<?> items() {
            return value == null ? List.of() : (List<?>) value;
        }
    }

    /**
     * Claims; called once.
     *
     * @return another future for each caller; fails with what the subscriber gets
     */
    CompletableFuture<Answer> admitted();

    /** The publisher brought one of many items. */
    void item(Object item);

    /**
     * The only item of the publisher, or null for none. Completes with it when the completion is handed over; fails with what the
     * subscriber gets instead.
     */
    CompletableFuture<Object> completedWith(@Nullable Object item);

    /** The publisher of many has ended. Completes with null when that is handed over; fails with what the subscriber gets instead. */
    CompletableFuture<Object> completed();

    void failed(Throwable failure);

    void cancelled();
}
