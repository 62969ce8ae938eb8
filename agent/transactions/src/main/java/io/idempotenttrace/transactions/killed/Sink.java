package io.idempotenttrace.transactions.killed;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.Unhashed;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** Writes spans into two tables: one takes a key as often as it comes, the other one has a unique key. */
public class Sink {

    private static final int ONE_COMMIT_FAILS_OF = Integer.getInteger("one-commit-fails-of", 10);

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;

    Sink(DataSource dataSource, TransactionTemplate transaction) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.transaction = transaction;
    }

    /** Inside of the transaction of Spring's proxy, or of the caller's. */
    @Transactional
    @IdempotentTrace(scope = "killed")
    public void inside(@IdempotencyKey String key, @Unhashed String worker) {
        insert(key, worker);
    }

    /** Around its transaction. */
    @IdempotentTrace(scope = "killed")
    public void around(@IdempotencyKey String key, @Unhashed String worker) {
        transaction.executeWithoutResult(status -> insert(key, worker));
    }

    private void insert(String key, String worker) {
        jdbc.update("insert into span (id, worker) values (?, ?)", key, worker);
        jdbc.update("insert into unique_span values (?) on conflict do nothing", key);
        if (ThreadLocalRandom.current().nextInt(ONE_COMMIT_FAILS_OF) == 0) {
            // A constraint that is checked at the commit, which fails by it.
            jdbc.update("insert into orphan values (1)");
        }
    }
}
