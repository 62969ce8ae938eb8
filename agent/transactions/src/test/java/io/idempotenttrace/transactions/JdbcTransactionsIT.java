package io.idempotenttrace.transactions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MatrixTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What deliveries get whose guarded methods work in transactions that the application begins and ends itself. */
@Tag("matrix")
class JdbcTransactionsIT {

    private static final List<String> SCENARIOS = List.of(
            "committed: ran duplicate duplicate, rows=1",
            "the commit fails: failed ran duplicate, rows=1",
            "rolled back: ran ran duplicate, rows=1",
            "switched to auto-commit: ran duplicate duplicate, rows=1",
            "closed without a commit: ran ran duplicate, rows=1",
            "aborted: ran ran duplicate, rows=1",
            "rolled back to a savepoint before it: ran ran duplicate, rows=1",
            "rolled back to a savepoint behind it: ran duplicate duplicate, rows=1",
            "given up without an end: ran, rows=1",
            "the body commits: ran duplicate, rows=1",
            "the body uses no connection: ran duplicate, rows=0",
            "ignored: ran duplicate, rows=0",
            "in auto-commit mode: ran duplicate, rows=1",
            "a statement of before the body: ran ran duplicate, rows=1",
            "a batch that is sent behind the body: ran ran duplicate, rows=1",
            "a connection of the body's own inside of another one: ran duplicate, rows=1",
            "two connections, both commit: ran duplicate, rows=2",
            "two connections, one rolls back: ran ran, rows=2",
            "a call inside of a call, rolled back: ran ran duplicate, rows=1",
            "twice in one: ran and the same, rows=1",
            "in one and in another that begins inside of it: ran in-progress duplicate, rows=1",
            "another thread, the first commits: duplicate, rows=1",
            "another thread, the first rolls back: ran, rows=1",
            "a future, the transaction ends first: late, rows=1",
            "a future, the transaction rolls back: ran ran duplicate, rows=1",
            "many in one: 2000 bodies, then a duplicate");

    @TempDir
    private static Path database;

    private static Postgres postgres;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws Exception {
        postgres = Postgres.start(database);
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    static Stream<Jdks.Jdk> jdks() {
        return Jdks.all().stream();
    }

    static Stream<Jdks.Jdk> olderJdks() {
        return Jdks.older().stream();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void byTheDriverThatWasLoadedBefore(Jdks.Jdk jdk) {
        assertScenarios(jdk, "jdbc:h2:mem:spans;DB_CLOSE_DELAY=-1", "driver", "driver");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void byAPoolThatIsLoadedLater(Jdks.Jdk jdk) {
        assertScenarios(jdk, postgres.url("scenarios"), "pool", "emitter");
    }

    /** Without what a logging library that is not there prints. */
    private static List<String> scenarios(ForkedJvm.Result result) {
        return result.out().stream().filter(line -> line.contains(": ")).toList();
    }

    private void assertScenarios(Jdks.Jdk jdk, String url, String source, String first) {
        ForkedJvm.Result result = ForkedJvm.on(jdk)
                .shortLived()
                .agent(TransactionsIT.AGENT, "store=memory,scope.ignoring.transactional=ignore")
                .folder(folder)
                .main(
                        TransactionsIT.CLASS_PATH,
                        "io.idempotenttrace.transactions.jdbc.JdbcScenarios",
                        url,
                        source,
                        first)
                .run();
        List<String> wanted = new ArrayList<>(SCENARIOS);
        if (source.equals("pool")) {
            wanted.removeIf(line -> line.startsWith("given up"));
        }
        assertEquals(wanted, scenarios(result), result::toString);
        assertTrue(result.lastErr().contains("unguarded=0"), result::toString);
    }

    @Test
    void byAnEntityManagerThatSendsItsInsertsAtTheCommit() {
        assertEntityManager(Jdks.newest());
    }

    @MatrixTest
    @MethodSource("olderJdks")
    void byAnEntityManagerOfOlderJdks(Jdks.Jdk jdk) {
        assertEntityManager(jdk);
    }

    private void assertEntityManager(Jdks.Jdk jdk) {
        ForkedJvm.Result result = ForkedJvm.on(jdk)
                .shortLived()
                .agent(TransactionsIT.AGENT, "store=memory")
                .folder(folder)
                .main(TransactionsIT.CLASS_PATH, "io.idempotenttrace.transactions.jdbc.JpaScenarios")
                .run();
        assertEquals(
                List.of(
                        "persisted, rolled back: ran ran duplicate, rows=1",
                        "merged, rolled back: ran ran duplicate, rows=1",
                        "sent by the body, rolled back: ran ran duplicate, rows=1"),
                scenarios(result),
                result::toString);
    }

    @Test
    void noDriverIsWovenThatNobodyNeeds() throws Exception {
        assertWovenWhereNeeded(Jdks.newest());
    }

    @MatrixTest
    @MethodSource("olderJdks")
    void noDriverIsWovenThatNobodyNeedsOfOlderJdks(Jdks.Jdk jdk) throws Exception {
        assertWovenWhereNeeded(jdk);
    }

    /** A driver's woven method would load the class that it calls. */
    private void assertWovenWhereNeeded(Jdks.Jdk jdk) throws Exception {
        assertTrue(loaded(jdk, "", "annotated").contains("DriverCalls"));
        assertFalse(loaded(jdk, "", "plain").contains("DriverCalls"));
        assertFalse(loaded(jdk, ",transactional=ignore", "annotated").contains("DriverCalls"));
    }

    private String loaded(Jdks.Jdk jdk, String settings, String program) throws Exception {
        Path log = folder.resolve("loaded.txt");
        ForkedJvm.Result result = ForkedJvm.on(jdk)
                .shortLived()
                .jvm("-Xlog:class+load:file=" + log)
                .agent(TransactionsIT.AGENT, "store=memory" + settings)
                .folder(folder)
                .main(TransactionsIT.CLASS_PATH, "io.idempotenttrace.transactions.jdbc.OneRow", program)
                .run();
        assertEquals("rows=1", result.lastOut(), result::toString);
        return Files.readString(log, StandardCharsets.UTF_8);
    }
}
