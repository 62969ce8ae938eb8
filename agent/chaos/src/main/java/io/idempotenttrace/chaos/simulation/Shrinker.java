package io.idempotenttrace.chaos.simulation;

import java.util.ArrayList;
import java.util.List;

/** Leaves out faults, messages and workers of a plan for as long as the same promise is still broken: what is left is the reason. */
final class Shrinker {

    private static final int MOST_WORLDS = 300;

    private final Lane lane;
    private Outcome smallest;
    private int worlds;

    private Shrinker(Lane lane, Outcome failed) {
        this.lane = lane;
        this.smallest = failed;
    }

    /** The smallest plan that was found, with its story. The same plan always has the same result. */
    static Outcome shrunk(Lane lane, Outcome failed) {
        Shrinker shrinker = new Shrinker(lane, failed);
        shrinker.shrink();
        return Outcome.of(shrinker.smallest.plan(), lane, /* told= */ true);
    }

    private void shrink() {
        boolean smaller = true;
        while (smaller && worlds < MOST_WORLDS) {
            smaller = fewerFaults() | fewerStrangers() | fewerMessages() | fewerDeliveries() | fewerWorkers();
        }
    }

    private boolean fewerFaults() {
        boolean any = false;
        for (int i = smallest.plan().faults().size() - 1; i >= 0; i--) {
            any |= stillFails(smallest.plan().withFaults(without(smallest.plan().faults(), i)));
        }
        return any;
    }

    private boolean fewerStrangers() {
        boolean any = false;
        for (int i = smallest.plan().strangers().size() - 1; i >= 0; i--) {
            any |= stillFails(
                    smallest.plan().withStrangers(without(smallest.plan().strangers(), i)));
        }
        return any;
    }

    private boolean fewerMessages() {
        boolean any = false;
        for (int i = smallest.plan().messages().size() - 1;
                i >= 0 && smallest.plan().messages().size() > 1;
                i--) {
            any |= stillFails(
                    smallest.plan().withMessages(without(smallest.plan().messages(), i)));
        }
        return any;
    }

    private boolean fewerDeliveries() {
        boolean any = false;
        for (int i = 0; i < smallest.plan().messages().size(); i++) {
            while (smallest.plan().messages().get(i).again() > 0) {
                List<Message> messages = new ArrayList<>(smallest.plan().messages());
                messages.set(i, messages.get(i).deliveredOnceLess());
                if (!stillFails(smallest.plan().withMessages(messages))) {
                    break;
                }
                any = true;
            }
        }
        return any;
    }

    private boolean fewerWorkers() {
        return smallest.plan().workers() > 1
                && stillFails(smallest.plan().withWorkers(smallest.plan().workers() - 1));
    }

    private static <T> List<T> without(List<T> all, int place) {
        List<T> rest = new ArrayList<>(all);
        rest.remove(place);
        return rest;
    }

    private boolean stillFails(Plan plan) {
        if (worlds++ >= MOST_WORLDS) {
            return false;
        }
        Outcome outcome = Outcome.of(plan, lane, /* told= */ false);
        if (!outcome.failed()
                || outcome.violation().property() != smallest.violation().property()) {
            return false;
        }
        smallest = outcome;
        return true;
    }
}
