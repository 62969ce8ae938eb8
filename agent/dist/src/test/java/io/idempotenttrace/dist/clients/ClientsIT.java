package io.idempotenttrace.dist.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.MatrixTest;
import io.idempotenttrace.testkit.TcpProxy;
import io.idempotenttrace.testkit.TestRedis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The clients of the folder {@code examples} beside Java workers on the same keys, each in the place of the other. */
@Tag("matrix")
class ClientsIT {

    private static final String URL = TestRedis.shared().url();
    private static final long NEVER_OVER = 60_000;

    @TempDir
    private static Path folder;

    @ParameterizedTest
    @EnumSource(names = {"PYTHON", "NODE"})
    void theConformanceSuiteIsPassed(Language language) throws Exception {
        Path scripts = ClientRun.scripts(folder);
        Path program =
                Language.EXAMPLES.resolve(language == Language.NODE ? "node/conformance.mjs" : "python/conformance.py");
        Path out = folder.resolve("conformance-" + language);
        ProcessBuilder builder = new ProcessBuilder(
                        language.command(program.toString(), "--redis", URL, "--scripts", scripts.toString()))
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment().putAll(ClientRun.environment(scripts));
        Process process = builder.start();
        assertTrue(process.waitFor(2, TimeUnit.MINUTES));
        String printed = Files.readString(out);
        System.out.print(printed);
        assertEquals(0, process.exitValue(), printed);
    }

    // [P9]
    @ParameterizedTest
    @EnumSource(names = "NODE")
    void withFailuresAndLostRepliesEveryBodyRunsOnce(Language language) {
        failuresAndLostReplies(language);
    }

    @MatrixTest
    @EnumSource(names = {"PYTHON", "ASYNCIO"})
    void withFailuresAndLostRepliesEveryBodyRunsOnceToo(Language language) {
        failuresAndLostReplies(language);
    }

    private void failuresAndLostReplies(Language language) {
        language.require();
        try (TcpProxy proxy = TcpProxy.to(TestRedis.shared())) {
            ClientRun run = new ClientRun(TestRedis.shared(), folder, NEVER_OVER);
            TcpProxy.Fault lost = proxy.cutReply(12, command -> command.startsWith("EVAL"));
            List<ClientRun.Worker> workers = new ArrayList<>();
            for (String part : List.of("0/2", "1/2")) {
                workers.add(run.start(
                        language,
                        language + "-" + part.charAt(0),
                        proxy.url(),
                        "keys=60",
                        "part=" + part,
                        "failures=40",
                        "body=5"));
            }
            workers.add(run.start(Language.JAVA, "JAVA-0", proxy.url(), "keys=60", "failures=40", "body=5"));
            workers.forEach(ClientRun.Worker::awaitDone);
            assertEquals(12, lost.struck());
            assertEquals(
                    "keys=60 LOST=0 DUP=0 DUPID=0 STUCK=0 BADCONFLICT=0",
                    run.count().toString());
            assertEquals(120, run.count().answers());
            assertEquals(Map.of(), run.early());
        }
    }

    @ParameterizedTest
    @EnumSource(names = "ASYNCIO")
    void eachWaitsForTheOtherAndGetsItsResult(Language language) {
        waits(language);
    }

    @MatrixTest
    @EnumSource(names = {"PYTHON", "NODE"})
    void eachWaitsForTheOtherAndGetsItsResultToo(Language language) {
        waits(language);
    }

    private void waits(Language language) {
        language.require();
        for (boolean javaFirst : new boolean[] {true, false}) {
            ClientRun run = new ClientRun(TestRedis.shared(), folder, NEVER_OVER);
            try (ClientRun.Worker owner =
                    run.start(javaFirst ? Language.JAVA : language, "owner-0", URL, "keys=1", run.hold())) {
                owner.awaitOutput("in the body of k0");
                try (ClientRun.Worker waiter =
                        run.start(javaFirst ? language : Language.JAVA, "waiter-0", URL, "keys=1")) {
                    run.awaitWaiter("k0");
                    run.release();
                    owner.awaitDone();
                    waiter.awaitDone();
                }
            }
            String traceId = run.answersOf("owner-0").get("k0").get(1);
            assertTrue(traceId.length() > 30, traceId);
            assertEquals(Map.of("k0", List.of("RAN", traceId)), run.answersOf("owner-0"));
            assertEquals(Map.of("k0", List.of("DUPLICATE", traceId)), run.answersOf("waiter-0"));
            assertEquals(1, run.count().bodiesOf("k0"));
        }
    }

    @ParameterizedTest
    @EnumSource(names = "PYTHON")
    void aKilledWorkersKeyIsTakenOverByTheOther(Language language) {
        takeovers(language);
    }

    @MatrixTest
    @EnumSource(names = {"ASYNCIO", "NODE"})
    void aKilledWorkersKeyIsTakenOverByTheOtherToo(Language language) {
        takeovers(language);
    }

    private void takeovers(Language language) {
        language.require();
        for (boolean javaFirst : new boolean[] {true, false}) {
            ClientRun run = new ClientRun(TestRedis.shared(), folder, /* leaseMillis= */ 2_000);
            try (ClientRun.Worker killed =
                    run.start(javaFirst ? Language.JAVA : language, "killed-0", URL, "keys=1", run.hold())) {
                killed.awaitOutput("in the body of k0");
                killed.kill();
            }
            try (ClientRun.Worker successor =
                    run.start(javaFirst ? language : Language.JAVA, "successor-0", URL, "keys=1")) {
                successor.awaitDone();
            }
            assertEquals("RAN", run.answersOf("successor-0").get("k0").get(0));
            assertEquals(
                    "keys=1 LOST=0 DUP=0 DUPID=0 STUCK=0 BADCONFLICT=0",
                    run.count().toString());
        }
    }
}
