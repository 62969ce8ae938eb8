package io.idempotenttrace.dist.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.dist.AgentRun;
import io.idempotenttrace.testkit.FaultCount;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.TestRedis;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 200 threads in four JVMs; each key is called 20 times. The profile matrix calls 10,000 keys. */
class FleetIT {

    private static final int JVMS = 4;
    private static final int THREADS = 50;
    private static final int KEYS = 200;
    private static final int KEYS_IN_MATRIX = 10_000;
    private static final int CALLS_PER_KEY = 20;
    /** Claim or wake-up for each call that is not answered inside its process, one completion for each key. */
    private static final double MOST_COMMANDS_PER_CALL = 1.5;

    @TempDir
    private Path folder;

    // [P2, P3, P11, P30]
    @Test
    void everyBodyRunsOnceEveryOtherCallGetsItsResultAndNobodyPolls() {
        callEachKey(KEYS);
    }

    @Test
    @Tag("matrix")
    void ofManyKeysEveryBodyRunsOnceAndNobodyPolls() {
        callEachKey(KEYS_IN_MATRIX);
    }

    private void callEachKey(int keys) {
        try (TestRedis redis = TestRedis.start()) {
            FaultRun run = new FaultRun(redis, AgentRun.AGENT, folder, "in-progress-wait=60s");
            long begun = System.nanoTime();
            List<ForkedJvm> workers = new ArrayList<>();
            for (int i = 0; i < JVMS; i++) {
                workers.add(run.start(
                        "w" + i, "keys=" + keys, "threads=" + THREADS, "deliveries=" + CALLS_PER_KEY / JVMS, "body=5"));
            }
            List<String> exits = new ArrayList<>();
            for (ForkedJvm worker : workers) {
                ForkedJvm.Result result = worker.await();
                assertEquals("done", result.lastOut(), result::toString);
                exits.add(result.lastErr());
                assertTrue(
                        result.lastErr().contains(" conflict=0 in-progress=0 failed=0 unguarded=0 "), result::toString);
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
            FaultCount count = run.count();
            long scripts = redis.calls("evalsha") + redis.calls("eval");
            long messages = redis.calls("publish") + redis.calls("subscribe") + redis.calls("unsubscribe");
            double perCall = (double) (scripts + messages) / (keys * CALLS_PER_KEY);
            System.out.println(JVMS * THREADS + " threads in " + JVMS + " JVMs, " + keys * CALLS_PER_KEY + " calls in "
                    + millis + " ms: " + count + "; scripts " + scripts + ", messages " + messages + ": " + perCall
                    + " commands per call; " + exits);
            assertEquals("keys=" + keys + " LOST=0 DUP=0 DUPID=0 STUCK=0 BADCONFLICT=0", count.toString());
            assertEquals(keys * CALLS_PER_KEY, count.answers());
            assertTrue(perCall <= MOST_COMMANDS_PER_CALL, "commands per call: " + perCall);
        }
    }
}
