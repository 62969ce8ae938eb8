package io.idempotenttrace.transactions;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** A PostgreSQL of the tests' own, which logs each statement with the session that sent it. Root may start it, too. */
final class Postgres implements AutoCloseable {

    private final EmbeddedPostgres server;
    private final Path log;

    private Postgres(EmbeddedPostgres server, Path log) {
        this.server = server;
        this.log = log;
    }

    /** @param folder for its log */
    static Postgres start(Path folder) throws Exception {
        Path log = folder.resolve("postgres.log");
        Postgres started = new Postgres(
                EmbeddedPostgres.builder()
                        .setServerConfig("log_statement", "all")
                        // No character that a shell reads: the server is started by one.
                        .setServerConfig("log_line_prefix", "%a/%p/")
                        .setServerConfig("lc_messages", "C")
                        .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .setErrorRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start(),
                log);
        started.execute(
                "create table parent(id integer primary key)",
                "create table orphan(parent integer references parent deferrable initially deferred)");
        return started;
    }

    /** @param application the name that the log shows for the sessions of who connects by this */
    String url(String application) {
        return server.getJdbcUrl("postgres", "postgres") + "&ApplicationName=" + application
                + "&preferQueryMode=simple";
    }

    Connection connect() throws SQLException {
        return server.getPostgresDatabase().getConnection();
    }

    void execute(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    List<String> log() throws IOException {
        return Files.readAllLines(log, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
