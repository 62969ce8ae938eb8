package io.idempotenttrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.core.canonical.JsonReader;
import io.idempotenttrace.core.open.CheckResponse;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.core.open.IdempotentCalls;
import io.idempotenttrace.core.store.Update;
import io.idempotenttrace.testkit.TestRedis;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands about records, on records that calls have written; programs read what they print as JSON. */
class StoreCommandsIT {

    private static final List<String> MEMBERS = List.of(
            "found",
            "verdict",
            "status",
            "tenant",
            "scope",
            "key",
            "hash",
            "form",
            "traceId",
            "holder",
            "attempt",
            "createdAt",
            "leaseMillisLeft",
            "ttlSeconds",
            "resultBytes",
            "error");

    @TempDir
    private Path folder;

    /** Of this test alone: the server may have the records of others. */
    private final String tenant = "t: %" + UUID.randomUUID();

    private IdempotentCalls calls;
    private String out = "";
    private String err = "";

    @BeforeEach
    void open() {
        calls = IdempotencyStores.open(
                        Map.of(
                                "redis-url",
                                TestRedis.shared().url(),
                                "command-timeout",
                                "30s",
                                "hash-secret",
                                "k1=a secret of more than sixteen"),
                        warning -> {})
                .withTenant(tenant);
    }

    @AfterEach
    void close() {
        calls.close();
    }

    private int run(String input, String... arguments) {
        ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        ByteArrayOutputStream stderr = new ByteArrayOutputStream();
        int status = CommandLineTool.run(
                "1.2.3",
                arguments,
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(stdout, true, StandardCharsets.UTF_8),
                new PrintStream(stderr, true, StandardCharsets.UTF_8));
        out = stdout.toString(StandardCharsets.UTF_8);
        err = stderr.toString(StandardCharsets.UTF_8);
        return status;
    }

    /** With the server, and the tenant of this test. */
    private int ask(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--redis-url", TestRedis.shared().url()));
        if (!all.contains("--tenant")) {
            all.addAll(List.of("--tenant", tenant));
        }
        all.addAll(List.of("--set", "command-timeout=30s", "--set", "hash-secret=k1=a secret of more than sixteen"));
        return run("", all.toArray(new String[0]));
    }

    private Map<String, Object> object(String line) {
        @SuppressWarnings("unchecked")
        Map<String, Object> object = (Map<String, Object>) JsonReader.read(line);
        return object;
    }

    @Test
    void theStatusOfAHeldKeyTellsWhoHoldsIt() {
        CheckResponse held = calls.withScope("emit").check("k:1 \u00fc\u0007", Map.of("a", 1), "trace-1");
        assertTrue(held.isNew());
        assertEquals(0, ask("status", "k:1 \u00fc\u0007", "--scope", "emit", "--json"));
        Map<String, Object> status = object(out);
        assertEquals(new TreeSet<>(MEMBERS), new TreeSet<>(status.keySet()));
        assertEquals(
                List.of(true, "in-progress", "pending", tenant, "emit", "k:1 \u00fc\u0007"),
                values(status).subList(0, 6));
        assertEquals(
                List.of(held.hash(), "python+hmac:k1", "trace-1"),
                values(status).subList(6, 9));
        assertTrue(
                String.valueOf(status.get("holder"))
                        .contains("/" + ProcessHandle.current().pid() + "/"),
                out);
        assertEquals(1, ((Number) status.get("attempt")).intValue());
        assertTrue(String.valueOf(status.get("createdAt")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ"), out);
        assertTrue(((Number) status.get("leaseMillisLeft")).longValue() > 0, out);
        assertTrue(((Number) status.get("ttlSeconds")).longValue() > 0, out);
        assertTrue(status.get("resultBytes") == null && status.get("error") == null, out);
        assertEquals(1, out.lines().count());

        assertEquals(0, ask("status", "k:1 \u00fc\u0007"), "the scope is found");
        assertTrue(
                out.contains("in-progress: ")
                        && out.contains("pid " + ProcessHandle.current().pid()),
                out);
        assertFalse(out.contains("\u0007") || out.contains("\u001b"), "nothing that acts on a terminal");
    }

    private static List<Object> values(Map<String, Object> status) {
        return MEMBERS.stream().map(status::get).toList();
    }

    @Test
    void aKeyWithoutRecordIsNotFound() {
        assertEquals(1, ask("status", "nobody", "--shared", "--json"));
        assertEquals(new TreeSet<>(MEMBERS), new TreeSet<>(object(out).keySet()));
        assertEquals(false, object(out).get("found"));
        assertEquals("new", object(out).get("verdict"));
        assertEquals(1, ask("status", "nobody"));
        assertTrue(out.contains("no record"), out);
        assertEquals(1, ask("release", "nobody", "--yes", "--json"));
        assertEquals(0L, ((Number) object(out).get("records")).longValue());
        assertEquals(1, ask("delete", "nobody", "--yes"));
        assertEquals(1, ask("list", "--json"));
        assertEquals("", out);
        assertEquals(0, ask("count", "--json"));
        assertEquals("", out);
    }

    @Test
    void aKeyThatAnotherTenantHasIsNotCalledNewWithoutAWord() {
        calls.check("p?1", Map.of());
        assertEquals(1, ask("status", "p?1", "--tenant", "somebody"));
        assertTrue(
                out.contains(
                        "of tenant 'somebody', neither shared nor in a scope: a delivery would be new. The key has records"
                                + " elsewhere: tenant '" + tenant + "', shared. Name one by --tenant"),
                out);
        assertEquals(1, ask("delete", "p?1", "--tenant", "somebody", "--yes"));
        assertTrue(err.contains("elsewhere: tenant '" + tenant + "', shared"), err);
        assertEquals(1, ask("release", "p?1", "--tenant", "somebody", "--yes"));
        assertTrue(err.contains("claimable. The key has records elsewhere: tenant '" + tenant + "', shared"), err);
        assertEquals(1, ask("status", "p?1", "--tenant", "somebody", "--scope", "a.B.c"));
        assertFalse(out.contains("elsewhere"), "one look, where a place is named: " + out);
        assertEquals(1, ask("status", "p21", "--tenant", "somebody"));
        assertFalse(out.contains("elsewhere"), out);
    }

    @Test
    void aPayloadIsComparedWithoutAClaim() throws IOException {
        calls.markCompleted(calls.check("paid", Map.of("amount", 1, "currency", "EUR")), "trace", "[1]");
        Path same = Files.writeString(folder.resolve("same.json"), "{\"currency\": \"EUR\", \"amount\": 1}");
        Path other = Files.writeString(folder.resolve("other.json"), "{\"currency\": \"EUR\", \"amount\": 2}");
        assertEquals(0, ask("status", "paid", "--shared", "--json", "--payload", same.toString()));
        assertEquals("duplicate", object(out).get("verdict"));
        assertEquals(3, ((Number) object(out).get("resultBytes")).intValue());
        assertEquals(0, ask("status", "paid", "--shared", "--json", "--payload", other.toString()));
        assertEquals("conflict", object(out).get("verdict"));
        assertEquals(List.of("/amount"), object(out).get("differingMembers"));
        assertEquals(0, ask("status", "paid", "--shared", "--payload", other.toString()));
        assertTrue(out.contains("/amount"), out);
        assertEquals(0, ask("status", "paid", "--payload", other.toString(), "--set", "exclude=/amount"));
        assertTrue(out.contains("conflict"), "the record's hash has the amount");
        assertEquals(
                2,
                ask(
                        "status",
                        "paid",
                        "--payload",
                        Files.writeString(folder.resolve("bad"), "{").toString()));
        assertEquals(
                2, ask("status", "paid", "--payload", folder.resolve("none").toString()));
    }

    @Test
    void theFleetIsSwitchedByScopeAndWhoDidSoIsTold() {
        String[] own = {
            "--key-prefix",
            "mode-" + UUID.randomUUID(),
            "--redis-url",
            TestRedis.shared().url()
        };
        assertEquals(0, run("", with(own, "mode")));
        assertEquals("nothing is asked for: each process has the mode of its own settings", out.strip());
        assertEquals(2, run("", with(own, "mode", "observe", "--yes")), "of what?");
        assertTrue(err.contains("--scope NAME, --shared or --all"), err);
        assertEquals(2, run("", with(own, "mode", "of", "--all", "--yes")));
        assertEquals(2, run("", with(own, "mode", "off", "--all")), "nobody can be asked");
        assertEquals(0, run("", with(own, "mode", "off", "--all", "--dry-run")));
        assertEquals(0, run("", with(own, "mode", "--json")));
        assertEquals("", out);

        assertEquals(0, run("", with(own, "mode", "observe", "--all", "--yes")));
        assertTrue(err.contains("on-store-failure=throw"), err);
        assertEquals(0, run("", with(own, "mode", "off", "--scope", "a: b", "--yes", "--json")));
        assertEquals(0, run("", with(own, "mode", "--json")));
        List<String> lines = out.lines().toList();
        assertEquals(2, lines.size(), out);
        assertTrue(
                lines.get(0).startsWith("{\"scope\":null,\"mode\":\"observe\",\"since\":\"")
                        && lines.get(0).contains("\"who\":\"" + System.getProperty("user.name") + "@"),
                out);
        assertTrue(lines.get(1).startsWith("{\"scope\":\"a: b\",\"mode\":\"off\","), out);
        assertEquals(0, run("", with(own, "mode", "default", "--all", "--yes")));
        assertEquals(0, run("", with(own, "mode")));
        assertTrue(out.startsWith("off       scope a: b   since "), out);
        List<?> audit = (List<?>) TestRedis.shared().call("XRANGE", own[1] + ":%audit", "-", "+");
        assertEquals(3, audit.size(), audit::toString);
        assertTrue(audit.get(1).toString().contains("command, mode off, scope, a: b"), audit::toString);
    }

    private static String[] with(String[] more, String... arguments) {
        return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void aHeldKeyIsReleasedAndAnotherIsDeleted() {
        CheckResponse held = calls.check("held", 1);
        CheckResponse done = calls.check("done", 1);
        calls.markCompleted(done);
        assertEquals(2, ask("release", "held"));
        assertTrue(err.contains("--yes") && err.contains("--dry-run"), err);
        assertEquals(0, ask("release", "held", "--dry-run"));
        assertTrue(calls.check("held", 1).isInProgress());
        assertEquals(0, ask("release", "held", "--yes", "--json"));
        assertEquals("{\"records\":1}", out.strip());
        assertEquals(Update.REFUSED, calls.markCompleted(held));
        assertEquals(0, ask("status", "held", "--json"));
        assertEquals("new", object(out).get("verdict"));
        assertTrue(String.valueOf(object(out).get("error")).startsWith("released by "), out);
        assertEquals(1, ask("release", "done", "--yes"));
        assertTrue(err.contains("is completed"), err);
        assertEquals(2, ask("delete", "done"));
        assertEquals(0, ask("delete", "done", "--yes", "--json"));
        assertEquals("{\"records\":1}", out.strip());
        assertTrue(calls.check("done", 2).isNew());
    }

    @Test
    void recordsAreListedCountedAndPurged() {
        calls.withScope("s1").check("a", 1);
        calls.withScope("s2").check("a", 1);
        calls.markFailed(calls.check("b", 1), "boom");
        assertEquals(0, ask("list", "--json"));
        assertEquals(3, out.lines().count());
        out.lines()
                .forEach(line -> assertEquals(
                        new TreeSet<>(MEMBERS), new TreeSet<>(object(line).keySet())));
        assertEquals(0, ask("list", "--status", "failed"));
        assertTrue(out.contains("boom") && out.lines().count() == 1, out);
        assertEquals(0, ask("list", "--limit", "2"));
        assertEquals(2, out.lines().count());
        assertEquals(1, ask("list", "--older-than", "1h"));
        assertEquals(2, ask("status", "a"), "two scopes have it");
        assertTrue(err.contains("s1") && err.contains("s2"), err);
        assertEquals(0, ask("count", "--json"));
        assertEquals(3, out.lines().count());
        Map<String, Object> first = object(out.lines().findFirst().orElseThrow());
        assertTrue(first.keySet().containsAll(List.of("scope", "status", "records", "bytes")), out);
        assertEquals(2, ask("purge"));
        assertEquals(0, ask("purge", "--dry-run", "--json"));
        assertEquals("{\"records\":3}", out.strip());
        assertEquals(0, ask("purge", "--yes", "--json"));
        assertEquals("{\"records\":3}", out.strip());
        assertEquals(1, ask("list"));
        assertEquals(
                2,
                run("", "purge", "--yes", "--redis-url", TestRedis.shared().url()),
                "the records of all are left alone");
    }

    @Test
    void theServerIsExamined() {
        assertTrue(ask("doctor", "--json") < 2, err);
        out.lines().forEach(line -> {
            Map<String, Object> finding = object(line);
            assertEquals(
                    List.of("check", "fix", "message", "result"), new ArrayList<>(new TreeSet<>(finding.keySet())));
            assertTrue(List.of("ok", "warn", "fail").contains(finding.get("result")), line);
        });
        assertTrue(out.lines().count() > 20, out);
        assertTrue(ask("doctor") < 2, err);
        assertTrue(out.contains("round trip") && out.contains(" fail, "), out);
    }

    @Test
    void aPayloadIsHashedAsTheScopeThatWasFoundSays() throws IOException {
        String volatileMember = "scope.emit.exclude=/at";
        calls.withScope("emit").check("k", Map.of("amount", 1));
        Path file = Files.writeString(folder.resolve("redelivered.json"), "{\"amount\": 1, \"at\": 17}");
        assertEquals(0, ask("status", "k", "--json", "--payload", file.toString()));
        assertEquals("conflict", object(out).get("verdict"));
        for (String[] scope : new String[][] {{}, {"--scope", "emit"}}) {
            List<String> all = new ArrayList<>(
                    List.of("status", "k", "--json", "--payload", file.toString(), "--set", volatileMember));
            all.addAll(List.of(scope));
            assertEquals(0, ask(all.toArray(new String[0])), err);
            assertEquals("in-progress", object(out).get("verdict"), out);
        }
    }

    @Test
    void anUnreachableStoreAndWrongUseHaveStatusesOfTheirOwn() {
        String url = "redis://someone:s3cret@127.0.0.1:1";
        for (String[] command : new String[][] {
            {"status", "k"},
            {"list"},
            {"count"},
            {"release", "k", "--yes"},
            {"delete", "k", "--yes"},
            {"doctor"},
            {"purge", "--tenant", "t", "--yes"},
            {"doctor", "--json"}
        }) {
            List<String> all = new ArrayList<>(List.of(command));
            all.addAll(List.of("--redis-url", url));
            assertEquals(3, run("", all.toArray(new String[0])), String.join(" ", command) + err);
            assertFalse((out + err).contains("s3cret"), out + err);
        }
        assertEquals(2, run("", "status", "k", "--redis-url", "http://s3cret@host"));
        assertFalse((out + err).contains("s3cret"), err);
        assertEquals(2, run("", "status", "k", url));
        assertEquals(2, run("", "status", "k", "--set", "hash-secret:s3cret"));
        assertFalse((out + err).contains("s3cret"), err);
        assertEquals(2, run("", "status", "k", "--set", "store=memory"));
        assertTrue(err.contains("memory"), err);
        assertEquals(2, run("", "status", "k", "--set", "no-such=1", "--redis-url", url));
        assertEquals(2, run("", "status", "k", "--scope", "s", "--shared", "--redis-url", url));
        assertEquals(2, run("", "status", "k", "--tenant", "", "--redis-url", url));
        assertEquals(2, run("", "status", "", "--redis-url", url));
        assertEquals(2, run("", "list", "--status", "lost", "--redis-url", url));
        assertEquals(2, run("", "list", "--older-than", "soon", "--redis-url", url));
        assertEquals(2, run("", "list", "--limit", "0", "--redis-url", url));
    }

    @Test
    void settingsComeFromAFileToo() throws IOException {
        Path file = Files.writeString(
                folder.resolve("worker.properties"),
                "redis-url=" + TestRedis.shared().url() + "\ntenant=" + tenant + "\nkey-prefix=other\n");
        calls.check("k", 1);
        assertEquals(1, run("", "status", "k", "--config-file", file.toString()));
        assertEquals(0, run("", "status", "k", "--config-file", file.toString(), "--key-prefix", "idem"));
    }
}
