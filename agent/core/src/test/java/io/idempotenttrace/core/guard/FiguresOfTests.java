package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.guard.GuardFigures.OfScope;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Figures for those who print them. */
public final class FiguresOfTests {

    private FiguresOfTests() {}

    /** Each metric has a value: the ending of each kind 1, a wait of 40 ms, an answer of each step. */
    public static GuardFigures withEachMetric(String scope) {
        Map<Ending, Long> calls = new EnumMap<>(Ending.class);
        for (Ending ending : Ending.values()) {
            calls.put(ending, 1L);
        }
        Map<UnguardedReason, Long> unguarded = new EnumMap<>(UnguardedReason.class);
        for (UnguardedReason reason : UnguardedReason.values()) {
            unguarded.put(reason, reason == UnguardedReason.STORE ? 1L : 0L);
        }
        TimeHistogram waits = new TimeHistogram();
        waits.record(TimeUnit.MILLISECONDS.toNanos(40));
        TimeHistogram answers = new TimeHistogram();
        answers.record(TimeUnit.MICROSECONDS.toNanos(120));
        answers.record(TimeUnit.MINUTES.toNanos(1));
        Map<StoreStep, TimeHistogram.Snapshot> storeTimes = new EnumMap<>(StoreStep.class);
        for (StoreStep step : StoreStep.values()) {
            storeTimes.put(step, answers.snapshot());
        }
        OfScope one = new OfScope(scope, calls, unguarded, waits.snapshot(), storeTimes, 2, 3, 4, 1, 12.5);
        return new GuardFigures(
                List.of(one),
                List.of(),
                /* guarding= */ true,
                /* sharedStore= */ true,
                0,
                5,
                6000,
                7,
                8,
                15,
                9,
                10_000,
                11,
                12,
                13,
                14);
    }
}
