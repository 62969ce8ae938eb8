package io.idempotenttrace.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.testkit.Await;
import io.idempotenttrace.testkit.RedisBinary;
import io.idempotenttrace.testkit.RedisCluster;
import io.idempotenttrace.testkit.RedisDeployment;
import io.idempotenttrace.testkit.RedisSentinel;
import io.idempotenttrace.testkit.TestRedis;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Each feature that agent/docs/redis.md names a right for is used by a user who has the rights that it lists, and no other: the server has refused
 * nothing, by its own log. Without any one of them, it has.
 */
class FeatureRightsIT {

    private static final ReadmeRights[] ALONE = {
        ReadmeRights.ALWAYS,
        ReadmeRights.TO_BE_WOKEN,
        ReadmeRights.FOR_THE_CACHE,
        ReadmeRights.FOR_THE_WARNING,
        ReadmeRights.FOR_REPLICAS,
        ReadmeRights.FOR_A_DATABASE
    };

    /** The servers that may refuse something, and what the features need besides. */
    private record Place(RedisDeployment redis, List<TestRedis> servers, boolean cluster, String database) {

        /** What the servers have refused, such as {@code hset}; a name once. */
        List<String> refused() {
            List<String> refused = new ArrayList<>();
            for (TestRedis server : servers) {
                for (Object entry : (List<?>) server.call("ACL", "LOG")) {
                    List<?> fields = (List<?>) entry;
                    String object = (String) fields.get(fields.indexOf("object") + 1);
                    if (!refused.contains(object)) {
                        refused.add(object);
                    }
                }
            }
            return refused;
        }

        long calls(String command) {
            return servers.stream().mapToLong(server -> server.calls(command)).sum();
        }

        /** Waits until that command was run, or something was refused. */
        void await(String command) {
            Await.until(
                    command + " was run", () -> calls(command) > 0 || !refused().isEmpty());
        }

        void grant(List<String> rights) {
            ReadmeRights.grant(servers, rights);
            for (TestRedis server : servers) {
                server.call("ACL", "LOG", "RESET");
                server.call("CONFIG", "RESETSTAT");
            }
        }

        String url() {
            return ReadmeRights.url(redis.url()) + database;
        }
    }

    private final List<String> warnings = new CopyOnWriteArrayList<>();

    private IdempotencyStore open(Place place, String protocol, String replicas) {
        return IdempotencyStores.open(
                Configuration.defaults()
                        .with(Setting.REDIS_URL, place.url())
                        .with(Setting.REDIS_PROTOCOL, protocol)
                        .with(Setting.WAIT_REPLICAS, replicas)
                        .with(Setting.WAIT_REPLICAS_TIMEOUT, "30s")
                        .with(Setting.COMMAND_TIMEOUT, "30s")
                        .with(Setting.CONNECT_TIMEOUT, "30s"),
                warnings::add);
    }

    private static Claim claim(String tenant, String scope, String key) {
        return Claims.of(
                new RecordId(tenant, scope, key),
                "a".repeat(64),
                "python",
                "",
                UUID.randomUUID().toString().replace("-", ""),
                60_000,
                60_000,
                60_000,
                "");
    }

    /** A step that may lack a right. */
    private static void step(Supplier<?> step) {
        try {
            step.get();
        } catch (IdempotencyStoreException refused) {
            // The server's log tells.
        }
    }

    private void useEverything(Place place) {
        String tenant = "rights-" + UUID.randomUUID();
        try (IdempotencyStore store = open(place, "auto", "0");
                IdempotencyStore other = open(place, "auto", "0");
                IdempotencyStore resp2 = open(place, "resp2", "0");
                IdempotencyStore replicated = open(place, "auto", "1")) {
            useRecords(tenant, store);
            step(() -> Objects.requireNonNull(store.fleet()).modes());
            step(() -> Objects.requireNonNull(store.fleet()).isWatched());
            step(() -> {
                Objects.requireNonNull(store.fleet()).tell("{}");
                return "told";
            });
            step(() -> resp2.check(claim(tenant, "resp2", "k")));
            beWoken(place, tenant, store, other);
            useCache(place, tenant, store);
            step(() -> replicated.check(claim(tenant, "replicated", "k")));
            place.await("config|get");
        }
    }

    private static void useRecords(String tenant, IdempotencyStore store) {
        for (String scope : new String[] {"scope", null}) {
            Claim claim = claim(tenant, scope, "k" + scope);
            step(() -> store.check(claim));
            step(() -> store.renew(claim));
            step(() -> store.markFailed(claim, "failed"));
            step(() -> store.check(claim));
            step(() -> store.markCompleted(claim, new Completion("t", "\"" + "x".repeat(500) + "\"", "r".repeat(64))));
            step(() -> store.check(claim(tenant, scope, "k" + scope)));
            step(() -> store.markCompleted(claim, new Completion("t", "\"y\"", "")));
            step(() -> store.status(claim.id()));
            step(() -> store.delete(claim.id()));
            step(() -> store.markCompleted(claim, new Completion("t", "\"z\"", "")));
            Claim given = claim(tenant, scope, "given" + scope);
            step(() -> store.check(given));
            step(() -> store.giveBack(given));
        }
    }

    private static void beWoken(Place place, String tenant, IdempotencyStore store, IdempotencyStore other) {
        Claim held = claim(tenant, "scope", "held");
        step(() -> store.check(held));
        String prefix = place.cluster() ? "s" : "";
        try (RecordWatch watch = other.watch(held.id())) {
            place.await(prefix + "subscribe");
            watch.ready().join();
            CompletableFuture<Void> changed = watch.arm();
            step(() -> other.check(claim(tenant, "scope", "held")));
            step(() -> store.markCompleted(held, new Completion("t", null, "")));
            Await.until(
                    "it is woken", () -> changed.isDone() || !place.refused().isEmpty());
        }
        place.await(prefix + "unsubscribe");
    }

    private static void useCache(Place place, String tenant, IdempotencyStore store) {
        if (place.cluster()) {
            return;
        }
        Claim claim = claim(tenant, "scope", "often");
        step(() -> store.check(claim));
        step(() -> store.markCompleted(claim, new Completion("t", null, "")));
        Await.until("duplicates are remembered", () -> {
            step(() -> store.check(claim(tenant, "scope", "often")));
            return place.calls("client|tracking") > 0 || !place.refused().isEmpty();
        });
    }

    private static List<String> rights(ReadmeRights... lists) {
        return Arrays.stream(lists)
                .flatMap(list -> list.read().stream())
                .distinct()
                .toList();
    }

    private static TestRedis replicaOf(TestRedis primary) {
        TestRedis replica = TestRedis.start("--replicaof", "127.0.0.1", Integer.toString(primary.port()));
        Await.until(
                "the replica follows",
                () -> replica.info("replication", "master_link_status").equals("up"));
        return replica;
    }

    @Test
    void theListedRightsAreEnough() {
        try (TestRedis redis = TestRedis.start("--repl-diskless-sync-delay", "0");
                TestRedis replica = replicaOf(redis)) {
            Place place = new Place(redis, List.of(redis), /* cluster= */ false, "/1");
            place.grant(rights(ALONE));
            useEverything(place);
            assertEquals(List.of(), place.refused(), replica.url());
        }
    }

    /** On the servers of TEST_SERVERS that have it. */
    @Test
    void theListedRightsAreEnoughForDisks() {
        for (RedisBinary binary : RedisBinary.others()) {
            try (TestRedis redis = TestRedis.start(binary, "--appendonly", "yes")) {
                if (((List<?>) redis.call("COMMAND", "INFO", "waitaof")).get(0) == null) {
                    continue;
                }
                Place place = new Place(redis, List.of(redis), /* cluster= */ false, "");
                place.grant(rights(ReadmeRights.ALWAYS, ReadmeRights.FOR_THE_WARNING, ReadmeRights.FOR_DISKS));
                try (IdempotencyStore store = IdempotencyStores.open(
                        Configuration.defaults()
                                .with(Setting.REDIS_URL, place.url())
                                .with(Setting.WAIT_DISK, "true")
                                .with(Setting.WAIT_DISK_TIMEOUT, "60s")
                                .with(Setting.COMMAND_TIMEOUT, "30s"),
                        warnings::add)) {
                    Claim claim = claim("disks", "scope", "k");
                    assertEquals(Verdict.NEW, store.check(claim).verdict());
                    assertEquals(Update.APPLIED, store.markCompleted(claim, new Completion("t", null, "")));
                }
                assertEquals(List.of(), place.refused());
            }
        }
    }

    @Test
    @Tag("matrix")
    void theListedRightsAreEnoughInACluster() {
        try (RedisCluster cluster = RedisCluster.start(RedisCluster.NOBODY_DIES)) {
            Place place = new Place(cluster, cluster.nodes(), /* cluster= */ true, "");
            place.grant(rights(
                    ReadmeRights.ALWAYS,
                    ReadmeRights.IN_A_CLUSTER,
                    ReadmeRights.TO_BE_WOKEN_IN_A_CLUSTER,
                    ReadmeRights.FOR_THE_WARNING,
                    ReadmeRights.FOR_REPLICAS));
            useEverything(place);
            assertEquals(List.of(), place.refused());
        }
    }

    @Test
    @Tag("matrix")
    void theListedRightsAreEnoughBehindSentinels() {
        try (RedisSentinel sentinels = RedisSentinel.start(1).inWhichNobodyDies()) {
            Place place = new Place(sentinels, sentinels.servers(), /* cluster= */ false, "");
            place.grant(rights(ALONE));
            useEverything(place);
            assertEquals(List.of(), place.refused());
        }
    }
}
