package io.idempotenttrace.applications.spring;

import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/** Transactions of nothing: they are counted. */
@Component
class RecordingTransactions extends AbstractPlatformTransactionManager {

    private static final long serialVersionUID = 1;

    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger committed = new AtomicInteger();
    private final AtomicInteger rolledBack = new AtomicInteger();

    @Override
    protected Object doGetTransaction() {
        return new Object();
    }

    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {
        begun.incrementAndGet();
    }

    @Override
    protected void doCommit(DefaultTransactionStatus status) {
        committed.incrementAndGet();
    }

    @Override
    protected void doRollback(DefaultTransactionStatus status) {
        rolledBack.incrementAndGet();
    }

    @Override
    public String toString() {
        return "begun=" + begun + " committed=" + committed + " rolled-back=" + rolledBack;
    }
}
