package io.idempotenttrace.weaver.transaction;

import io.idempotenttrace.core.guard.GuardLog;
import io.idempotenttrace.core.guard.OpenTransaction;
import org.jspecify.annotations.Nullable;

/** A library of transactions, known by the name of one of its classes. Safe for use by many threads. */
abstract class TransactionLibrary {

    /**
     * The library of the class with such a name; held by the class itself. Computing it throws IllegalStateException where a version
     * lacks what is needed.
     */
    static final ClassValue<TransactionLibrary> OF_CLASS = new ClassValue<>() {
        @Override
        protected TransactionLibrary computeValue(Class<?> named) {
            return switch (named.getName()) {
                case SpringTransactions.NAME -> new SpringTransactions(named);
                case JtaManager.NARAYANA -> new JtaManager(named, "transactionManager");
                case JtaManager.ATOMIKOS -> new JtaManager(named, "getTransactionManager");
                default -> new JtaRegistry(named);
            };
        }
    };

    /** Whether the library was found to be unusable, which is said once. */
    private volatile boolean unusable;

    /** As {@link #active}; what it throws is said, and the library is not asked again. */
    final @Nullable Object activeOrNull(GuardLog log) {
        if (unusable) {
            return null;
        }
        try {
            return active();
        } catch (Throwable failure) {
            // An application may carry a library that it does not use, and that does not even start.
            unusable = true;
            log.say("the transactions of " + name() + " are not seen (" + failure
                    + "); a call inside of one is completed before it commits");
            return null;
        }
    }

    /** For messages. */
    abstract String name();

    /** What stands for the transaction that this thread runs in; null if it runs in none, or in one that has ended. */
    abstract @Nullable Object active() throws Throwable;

    /** Has {@code end} told how that transaction ends, which may be before this method returns. */
    abstract OpenTransaction join(Object transaction, TransactionEnd end) throws Throwable;
}
