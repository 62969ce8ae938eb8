package io.idempotenttrace.transactions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.TestRedis;
import io.idempotenttrace.transactions.killed.SteppedWorker;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Workers that are killed inside of their transactions, with Redis and PostgreSQL. */
@Tag("matrix")
@Execution(ExecutionMode.SAME_THREAD)
class KilledWorkersIT {

    @TempDir
    private static Path folder;

    private static Postgres postgres;

    @BeforeAll
    static void startDatabase() throws Exception {
        postgres = Postgres.start(folder);
        postgres.execute(
                "create table span(id varchar(100), worker varchar(100), written bigserial)",
                "create table unique_span(id varchar(100) primary key)");
    }

    @AfterAll
    static void stopDatabase() throws Exception {
        if (postgres != null) {
            postgres.close();
        }
    }

    @Test
    void atEachStep() throws Exception {
        Map<String, String> after = new LinkedHashMap<>();
        for (String step : new String[] {"body", "inserted", "returned", "committing", "committed", "completed"}) {
            String key = step + "-" + UUID.randomUUID();
            try (ForkedJvm worker = stepped(key, step)) {
                worker.awaitOut(line -> line.equals("at " + step));
                worker.kill();
                worker.await();
            }
            try (ForkedJvm worker = stepped(key, "none")) {
                after.put(
                        step,
                        worker.await().lastOut() + ", rows " + rows("span", key) + " and " + rows("unique_span", key));
            }
        }
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("body", "ran, rows 1 and 1");
        expected.put("inserted", "ran, rows 1 and 1");
        expected.put("returned", "ran, rows 1 and 1");
        expected.put("committing", "ran, rows 1 and 1");
        // The commit was the database's last word, and the completion never left: see agent/docs/guarantee.md.
        expected.put("committed", "ran, rows 2 and 1");
        expected.put("completed", "duplicate, rows 1 and 1");
        assertEquals(expected, after);
    }

    private static ForkedJvm stepped(String key, String step) {
        return ForkedJvm.on(Jdks.newest())
                .shortLived()
                .jvm("-XX:+UseSerialGC", "-Ddatabase=" + postgres.url("stepped"))
                .agent(
                        TransactionsIT.AGENT,
                        TestRedis.shared().settings() + ",completion=sync,lease=2s,in-progress-wait=100s,tenant=" + key)
                .main(TransactionsIT.CLASS_PATH, SteppedWorker.class.getName(), key, step)
                .start();
    }

    private static int rows(String table, String key) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("select count(*) from " + table + " where id = '" + key + "'")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    @Test
    void atRandomMoments() throws Exception {
        assertNothingLost(12);
    }

    /** Some twenty minutes on two idle cores. */
    @Test
    @Tag("long")
    void aThousandTimesAtRandomMoments() throws Exception {
        assertNothingLost(1000);
    }

    private static void assertNothingLost(int kills) throws Exception {
        long seed = System.nanoTime();
        KillSeries.Outcome outcome = new KillSeries(
                        postgres, TestRedis.shared().url(), "", KillSeries.ONE_COMMIT_FAILS_OF, Jdks.newest(), seed)
                .run(kills);
        System.out.println(outcome + " seed=" + seed);
        assertTrue(outcome.lost().isEmpty(), () -> outcome + " lost " + outcome.lost());
        assertTrue(outcome.stuck().isEmpty(), () -> outcome + " stuck " + outcome.stuck());
        assertTrue(outcome.unexplained().isEmpty(), () -> outcome + " unexplained " + outcome.unexplained());
        assertEquals(0, outcome.uniqueTwice(), outcome::toString);
    }

    /** The count finds what the guard must not do: to complete a call before its transaction commits, which here always fails. */
    @Test
    void aGuardThatIgnoresTransactionsIsFoundOut() throws Exception {
        KillSeries.Outcome outcome =
                new KillSeries(postgres, TestRedis.shared().url(), ",transactional=ignore", 1, Jdks.newest(), 1).run(1);
        assertFalse(outcome.lost().isEmpty(), outcome::toString);
    }
}
