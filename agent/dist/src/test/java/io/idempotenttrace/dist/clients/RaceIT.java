package io.idempotenttrace.dist.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.Await;
import io.idempotenttrace.testkit.FaultCount;
import io.idempotenttrace.testkit.TestRedis;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Four workers of each kind on the same keys: Python with a script of its own that knows five fields, the Python client, the Node client,
 * and Java with the agent. Each key is delivered to each kind until that acknowledges it, and a fifth of all bodies fails.
 *
 * <p>A worker with five fields takes each record that it finds for one to acknowledge: it acknowledges while another one's claim runs, and
 * after its own body has failed. That is counted apart ({@code early}); what it acknowledges too early, the other kinds still run.
 *
 * <p>The system property {@code race.keys} gives another number of keys than the usual 1,000.
 */
@Tag("matrix")
class RaceIT {

    private static final int KEYS = Integer.getInteger("race.keys", 1_000);
    private static final int EACH = 4;
    private static final int FAILURES = 20;
    private static final int KILLS = 24;
    private static final List<Language> KINDS =
            List.of(Language.FIVE_FIELDS, Language.PYTHON, Language.ASYNCIO, Language.NODE, Language.JAVA);

    @TempDir
    private Path folder;

    private TestRedis redis;
    private ClientRun run;

    private ClientRun.Worker start(int place) {
        Language kind = kind(place);
        String name = (kind == Language.ASYNCIO ? Language.PYTHON : kind) + "-" + place % EACH;
        return run.start(
                kind,
                name,
                redis.url(),
                "keys=" + KEYS,
                "part=" + place % EACH + "/" + EACH,
                "failures=" + FAILURES,
                "body=4");
    }

    /** Of the four workers by the Python client, two use threads and two asyncio. */
    private static Language kind(int place) {
        return switch (place / EACH) {
            case 0 -> Language.FIVE_FIELDS;
            case 1 -> place % 2 == 0 ? Language.PYTHON : Language.ASYNCIO;
            case 2 -> Language.NODE;
            default -> Language.JAVA;
        };
    }

    private List<ClientRun.Worker> startAll() {
        KINDS.forEach(Language::require);
        List<ClientRun.Worker> workers = new ArrayList<>();
        for (int place = 0; place < 4 * EACH; place++) {
            workers.add(start(place));
        }
        run.go(workers);
        return workers;
    }

    private void report(String what, FaultCount count, Map<String, Integer> early, long begun) {
        System.out.println(what + ": " + count + ", answers=" + count.answers() + ", ran: " + run.ran()
                + ", acknowledged too early: " + early + ", in "
                + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun) + " s");
        assertEquals(
                Set.of(), minus(early.keySet(), "FIVE_FIELDS"), "only workers with five fields acknowledge too early");
        assertEquals(KEYS, count.keys());
        assertEquals(4 * KEYS, count.answers());
        assertEquals(0, count.lost(), count::toString);
        assertEquals(0, count.stuck(), count::toString);
        assertEquals(0, count.badConflict(), count::toString);
    }

    private static Set<String> minus(Set<String> all, String one) {
        Set<String> rest = new java.util.TreeSet<>(all);
        rest.remove(one);
        return rest;
    }

    // [P2]
    @Test
    void everyBodyRunsOnceWell() {
        long begun = System.nanoTime();
        try (TestRedis own = TestRedis.start()) {
            redis = own;
            run = new ClientRun(redis, folder, /* leaseMillis= */ 30_000);
            startAll().forEach(ClientRun.Worker::awaitDone);
            FaultCount count = run.count();
            report("16 workers in three languages", count, run.early(), begun);
            assertEquals(0, count.dup(), count::toString);
            assertEquals(0, count.dupId(), count::toString);
        }
    }

    /** A worker that is killed between its body and its completion leaves a body that runs again: at most one for each kill. */
    @Test
    void ofKilledWorkersNothingIsLost() {
        long begun = System.nanoTime();
        try (TestRedis own = TestRedis.start()) {
            redis = own;
            run = new ClientRun(redis, folder, /* leaseMillis= */ 3_000);
            List<ClientRun.Worker> workers = startAll();
            Random random = new Random(23);
            int killed = 0;
            for (int i = 0; i < KILLS; i++) {
                int next = (i + 1) * 4 * KEYS / (KILLS + 2);
                Await.until("some answers more", () -> run.answered() >= next);
                int place = random.nextInt(workers.size());
                if (workers.get(place).isAlive()) {
                    workers.get(place).kill();
                    workers.set(place, start(place));
                    killed++;
                }
            }
            workers.forEach(ClientRun.Worker::awaitDone);
            FaultCount count = run.count();
            report("the same, " + killed + " times one was killed", count, run.early(), begun);
            assertTrue(killed > 0, "all workers had ended before one was killed");
            assertTrue(count.dup() <= killed, count::toString);
        }
    }
}
