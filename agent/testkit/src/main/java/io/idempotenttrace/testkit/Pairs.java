package io.idempotenttrace.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * The pairs of two things that a test runs with, such as the JDKs and the stores. A test that takes long runs with a cross-section of
 * them in every build, and with the others in the profile {@code matrix}; together these are all pairs, each once.
 */
public final class Pairs {

    private Pairs() {}

    /** As few pairs as have each of the first and each of the second things in them. */
    public static List<Arguments> crossSection(List<?> first, List<?> second) {
        return pairs(first, second, /* inCrossSection= */ true);
    }

    /** The pairs that are not in the cross-section; none where one of the two lists has a single element. */
    public static List<Arguments> others(List<?> first, List<?> second) {
        return pairs(first, second, /* inCrossSection= */ false);
    }

    public static List<Arguments> all(List<?> first, List<?> second) {
        List<Arguments> all = new ArrayList<>(crossSection(first, second));
        all.addAll(others(first, second));
        return all;
    }

    private static List<Arguments> pairs(List<?> first, List<?> second, boolean inCrossSection) {
        List<Arguments> pairs = new ArrayList<>();
        for (int i = 0; i < first.size(); i++) {
            for (int j = 0; j < second.size(); j++) {
                if (isInCrossSection(i, first.size(), j, second.size()) == inCrossSection) {
                    pairs.add(Arguments.of(first.get(i), second.get(j)));
                }
            }
        }
        return pairs;
    }

    /** Both lists are walked at a time, and the shorter one is begun anew at its end. */
    private static boolean isInCrossSection(int i, int firsts, int j, int seconds) {
        return IntStream.range(0, Math.max(firsts, seconds))
                .anyMatch(step -> step % firsts == i && step % seconds == j);
    }
}
