package io.idempotenttrace.core.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.Claims;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.Update;
import io.idempotenttrace.core.store.Verdict;
import io.idempotenttrace.testkit.ClockShift;
import io.idempotenttrace.testkit.TestRedis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clock of Redis, by which leases run, is set while claims are held. */
class RedisClockIT {

    private static final long LEASE = 60_000;

    @TempDir
    private Path folder;

    private static Claim claim(String key, int owner) {
        return Claims.of(
                Worker.id(key),
                "a".repeat(64),
                "python",
                "",
                String.format("%032x", owner),
                86_400_000,
                300_000,
                LEASE,
                "");
    }

    private static long seconds(TestRedis redis) {
        return Long.parseLong(((List<?>) redis.call("TIME")).get(0).toString());
    }

    // [P12, P24, P32]
    @Test
    void aClockThatJumpsEndsLeasesEarlyOrLeavesThemAtTheirLengthAndNeverForEver() {
        ClockShift clock = ClockShift.in(folder);
        Assumptions.assumeTrue(clock != null, "skipped: clocks can't be set here");
        try (TestRedis redis = TestRedis.start(clock);
                IdempotencyStore store = IdempotencyStores.open(Configuration.defaults()
                        .with(Setting.REDIS_URL, redis.url())
                        .with(Setting.COMMAND_TIMEOUT, "30s"))) {
            clock.set(Duration.ofDays(1));
            boolean moved = seconds(redis) > System.currentTimeMillis() / 1000 + 3600;
            clock.set(Duration.ZERO);
            Assumptions.assumeTrue(moved, "skipped: this Redis is linked statically, so that its clock can't be set");
            long first = store.check(claim("back", 1)).fence();
            clock.set(Duration.ofHours(-1));
            // Its lease lies an hour ahead now: it is cut to its length, not waited for.
            ClaimResult held = store.check(claim("back", 2));
            assertEquals(Verdict.IN_PROGRESS, held.verdict());
            assertTrue(held.leaseRemainingMillis() <= LEASE, "left " + held.leaseRemainingMillis());
            assertEquals(Update.APPLIED, store.renew(claim("back", 1)));
            assertTrue(store.check(claim("back", 2)).leaseRemainingMillis() <= LEASE);
            clock.set(Duration.ofHours(-1).plusMillis(LEASE).plusSeconds(1));
            ClaimResult takenOver = store.check(claim("back", 2));
            assertEquals(Verdict.NEW, takenOver.verdict());
            assertTrue(takenOver.fence() > first, "the fence grows though the clock went back");
            assertEquals(Update.REFUSED, store.markCompleted(claim("back", 1), Completion.EMPTY));

            clock.set(Duration.ZERO);
            store.check(claim("ahead", 1));
            clock.set(Duration.ofHours(1));
            // The lease is over by the only clock that counts: the key is free, and its former owner is refused.
            assertEquals(Verdict.NEW, store.check(claim("ahead", 2)).verdict());
            assertEquals(Update.REFUSED, store.markCompleted(claim("ahead", 1), Completion.EMPTY));
            assertEquals(Update.APPLIED, store.markCompleted(claim("ahead", 2), Completion.EMPTY));
            assertEquals(Verdict.DUPLICATE, store.check(claim("ahead", 3)).verdict());

            store.check(claim("gone", 1));
            clock.set(Duration.ofHours(26));
            // Beyond its TTL the record is gone; the completion writes it whole.
            assertEquals(Update.GONE, store.markCompleted(claim("gone", 1), Completion.EMPTY));
            assertEquals(Verdict.DUPLICATE, store.check(claim("gone", 2)).verdict());
        }
    }
}
