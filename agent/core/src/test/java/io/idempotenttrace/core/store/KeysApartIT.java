package io.idempotenttrace.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.testkit.Await;
import io.idempotenttrace.testkit.TestRedis;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What looks like one server and is a Cluster, as some proxies and hosted ones do: no script may touch keys of two slots. */
class KeysApartIT {

    private static final int SLOTS = 16_384;

    // [P40]
    @Test
    void completionsThatTheServerRefusesTogetherAreMadeAlone() throws Exception {
        // It can't be asked what it is: else it would be spoken to as a Cluster.
        try (TestRedis redis = TestRedis.start(
                "--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf", "--rename-command", "HELLO", "")) {
            redis.call("CLUSTER", "ADDSLOTSRANGE", "0", Integer.toString(SLOTS - 1));
            Await.until(
                    "the Cluster of one is whole",
                    () -> ((String) redis.call("CLUSTER", "INFO")).contains("cluster_state:ok"));
            Configuration configuration = Configuration.defaults()
                    .with(Setting.REDIS_URL, redis.url())
                    .with(Setting.COMMAND_TIMEOUT, "30s")
                    .with(Setting.CONNECT_TIMEOUT, "30s");
            try (IdempotencyStore store = IdempotencyStores.open(configuration)) {
                for (int time = 1; time <= 2; time++) {
                    completeTogether(store, "time-" + time);
                }
            }
            // The second time, it was known.
            assertEquals(1, refusedScripts(redis));
        }
    }

    private static void completeTogether(IdempotencyStore store, String prefix) throws Exception {
        List<HeardCompletion> all = IntStream.range(0, 10)
                .mapToObj(i -> new HeardCompletion(
                        Claims.of(
                                new RecordId("t", null, prefix + i),
                                "a".repeat(64),
                                "python",
                                "",
                                "owner-" + i,
                                86_400_000,
                                300_000,
                                30_000,
                                ""),
                        Completion.EMPTY))
                .toList();
        all.forEach(each -> assertEquals(Verdict.NEW, store.check(each.claim()).verdict()));
        store.markCompletedTogether(all);
        for (HeardCompletion each : all) {
            assertEquals(Update.APPLIED, each.end().get(30, TimeUnit.SECONDS));
            assertEquals(
                    RecordStatus.COMPLETED,
                    store.status(each.claim().id()).orElseThrow().status());
        }
    }

    private static long refusedScripts(TestRedis redis) {
        return ((String) redis.call("INFO", "errorstats"))
                .lines()
                .filter(line -> line.startsWith("errorstat_CROSSSLOT:count="))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf('=') + 1)))
                .sum();
    }
}
