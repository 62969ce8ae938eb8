package io.idempotenttrace.dist.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.dist.AgentRun;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.TestRedis;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker is stopped in its body beyond its lease, as by a pause of its collector or its machine, and goes on later. */
class PausedWorkerIT {

    @TempDir
    private Path folder;

    /** What the paused worker ended with, after its successor had ended; the record is the successor's by then. */
    private ForkedJvm.Result pauseBeyondTheLease(FaultRun run, String[] successorsTraceId) {
        try (ForkedJvm paused = run.start("paused", "keys=k", run.hold())) {
            FaultRun.awaitBody(paused, "k");
            paused.pause();
            try (ForkedJvm successor = run.start("successor", "keys=k")) {
                assertEquals(0, successor.await().exitCode());
            }
            successorsTraceId[0] = run.field("k", "trace_id");
            assertEquals("completed", run.field("k", "status"));
            paused.resume();
            run.release();
            return paused.await();
        }
    }

    // [P14]
    @Test
    void itCantCompleteOverItsSuccessorAndSaysSo() {
        FaultRun run = new FaultRun(TestRedis.shared(), AgentRun.AGENT, folder, "lease=1s,in-progress-wait=60s");
        String[] successors = new String[1];
        ForkedJvm.Result paused = pauseBeyondTheLease(run, successors);
        System.out.println("paused beyond its lease: " + run.count());
        assertEquals(successors[0], run.field("k", "trace_id"), paused::toString);
        assertTrue(
                paused.err().stream().anyMatch(line -> line.contains("ran twice") && line.contains("refused")),
                paused::toString);
        assertEquals(
                0,
                run.count().lost() + run.count().stuck() + run.count().badConflict(),
                () -> run.count().toString());
        // Its body went on after the pause, which nobody but a sink that asks for fences can stop.
        assertEquals(1, run.count().dup(), () -> run.count().toString());
    }

    @Test
    void withoutOwnersItWouldOverwriteItsSuccessor() {
        Path mutant = MutantAgent.of(
                AgentRun.AGENT, folder, "complete.lua", script -> script.replace("r_owner ~= owner", "false"));
        FaultRun run = new FaultRun(TestRedis.shared(), mutant, folder, "lease=1s,in-progress-wait=60s");
        String[] successors = new String[1];
        ForkedJvm.Result paused = pauseBeyondTheLease(run, successors);
        assertNotEquals(successors[0], run.field("k", "trace_id"), paused::toString);
    }
}
