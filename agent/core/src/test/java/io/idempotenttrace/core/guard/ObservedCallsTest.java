package io.idempotenttrace.core.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.idempotenttrace.core.guard.CallCounters.Ending;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ObservedCallsTest {

    private final ObservedCalls observed = new ObservedCalls();

    @Test
    void eachMethodHasALineOfWhatEnforceWouldHaveSuppressed() {
        observed.add("b.second", Ending.DUPLICATE, "a", List.of());
        observed.add("a.first", Ending.DUPLICATE, "a", List.of());
        observed.add("a.first", Ending.DUPLICATE, "b\n", List.of());
        observed.add("a.first", Ending.CONFLICT, "c", List.of("amount", "currency"));
        observed.add(null, Ending.IN_PROGRESS, "a", List.of());
        assertEquals(List.of("a.first", "b.second", "calls"), observed.methods());
        assertEquals(
                List.of(
                        "observed a.first: 3 bodies ran that mode=enforce would have suppressed: duplicate=2"
                                + " (keys 'a', 'b\\n'), conflict=1 (key 'c' differs in amount and currency)",
                        "observed b.second: 1 body ran that mode=enforce would have suppressed: duplicate=1 (key 'a')",
                        "observed calls: 1 body ran that mode=enforce would have suppressed: in-progress=1 (key 'a')"),
                observed.lines());
    }

    @Test
    void theFirstThreeKeysAreExamplesAndAllCallsAreCounted() {
        for (String key : List.of("a", "a", "b", "c", "d", "a")) {
            observed.add("m", Ending.DUPLICATE, key, List.of());
        }
        ObservedCalls.Observed duplicates = observed.of("m").get(Ending.DUPLICATE);
        assertEquals(6, duplicates.calls());
        assertEquals(
                List.of("a", "b", "c"),
                duplicates.examples().stream().map(ObservedCalls.Example::key).toList());
        assertEquals(Map.of(), observed.of("another"));
    }

    @Test
    void methodsWithoutEndDoNotFillTheMemory() {
        for (int i = 0; i < 1100; i++) {
            observed.add("m" + i, Ending.DUPLICATE, "a", List.of());
        }
        observed.add("m0", Ending.DUPLICATE, "a", List.of());
        assertEquals(1000, observed.methods().size());
        assertEquals(2, observed.of("m0").get(Ending.DUPLICATE).calls(), "one that is known is counted on");
    }
}
