package io.idempotenttrace.core.guard;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.background.BackgroundLoop;
import io.idempotenttrace.core.background.Platform;
import io.idempotenttrace.core.store.FleetBoard;
import io.idempotenttrace.core.store.FleetMode;
import io.idempotenttrace.core.store.MissingRightException;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Looks from time to time at what the fleet is asked for, so that calls need not. What was asked for last counts on while the store can't be
 * asked: a switch survives an outage, and a lost connection. Safe for use by many threads.
 */
public final class FleetListener implements AutoCloseable {

    /** Until it is known for the first time. */
    private static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final FleetBoard board;
    private final GuardModes modes;
    private final GuardLog log;
    private final long periodNanos;
    private final BackgroundLoop loop;
    private boolean known;

    /** @param periodMillis how often to look; above 0 */
    public FleetListener(FleetBoard board, GuardModes modes, long periodMillis, GuardLog log) {
        this(board, modes, periodMillis, log, Platform.JVM);
    }

    FleetListener(FleetBoard board, GuardModes modes, long periodMillis, GuardLog log, Platform platform) {
        this.board = board;
        this.modes = modes;
        this.log = log;
        this.periodNanos = TimeUnit.MILLISECONDS.toNanos(periodMillis);
        this.loop = new BackgroundLoop("idempotent-trace-fleet", this::look, platform);
    }

    /** Begins to look, aside. */
    public void start() {
        loop.wake();
    }

    /** One round. */
    long look() {
        try {
            Map<String, FleetMode> asked = board.modes();
            if (asked != null) {
                known = true;
                modes.byFleet(asked);
            }
        } catch (MissingRightException e) {
            known = true;
            log.sayOnce("the command mode does not reach this process: " + e.getMessage());
        } catch (IdempotencyStoreException e) {
            // Calls say that the store is away; what was asked for before counts on.
        }
        return known ? periodNanos : Math.min(periodNanos, SOON_NANOS);
    }

    @Override
    public void close() {
        loop.close();
    }
}
