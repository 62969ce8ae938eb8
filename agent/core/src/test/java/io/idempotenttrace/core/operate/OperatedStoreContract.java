package io.idempotenttrace.core.operate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.core.open.OperatedStores;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.Claims;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.FleetBoard;
import io.idempotenttrace.core.store.FleetMode;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordStatus;
import io.idempotenttrace.core.store.RecordWatch;
import io.idempotenttrace.core.store.Release;
import io.idempotenttrace.core.store.Update;
import io.idempotenttrace.core.store.Verdict;
import io.idempotenttrace.testkit.Await;
import io.idempotenttrace.testkit.RedisDeployment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators see of the records of workers, and do to them. */
abstract class OperatedStoreContract {

    private static final String SHARED = "shared";

    /** Of this test alone: the server may have the records of others. */
    private final String tenant = "t:%*? " + UUID.randomUUID();

    private IdempotencyStore workers;
    private OperatedStore store;

    abstract RedisDeployment redis();

    @BeforeEach
    void open() {
        Configuration configuration = Configuration.defaults()
                .with(Setting.REDIS_URL, redis().url())
                .with(Setting.CONNECT_TIMEOUT, "30s")
                .with(Setting.COMMAND_TIMEOUT, "30s");
        workers = IdempotencyStores.open(configuration);
        store = OperatedStores.connect(configuration);
    }

    @AfterEach
    void close() {
        workers.close();
        store.close();
    }

    private RecordId id(String scope, String key) {
        return new RecordId(tenant, scope.equals(SHARED) ? null : scope, key);
    }

    private Claim held(RecordId id) {
        Claim claim = Claims.forAMinute(id);
        assertEquals(Verdict.NEW, workers.check(claim).verdict());
        return claim;
    }

    private RecordLook look(RecordId id) {
        return store.find(id).orElseThrow();
    }

    private RecordFilter all() {
        return RecordFilter.of(tenant, null, false);
    }

    @ParameterizedTest
    @ValueSource(strings = {SHARED, "s:%cope"})
    void aReleasedKeyIsClaimableAndItsFormerOwnerIsFencedOff(String scope) {
        RecordId id = id(scope, "k:ey% \u00fc}{");
        Claim former = held(id);
        RecordLook seen = look(id);
        assertEquals(Verdict.IN_PROGRESS, seen.verdict());
        assertTrue(seen.leaseMillisLeft() > 0 && seen.leaseMillisLeft() <= 60_000, "left: " + seen.leaseMillisLeft());
        assertEquals(Release.APPLIED, store.release(seen, "me@here", "a-token"));
        assertEquals(Release.APPLIED, store.release(seen, "me@here", "a-token"), "the reply may have been lost");

        RecordLook released = look(id);
        assertEquals(Verdict.NEW, released.verdict());
        assertEquals("released by me@here", released.error());
        assertNull(released.leaseMillisLeft());
        assertEquals(Update.REFUSED, workers.renew(former));
        assertEquals(Update.REFUSED, workers.markCompleted(former, Completion.EMPTY));
        assertEquals(Update.REFUSED, workers.markFailed(former, "late"));
        assertEquals(Release.FREE, store.release(seen, "me@here"));

        Claim next = Claims.forAMinute(id);
        ClaimResult answer = workers.check(next);
        assertEquals(Verdict.NEW, answer.verdict());
        assertEquals(2, answer.attempt());
        assertEquals(Release.REFUSED, store.release(seen, "me@here"), "whom was meant no longer holds it");
        assertEquals(Update.REFUSED, workers.markCompleted(former, Completion.EMPTY));
        assertEquals(Update.APPLIED, workers.markCompleted(next, new Completion("trace", "[1]", "")));
        assertEquals(Release.COMPLETED, store.release(look(id), "me@here"));
        assertEquals(3, look(id).resultBytes());
        assertEquals(2, look(id).attempt());
    }

    @Test
    void aModeThatTheFleetIsAskedForReachesItsProcesses() {
        String scope = "s:%cope " + tenant;
        FleetBoard board = Objects.requireNonNull(workers.fleet());
        Await.until("the worker is connected", () -> board.modes() != null);
        assertFalse(board.modes().containsKey(scope));
        FleetMode wanted = new FleetMode("observe", "2026-11-29T20:00:00Z", "ann of\u00fc two words@desk");
        store.switchMode(scope, wanted);
        assertEquals(wanted, board.modes().get(scope));
        assertEquals(wanted, store.modes().get(scope));
        store.switchMode(scope, null);
        assertFalse(board.modes().containsKey(scope));
    }

    @Test
    void whatAProcessTellsReachesThoseWhoWatch() {
        FleetBoard board = Objects.requireNonNull(workers.fleet());
        Await.until("the worker is connected", () -> board.modes() != null);
        store.watch("me@here");
        assertTrue(board.isWatched());
        board.tell("{\"number\":1}");
        board.tell("{\"number\":2}");
        assertTrue(board.process().endsWith("/" + ProcessHandle.current().pid()), board::process);
        assertEquals("{\"number\":2}", store.watch("me@here").get(board.process()));
        store.forgetFigures(board.process());
        assertFalse(store.watch("me@here").containsKey(board.process()));
    }

    @ParameterizedTest
    @ValueSource(strings = {SHARED, "scope"})
    void aWaitingCallIsWokenByARelease(String scope) throws Exception {
        RecordId id = id(scope, "k");
        held(id);
        try (RecordWatch watch = workers.watch(id)) {
            watch.ready().get(60, TimeUnit.SECONDS);
            CompletableFuture<Void> change = watch.arm();
            assertEquals(
                    Verdict.IN_PROGRESS, workers.check(Claims.forAMinute(id)).verdict());
            assertEquals(Release.APPLIED, store.release(look(id), "me@here"));
            change.get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void aWorkerWithFiveFieldsIsReleasedToo() {
        RecordId id = id(SHARED, "five");
        redis().primaryOf(id.redisKey())
                .call(
                        "HSET",
                        id.redisKey(),
                        "hash",
                        "a".repeat(64),
                        "tenant_id",
                        tenant,
                        "trace_id",
                        "",
                        "created_at",
                        Long.toString(System.currentTimeMillis() / 1000),
                        "status",
                        "pending");
        assertEquals(Verdict.IN_PROGRESS, look(id).verdict());
        assertNull(look(id).attempt());
        assertEquals(Release.APPLIED, store.release(look(id), "me@here"));
        assertEquals(Verdict.NEW, workers.check(Claims.forAMinute(id)).verdict());
    }

    private void someRecords() {
        workers.markCompleted(held(id("s1", "done")), new Completion("trace", "{}", ""));
        held(id("s1", "held"));
        workers.markFailed(held(id("s2", "failed")), "boom");
        workers.markFailed(held(id(SHARED, "note")), "boom");
        workers.markFailed(held(id(SHARED, "note}")), "boom");
        held(id(SHARED, "held: \ud800 %"));
    }

    private TreeSet<String> listed(RecordFilter filter) {
        TreeSet<String> keys = new TreeSet<>();
        store.list(filter, look -> keys.add(look.id().key()), seen -> {});
        return keys;
    }

    @Test
    void recordsAreListedByWhatIsAskedFor() {
        someRecords();
        assertEquals(6, listed(all()).size());
        assertEquals(new TreeSet<>(List.of("done", "held")), listed(RecordFilter.of(tenant, "s1", false)));
        assertEquals(
                new TreeSet<>(List.of("note", "note}", "held: \ud800 %")), listed(RecordFilter.of(tenant, null, true)));
        assertEquals(
                new TreeSet<>(List.of("failed", "note", "note}")),
                listed(new RecordFilter(tenant, null, false, RecordStatus.FAILED, 0, null)));
        assertEquals(List.of(), new ArrayList<>(listed(new RecordFilter(tenant, null, false, null, 3_600_000, null))));
        String host = look(id("s1", "held")).holder().split("/")[0];
        String pid = "/" + ProcessHandle.current().pid();
        assertTrue(listed(new RecordFilter(tenant, null, false, RecordStatus.PENDING, 0, host + pid))
                .contains("held"));
        assertEquals(
                List.of(), new ArrayList<>(listed(new RecordFilter(tenant, null, false, null, 0, host + pid + "0"))));
        assertEquals(
                List.of(id("s2", "failed")),
                store.withKey("failed", seen -> {}).stream()
                        .filter(id -> id.tenant().equals(tenant))
                        .toList());
    }

    @Test
    void recordsAreCountedAndEstimated() {
        someRecords();
        RecordCounts counts = store.count(all(), OperatedStore.COUNTED_EXACTLY, seen -> {});
        assertEquals(6, counts.records());
        assertEquals(2, counts.pending());
        assertFalse(counts.isEstimate());
        assertEquals(
                List.of("null FAILED 2", "null PENDING 1", "s1 COMPLETED 1", "s1 PENDING 1", "s2 FAILED 1"),
                counts.lines().stream()
                        .map(line -> line.scope() + " " + line.status() + " " + line.records())
                        .sorted()
                        .toList());
        assertTrue(
                counts.lines().stream().allMatch(line -> line.bytes() > 100),
                counts.lines().toString());
        for (int i = 0; i < 300; i++) {
            held(id("many", "k" + i));
        }
        RecordCounts about = store.count(RecordFilter.of(tenant, "many", false), 1, seen -> {});
        assertTrue(about.isEstimate());
        assertEquals(300, about.records(), "names are counted one by one");
    }

    @Test
    void aTenantIsErasedAndNobodyElse() {
        someRecords();
        RecordId other = new RecordId(tenant + ":other", "s1", "held");
        held(other);
        assertEquals(2, store.purge(RecordFilter.of(tenant, "s1", false), seen -> {}));
        assertEquals(0, store.purge(new RecordFilter(tenant, null, false, null, 3_600_000, null), seen -> {}));
        assertEquals(4, store.purge(all(), seen -> {}));
        assertEquals(0, store.count(all(), 1000, seen -> {}).records());
        assertTrue(store.find(other).isPresent());
    }

    @Test
    void toLookChangesNothing() {
        someRecords();
        List<String> before = dumps();
        store.find(id(SHARED, "note"));
        listed(all());
        store.count(all(), 1000, seen -> {});
        assertEquals(before, dumps());
    }

    private List<String> dumps() {
        List<String> dumps = new ArrayList<>();
        for (RecordId id :
                List.of(id("s1", "done"), id("s1", "held"), id("s2", "failed"), id(SHARED, "held: \ud800 %"))) {
            dumps.add(String.valueOf(redis().primaryOf(id.redisKey()).call("HGETALL", id.redisKey())));
        }
        return dumps;
    }

    @Test
    void whatIsChangedIsInTheAuditLog() {
        AuditLog log = store.audit("me@here");
        assertNull(log.add("delete", tenant, "s1", "k", 1L));
        Object entries = redis().primaryOf(log.name()).call("XREVRANGE", log.name(), "+", "-", "COUNT", "1");
        String last = String.valueOf(entries);
        assertTrue(
                last.contains("[who, me@here, command, delete, tenant, " + tenant + ", scope, s1, key, k, records, 1]"),
                last);
    }
}
