package io.idempotenttrace.benchmarks.program;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;

/**
 * Measures several variants in short turns. How long it takes to wake a thread depends on which processors the scheduler has put caller,
 * client and server: on two of them it differs by a factor of two, and stays for some tenths of a second. Variants that take their turns
 * within that time meet the same of it.
 */
final class Turns {

    private static final int CALLS_IN_A_TURN = 50;
    private static final int LOADS = 5;

    private Turns() {
    }

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

    /** The mean of each variant's loads, which {@code variants} make one by one, in calls a second. */
    static Map<String, Double> perSecond(Map<String, Callable<Double>> variants) throws Exception {
        Map<String, Double> sums = new LinkedHashMap<>();
        for (int load = 0; load < LOADS; load++) {
            for (Map.Entry<String, Callable<Double>> variant : variants.entrySet()) {
                sums.merge(variant.getKey(), variant.getValue().call(), Double::sum);
            }
        }
        sums.replaceAll((variant, sum) -> sum / LOADS);
        return sums;
    }

    /** How long one of the loads takes where all of a variant's take that long. */
    static long millisOfALoad(long millis) {
        return millis / LOADS;
    }
}
