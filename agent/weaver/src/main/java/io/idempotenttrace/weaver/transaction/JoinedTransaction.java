package io.idempotenttrace.weaver.transaction;

import io.idempotenttrace.core.background.BackgroundThread;
import io.idempotenttrace.core.guard.OpenTransaction;
import io.idempotenttrace.weaver.application.EngineRights;
import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * What a library of transactions calls when one ends: a proxy of the library's own interface. The outcome is told once, whatever the
 * library calls first, and nothing that goes wrong here reaches the library.
 *
 * <p>A library that forgets its synchronizations without a call (an application clears them) lets go of the proxy. That is an outcome
 * nobody knows, and told as such; else the call would hold its key as long as the JVM runs.
 */
abstract class JoinedTransaction implements OpenTransaction, InvocationHandler {

    /** Its thread is started when the first transaction is joined. */
    private static final class Dropped {

        static final Cleaner CLEANER =
                Cleaner.create(task -> BackgroundThread.of("idempotent-trace-transactions", task));
    }

    private final Outcome outcome;
    /** Null where this JVM has no thread left for it. */
    private Cleaner.@Nullable Cleanable forgotten;

    private @Nullable WeakReference<Object> proxy;

    JoinedTransaction(TransactionEnd end) {
        this.outcome = new Outcome(end);
    }

    /** To be given to the library, which alone holds it. */
    final Object asProxyOf(Class<?> synchronization) {
        Object proxy = Proxy.newProxyInstance(synchronization.getClassLoader(), new Class<?>[] {synchronization}, this);
        this.proxy = new WeakReference<>(proxy);
        forgotten = whenForgotten(proxy, outcome);
        return proxy;
    }

    /**
     * Has the task run when nobody holds the object any more.
     *
     * @param task must not hold the object
     * @return null where this JVM has no thread left for it. The end is told all the same; only an object that is forgotten is not noticed
     */
    static Cleaner.@Nullable Cleanable whenForgotten(Object held, Runnable task) {
        try {
            return Dropped.CLEANER.register(held, task);
        } catch (Throwable noThread) {
            return null;
        }
    }

    /** Whether it is what {@link #asProxyOf} gave to the library. */
    final boolean isProxy(Object synchronization) {
        return proxy != null && synchronization == proxy.get();
    }

    @Override
    public final @Nullable Object invoke(Object proxy, Method method, Object[] arguments) {
        String name = method.getName();
        if (method.getDeclaringClass() == Object.class) {
            return switch (name) {
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "idempotent-trace: the end of a guarded call";
            };
        }
        try {
            return EngineRights.get(() -> called(name, arguments));
        } catch (Throwable fault) {
            // The outcome's own faults are said where it is told. The library's transaction goes on.
            return null;
        }
    }

    /** @return what a method of that name returns; null for void */
    abstract @Nullable Object called(String method, Object[] arguments);

    final void committed() {
        outcome.committed();
        noLongerWatched();
    }

    final void rolledBack(String how) {
        outcome.rolledBack(how);
        noLongerWatched();
    }

    private void noLongerWatched() {
        if (forgotten != null) {
            forgotten.clean();
        }
    }

    /** Told once. Holds nothing of the library, so that the library's letting go can be seen. */
    private static final class Outcome implements Runnable {

        private @Nullable TransactionEnd end;

        Outcome(TransactionEnd end) {
            this.end = end;
        }

        private synchronized @Nullable TransactionEnd take() {
            TransactionEnd taken = end;
            end = null;
            return taken;
        }

        void committed() {
            TransactionEnd untold = take();
            if (untold != null) {
                untold.committed();
            }
        }

        void rolledBack(String how) {
            TransactionEnd untold = take();
            if (untold != null) {
                untold.rolledBack(how);
            }
        }

        @Override
        public void run() {
            rolledBack("its transaction was forgotten without an end");
        }
    }
}
