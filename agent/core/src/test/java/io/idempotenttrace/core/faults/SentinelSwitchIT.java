package io.idempotenttrace.core.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.Claims;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.Verdict;
import io.idempotenttrace.testkit.Await;
import io.idempotenttrace.testkit.RedisConnection;
import io.idempotenttrace.testkit.RedisSentinel;
import io.idempotenttrace.testkit.TestRedis;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A primary that is cut off from Sentinels and replicas, and not from a worker, goes on answering that one. */
class SentinelSwitchIT {

    private static Claim claim(String key) {
        return Claims.forAMinute(new RecordId("tenant", "switch", key));
    }

    /** To the Sentinels and the replica it is gone; whoever is connected stays so. */
    private static void cutOff(TestRedis primary, RedisSentinel set) throws IOException {
        try (RedisConnection operator = primary.connect()) {
            operator.call("CONFIG", "SET", "requirepass", "cut-off");
            operator.call("AUTH", "cut-off");
            Await.until("another server is the primary", () -> {
                try {
                    String clients = (String) operator.call("CLIENT", "LIST");
                    for (String client : clients.split("\n")) {
                        if (client.contains("name=sentinel-") || client.contains("flags=S")) {
                            operator.call("CLIENT", "KILL", "ID", client.substring(3, client.indexOf(' ')));
                        }
                    }
                } catch (IOException gone) {
                    // It was asked to kill one that had just gone.
                }
                return set.sentinels().stream()
                        .allMatch(sentinel -> !((List<?>)
                                        sentinel.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", RedisSentinel.MASTER))
                                .get(1)
                                .equals(Integer.toString(primary.port())));
            });
        }
    }

    @Test
    void aWorkerLeavesAPrimaryThatTheSentinelsHaveReplaced() throws IOException {
        List<String> warnings = new CopyOnWriteArrayList<>();
        try (RedisSentinel set = RedisSentinel.start(1)) {
            Configuration settings =
                    Configuration.defaults().with(Setting.REDIS_URL, set.url()).with(Setting.COMMAND_TIMEOUT, "20s");
            try (IdempotencyStore stayed = IdempotencyStores.open(settings, warnings::add)) {
                assertEquals(Verdict.NEW, stayed.check(claim("before")).verdict());
                Await.until("the warning", () -> String.join(" ", warnings).contains("min-replicas-to-write"));
                TestRedis former = set.primary();
                cutOff(former, set);
                try (IdempotencyStore begun = IdempotencyStores.open(settings)) {
                    int[] round = {0};
                    Await.until("both ask the same server", () -> {
                        String key = "k" + round[0]++;
                        return begun.check(claim(key)).verdict() == Verdict.NEW
                                && stayed.check(claim(key)).verdict() == Verdict.IN_PROGRESS;
                    });
                }
            }
        }
    }
}
