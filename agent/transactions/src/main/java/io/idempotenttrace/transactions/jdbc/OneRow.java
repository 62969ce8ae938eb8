package io.idempotenttrace.transactions.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Inserts a row in a transaction; by a guarded method where the argument says {@code annotated}. */
public final class OneRow {

    private OneRow() {}

    public static void main(String[] arguments) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:row");
                Statement statement = connection.createStatement()) {
            statement.execute("create table span(id varchar(100))");
            connection.setAutoCommit(false);
            if (arguments[0].equals("annotated")) {
                new JdbcEmitter().insert(connection, "k");
            } else {
                statement.execute("insert into span values ('k')");
            }
            connection.commit();
            System.out.println("rows=" + rows(statement));
        }
    }

    private static int rows(Statement statement) throws SQLException {
        try (ResultSet counted = statement.executeQuery("select count(*) from span")) {
            counted.next();
            return counted.getInt(1);
        }
    }
}
