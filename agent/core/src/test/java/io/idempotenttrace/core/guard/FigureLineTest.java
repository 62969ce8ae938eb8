package io.idempotenttrace.core.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.guard.FickleStore.Fate;
import io.idempotenttrace.core.guard.FickleStore.Step;
import io.idempotenttrace.core.store.Claims;
import io.idempotenttrace.core.store.RecordId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a process tells of itself, read again as those who watch the fleet read it. */
@Timeout(120)
class FigureLineTest extends GuardOfFickleStore {

    private static final CallPolicy POLICY = policy(OnInProgress.THROW, OnStoreFailure.PROCEED);
    private static final RecordId OF_OTHER_SCOPE = new RecordId("t", "other", "k2");

    private RunningCall call(RecordId id, String method) {
        return own(Claims.request(id, HASH), POLICY.countedBy(counters.of(method, id.scope())));
    }

    private JsonNode line() throws Exception {
        return new ObjectMapper()
                .readTree(FigureLine.of(
                        new FigureLine.Teller("host/7", "1.2"),
                        /* number= */ 3,
                        /* nowMillis= */ 1000,
                        /* ended= */ true,
                        Map.of(Ending.NEW, 5L),
                        guard.figures(),
                        new GuardModes(scope -> GuardMode.OBSERVE, change -> {}),
                        List.of(new RecentConflicts.Conflict(900, "a.Emitter.emit()", ID, List.of("amount")))));
    }

    @Test
    void whoTellsAndWhatItCountsIsRead() throws Exception {
        JsonNode line = line();
        assertEquals("host/7", line.get("process").asText());
        assertEquals("1.2", line.get("version").asText());
        assertEquals("observe", line.get("mode").asText());
        assertEquals(3, line.get("number").asInt());
        assertEquals(1000, line.get("millis").asInt());
        assertTrue(line.get("ended").asBoolean());
        assertEquals("{\"new\":5}", line.get("calls").toString());
        assertEquals("{}", line.get("unguarded").toString(), "none of them is above 0");
        assertEquals(
                "[{\"millis\":900,\"method\":\"a.Emitter.emit()\",\"tenant\":\"t\",\"scope\":\"s\",\"key\":\"k\","
                        + "\"members\":[\"amount\"]}]",
                line.get("conflicts").toString());
    }

    @Test
    void theFiguresOfAllScopesAreAddedUp() throws Exception {
        store.beforeNextAnswer(() -> clock.pass(7));
        RunningCall first = call(ID, "a.first");
        store.beforeNextAnswer(() -> clock.pass(5));
        RunningCall second = call(OF_OTHER_SCOPE, "a.second");
        counters.of("a.first", "s").countUnguarded(UnguardedReason.AGENT);
        counters.of("a.second", "other").countUnguarded(UnguardedReason.AGENT);
        for (String scope : List.of("s", "other")) {
            counters.scopes().of(scope).unanswered();
            counters.scopes().of(scope).waited(2_000_000_000L);
        }
        clock.pass(1000);
        JsonNode line = line();
        assertEquals("{\"agent\":2}", line.get("unguarded").toString());
        assertEquals(2, line.get("heldCalls").asInt());
        assertEquals(2, line.get("storeFailures").asInt());
        assertEquals(0.012, line.get("claims").get("seconds").asDouble(), 1e-9);
        assertEquals(4, line.get("waits").get("seconds").asDouble(), 1e-9);
        long waits = 0;
        for (JsonNode count : line.get("waits").get("counts")) {
            waits += count.asLong();
        }
        assertEquals(2, waits);
        assertEquals(
                line.get("bounds").size() + 1, line.get("waits").get("counts").size());
        assertEquals("other", line.get("scopes").get(0).get("scope").asText());
        assertEquals(1, line.get("scopes").get(0).get("held").asInt());
        assertEquals(1, line.get("scopes").get(0).get("calls").get("unguarded").asInt());
        assertEquals(
                "{\"tenant\":\"t\",\"scope\":\"s\",\"key\":\"k\",\"method\":\"a.first\",\"millis\":1012}",
                line.get("held").get(0).toString());
        store.beforeNextAnswer(() -> clock.pass(3));
        guard.completed(first, result("1"));
        store.next(Step.COMPLETE, Fate.REFUSED);
        guard.completed(second, result("1"));
        line = line();
        assertEquals(0, line.get("heldCalls").asInt());
        assertEquals(0.003, line.get("completions").get("seconds").asDouble(), 1e-9);
        assertEquals(1, line.get("lostCompletions").asInt());
    }
}
