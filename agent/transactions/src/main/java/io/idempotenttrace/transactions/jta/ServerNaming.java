package io.idempotenttrace.transactions.jta;

import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.spi.InitialContextFactory;

/** As much of an application server as gives its registry of transactions by name; the transactions are of nothing. */
public final class ServerNaming implements InitialContextFactory {

    static final ServerTransactions TRANSACTIONS = new ServerTransactions();

    static void install() {
        System.setProperty(Context.INITIAL_CONTEXT_FACTORY, ServerNaming.class.getName());
    }

    @Override
    public Context getInitialContext(Hashtable<?, ?> environment) throws NamingException {
        return new InitialContext(true) {
            @Override
            public Object lookup(String name) throws NamingException {
                if (name.equals("java:comp/TransactionSynchronizationRegistry")) {
                    return TRANSACTIONS;
                }
                throw new NameNotFoundException(name);
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }

    /** One thread's. */
    static final class ServerTransactions implements TransactionSynchronizationRegistry, JtaScenarios.Manager {

        /** One transaction; the object itself is its key. */
        private static final class Transaction {

            private final List<Synchronization> synchronizations = new ArrayList<>();
            private int status = Status.STATUS_ACTIVE;
        }

        private Transaction current;

        @Override
        public void begin() {
            current = new Transaction();
        }

        @Override
        public void commit() {
            end(Status.STATUS_COMMITTED);
        }

        @Override
        public void rollback() {
            end(Status.STATUS_ROLLEDBACK);
        }

        private void end(int status) {
            Transaction ended = current;
            ended.status = status;
            ended.synchronizations.forEach(each -> each.afterCompletion(status));
            current = null;
        }

        @Override
        public void markForRollback() {
            setRollbackOnly();
        }

        @Override
        public Object suspend() {
            Transaction suspended = current;
            current = null;
            return suspended;
        }

        @Override
        public void resume(Object suspended) {
            current = (Transaction) suspended;
        }

        @Override
        public Object getTransactionKey() {
            return current;
        }

        @Override
        public void putResource(Object key, Object value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Object getResource(Object key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void registerInterposedSynchronization(Synchronization synchronization) {
            if (current == null) {
                throw new IllegalStateException("no transaction");
            }
            current.synchronizations.add(synchronization);
        }

        @Override
        public int getTransactionStatus() {
            return current == null ? Status.STATUS_NO_TRANSACTION : current.status;
        }

        @Override
        public void setRollbackOnly() {
            current.status = Status.STATUS_MARKED_ROLLBACK;
        }

        @Override
        public boolean getRollbackOnly() {
            return current.status == Status.STATUS_MARKED_ROLLBACK;
        }
    }
}
