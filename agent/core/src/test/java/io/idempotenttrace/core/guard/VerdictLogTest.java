package io.idempotenttrace.core.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.store.RecordId;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class VerdictLogTest {

    private final AtomicLong nanos = new AtomicLong();
    private final VerdictLog log = new VerdictLog(nanos::get);

    private void add(Ending ending, String key) {
        log.add(ending, "Emitter.emit(Order)", new RecordId("acme", "orders", key), 7);
    }

    private List<String> keys() {
        return log.entries().stream().map(entry -> entry.id().key()).toList();
    }

    @Test
    void theLastOnesAreKeptOldestFirst() {
        for (int i = 0; i < VerdictLog.SIZE + 3; i++) {
            add(Ending.CONFLICT, Integer.toString(i));
        }
        assertEquals(VerdictLog.SIZE, keys().size());
        assertEquals("3", keys().get(0));
        assertEquals("202", keys().get(VerdictLog.SIZE - 1));
        VerdictLog.Entry last = log.entries().get(VerdictLog.SIZE - 1);
        assertEquals("Emitter.emit(Order)", last.method());
        assertEquals(7, last.waitedMillis());
    }

    @Test
    void aBurstOfDuplicatesDrivesOutNothing() {
        add(Ending.FAILED, "rare");
        for (int i = 0; i < 10_000; i++) {
            add(Ending.DUPLICATE, "first");
        }
        assertEquals(List.of("rare", "first"), keys());
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(10));
        add(Ending.DUPLICATE, "later");
        assertEquals(List.of("rare", "first", "later"), keys());
    }

    @Test
    void callsOfAMethodAreAPartOfAllAndCountedOnce() {
        CallCounters all = new CallCounters();
        all.count(Ending.NEW);
        all.of("a", "orders").count(Ending.NEW);
        all.of("b", "orders").count(Ending.DUPLICATE);
        all.of("a", "orders").count(Ending.NEW);
        assertEquals(3, all.get(Ending.NEW));
        assertEquals(1, all.get(Ending.DUPLICATE));
        assertEquals(2, all.parts().get("a").get(Ending.NEW));
        assertEquals("new=3 duplicate=1 conflict=0 in-progress=0 failed=0 unguarded=0", all.toString());
    }
}
