package io.idempotenttrace.benchmarks.program;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** Ours and the peers' calls in turn: new ones, the same again, and both by many threads. */
public final class PeerCalls {

    private static final int WARM_UP_ROUNDS = 2;
    private static final int[] THREADS = {1, 8, 64};
    private static final int REPEATED_KEYS = 2000;
    /** Once new, twice as duplicates. */
    private static final int TIMES_MET_BEFORE = 3;

    private final RawClaims raw;
    private final Peers peers;
    private final int calls;
    private final long millis;
    private boolean printing;

    private PeerCalls(RawClaims raw, Peers peers, int calls, long millis) {
        this.raw = raw;
        this.peers = peers;
        this.calls = calls;
        this.millis = millis;
    }

    /**
     * @param arguments {@code calls} by one thread or {@code loads} by many, the Redis URL and port, how many rounds, how many calls by
     *        one thread, milliseconds of a load
     */
    public static void main(String[] arguments) throws Exception {
        try (RawClaims raw = new RawClaims(arguments[1]);
                Peers peers = new Peers(Integer.parseInt(arguments[2]))) {
            PeerCalls program = new PeerCalls(raw, peers, Integer.parseInt(arguments[4]), Long.parseLong(arguments[5]));
            int rounds = Integer.parseInt(arguments[3]);
            for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
                program.printing = round >= 0;
                if (arguments[0].equals("loads")) {
                    program.loads();
                } else {
                    program.calls("r" + round + '-');
                }
            }
        }
    }

    private void calls(String prefix) {
        raw.commands().flushall();
        count("commands-new", prefix + "c-");
        count("commands-duplicate", prefix + "c-");
        time("new", prefix);
        Figures.settle();
        time("duplicate", prefix);
    }

    private void loads() throws Exception {
        for (int threads : THREADS) {
            load("load" + threads, threads, (time, call) -> perSecond(threads, time, call));
            for (int time = 0; time < TIMES_MET_BEFORE; time++) {
                meetAll();
                Figures.settle();
            }
            load("repeated" + threads, threads, (time, call) -> repeatedPerSecond(threads, time, call));
            raw.forgetAll();
        }
    }

    private void meetAll() {
        for (int i = 0; i < REPEATED_KEYS; i++) {
            String key = repeatedKey(i);
            peers.calls().values().forEach(call -> call.accept(key));
        }
    }

    private void time(String what, String prefix) {
        Map<String, IntConsumer> variants = new LinkedHashMap<>();
        peers.calls().forEach((name, call) -> variants.put(name, i -> call.accept(prefix + i)));
        Turns.medianMicros(calls, variants).forEach((name, micros) -> print(what, name, micros));
    }

    /** One after the other: Redis counts for all. */
    private void count(String what, String prefix) {
        peers.calls().forEach((name, call) -> {
            CommandCounts before = raw.counts();
            for (int i = 0; i < calls; i++) {
                call.accept(prefix + i);
            }
            Figures.settle();
            print(what, name, raw.counts().sentSince(before, /* scripts= */ name.equals(Peers.OURS)) / (double) calls);
        });
    }

    /** One load of a peer, in calls a second. */
    private interface PeerLoad {

        double run(long millis, Consumer<String> call) throws Exception;
    }

    private void load(String what, int threads, PeerLoad load) throws Exception {
        Map<String, Turns.Load> loads = new LinkedHashMap<>();
        peers.calls().forEach((name, call) -> loads.put(name, time -> load.run(time, call)));
        Turns.perSecond(threads, millis, loads).forEach((name, perSecond) -> print(what, name, perSecond));
    }

    private double perSecond(int threads, long time, Consumer<String> call) throws InterruptedException {
        double perSecond = Load.callsPerSecond(threads, time, call);
        raw.forgetAll();
        return perSecond;
    }

    /** Duplicates, each of them met over and over. */
    private double repeatedPerSecond(int threads, long time, Consumer<String> call) throws InterruptedException {
        return Load.callsPerSecond(
                threads,
                time,
                ignored -> call.accept(repeatedKey(ThreadLocalRandom.current().nextInt(REPEATED_KEYS))));
    }

    private static String repeatedKey(int number) {
        return "repeated" + number;
    }

    private void print(String what, String name, double value) {
        if (printing) {
            Figures.print(what, name, value);
        }
    }
}
