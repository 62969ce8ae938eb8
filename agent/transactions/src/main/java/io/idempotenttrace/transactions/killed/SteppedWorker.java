package io.idempotenttrace.transactions.killed;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Delivers one message, whose key is the first argument, and stops for ever at the step that the second one names: {@code body},
 * {@code inserted}, {@code returned}, {@code committing}, {@code committed} or {@code completed}; at none for another word.
 */
public final class SteppedWorker {

    private static String stopsAt;

    private final JdbcTemplate jdbc;
    private boolean bodyRan;

    private SteppedWorker(DataSource database) {
        jdbc = new JdbcTemplate(database);
    }

    public static void main(String[] arguments) {
        stopsAt = arguments[1];
        DataSource database = new SteppedCommits(new DriverManagerDataSource(System.getProperty("database")));
        TransactionTemplate transaction = new TransactionTemplate(new DataSourceTransactionManager(database));
        SteppedWorker worker = new SteppedWorker(database);
        transaction.executeWithoutResult(status -> {
            worker.emit(arguments[0]);
            reach("returned");
        });
        System.out.println(worker.bodyRan ? "ran" : "duplicate");
        reach("completed");
    }

    @IdempotentTrace(scope = "stepped")
    private void emit(@IdempotencyKey String key) {
        bodyRan = true;
        reach("body");
        jdbc.update("insert into span values (?, 'stepped')", key);
        jdbc.update("insert into unique_span values (?) on conflict do nothing", key);
        reach("inserted");
    }

    private static void reach(String step) {
        if (step.equals(stopsAt)) {
            System.out.println("at " + step);
            while (true) {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    // It waits to be killed.
                }
            }
        }
    }

    /** A database whose commits have a step before and one behind them. */
    private static final class SteppedCommits extends DelegatingDataSource {

        SteppedCommits(DataSource target) {
            super(target);
        }

        @Override
        public Connection getConnection() throws java.sql.SQLException {
            Connection target = super.getConnection();
            return (Connection) Proxy.newProxyInstance(
                    Connection.class.getClassLoader(),
                    new Class<?>[] {Connection.class},
                    (proxy, method, arguments) -> {
                        boolean commits = method.getName().equals("commit");
                        if (commits) {
                            reach("committing");
                        }
                        try {
                            return method.invoke(target, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        } finally {
                            if (commits) {
                                reach("committed");
                            }
                        }
                    });
        }
    }
}
