package io.idempotenttrace.benchmarks.program;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Measures several variants in short turns. How long it takes to wake a thread depends on which processors the scheduler has put caller,
 * client and server: on two of them it differs by a factor of two, and stays for some tenths of a second. Variants that take their turns
 * within that time meet the same of it.
 */
final class Turns {

    private static final int CALLS_IN_A_TURN = 50;
    /** Of one thread, in as many parts; many threads meet each state of the processors in one. */
    private static final int PARTS_OF_ONE_THREAD = 5;

    private Turns() {}

    /**
     * The median time of a call of each variant, in microseconds: pauses and other processes' bursts do not move it.
     *
     * @param calls of each variant
     * @param variants get the call's number
     */
    static Map<String, Double> medianMicros(int calls, Map<String, IntConsumer> variants) {
        Map<String, long[]> nanos = new LinkedHashMap<>();
        variants.keySet().forEach(variant -> nanos.put(variant, new long[calls]));
        for (int turn = 0; turn < calls; turn += CALLS_IN_A_TURN) {
            int end = Math.min(calls, turn + CALLS_IN_A_TURN);
            int begin = turn;
            variants.forEach((variant, call) -> time(call, begin, end, nanos.get(variant)));
        }
        Map<String, Double> medians = new LinkedHashMap<>();
        nanos.forEach((variant, times) -> {
            Arrays.sort(times);
            medians.put(variant, times[calls / 2] / 1e3);
        });
        return medians;
    }

    private static void time(IntConsumer call, int from, int to, long[] nanos) {
        for (int i = from; i < to; i++) {
            long begin = System.nanoTime();
            call.accept(i);
            nanos[i] = System.nanoTime() - begin;
        }
    }

    /** One load of a variant. */
    interface Load {

        /** @return calls a second */
        double run(long millis) throws Exception;
    }

    /** What each variant's threads do in a load of that length: calls a second. */
    static Map<String, Double> perSecond(int threads, long millis, Map<String, Load> variants) throws Exception {
        int parts = threads == 1 ? PARTS_OF_ONE_THREAD : 1;
        Map<String, Double> means = new LinkedHashMap<>();
        for (int part = 0; part < parts; part++) {
            for (Map.Entry<String, Load> variant : variants.entrySet()) {
                means.merge(variant.getKey(), variant.getValue().run(millis / parts) / parts, Double::sum);
            }
        }
        return means;
    }
}
