package io.idempotenttrace.transactions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MatrixTest;
import io.idempotenttrace.testkit.TestRedis;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What deliveries get whose guarded methods run inside transactions, by application; see there for the scenarios. */
class TransactionsIT {

    static final Path AGENT = Path.of(System.getProperty("agent.jar")).normalize();
    static final String CLASS_PATH = System.getProperty("application.classpath");

    private static final List<String> SPRING = List.of(
            "on the method: ran duplicate duplicate, rows=1",
            "on the method, the commit fails: failed ran duplicate, rows=1",
            "inside an outer one, which fails later: failed ran duplicate, rows=1",
            "marked for rollback: ran ran duplicate, rows=1",
            "guard outside, the commit fails: failed duplicate duplicate, rows=1",
            "requires new, the outer one fails: failed duplicate duplicate, rows=1",
            "nested, and fails: ran ran duplicate, rows=1",
            "inside a nested one, which fails later: ran ran duplicate, rows=1",
            "before a nested one, which fails: ran duplicate duplicate, rows=1",
            "twice in one: ran and the same, rows=1",
            "twice in one, with another payload: conflict, rows=0",
            "in a suspended one and in the inner one: in-progress, rows=0",
            "in one after the other: ran duplicate, rows=1",
            "read only: ran duplicate, rows=0",
            "after the commit of another: ran ran ran duplicate duplicate duplicate, rows=1",
            "another thread, the first commits: duplicate, rows=1",
            "another thread, the first rolls back: ran, rows=1",
            "a future, the transaction ends first: late, rows=1",
            "a future, the transaction rolls back: ran ran duplicate, rows=1",
            "synchronizations cleared by the application: ran ran, rows=2",
            "ignored, the commit fails: failed duplicate, rows=0",
            "many in one: 10000 bodies, then a duplicate");

    private static final List<String> JTA = List.of(
            "no transaction: ran duplicate",
            "committed: ran duplicate duplicate",
            "rolled back: ran ran duplicate",
            "marked for rollback: ran ran duplicate",
            "suspended: ran in-progress in-progress duplicate duplicate");

    @TempDir
    private Path folder;

    static Stream<Jdks.Jdk> jdks() {
        return Jdks.all().stream();
    }

    static Stream<Jdks.Jdk> newestJdk() {
        return Stream.of(Jdks.newest());
    }

    static Stream<Jdks.Jdk> olderJdks() {
        return Jdks.older().stream();
    }

    private static String redis() {
        return TestRedis.shared().settings() + ",tenant=transactions-" + UUID.randomUUID();
    }

    @MatrixTest
    @MethodSource("olderJdks")
    void springOnH2WithOlderJdks(Jdks.Jdk jdk) {
        springOnH2(jdk);
    }

    @ParameterizedTest
    @MethodSource("newestJdk")
    void springOnH2(Jdks.Jdk jdk) {
        assertSpring(jdk, "store=memory", "jdbc:h2:mem:spans;DB_CLOSE_DELAY=-1");
    }

    @MatrixTest
    @MethodSource("jdks")
    void springOnPostgres(Jdks.Jdk jdk) throws Exception {
        try (Postgres postgres = Postgres.start(folder)) {
            assertSpring(jdk, redis() + ",completion=sync", postgres.url("scenarios"));
        }
    }

    private void assertSpring(Jdks.Jdk jdk, String agent, String database) {
        ForkedJvm.Result result = ForkedJvm.on(jdk)
                .shortLived()
                .agent(AGENT, agent + ",scope.ignoring.transactional=ignore")
                .jvm("-Ddatabase=" + database)
                .folder(folder)
                .main(CLASS_PATH, SpringScenarios.class.getName())
                .run();
        assertEquals(SPRING, scenarios(result), result::toString);
        assertTrue(result.lastErr().contains("unguarded=0"), result::toString);
    }

    /** Without what Atomikos prints: the logging libraries that it misses, and its advertisement. */
    private static List<String> scenarios(ForkedJvm.Result result) {
        return result.out().stream()
                .filter(line -> line.matches("[a-z][a-z0-9 ,]*: .*"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void narayana(Jdks.Jdk jdk) {
        assertJta(jdk, CLASS_PATH, "narayana");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void atomikosByTheOldNameOfThePackage(Jdks.Jdk jdk) {
        assertJta(jdk, CLASS_PATH, "atomikos");
    }

    /** An application server's own classes are not seen by its applications; its registry has a name. */
    @ParameterizedTest
    @MethodSource("jdks")
    void theRegistryOfAServer(Jdks.Jdk jdk) {
        String withoutManagers = Arrays.stream(CLASS_PATH.split(java.io.File.pathSeparator))
                .filter(entry -> !entry.contains("narayana-jta") && !entry.contains("transactions-jta"))
                .collect(Collectors.joining(java.io.File.pathSeparator));
        assertJta(jdk, withoutManagers, "registry");
    }

    private void assertJta(Jdks.Jdk jdk, String classPath, String manager) {
        ForkedJvm.Result result = ForkedJvm.on(jdk)
                .shortLived()
                .agent(AGENT, "store=memory")
                .folder(folder)
                .main(classPath, "io.idempotenttrace.transactions.jta.JtaScenarios", manager)
                .run();
        assertEquals(JTA, scenarios(result), result::toString);
        assertEquals(
                "idempotent-trace: new=5 duplicate=7 conflict=0 in-progress=2 failed=2 unguarded=0 store=memory",
                result.lastErr(),
                result::toString);
    }
}
