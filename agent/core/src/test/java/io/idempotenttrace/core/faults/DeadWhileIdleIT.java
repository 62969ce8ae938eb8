package io.idempotenttrace.core.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.guard.FleetListener;
import io.idempotenttrace.core.guard.GuardLog;
import io.idempotenttrace.core.guard.GuardMode;
import io.idempotenttrace.core.guard.GuardModes;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.core.store.FleetBoard;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.testkit.Await;
import io.idempotenttrace.testkit.FaultCount;
import io.idempotenttrace.testkit.FaultCount.Answer;
import io.idempotenttrace.testkit.TcpProxy;
import io.idempotenttrace.testkit.TestRedis;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A worker has nothing to do while a load balancer or a firewall forgets its connection: neither side is told. What the worker itself asks
 * over the connection has to find out, since otherwise the first calls do, each of them after the command time-out.
 */
class DeadWhileIdleIT {

    private static final long LEASE = 600_000;
    private static final long POLL_MILLIS = 100;

    private final TestRedis redis = TestRedis.start();
    private final TcpProxy proxy = TcpProxy.to(redis);
    private final FaultCount count = new FaultCount();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final GuardModes modes = new GuardModes(scope -> GuardMode.ENFORCE, line -> {});

    private Worker worker;
    private FleetBoard board;
    private FleetListener poll;

    @BeforeEach
    void aWorkerIsConnected() {
        IdempotencyStore store = IdempotencyStores.open(Configuration.defaults()
                .with(Setting.REDIS_URL, proxy.url())
                .with(Setting.COMMAND_TIMEOUT, "2s")
                .with(Setting.CONNECT_TIMEOUT, "1s"));
        worker = new Worker(store, Worker.policy(OnStoreFailure.PROCEED, LEASE, 300), count, 300);
        board = Objects.requireNonNull(store.fleet());
        poll = new FleetListener(board, modes, null, POLL_MILLIS, new GuardLog(new PrintStream(said, true), 1));
        Await.until("connected", () -> store.status(Worker.id("warm-up")).isEmpty());
        // What the first call loads takes its time.
        assertEquals(Answer.RAN, worker.deliver("before"));
    }

    @AfterEach
    void end() {
        poll.close();
        worker.close();
        proxy.close();
        redis.close();
    }

    private void theNextCallsAreGuarded(String name) {
        long before = worker.unguarded();
        for (int i = 0; i < 5; i++) {
            assertEquals(Answer.RAN, worker.deliver(name + i));
        }
        assertEquals(before, worker.unguarded(), worker::said);
        assertEquals("", worker.said());
        assertEquals("", said.toString());
    }

    @Test
    void thePollReplacesTheConnectionSoThatTheNextCallIsGuarded() {
        poll.start();
        int before = proxy.taken();
        proxy.silenceOpenOnes();
        Await.until("the poll has found out", () -> proxy.taken() > before);
        theNextCallsAreGuarded("after");
        assertEquals(before + 1, proxy.taken(), "one that answers stays");
    }

    /** The network comes back after the connection was given up, and nobody calls: modes must reach this process all the same. */
    @Test
    void thePollConnectsAgainWhereTheFirstAttemptFailed() {
        poll.start();
        int before = proxy.taken();
        proxy.beSilent();
        Await.until("several attempts to connect have failed", () -> proxy.taken() > before + 2);
        proxy.heal();
        Await.until("the board is read again", () -> board.modes() != null);
        theNextCallsAreGuarded("after");
    }

    /** What the poll is for here: without it, the same network costs a call its guard. */
    @Test
    void withoutAPollTheFirstCallFindsOut() {
        proxy.silenceOpenOnes();
        assertEquals(Answer.RAN, worker.deliver("after"));
        assertEquals(1, worker.unguarded());
        assertTrue(worker.said().contains("command-timeout"), worker::said);
    }
}
