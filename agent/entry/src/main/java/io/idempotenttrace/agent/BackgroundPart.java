package io.idempotenttrace.agent;

import org.jspecify.annotations.Nullable;

/** How one part of the engine does that works aside, in rounds, on a thread of its own. Seen by JMX through its getters. */
public final class BackgroundPart {

    private final String name;
    private final boolean alive;
    private final long rounds;
    private final long lastRoundMillis;
    private final long failures;
    private final @Nullable String lastFailure;

    /** What each value means is said at its getter. */
    public BackgroundPart(
            String name,
            boolean alive,
            long rounds,
            long lastRoundMillis,
            long failures,
            @Nullable String lastFailure) {
        this.name = name;
        this.alive = alive;
        this.rounds = rounds;
        this.lastRoundMillis = lastRoundMillis;
        this.failures = failures;
        this.lastFailure = lastFailure;
    }

    /** The name of the part and of its thread. */
    public String getName() {
        return name;
    }

    /** Whether its thread is there. A part that nobody has needed yet, or needs no longer, has none. */
    public boolean isAlive() {
        return alive;
    }

    /** How many rounds ended well. */
    public long getRounds() {
        return rounds;
    }

    /** When the last round ended, well or not, in milliseconds since 1970; 0 before the first. */
    public long getLastRoundMillis() {
        return lastRoundMillis;
    }

    /** How many rounds, and starts of the thread, failed. */
    public long getFailures() {
        return failures;
    }

    /** What the last one failed with, in one line; null if none did. */
    public @Nullable String getLastFailure() {
        return lastFailure;
    }
}
