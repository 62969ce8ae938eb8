package io.idempotenttrace.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.dist.app.KeptSecrets;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers with the same keys read each other's results from Redis; those without read nothing, and nobody sees more than that there is one. */
class KeptSecretsIT {

    private static final String FIRST = key("first", 1);
    private static final String SECOND = key("second", 2);

    @TempDir
    Path folder;

    private final String tenant = "secrets-" + UUID.randomUUID();

    private static String key(String id, int fill) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) fill);
        return id + "=" + Base64.getEncoder().encodeToString(key);
    }

    /** A worker of its own, whose keys these are. */
    private ForkedJvm.Result worker(List<String> keys, String more, String... calls) throws IOException {
        String argument = TestRedis.shared().settings() + ",tenant=" + tenant + more;
        if (!keys.isEmpty()) {
            argument += ",result-key-file=" + Files.write(folder.resolve(UUID.randomUUID() + ".keys"), keys);
        }
        ForkedJvm.Result result = ForkedJvm.on(Jdks.newest())
                .shortLived()
                .agent(AgentRun.AGENT, argument)
                .main(AgentRun.classPath(), KeptSecrets.class.getName(), calls)
                .run();
        assertEquals(0, result.exitCode(), result::toString);
        for (String line : result.err()) {
            assertFalse(
                    line.contains("4111") || line.contains(FIRST.substring(10)) || line.contains(SECOND.substring(10)),
                    line);
        }
        return result;
    }

    private String record(String scope, String key) {
        return TestRedis.shared()
                .call("HGETALL", "idem:" + tenant + "%:" + scope + ":" + key)
                .toString();
    }

    @Tag("matrix")
    @Test
    void anEncryptedResultComesBackInAnotherProcessThatHasItsKeyAndInNoOther() throws IOException {
        List<String> first = List.of("result a: {card=[4111, a]}", "refusal a: IllegalArgumentException", "bodies 2");
        assertEquals(first, worker(List.of(FIRST), "", "a").out());
        assertTrue(record("results", "a").contains("enc:first:"), record("results", "a"));
        assertTrue(record("failures", "a").contains("!enc:first:"), record("failures", "a"));
        assertFalse((record("results", "a") + record("failures", "a")).contains("4111"));

        List<String> again = List.of(
                "result a: {card=[4111, a]}",
                "refusal a: DuplicateTraceException of a failure that tells 4111",
                "bodies 0");
        assertEquals(again, worker(List.of(SECOND, FIRST), "", "a").out());

        List<String> without = List.of(
                "result a: DuplicateTraceException", "refusal a: DuplicateTraceException of a failure", "bodies 0");
        for (List<String> keys : List.of(List.of(SECOND), List.<String>of())) {
            ForkedJvm.Result result = worker(keys, "", "a");
            assertEquals(without, result.out(), result::toString);
            assertTrue(
                    result.err().stream()
                            .anyMatch(line -> line.contains("the stored result of key 'a' of tenant '" + tenant
                                    + "' is encrypted with the key 'first', ")),
                    result::toString);
            assertTrue(
                    result.err().stream().anyMatch(line -> line.contains("stored results: unreadable=2;")),
                    result::toString);
        }
    }

    @Tag("matrix")
    @Test
    void aRecordTellsOfAnExceptionNoMoreThanIsAskedFor() throws IOException {
        worker(List.of(), ",store-error=type", "typed");
        assertTrue(
                record("failures", "typed").contains("!java.lang.IllegalArgumentException"),
                record("failures", "typed"));
        worker(List.of(), ",scope.failures.store-error=none", "none");
        assertTrue(record("failures", "none").contains("store-error=none"), record("failures", "none"));
        assertFalse((record("failures", "typed") + record("failures", "none")).contains("4111"));
        ForkedJvm.Result duplicate = worker(List.of(), "", "typed", "none");
        assertEquals(
                List.of(
                        "refusal typed: DuplicateTraceException of a failure",
                        "refusal none: DuplicateTraceException of a failure"),
                duplicate.out().stream()
                        .filter(line -> line.startsWith("refusal"))
                        .toList());
    }
}
