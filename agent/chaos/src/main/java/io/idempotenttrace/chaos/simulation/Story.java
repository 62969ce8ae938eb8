package io.idempotenttrace.chaos.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What happened in a world, for people; and a number that is the same only if all of it happened again. */
final class Story {

    private static final long PRIME = 0x100000001b3L;

    private final Scheduler scheduler;
    private final List<String> lines = new ArrayList<>();
    private final boolean kept;
    private long hash = 0xcbf29ce484222325L;

    /** @param kept whether the lines are wanted, and not only the number */
    Story(Scheduler scheduler, boolean kept) {
        this.scheduler = scheduler;
        this.kept = kept;
    }

    void tell(String who, String what) {
        mix(scheduler.now());
        mix(who.hashCode());
        mix(what.hashCode());
        if (kept) {
            lines.add(String.format(Locale.ROOT, "%10.4f s  %-8s  %s", scheduler.now() / 1e9, who, what));
        }
    }

    private void mix(long value) {
        hash = (hash ^ value) * PRIME;
        hash ^= hash >>> 29;
    }

    long hash() {
        return hash;
    }

    List<String> lines() {
        return lines;
    }
}
