package io.idempotenttrace.transactions.jta;

import com.atomikos.icatch.jta.UserTransactionManager;
import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.TraceInProgressException;
import java.util.concurrent.Callable;

/**
 * Delivers messages inside transactions of the manager that the first argument names. Each line on stdout is a scenario: what its
 * deliveries got.
 */
public final class JtaScenarios {

    /** The transactions of one manager. */
    interface Manager {

        void begin() throws Exception;

        void commit() throws Exception;

        void rollback() throws Exception;

        void markForRollback() throws Exception;

        Object suspend() throws Exception;

        void resume(Object suspended) throws Exception;
    }

    private static int bodies;

    private JtaScenarios() {}

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "narayana" -> run(new Jakarta(com.arjuna.ats.jta.TransactionManager.transactionManager()));
            case "atomikos" -> {
                UserTransactionManager started = new UserTransactionManager();
                started.init();
                run(new Java(started));
                started.close();
            }
            case "registry" -> {
                ServerNaming.install();
                run(ServerNaming.TRANSACTIONS);
            }
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    @IdempotentTrace
    static String emit(@IdempotencyKey String key) {
        return "body-" + ++bodies;
    }

    private static void run(Manager manager) throws Exception {
        System.out.println("no transaction:" + deliver(() -> emit("n")) + deliver(() -> emit("n")));

        manager.begin();
        String committed = deliver(() -> emit("c")) + deliver(() -> emit("c"));
        manager.commit();
        System.out.println("committed:" + committed + deliver(() -> emit("c")));

        manager.begin();
        String rolledBack = deliver(() -> emit("r"));
        manager.rollback();
        System.out.println("rolled back:" + rolledBack + deliver(() -> emit("r")) + deliver(() -> emit("r")));

        manager.begin();
        manager.markForRollback();
        String marked = deliver(() -> emit("m"));
        manager.rollback();
        System.out.println("marked for rollback:" + marked + deliver(() -> emit("m")) + deliver(() -> emit("m")));

        manager.begin();
        String suspended = deliver(() -> emit("s"));
        Object outer = manager.suspend();
        suspended += deliver(() -> emit("s"));
        manager.begin();
        suspended += deliver(() -> emit("s"));
        manager.commit();
        manager.resume(outer);
        suspended += deliver(() -> emit("s"));
        manager.commit();
        System.out.println("suspended:" + suspended + deliver(() -> emit("s")));
    }

    private static String deliver(Callable<String> call) {
        int before = bodies;
        try {
            call.call();
            return bodies > before ? " ran" : " duplicate";
        } catch (TraceInProgressException e) {
            return " in-progress";
        } catch (Exception e) {
            return " " + e;
        }
    }

    /** By the package's present name. */
    record Jakarta(jakarta.transaction.TransactionManager manager) implements Manager {

        @Override
        public void begin() throws Exception {
            manager.begin();
        }

        @Override
        public void commit() throws Exception {
            manager.commit();
        }

        @Override
        public void rollback() throws Exception {
            manager.rollback();
        }

        @Override
        public void markForRollback() throws Exception {
            manager.setRollbackOnly();
        }

        @Override
        public Object suspend() throws Exception {
            return manager.suspend();
        }

        @Override
        public void resume(Object suspended) throws Exception {
            manager.resume((jakarta.transaction.Transaction) suspended);
        }
    }

    /** By its old name. */
    private record Java(javax.transaction.TransactionManager manager) implements Manager {

        @Override
        public void begin() throws Exception {
            manager.begin();
        }

        @Override
        public void commit() throws Exception {
            manager.commit();
        }

        @Override
        public void rollback() throws Exception {
            manager.rollback();
        }

        @Override
        public void markForRollback() throws Exception {
            manager.setRollbackOnly();
        }

        @Override
        public Object suspend() throws Exception {
            return manager.suspend();
        }

        @Override
        public void resume(Object suspended) throws Exception {
            manager.resume((javax.transaction.Transaction) suspended);
        }
    }
}
