package io.idempotenttrace.dist.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.dist.AgentRun;
import io.idempotenttrace.testkit.Await;
import io.idempotenttrace.testkit.ClockShift;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.TestRedis;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clock of a worker's machine jumps by a day, forth and back, while it holds a key: leases run by the clock of Redis. */
class ClientClockIT {

    @TempDir
    private Path folder;

    // [P25]
    @Test
    @Tag("matrix")
    void aJumpNeitherEndsALeaseNorItsRenewalNorAWait() {
        ClockShift clock = ClockShift.in(folder);
        Assumptions.assumeTrue(clock != null, "skipped: clocks can't be set here");
        FaultRun run = new FaultRun(TestRedis.shared(), AgentRun.AGENT, folder, "lease=6s,in-progress-wait=120s");
        try (ForkedJvm owner =
                run.builder("owner", "keys=k", run.hold()).clock(clock).start()) {
            long before = FaultRun.awaitBody(owner, "k");
            try (ForkedJvm waiter = run.builder("waiter", "keys=k,late", "patience=0", run.hold())
                    .clock(clock)
                    .start()) {
                run.awaitWaiter("k");
                for (Duration jump : new Duration[] {Duration.ofDays(1), Duration.ofDays(-1), Duration.ZERO}) {
                    clock.set(jump);
                    for (int renewals = 0; renewals < 2; renewals++) {
                        String claim = run.field("k", "claim");
                        Await.until(
                                "the lease is renewed after a jump by " + jump,
                                () -> !claim.equals(run.field("k", "claim")));
                    }
                }
                clock.set(Duration.ofDays(1));
                run.release();
                assertEquals("done", owner.await().lastOut());
                ForkedJvm.Result waited = waiter.await();
                assertEquals("done", waited.lastOut());
                // It really was another day there.
                assertTrue(
                        FaultRun.awaitBody(waiter, "late") - before
                                > Duration.ofHours(23).toMillis(),
                        waited::toString);
            }
        }
        assertEquals(
                "keys=2 LOST=0 DUP=0 DUPID=0 STUCK=0 BADCONFLICT=0", run.count().toString());
    }
}
