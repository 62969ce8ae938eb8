package io.idempotenttrace.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Looks for results that no order of the steps explains. Threads make steps on one subject at the same time; what each step has returned
 * must be what it returns in some order in which the same steps are made one after the other, those of one thread in their own order.
 * All such orders are tried. Which steps are made is chosen by a seed, so that a scenario that fails comes again.
 *
 * @param <S> the subject
 */
public final class Linearizable<S> {

    /** One step, and what it tells of the subject: compared by equals. */
    @FunctionalInterface
    public interface Action<S> {

        Object on(S subject) throws Exception;
    }

    private record Step<S>(String name, Action<S> action) {}

    private static final int THREADS = 3;
    private static final int LONGEST_SECONDS = 60;

    private final Supplier<S> fresh;
    private final List<Step<S>> steps = new ArrayList<>();

    private Linearizable(Supplier<S> fresh) {
        this.fresh = fresh;
    }

    /** @param fresh makes a subject on which nothing has been done */
    public static <S> Linearizable<S> of(Supplier<S> fresh) {
        return new Linearizable<>(fresh);
    }

    public Linearizable<S> step(String name, Action<S> action) {
        steps.add(new Step<>(name, action));
        return this;
    }

    /**
     * @param scenarios how many choices of steps
     * @param runs how often the threads make those of one scenario
     * @param each how many steps each of the three threads makes: 2 has 90 orders, 3 has 1,680
     */
    public void check(int scenarios, int runs, int each, long seed) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            Random random = new Random(seed);
            for (int i = 0; i < scenarios; i++) {
                List<Step<S>> chosen = new ArrayList<>();
                for (int place = 0; place < THREADS * each; place++) {
                    chosen.add(steps.get(random.nextInt(steps.size())));
                }
                check(threads, chosen, runs, each);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private void check(ExecutorService threads, List<Step<S>> chosen, int runs, int each) throws Exception {
        Set<List<Object>> explained = new HashSet<>();
        Set<List<Object>> seen = new HashSet<>();
        for (int run = 0; run < runs; run++) {
            seen.add(together(threads, chosen, each));
        }
        orders(chosen, each, new int[THREADS], new ArrayList<>(), explained);
        seen.removeAll(explained);
        if (!seen.isEmpty()) {
            StringBuilder story = new StringBuilder("no order of the steps explains what they have returned:\n");
            List<Object> results = seen.iterator().next();
            for (int place = 0; place < chosen.size(); place++) {
                story.append("  thread ")
                        .append(place / each)
                        .append(": ")
                        .append(chosen.get(place).name)
                        .append(" -> ")
                        .append(results.get(place))
                        .append('\n');
            }
            throw new AssertionError(story);
        }
    }

    /** The results, those of each thread in a row. */
    private List<Object> together(ExecutorService threads, List<Step<S>> chosen, int each) throws Exception {
        S subject = fresh.get();
        Object[] results = new Object[chosen.size()];
        AtomicInteger ready = new AtomicInteger();
        List<Future<?>> ends = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            int first = thread * each;
            ends.add(threads.submit(() -> {
                ready.incrementAndGet();
                while (ready.get() < THREADS) {
                    Thread.yield();
                }
                for (int place = first; place < first + each; place++) {
                    results[place] = chosen.get(place).action.on(subject);
                }
                return null;
            }));
        }
        for (Future<?> end : ends) {
            try {
                end.get(LONGEST_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                throw new AssertionError("a step has failed among " + names(chosen), e.getCause());
            } catch (TimeoutException e) {
                throw new AssertionError("a step does not end among " + names(chosen), e);
            }
        }
        return Arrays.asList(results);
    }

    private List<String> names(List<Step<S>> chosen) {
        return chosen.stream().map(step -> step.name).toList();
    }

    /** Adds the results of every order that goes on as {@code order} begins. */
    private void orders(List<Step<S>> chosen, int each, int[] made, List<Integer> order, Set<List<Object>> explained)
            throws Exception {
        if (order.size() == chosen.size()) {
            S subject = fresh.get();
            List<Object> results = new ArrayList<>(Collections.nCopies(chosen.size(), null));
            for (int place : order) {
                results.set(place, chosen.get(place).action.on(subject));
            }
            explained.add(results);
            return;
        }
        for (int thread = 0; thread < THREADS; thread++) {
            if (made[thread] < each) {
                order.add(thread * each + made[thread]++);
                orders(chosen, each, made, order, explained);
                order.remove(order.size() - 1);
                made[thread]--;
            }
        }
    }
}
