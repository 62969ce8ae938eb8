package io.idempotenttrace.benchmarks.program;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** Ours and the peers' calls in turn: new ones, the same again, and both by many threads. */
public final class PeerCalls {

    private static final int WARM_UP_ROUNDS = 3;
    private static final int[] THREADS = {1, 8, 64};
    private static final int REPEATED_KEYS = 2000;

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

    /** @param arguments the Redis URL and port, how many rounds, how many calls by one thread, milliseconds of a load */
    public static void main(String[] arguments) throws Exception {
        try (RawClaims raw = new RawClaims(arguments[0]); Peers peers = new Peers(Integer.parseInt(arguments[1]))) {
            PeerCalls program = new PeerCalls(raw, peers, Integer.parseInt(arguments[3]), Long.parseLong(arguments[4]));
            int rounds = Integer.parseInt(arguments[2]);
            for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
                program.printing = round >= 0;
                program.round("r" + round + '-');
            }
        }
    }

    private void round(String prefix) throws InterruptedException {
        raw.commands().flushall();
        peers.calls().forEach((name, call) -> measure("new", name, prefix, call));
        peers.calls().forEach((name, call) -> measure("duplicate", name, prefix, call));
        for (int threads : THREADS) {
            for (var peer : peers.calls().entrySet()) {
                double perSecond = Load.callsPerSecond(threads, millis, peer.getValue());
                raw.forgetAll();
                if (printing) {
                    Figures.print("load" + threads, peer.getKey(), perSecond);
                }
                double repeated = repeatedPerSecond(threads, peer.getValue());
                if (printing) {
                    Figures.print("repeated" + threads, peer.getKey(), repeated);
                }
            }
        }
    }

    /** Duplicates, each of them met over and over. */
    private double repeatedPerSecond(int threads, Consumer<String> call) throws InterruptedException {
        for (int i = 0; i < REPEATED_KEYS; i++) {
            call.accept("repeated" + i);
        }
        Figures.settle();
        double perSecond = Load.callsPerSecond(threads, millis,
                ignored -> call.accept("repeated" + ThreadLocalRandom.current().nextInt(REPEATED_KEYS)));
        raw.forgetAll();
        return perSecond;
    }

    private void measure(String kind, String name, String prefix, Consumer<String> call) {
        CommandCounts before = raw.counts();
        double micros = Figures.medianMicros(calls, i -> call.accept(prefix + i));
        Figures.settle();
        if (printing) {
            Figures.print(kind, name, micros);
            Figures.print("commands-" + kind, name, raw.counts().sentSince(before, /* scripts= */ name.equals(Peers.OURS)) / (double) calls);
        }
    }
}
