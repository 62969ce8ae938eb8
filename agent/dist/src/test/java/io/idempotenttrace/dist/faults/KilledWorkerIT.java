package io.idempotenttrace.dist.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.dist.AgentRun;
import io.idempotenttrace.testkit.Await;
import io.idempotenttrace.testkit.FaultCount;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.TestRedis;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A worker is killed, by kill -9, in its body; another one has the same messages. */
class KilledWorkerIT {

    /** Renewed after two seconds or three, so that a machine that pauses for as long does not end it. */
    private static final String SETTINGS = "lease=6s,in-progress-wait=60s";

    private static final long STUCK_AFTER_LEASE_MILLIS = 20_000;

    @TempDir
    private Path folder;

    /** When the successor's body began, in relation to the end of the killed worker's lease. */
    private long killInTheBody(FaultRun run, String lineAt) {
        try (ForkedJvm killed = run.start("killed", "keys=k", "line=" + lineAt, run.hold())) {
            FaultRun.awaitBody(killed, "k");
            String first = run.field("k", "claim");
            Await.until("the lease is renewed while the body runs", () -> !first.equals(run.field("k", "claim")));
            try (ForkedJvm successor = run.start("successor", "keys=k", "line=" + lineAt, run.hold())) {
                run.awaitWaiter("k");
                killed.kill();
                killed.await();
                long leaseEnd = run.leaseEnd("k");
                long begun = FaultRun.awaitBody(successor, "k");
                run.release();
                assertEquals(0, successor.await().exitCode());
                return begun - leaseEnd;
            }
        }
    }

    // [P1, P5, P6, P32]
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void itsKeyIsTakenOverAfterTheLeaseAndNeverBefore() {
        FaultRun before = new FaultRun(TestRedis.shared(), AgentRun.AGENT, folder, SETTINGS);
        long late = killInTheBody(before, "end");
        System.out.println("killed before its line was written: " + before.count() + "; taken over " + late
                + " ms after the lease");
        assertEquals(
                "keys=1 LOST=0 DUP=0 DUPID=0 STUCK=0 BADCONFLICT=0",
                before.count().toString());
        assertTrue(
                late >= 0 && late < STUCK_AFTER_LEASE_MILLIS, "taken over " + late + " ms after the end of the lease");
    }

    /** Between its effect and its completion: nobody but the sink could tell that it ran. */
    // [P1, P5, P6, P32]
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void whatItHadDoneIsDoneAgainAfterTheLease() {
        FaultRun after = new FaultRun(TestRedis.shared(), AgentRun.AGENT, folder, SETTINGS);
        long late = killInTheBody(after, "begin");
        System.out.println(
                "killed after its line was written: " + after.count() + "; taken over " + late + " ms after the lease");
        assertEquals(
                "keys=1 LOST=0 DUP=1 DUPID=0 STUCK=0 BADCONFLICT=0",
                after.count().toString());
        assertTrue(
                late >= 0 && late < STUCK_AFTER_LEASE_MILLIS, "taken over " + late + " ms after the end of the lease");
    }

    @Test
    @Tag("matrix")
    void withoutALeaseItsKeyWouldBeHeldForEver() {
        Path mutant = MutantAgent.of(AgentRun.AGENT, folder, "claim.lua", script -> "ARGV[6] = '3600000'\n" + script);
        FaultRun run = new FaultRun(TestRedis.shared(), mutant, folder, "lease=1h,in-progress-wait=1s");
        try (ForkedJvm killed = run.start("killed", "keys=k", run.hold())) {
            FaultRun.awaitBody(killed, "k");
            killed.kill();
            killed.await();
            try (ForkedJvm successor = run.start("successor", "keys=k", "patience=2000")) {
                successor.await();
            }
        }
        FaultCount count = run.count();
        assertEquals(1, count.stuck(), count::toString);
    }

    @Test
    @Tag("matrix")
    void withALeaseThatIsNotHeldItsKeyWouldBeTakenOverFromARunningBody() {
        Path mutant = MutantAgent.of(AgentRun.AGENT, folder, "claim.lua", script -> "ARGV[6] = '1'\n" + script);
        FaultRun run = new FaultRun(TestRedis.shared(), mutant, folder, SETTINGS.replace("lease=6s", "lease=1h"));
        try (ForkedJvm owner = run.start("owner", "keys=k", run.hold())) {
            FaultRun.awaitBody(owner, "k");
            try (ForkedJvm other = run.start("other", "keys=k", run.hold())) {
                FaultRun.awaitBody(other, "k");
                run.release();
                other.await();
            }
            owner.await();
        }
        assertEquals(1, run.count().dup(), () -> run.count().toString());
    }
}
