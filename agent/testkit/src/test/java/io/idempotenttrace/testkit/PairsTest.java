package io.idempotenttrace.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;

class PairsTest {

    private static final List<Integer> JDKS = List.of(17, 25);

    private static List<String> names(List<Arguments> pairs) {
        return pairs.stream().map(pair -> pair.get()[0] + "-" + pair.get()[1]).toList();
    }

    @Test
    void theCrossSectionHasEachThingOfBothLists() {
        assertEquals(List.of("17-memory", "25-redis"), names(Pairs.crossSection(JDKS, List.of("memory", "redis"))));
        assertEquals(
                List.of("17-memory", "17-sync", "25-redis"),
                names(Pairs.crossSection(JDKS, List.of("memory", "redis", "sync"))));
        assertEquals(
                List.of("17-memory", "17-redis"), names(Pairs.crossSection(List.of(17), List.of("memory", "redis"))));
    }

    @Test
    void withTheOthersThereIsEachPairOnce() {
        for (List<String> stores :
                List.of(List.of("a"), List.of("a", "b"), List.of("a", "b", "c"), List.of("a", "b", "c", "d"))) {
            List<String> all = Stream.concat(
                            names(Pairs.crossSection(JDKS, stores)).stream(),
                            names(Pairs.others(JDKS, stores)).stream())
                    .sorted()
                    .toList();
            assertEquals(
                    JDKS.stream()
                            .flatMap(jdk -> stores.stream().map(store -> jdk + "-" + store))
                            .sorted()
                            .toList(),
                    all);
        }
        assertTrue(Pairs.others(List.of(17), List.of("memory", "redis")).isEmpty());
    }
}
