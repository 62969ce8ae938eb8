package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.RecordId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is counted and measured in this process, as it was at one moment, by {@link Guard#figures()}. Counts begin with the JVM and only grow,
 * so that two snapshots tell what happened between them. What happens while the snapshot is made may be in a part of it.
 *
 * @param scopes one for each scope that was met, by name, and {@code (other)} for those above 200; also {@code (shared)} for records without
 *        scope, and {@code (unknown)} for calls that were counted where no scope was at hand
 * @param oldestHeld the calls that have held their keys longest, the oldest first, at most {@value #MOST_HELD}
 * @param guarding whether calls are guarded by the store now; not so with mode=observe or off, and while a part of the store is away
 * @param sharedStore whether keys are claimed in a store that other processes share, as Redis; false for the memory of this process
 * @param partsAway to how many parts of the store calls are not sent now, since they did not answer: 0 or 1, or nodes of a Cluster
 * @param pendingUpdates completions and failures that wait for the store
 * @param pendingBytes what those take, roughly
 * @param lostCompletions those that were given up: their bodies ran, and a redelivery may run them again
 * @param unacknowledgedCompletions those that were to be acknowledged before their calls returned, and were not
 * @param refusedCompletions those that the store refused, since another worker owned the key by then: their bodies ran twice
 * @param heldTooLong calls that lost their key because they ran for longer than {@code max-hold}
 * @param recordBytes what the records take that this process holds itself, roughly
 * @param droppedRecords completed ones of them that went before their time for lack of room
 * @param unreadableResults stored results that were met and could not be decrypted
 * @param newerRecords how often a claim met a record that a newer version of the agent wrote
 * @param untold calls of which somebody wanted to hear and could not be told: a listener of the application, a span or a recording failed
 */
public record GuardFigures(
        List<OfScope> scopes,
        List<HeldCall> oldestHeld,
        boolean guarding,
        boolean sharedStore,
        int partsAway,
        long pendingUpdates,
        long pendingBytes,
        long lostCompletions,
        long unacknowledgedCompletions,
        long refusedCompletions,
        long heldTooLong,
        long recordBytes,
        long droppedRecords,
        long unreadableResults,
        long newerRecords,
        long untold) {

    /** How many calls are named that hold their keys. */
    public static final int MOST_HELD = 20;

    /**
     * Of one scope.
     *
     * @param calls how many calls ended how; each call counts once
     * @param unguarded why bodies ran unguarded; together they are those of {@code calls}
     * @param waits how long calls have waited for another one with their key, only of those that had to
     * @param storeTimes how long a store in another process took for its answers; of a store in this process nothing is measured
     * @param storeFailures claims that such a store did not answer
     * @param cacheHits duplicates that this process answered without a command to the store
     * @param lateRenewals leases of which two thirds were over before they were renewed
     * @param held calls that own their keys now
     * @param oldestHeldSeconds how long the oldest of them has; 0 where there is none
     */
    public record OfScope(
            String scope,
            Map<Ending, Long> calls,
            Map<UnguardedReason, Long> unguarded,
            TimeHistogram.Snapshot waits,
            Map<StoreStep, TimeHistogram.Snapshot> storeTimes,
            long storeFailures,
            long cacheHits,
            long lateRenewals,
            long held,
            double oldestHeldSeconds) {

        boolean isUsed() {
            return held > 0 || calls.values().stream().anyMatch(count -> count > 0);
        }
    }

    /**
     * A call that owns its key.
     *
     * @param method null where a program has made the call by itself, and where a store in memory alone knows it
     */
    public record HeldCall(RecordId id, @Nullable String method, long heldMillis) {}

    static GuardFigures of(Guard guard, CallCounters counters) {
        List<HeldCall> held = held(guard);
        MeasuredScopes scopes = counters.scopes();
        SortedMap<String, List<CallCounters>> byScope = new TreeMap<>();
        SortedMap<String, ScopeFigures> figures = new TreeMap<>();
        for (ScopeFigures met : scopes.all()) {
            figures.put(met.scope(), met);
            byScope.put(met.scope(), new ArrayList<>());
        }
        for (CallCounters leaf : counters.leaves()) {
            String scope = leaf.figures().scope();
            figures.putIfAbsent(scope, leaf.figures());
            byScope.computeIfAbsent(scope, first -> new ArrayList<>()).add(leaf);
        }
        Map<String, List<HeldCall>> heldByScope = new TreeMap<>();
        for (HeldCall call : held) {
            String scope = scopes.of(call.id.scope()).scope();
            heldByScope.computeIfAbsent(scope, first -> new ArrayList<>()).add(call);
        }
        List<OfScope> all = new ArrayList<>();
        figures.forEach((scope, measured) -> {
            OfScope one = ofScope(
                    measured, byScope.getOrDefault(scope, List.of()), heldByScope.getOrDefault(scope, List.of()));
            if (one.isUsed() || !scope.startsWith("(")) {
                all.add(one);
            }
        });
        return new GuardFigures(
                all,
                List.copyOf(held.subList(0, Math.min(MOST_HELD, held.size()))),
                guard.modes().all().mode() == GuardMode.ENFORCE && guard.problem() == null,
                guard.store.isElsewhere(),
                guard.partsAway(),
                guard.pendingUpdates(),
                guard.pendingBytes(),
                guard.lostCompletions(),
                guard.unacknowledgedCompletions(),
                guard.refusedCompletions(),
                guard.heldTooLong(),
                guard.recordBytes(),
                guard.droppedRecords(),
                guard.unreadableResults(),
                guard.newerRecords(),
                guard.reports.untold());
    }

    private static OfScope ofScope(ScopeFigures measured, List<CallCounters> counters, List<HeldCall> held) {
        Map<Ending, Long> calls = new EnumMap<>(Ending.class);
        for (Ending ending : Ending.values()) {
            calls.put(
                    ending,
                    counters.stream().mapToLong(one -> one.getHere(ending)).sum());
        }
        Map<UnguardedReason, Long> unguarded = new EnumMap<>(UnguardedReason.class);
        for (UnguardedReason reason : UnguardedReason.values()) {
            unguarded.put(
                    reason,
                    counters.stream().mapToLong(one -> one.getHere(reason)).sum());
        }
        Map<StoreStep, TimeHistogram.Snapshot> storeTimes = new EnumMap<>(StoreStep.class);
        for (StoreStep step : StoreStep.values()) {
            storeTimes.put(step, measured.storeTimes(step));
        }
        return new OfScope(
                measured.scope(),
                calls,
                unguarded,
                measured.waits(),
                storeTimes,
                measured.storeFailures(),
                measured.cacheHits(),
                measured.lateRenewals(),
                held.size(),
                held.isEmpty() ? 0 : held.get(0).heldMillis / 1000.0);
    }

    /** The oldest first. */
    private static List<HeldCall> held(Guard guard) {
        Map<RecordId, HeldCall> held = new HashMap<>();
        long now = guard.nanoClock.getAsLong();
        for (RunningCall call : guard.running.values()) {
            if (call.holds()) {
                long millis = TimeUnit.NANOSECONDS.toMillis(Math.max(0, now - call.askedAtNanos()));
                held.put(call.claim.id(), new HeldCall(call.claim.id(), call.counters.name(), millis));
            }
        }
        long nowMillis = guard.platform.currentTimeMillis();
        for (Claim claim : guard.store.runningHere()) {
            // A store of this process knows most calls alone: no clock is read for them.
            if (!held.containsKey(claim.id())) {
                long since = guard.store.grantedHereMillis(claim);
                held.put(claim.id(), new HeldCall(claim.id(), null, since == 0 ? 0 : Math.max(0, nowMillis - since)));
            }
        }
        List<HeldCall> oldestFirst = new ArrayList<>(held.values());
        oldestFirst.sort(Comparator.comparingLong(HeldCall::heldMillis).reversed());
        return oldestFirst;
    }
}
