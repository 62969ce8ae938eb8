package io.idempotenttrace.chaos.simulation;

import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.OnStoreFailure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * What a seed plans: workers, messages and faults. The rest, such as how long each message of the network takes and which thread goes
 * first, the seed decides as the world goes on.
 */
record Plan(long seed, int workers, List<Message> messages, List<Fault> faults) {

    private static final long SECOND = 1_000_000_000L;
    private static final int MOST_FAULTS = 6;

    /** What keeps answers from their calls, and nothing from Redis. */
    private static final List<Fault.Kind> LOST_ANSWERS = List.of(
            Fault.Kind.CUT,
            Fault.Kind.DROP,
            Fault.Kind.DROP_REPLIES,
            Fault.Kind.STALL,
            Fault.Kind.SLOW_NETWORK,
            Fault.Kind.SLOW_REDIS,
            Fault.Kind.RESTART);

    static Plan of(long seed) {
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + 1);
        return random.nextInt(8) == 0 ? ofOneKey(seed, random) : of(seed, random);
    }

    /** Calls of many minds and long bodies meet at one key, and their answers are lost again and again. */
    private static Plan ofOneKey(long seed, SplittableRandom random) {
        List<Message> messages = new ArrayList<>();
        int count = 3 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            messages.add(message(random, i, /* key= */ 0, /* closed= */ false)
                    .at(random.nextLong(10 * SECOND), random.nextLong(SECOND / 10, 6 * SECOND)));
        }
        List<Fault> faults = new ArrayList<>();
        int most = 2 + random.nextInt(MOST_FAULTS);
        while (faults.size() < most) {
            faults.add(new Fault(
                    LOST_ANSWERS.get(random.nextInt(LOST_ANSWERS.size())),
                    random.nextLong(14 * SECOND),
                    random.nextLong(50_000_000, 3 * SECOND),
                    random.nextInt(2),
                    random.nextLong(1, 400)));
        }
        faults.sort(Comparator.comparingLong(Fault::atNanos));
        return new Plan(seed, /* workers= */ 2, messages, faults);
    }

    private static Plan of(long seed, SplittableRandom random) {
        int workers = 2 + random.nextInt(2);
        int keys = 1 + random.nextInt(3);
        List<Message> messages = new ArrayList<>();
        boolean closed = random.nextInt(3) == 0;
        int count = keys + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            messages.add(message(random, i, i < keys ? i : random.nextInt(keys), closed));
        }
        return new Plan(seed, workers, messages, faults(random, workers));
    }

    private static Message message(SplittableRandom random, int number, int key, boolean closed) {
        boolean longBody = random.nextInt(4) == 0;
        return new Message(
                number + 1,
                key,
                random.nextInt(8) == 0 ? 1 : 0,
                closed || random.nextInt(4) == 0 ? OnStoreFailure.THROW : OnStoreFailure.PROCEED,
                new OnInProgress[] {
                            OnInProgress.WAIT,
                            OnInProgress.WAIT,
                            OnInProgress.WAIT,
                            OnInProgress.THROW,
                            OnInProgress.SKIP
                        }
                        [random.nextInt(5)],
                random.nextBoolean(),
                random.nextInt(3) == 0,
                random.nextLong(3 * SECOND),
                longBody ? random.nextLong(SECOND, 14 * SECOND) : random.nextLong(1_000_000, 300_000_000),
                random.nextInt(5) == 0 ? 1 : 0,
                random.nextInt(20) == 0,
                random.nextInt(4));
    }

    private static List<Fault> faults(SplittableRandom random, int workers) {
        List<Fault> faults = new ArrayList<>();
        // In every fourth world nothing happens that could excuse anything.
        boolean mild = random.nextInt(4) == 0;
        Fault.Kind[] kinds = Fault.Kind.values();
        int count = 1 + random.nextInt(MOST_FAULTS);
        while (faults.size() < count) {
            Fault.Kind kind = kinds[random.nextInt(kinds.length)];
            long at = random.nextLong(12 * SECOND);
            long nanos = random.nextInt(4) == 0
                    ? random.nextLong(4 * SECOND, 11 * SECOND)
                    : random.nextLong(50_000_000, 3 * SECOND);
            int worker = random.nextInt(workers);
            long number = random.nextLong(1, 400);
            if (!mild || kind.mild) {
                faults.add(new Fault(kind, at, nanos, worker, number));
            }
        }
        faults.sort(Comparator.comparingLong(Fault::atNanos));
        return faults;
    }

    Plan withMessages(List<Message> fewer) {
        return new Plan(seed, workers, fewer, faults);
    }

    Plan withFaults(List<Fault> fewer) {
        return new Plan(seed, workers, messages, fewer);
    }

    /** What the last worker was to do, the others do. */
    Plan withWorkers(int fewer) {
        return new Plan(
                seed,
                fewer,
                messages,
                faults.stream()
                        .map(fault -> new Fault(
                                fault.kind(), fault.atNanos(), fault.nanos(), fault.worker() % fewer, fault.number()))
                        .collect(Collectors.toList()));
    }

    int size() {
        return workers
                + messages.size()
                + faults.size()
                + messages.stream().mapToInt(Message::again).sum();
    }
}
