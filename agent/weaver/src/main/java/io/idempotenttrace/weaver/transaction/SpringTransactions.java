package io.idempotenttrace.weaver.transaction;

import io.idempotenttrace.core.guard.OpenTransaction;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Spring's transactions that are bound to a thread, of whatever manager: JDBC, JPA, JMS, Kafka, JTA. A reactive transaction is bound to
 * a subscriber's context instead, and is not seen here.
 *
 * <p>A call joins where synchronization and a transaction are active. Both are in {@code afterCommit}; what is registered there is told
 * of the end, too. In {@code afterCompletion} synchronization is not active any more: what runs there has no transaction left to join.
 */
final class SpringTransactions extends TransactionLibrary {

    static final String NAME = "org.springframework.transaction.support.TransactionSynchronizationManager";

    private final MethodHandle isActualTransactionActive;
    private final MethodHandle isSynchronizationActive;
    private final MethodHandle registerSynchronization;
    private final MethodHandle getSynchronizations;
    private final Class<?> synchronization;

    SpringTransactions(Class<?> manager) {
        synchronization = Found.beside(manager, "org.springframework.transaction.support.TransactionSynchronization");
        isActualTransactionActive = Found.staticMethod(manager, "isActualTransactionActive", boolean.class);
        isSynchronizationActive = Found.staticMethod(manager, "isSynchronizationActive", boolean.class);
        registerSynchronization = Found.staticMethod(manager, "registerSynchronization", void.class, synchronization)
                .asType(MethodType.methodType(void.class, Object.class));
        getSynchronizations = Found.staticMethod(manager, "getSynchronizations", List.class);
    }

    @Override
    String name() {
        return "Spring";
    }

    @Override
    @Nullable
    Object active() throws Throwable {
        return (boolean) isActualTransactionActive.invokeExact() && (boolean) isSynchronizationActive.invokeExact()
                ? this
                : null;
    }

    @Override
    OpenTransaction join(Object transaction, TransactionEnd end) throws Throwable {
        SpringSynchronization ours = new SpringSynchronization(end, this::synchronizations);
        registerSynchronization.invokeExact(ours.asProxyOf(synchronization));
        return ours;
    }

    /** Those of the transaction that this thread runs in now. */
    private Collection<?> synchronizations() {
        try {
            return (boolean) isSynchronizationActive.invokeExact()
                    ? (List<?>) getSynchronizations.invokeExact()
                    : List.of();
        } catch (Throwable failure) {
            return List.of();
        }
    }
}
