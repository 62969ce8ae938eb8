package io.idempotenttrace.transactions.killed;

import io.idempotenttrace.TraceInProgressException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.annotation.AnnotationTransactionAttributeSource;
import org.springframework.transaction.interceptor.TransactionInterceptor;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes messages until it is killed. It prints {@code take KEY} before each delivery, and {@code ack KEY} when it acknowledges the
 * message. The first argument is its name, or {@code drain} for one that ends by itself; the others are the keys to deliver again.
 */
public final class KilledWorker {

    private static final String DRAIN = "drain";
    /** A queue does not redeliver at once what is held by another worker. */
    private static final long REDELIVERED_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final String name;
    private final Sink sink;
    private final TransactionTemplate transaction;

    /** Has a session of its own, as each thread has. */
    private KilledWorker(String name) {
        this.name = name;
        SingleConnectionDataSource database =
                new SingleConnectionDataSource(System.getProperty("database"), /* suppressClose= */ true);
        DataSourceTransactionManager manager = new DataSourceTransactionManager(database);
        transaction = new TransactionTemplate(manager);
        ProxyFactory proxy = new ProxyFactory(new Sink(database, transaction));
        proxy.addAdvice(
                new TransactionInterceptor((TransactionManager) manager, new AnnotationTransactionAttributeSource()));
        sink = (Sink) proxy.getProxy();
    }

    public static void main(String[] arguments) throws InterruptedException {
        String name = arguments[0];
        Queue<String> again = new ArrayDeque<>(Arrays.asList(arguments).subList(1, arguments.length));
        Thread redelivery = new Thread(() -> new KilledWorker(name).redeliver(again));
        redelivery.setDaemon(!name.equals(DRAIN));
        if (name.equals(DRAIN)) {
            redelivery.start();
            return;
        }
        KilledWorker worker = new KilledWorker(name);
        worker.deliverUntilAcknowledged(name + "-0", 0);
        redelivery.start();
        System.out.println("ready");
        for (int message = 1; ; message++) {
            worker.deliverUntilAcknowledged(name + "-" + message, message);
        }
    }

    private void redeliver(Queue<String> again) {
        for (int way = 0; !again.isEmpty(); way++) {
            String key = again.remove();
            if (!deliver(key, way)) {
                again.add(key);
                LockSupport.parkNanos(REDELIVERED_AFTER_NANOS);
            }
        }
    }

    private void deliverUntilAcknowledged(String key, int way) {
        while (!deliver(key, way)) {
            // Its commit failed.
        }
    }

    /** @param way how the guard and the transaction lie to each other */
    private boolean deliver(String key, int way) {
        System.out.println("take " + key);
        try {
            switch (way % 3) {
                case 0 -> sink.inside(key, name);
                case 1 -> sink.around(key, name);
                default -> transaction.executeWithoutResult(status -> sink.inside(key, name));
            }
            System.out.println("ack " + key);
            return true;
        } catch (TraceInProgressException | TransactionException | DataAccessException e) {
            return false;
        }
    }
}
