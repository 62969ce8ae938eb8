package io.idempotenttrace.transactions;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * A database some of whose commits fail: the next one, where that is asked for. PostgreSQL's fail by a constraint that is checked at the
 * commit; H2 has none, so its are made to fail as such a database's do.
 */
class CommitFailures extends DelegatingDataSource {

    private final boolean deferrable;
    private boolean nextFails;

    /** @param deferrable whether the database has the table {@code orphan}, with such a constraint */
    CommitFailures(DataSource target, boolean deferrable) {
        super(target);
        this.deferrable = deferrable;
    }

    void failNext() {
        nextFails = true;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection target = super.getConnection();
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("commit") && nextFails) {
                        nextFails = false;
                        fail(target);
                    }
                    try {
                        return method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void fail(Connection target) throws SQLException {
        if (!deferrable) {
            target.rollback();
            throw new SQLException("commit failed: deadlock victim");
        }
        try (Statement statement = target.createStatement()) {
            statement.executeUpdate("insert into orphan values (1)");
        }
    }
}
