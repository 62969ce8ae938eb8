package io.idempotenttrace.transactions.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.idempotenttrace.TraceInProgressException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Delivers messages to guarded methods in transactions that it begins and ends by the methods of {@link Connection}. Each line on stdout is
 * a scenario: what its deliveries got, in their order, and the rows that its key has at the end. The arguments: the database's URL; {@code
 * driver} or {@code pool}; and which is loaded first, {@code driver} or {@code emitter}.
 */
public final class JdbcScenarios {

    /** Where connections come from. */
    private interface Source {

        Connection open() throws SQLException;
    }

    private final Source source;
    private final boolean pooled;
    /** Whether the database has the table {@code orphan}, whose constraint is checked by the commit. */
    private final boolean deferrable;

    private final JdbcEmitter emitter;
    private final ExecutorService others = Executors.newCachedThreadPool();
    private StringBuilder line = new StringBuilder();

    private JdbcScenarios(Source source, boolean pooled, boolean deferrable, JdbcEmitter emitter) {
        this.source = source;
        this.pooled = pooled;
        this.deferrable = deferrable;
        this.emitter = emitter;
    }

    public static void main(String[] arguments) throws Exception {
        String url = arguments[0];
        boolean pooled = arguments[1].equals("pool");
        JdbcEmitter first = arguments[2].equals("emitter") ? new JdbcEmitter() : null;
        if (first != null) {
            first.nothing("loaded before the driver");
        }
        try (Connection kept = DriverManager.getConnection(url);
                HikariDataSource pool = pooled ? pool(url) : null) {
            try (Statement statement = kept.createStatement()) {
                statement.execute("drop table if exists span");
                statement.execute("create table span(id varchar(100))");
            }
            Source source = pool != null ? pool::getConnection : () -> DriverManager.getConnection(url);
            boolean deferrable = url.startsWith("jdbc:postgresql:");
            JdbcScenarios scenarios =
                    new JdbcScenarios(source, pooled, deferrable, first != null ? first : new JdbcEmitter());
            scenarios.ends();
            scenarios.bodies();
            scenarios.redeliveries();
            scenarios.others.shutdownNow();
        }
    }

    private static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(4);
        return new HikariDataSource(config);
    }

    /** What the caller does with the transaction that a body has worked in. */
    private void ends() throws Exception {
        scenario("committed", key -> threeTimes(key, (connection, delivery) -> connection.commit()));
        scenario(
                "the commit fails",
                key -> threeTimes(key, (connection, delivery) -> {
                    if (delivery == 0) {
                        failingCommit(connection);
                    }
                    connection.commit();
                }));
        scenario(
                "rolled back",
                key -> threeTimes(key, (connection, delivery) -> {
                    if (delivery == 0) {
                        connection.rollback();
                    } else {
                        connection.commit();
                    }
                }));
        scenario(
                "switched to auto-commit",
                key -> threeTimes(key, (connection, delivery) -> {
                    connection.setAutoCommit(true);
                }));
        scenario(
                "closed without a commit",
                key -> threeTimes(key, (connection, delivery) -> {
                    if (delivery > 0) {
                        connection.commit();
                    }
                    connection.close();
                }));
        scenario(
                "aborted",
                key -> threeTimes(key, (connection, delivery) -> {
                    if (delivery > 0) {
                        connection.commit();
                    } else {
                        connection.abort(Runnable::run);
                    }
                }));
        scenario(
                "rolled back to a savepoint before it",
                key -> threeTimes(delivery -> {
                    try (Connection connection = begin()) {
                        Savepoint before = connection.setSavepoint();
                        deliver(() -> emitter.insert(connection, key));
                        if (delivery == 0) {
                            connection.rollback(before);
                        }
                        connection.commit();
                    }
                }));
        scenario(
                "rolled back to a savepoint behind it",
                key -> threeTimes(delivery -> {
                    try (Connection connection = begin()) {
                        Savepoint before = connection.setSavepoint("before");
                        deliver(() -> emitter.insert(connection, key));
                        Savepoint behind = connection.setSavepoint("behind");
                        connection.rollback(behind);
                        connection.commit();
                    }
                }));
        if (!pooled) {
            scenario("given up without an end", this::givenUp);
        }
    }

    private void failingCommit(Connection connection) throws SQLException {
        if (deferrable) {
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("insert into orphan values (1)");
            }
        } else {
            connection.rollback();
            throw new SQLException("commit failed: deadlock victim");
        }
    }

    /** What a body does with its connection. */
    private void bodies() throws Exception {
        scenario("the body commits", key -> twiceRolledBack(connection -> emitter.insertAndCommit(connection, key)));
        scenario("the body uses no connection", key -> twiceRolledBack(connection -> emitter.nothing(key)));
        scenario("ignored", key -> twiceRolledBack(connection -> emitter.ignoring(connection, key)));
        scenario("in auto-commit mode", key -> {
            for (int i = 0; i < 2; i++) {
                try (Connection connection = source.open()) {
                    deliver(() -> emitter.insert(connection, key));
                }
            }
        });
        scenario(
                "a statement of before the body",
                key -> threeTimes(delivery -> {
                    try (Connection connection = begin();
                            PreparedStatement prepared = connection.prepareStatement("insert into span values (?)")) {
                        deliver(() -> emitter.execute(prepared, key));
                        end(connection, delivery > 0);
                    }
                }));
        scenario(
                "a batch that is sent behind the body",
                key -> threeTimes(delivery -> {
                    try (Connection connection = begin();
                            Statement batch = connection.createStatement()) {
                        deliver(() -> emitter.addToBatch(batch, key));
                        batch.executeBatch();
                        end(connection, delivery > 0);
                    }
                }));
        scenario("a connection of the body's own inside of another one", key -> {
            for (int i = 0; i < 2; i++) {
                try (Connection outer = begin()) {
                    emitter.nothing(key + i);
                    deliver(() -> {
                        try (Connection inner = begin()) {
                            return emitter.insertAndCommit(inner, key);
                        }
                    });
                    outer.rollback();
                }
            }
        });
        scenario("two connections, both commit", key -> twoConnections(key, /* secondCommits= */ true));
        scenario("two connections, one rolls back", key -> twoConnections(key, /* secondCommits= */ false));
        scenario(
                "a call inside of a call, rolled back",
                key -> threeTimes(delivery -> {
                    try (Connection connection = begin()) {
                        deliver(() -> emitter.outer(connection, key));
                        end(connection, delivery > 0);
                    }
                }));
    }

    private void twoConnections(String key, boolean secondCommits) throws Exception {
        for (int i = 0; i < 2; i++) {
            try (Connection first = begin();
                    Connection second = begin()) {
                deliver(() -> emitter.insertByTwo(first, second, key));
                first.commit();
                end(second, secondCommits);
            }
        }
    }

    /** What later deliveries of the key get. */
    private void redeliveries() throws Exception {
        scenario("twice in one", key -> {
            try (Connection connection = begin()) {
                deliver(() -> emitter.insert(connection, key) + " " + emitter.insert(connection, key));
                connection.commit();
            }
        });
        scenario("in one and in another that begins inside of it", key -> {
            try (Connection outer = begin()) {
                deliver(() -> emitter.insert(outer, key));
                try (Connection inner = begin()) {
                    deliver(() -> emitter.insert(inner, key));
                    inner.rollback();
                }
                deliver(() -> emitter.insert(outer, key));
                outer.commit();
            }
        });
        scenario("another thread, the first commits", key -> anotherThread(key, /* commits= */ true));
        scenario("another thread, the first rolls back", key -> anotherThread(key, /* commits= */ false));
        scenario("a future, the transaction ends first", key -> {
            CompletableFuture<String> end = new CompletableFuture<>();
            try (Connection connection = begin()) {
                emitter.future(connection, end, key);
                connection.commit();
                Future<CompletableFuture<String>> second =
                        others.submit(() -> emitter.future(connection, new CompletableFuture<>(), key));
                end.complete("late");
                line.append(' ').append(second.get().get());
            }
        });
        scenario(
                "a future, the transaction rolls back",
                key -> threeTimes(delivery -> {
                    try (Connection connection = begin()) {
                        deliver(() -> emitter.future(connection, CompletableFuture.completedFuture("done"), key)
                                .get());
                        end(connection, delivery > 0);
                    }
                }));
        int before = emitter.bodies();
        try (Connection connection = begin()) {
            for (int i = 0; i < 2_000; i++) {
                emitter.insert(connection, "many-" + i);
            }
            connection.commit();
        }
        try (Connection connection = begin()) {
            System.out.println("many in one: " + (emitter.bodies() - before) + " bodies, then "
                    + (emitter.insert(connection, "many-1999").equals("body-" + emitter.bodies())
                            ? "a duplicate"
                            : "another"));
        }
    }

    private void anotherThread(String key, boolean commits) throws Exception {
        Future<String> waiting;
        try (Connection connection = begin()) {
            emitter.insert(connection, key);
            waiting = others.submit(() -> {
                try (Connection own = begin()) {
                    String returned = emitter.insert(own, key);
                    own.commit();
                    return returned;
                }
            });
            try {
                waiting.get(200, TimeUnit.MILLISECONDS);
                line.append(" did not wait,");
            } catch (TimeoutException e) {
                // As it should.
            }
            end(connection, commits);
        }
        line.append(waiting.get().equals("body-" + emitter.bodies()) && !commits ? " ran" : " duplicate");
    }

    /** The key is free when the collector has noticed that nobody holds the connection. */
    private void givenUp(String key) throws Exception {
        emitter.insert(begin(), key);
        while (true) {
            System.gc();
            int before = emitter.bodies();
            try (Connection connection = begin()) {
                emitter.insert(connection, key);
                line.append(emitter.bodies() > before ? " ran" : " duplicate");
                connection.commit();
                return;
            } catch (TraceInProgressException e) {
                // Not noticed yet.
            }
        }
    }

    private Connection begin() throws SQLException {
        Connection connection = source.open();
        connection.setAutoCommit(false);
        return connection;
    }

    private static void end(Connection connection, boolean commits) throws SQLException {
        if (commits) {
            connection.commit();
        } else {
            connection.rollback();
        }
    }

    /** One of several deliveries of a message. */
    private interface Delivery {

        void run(int number) throws Exception;
    }

    private interface End {

        void of(Connection connection, int delivery) throws Exception;
    }

    private void threeTimes(String key, End end) throws Exception {
        threeTimes(delivery -> {
            Connection connection = begin();
            try {
                deliver(() -> {
                    String returned = emitter.insert(connection, key);
                    end.of(connection, delivery);
                    return returned;
                });
            } finally {
                giveBack(connection);
            }
        });
    }

    private static void giveBack(Connection connection) {
        try (connection) {
            if (!connection.isClosed() && !connection.getAutoCommit()) {
                connection.rollback();
            }
        } catch (SQLException aborted) {
            // A pool's connection does not know that the driver's is closed.
        }
    }

    private static void threeTimes(Delivery delivery) throws Exception {
        for (int i = 0; i < 3; i++) {
            delivery.run(i);
        }
    }

    private interface Body {

        String on(Connection connection) throws Exception;
    }

    private void twiceRolledBack(Body body) throws Exception {
        for (int i = 0; i < 2; i++) {
            try (Connection connection = begin()) {
                deliver(() -> body.on(connection));
                connection.rollback();
            }
        }
    }

    /** What a delivery got. */
    private void deliver(Callable<String> call) {
        int before = emitter.bodies();
        try {
            String returned = call.call();
            line.append(emitter.bodies() > before ? " ran" : " duplicate");
            String[] two = returned.split(" ");
            if (two.length == 2) {
                line.append(two[0].equals(two[1]) ? " and the same" : " and another");
            }
        } catch (TraceInProgressException e) {
            line.append(" in-progress");
        } catch (Exception e) {
            line.append(" failed");
        }
    }

    /** Its deliveries share a key. */
    private interface Scenario {

        void run(String key) throws Exception;
    }

    private void scenario(String name, Scenario steps) throws Exception {
        line = new StringBuilder();
        steps.run(name);
        System.out.println(name + ":" + line + ", rows=" + rows(name));
    }

    private int rows(String key) throws SQLException {
        try (Connection connection = source.open();
                PreparedStatement select = connection.prepareStatement("select count(*) from span where id = ?")) {
            select.setString(1, key);
            try (ResultSet counted = select.executeQuery()) {
                counted.next();
                return counted.getInt(1);
            }
        }
    }
}
