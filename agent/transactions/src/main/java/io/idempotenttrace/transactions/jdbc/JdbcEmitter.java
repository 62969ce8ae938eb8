package io.idempotenttrace.transactions.jdbc;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.Unhashed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;

/** The guarded methods: each inserts a row for its key, on connections whose transactions its caller has begun. */
final class JdbcEmitter {

    private int bodies;

    int bodies() {
        return bodies;
    }

    private String body() {
        return "body-" + ++bodies;
    }

    private static void row(Connection connection, String key) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into span values (?)")) {
            insert.setString(1, key);
            insert.executeUpdate();
        }
    }

    @IdempotentTrace(scope = "jdbc")
    String insert(@Unhashed Connection connection, @IdempotencyKey String key) throws SQLException {
        row(connection, key);
        return body();
    }

    @IdempotentTrace(scope = "jdbc-committed")
    String insertAndCommit(@Unhashed Connection connection, @IdempotencyKey String key) throws SQLException {
        row(connection, key);
        connection.commit();
        return body();
    }

    @IdempotentTrace(scope = "jdbc-two")
    String insertByTwo(@Unhashed Connection first, @Unhashed Connection second, @IdempotencyKey String key)
            throws SQLException {
        row(first, key);
        row(second, key);
        return body();
    }

    @IdempotentTrace(scope = "jdbc-prepared")
    String execute(@Unhashed PreparedStatement prepared, @IdempotencyKey String key) throws SQLException {
        prepared.setString(1, key);
        prepared.execute();
        return body();
    }

    @IdempotentTrace(scope = "jdbc-batch")
    String addToBatch(@Unhashed Statement batch, @IdempotencyKey String key) throws SQLException {
        batch.addBatch("insert into span values ('" + key + "')");
        return body();
    }

    @IdempotentTrace(scope = "jdbc-nothing")
    String nothing(@IdempotencyKey String key) {
        return body();
    }

    @IdempotentTrace(scope = "jdbc-outer")
    String outer(@Unhashed Connection connection, @IdempotencyKey String key) throws SQLException {
        return insert(connection, key) + " inside of " + body();
    }

    @IdempotentTrace(scope = "jdbc-future")
    CompletableFuture<String> future(
            @Unhashed Connection connection, @Unhashed CompletableFuture<String> end, @IdempotencyKey String key)
            throws SQLException {
        row(connection, key);
        body();
        return end;
    }

    @IdempotentTrace(scope = "ignoring")
    String ignoring(@Unhashed Connection connection, @IdempotencyKey String key) throws SQLException {
        row(connection, key);
        return body();
    }
}
