package io.idempotenttrace.core.guard;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.background.BackgroundLoop;
import io.idempotenttrace.core.background.Platform;
import io.idempotenttrace.core.store.FleetBoard;
import io.idempotenttrace.core.store.FleetMode;
import io.idempotenttrace.core.store.MissingRightException;
import io.idempotenttrace.core.store.RefusedStepException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks from time to time at what the fleet is asked for, so that calls need not. What was asked for last counts on while the store can't be
 * asked: a switch survives an outage, and a lost connection. While somebody watches the fleet, it tells the figures of this process, once a
 * second. Safe for use by many threads.
 */
public final class FleetListener implements AutoCloseable {

    /** Until it is known for the first time. */
    private static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final long WATCHED_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What a process tells of itself. */
    public interface Figures {

        /** Somebody watches from now on, or nobody does any more. */
        void watched(boolean isWatched);

        /** Whether the store answers the process at all; told in each round while it does not, and when it does again. */
        void answered(boolean answers);

        /**
         * The figures as one line.
         *
         * @param number of the line
         * @param ended whether it is the last one
         */
        String line(long number, boolean ended);
    }

    /** So many rounds in a row without an answer: one that is late says nothing. */
    private static final int UNANSWERED_TO_TELL = 3;
    /** The same while the first connection is being opened, some two seconds. */
    private static final int UNCONNECTED_TO_TELL = 40;

    private final FleetBoard board;
    private final GuardModes modes;
    private final @Nullable Figures figures;
    private final GuardLog log;
    private final long periodNanos;
    private final BackgroundLoop loop;
    private boolean known;
    private int unanswered;
    private boolean toldAway;
    /** Guarded by this, as what follows: the stop of the JVM tells the last line. */
    private boolean isWatched;

    private long lines;
    private boolean toldLast;

    /**
     * @param figures null where nothing is told
     * @param periodMillis how often to look; above 0
     */
    public FleetListener(
            FleetBoard board, GuardModes modes, @Nullable Figures figures, long periodMillis, GuardLog log) {
        this.board = board;
        this.modes = modes;
        this.figures = figures;
        this.log = log;
        this.periodNanos = TimeUnit.MILLISECONDS.toNanos(periodMillis);
        this.loop = new BackgroundLoop("idempotent-trace-fleet", this::look, Platform.JVM);
    }

    /** Begins to look, aside. */
    public void start() {
        loop.wake();
    }

    /** One round. */
    long look() {
        // As before where the store can't be asked: one answer that is late does not say that nobody watches.
        boolean watched = isWatched();
        boolean answers = false;
        try {
            Map<String, FleetMode> asked = board.modes();
            if (asked != null) {
                answers = true;
                known = true;
                modes.byFleet(asked);
                watched = figures != null && board.isWatched();
            }
        } catch (MissingRightException | RefusedStepException e) {
            // The store answers, though the key of what the fleet is asked for may hold something else.
            answers = true;
            known = true;
            log.sayOnce("the command mode does not reach this process: " + e.getMessage());
        } catch (IdempotencyStoreException e) {
            // Calls say that the store is away; what was asked for before counts on.
        }
        answered(answers);
        boolean told = watched && tell();
        synchronized (this) {
            if (figures != null && isWatched != watched) {
                figures.watched(watched);
            }
            isWatched = watched;
        }
        long pause = known ? periodNanos : Math.min(periodNanos, SOON_NANOS);
        return told ? Math.min(pause, WATCHED_NANOS) : pause;
    }

    /** An idle process, too, knows so that its calls would not be guarded. */
    private void answered(boolean answers) {
        unanswered = answers ? 0 : unanswered + 1;
        boolean away = unanswered >= (known ? UNANSWERED_TO_TELL : UNCONNECTED_TO_TELL);
        // Each time: a call may have been answered meanwhile, by a connection that has gone again.
        if (figures != null && (away || toldAway)) {
            toldAway = away;
            figures.answered(!away);
        }
    }

    private synchronized boolean isWatched() {
        return isWatched;
    }

    /** Not after the last line, which a round that is still under way would replace. */
    private synchronized boolean tell() {
        return !toldLast && tell(/* ended= */ false);
    }

    private synchronized boolean tell(boolean ended) {
        Figures telling = figures;
        if (telling == null) {
            return false;
        }
        try {
            board.tell(telling.line(++lines, ended));
            return true;
        } catch (IdempotencyStoreException e) {
            // Those who watch see that nothing is told.
            return false;
        }
    }

    /** The JVM stops: tells the last figures, if somebody watches. */
    public synchronized void tellLast() {
        loop.close();
        toldLast = true;
        if (isWatched && !tell(/* ended= */ true)) {
            // Once more: nobody else tells those who watch that this process has ended, and is not silent.
            tell(/* ended= */ true);
        }
    }

    @Override
    public void close() {
        loop.close();
    }
}
