package io.idempotenttrace.weaver.async;

import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/** What the class of a returned value says, where the declared type said nothing: that its work goes on, or that it failed. */
public final class ReturnedClass {

    private static final ReturnedClass PLAIN = new ReturnedClass(null, null, null, null);

    /** Held by the class itself. */
    private static final ClassValue<ReturnedClass> OF_CLASS = new ClassValue<>() {
        @Override
        protected ReturnedClass computeValue(Class<?> type) {
            FutureShape future = AsyncTypes.futureAtRunTime(type);
            PublisherShape publisher = future == null ? AsyncTypes.publisherAtRunTime(type) : null;
            FailureValue failure = FailureValue.of(type);
            String unended = future != null || publisher != null || failure != null ? null : UnendedTypes.of(type);
            return future == null && publisher == null && failure == null && unended == null
                    ? PLAIN
                    : new ReturnedClass(future, publisher, failure, unended);
        }
    };

    private final @Nullable FutureShape future;
    private final @Nullable PublisherShape publisher;
    private final @Nullable FailureValue failure;
    private final @Nullable String unended;

    private ReturnedClass(
            @Nullable FutureShape future,
            @Nullable PublisherShape publisher,
            @Nullable FailureValue failure,
            @Nullable String unended) {
        this.future = future;
        this.publisher = publisher;
        this.failure = failure;
        this.unended = unended;
    }

    /** Null for a class whose values are nothing but values. */
    public static @Nullable ReturnedClass of(Class<?> type) {
        ReturnedClass known = OF_CLASS.get(type);
        return known == PLAIN ? null : known;
    }

    /** Whether values of that declared type may be of a class that says more. */
    public static boolean mayHold(Class<?> declared) {
        return !declared.isPrimitive()
                && !declared.isArray()
                && !(Modifier.isFinal(declared.getModifiers()) && of(declared) == null);
    }

    /** Whether it says that the work may go on. */
    public boolean goesOn() {
        return failure == null;
    }

    /** How its end is learnt; null if it is no future. */
    public @Nullable FutureShape future() {
        return future;
    }

    /** How its subscriptions are guarded; null if it is no cold publisher of a library that is known. */
    public @Nullable PublisherShape publisher() {
        return publisher;
    }

    /** Null if it carries no failure. */
    public @Nullable FailureValue failure() {
        return failure;
    }

    /** Why its end can't be seen; null if it can, or if it has ended. */
    public @Nullable String unended() {
        return unended;
    }
}
