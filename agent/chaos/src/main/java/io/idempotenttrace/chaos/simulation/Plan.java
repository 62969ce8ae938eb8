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
 *
 * @param pendingBytes what the guard may keep of completions that Redis did not answer; 0 for as much as usual
 */
record Plan(
        long seed,
        int workers,
        List<Message> messages,
        List<Fault> faults,
        List<Stranger> strangers,
        long pendingBytes) {

    private static final long SECOND = 1_000_000_000L;
    private static final int MOST_FAULTS = 6;
    /** See {@link World#id}. */
    private static final int SHARED_KEY = 1;

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
        Plan plan = random.nextInt(8) == 0 ? ofOneKey(seed, random) : of(seed, random);
        SplittableRandom more = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + 2);
        return switch (more.nextInt(12)) {
            case 0 -> plan.withStrangers(newer(more, plan.keys()));
            case 1 -> plan.withRoom(more.nextBoolean() ? 1 : more.nextLong(1, 3_000));
            case 2 -> ofGrantsGivenBack(seed, more);
            case 3, 4 -> plan.sharedWithFiveFields(more);
            default -> plan;
        };
    }

    /** Workers with five fields come to the key that all share, and some hold it for longer than a lease. */
    private Plan sharedWithFiveFields(SplittableRandom random) {
        boolean oneKey = keys() <= SHARED_KEY || random.nextBoolean();
        List<Message> shared = new ArrayList<>();
        for (Message message : messages) {
            Message changed = oneKey ? message.ofKey(SHARED_KEY) : message;
            shared.add(changed.failing(random.nextInt(2)));
        }
        List<Stranger> strangers = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            strangers.add(new Stranger(
                    Stranger.Kind.FIVE_FIELDS,
                    SHARED_KEY,
                    /* payload= */ 0,
                    random.nextLong((i == 0 ? 1 : 16) * SECOND),
                    random.nextBoolean()
                            ? random.nextLong(8 * SECOND, 14 * SECOND)
                            : random.nextLong(SECOND / 10, 3 * SECOND),
                    Stranger.End.values()[random.nextInt(3)]));
        }
        return withMessages(shared).withStrangers(strangers);
    }

    /**
     * A body that runs without a claim fails beside a call of its process that has waited for another process, and whose grant is to be
     * given back meanwhile, which no thread can do for a time.
     */
    private static Plan ofGrantsGivenBack(long seed, SplittableRandom random) {
        List<Message> messages = new ArrayList<>();
        List<Fault> faults = new ArrayList<>();
        messages.add(message(random, 0, /* key= */ 0, /* closed= */ false)
                .at(random.nextLong(SECOND / 4), random.nextLong(2 * SECOND, 6 * SECOND))
                .failing(1));
        for (int i = 0; i < 2; i++) {
            messages.add(message(random, messages.size(), /* key= */ 0, /* closed= */ false)
                    .at(random.nextLong(SECOND / 4, SECOND), random.nextLong(SECOND, 8 * SECOND))
                    .proceeding(OnInProgress.WAIT));
        }
        for (int i = 0; i < 2; i++) {
            long at = random.nextLong(SECOND, 2 * SECOND);
            messages.add(message(random, messages.size(), /* key= */ 0, /* closed= */ false)
                    .at(at, random.nextLong(2 * SECOND, 6 * SECOND))
                    .failing(1)
                    .proceeding(OnInProgress.THROW));
            faults.add(new Fault(Fault.Kind.CUT, at - random.nextLong(SECOND / 10), 0, random.nextInt(2), 1));
        }
        for (int i = 0; i < 2; i++) {
            messages.add(message(random, messages.size(), /* key= */ 0, /* closed= */ false)
                    .at(random.nextLong(2 * SECOND, 8 * SECOND), random.nextLong(SECOND, 4 * SECOND))
                    .proceeding(OnInProgress.SKIP));
        }
        faults.add(new Fault(
                Fault.Kind.NO_THREADS,
                random.nextLong(SECOND),
                random.nextLong(2 * SECOND, 5 * SECOND),
                random.nextInt(2),
                /* number= */ 1));
        faults.sort(Comparator.comparingLong(Fault::atNanos));
        return new Plan(seed, /* workers= */ 2, messages, faults, List.of(), /* pendingBytes= */ 0);
    }

    /** Workers with a later version come to the same keys. */
    private static List<Stranger> newer(SplittableRandom random, int keys) {
        List<Stranger> strangers = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            strangers.add(new Stranger(
                    Stranger.Kind.NEWER,
                    random.nextInt(keys),
                    random.nextInt(8) == 0 ? 1 : 0,
                    random.nextLong(4 * SECOND),
                    random.nextLong(SECOND / 10, 8 * SECOND),
                    Stranger.End.values()[random.nextInt(3)]));
        }
        return strangers;
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
        return new Plan(seed, /* workers= */ 2, messages, faults, List.of(), /* pendingBytes= */ 0);
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
        return new Plan(seed, workers, messages, faults(random, workers), List.of(), /* pendingBytes= */ 0);
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
        return new Plan(seed, workers, fewer, faults, strangers, pendingBytes);
    }

    Plan withFaults(List<Fault> fewer) {
        return new Plan(seed, workers, messages, fewer, strangers, pendingBytes);
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
                        .collect(Collectors.toList()),
                strangers,
                pendingBytes);
    }

    Plan withStrangers(List<Stranger> others) {
        return new Plan(seed, workers, messages, faults, others, pendingBytes);
    }

    private Plan withRoom(long bytes) {
        return new Plan(seed, workers, messages, faults, strangers, bytes);
    }

    boolean hasLittleRoom() {
        return pendingBytes > 0;
    }

    /** How many keys it has, from the first on. */
    int keys() {
        int ofMessages = messages.stream().mapToInt(Message::key).max().orElse(0);
        return 1
                + Math.max(
                        ofMessages,
                        strangers.stream().mapToInt(Stranger::key).max().orElse(0));
    }

    int size() {
        return workers
                + messages.size()
                + faults.size()
                + messages.stream().mapToInt(Message::again).sum();
    }
}
