package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.background.Waiting;
import io.idempotenttrace.core.failure.Failures;
import io.idempotenttrace.core.redisclient.RedisFailure;
import io.idempotenttrace.core.redisclient.RedisLink;
import io.idempotenttrace.core.redisclient.ServerCommands;
import io.idempotenttrace.core.store.MissingRightException;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RefusedStepException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One script on its way, through as many sends as it needs. Completes with the reply or with IdempotencyStoreException. */
final class ScriptCall extends CompletableFuture<List<Object>>
        implements BiConsumer<List<Object>, Throwable>, UnsentCalls.Call {

    private static final long RESEND_AFTER_NANOS = 20_000_000L;
    /** A deadline that is seen to be over for so long was not looked at in time: the process stood still. */
    private static final long STOOD_STILL_NANOS = 250_000_000L;
    /** How long replies then have to be read that came meanwhile. */
    private static final long READING_NANOS = 250_000_000L;

    private final ScriptRunner runner;
    private final LuaScript script;
    private final RecordId id;
    /** The record's name first. */
    private volatile byte[][] keys;

    private final byte[][] arguments;
    private final int records;
    private final long mostResultBytes;

    private volatile long deadlineNanos;
    /** Each is of the last send; null before the first. */
    private volatile @Nullable RedisLink link;

    private volatile @Nullable CompletableFuture<List<Object>> inFlight;
    private volatile long sentAtNanos;
    /** What the server has refused a send with that was made again; null where it has refused none. */
    private volatile @Nullable Throwable refusal;
    /** Whether the server did not know the script, so that its text is sent. */
    private boolean whole;

    /** Those who wait for the reply and those who look at deadlines wake up together after a standstill. Nothing is called while it is held. */
    private final Object timing = new Object();

    private boolean sent;
    /** Whether it has got more time since the process stood still. */
    private boolean prolonged;

    /**
     * @param id the record, for messages; of several, one of them
     * @param records how many the keys and arguments are of; each has as many
     */
    ScriptCall(ScriptRunner runner, LuaScript script, RecordId id, byte[][] keys, byte[][] arguments, int records) {
        this.runner = runner;
        this.script = script;
        this.id = id;
        this.keys = keys;
        this.arguments = arguments;
        this.records = records;
        this.mostResultBytes = runner.mostResultBytes(id);
        this.deadlineNanos = runner.platform().nanoTime() + runner.connectNanos();
    }

    void send() {
        RedisLink open = runner.connector().link();
        if (open != null && runner.unsent().isEmpty()) {
            sendOn(open);
        } else {
            runner.unsent().add(this, runner.connector().begin());
        }
    }

    @Override
    public void notSent(Throwable failure) {
        accept(null, failure);
    }

    @Override
    public void sendOn(RedisLink open) {
        if (isDone()) {
            return;
        }
        long now = runner.platform().nanoTime();
        synchronized (timing) {
            if (!sent) {
                // The time-out is the command's: the first connection has its own.
                sent = true;
                deadlineNanos = now + runner.commandTimeoutNanos();
            }
        }
        link = open;
        sentAtNanos = now;
        ServerCommands by = open.commands();
        try {
            CompletableFuture<List<Object>> reply = whole
                    ? by.eval(script.text(open.majorVersion(), mostResultBytes), keys, arguments)
                    : by.evalsha(script.sha(open.majorVersion(), mostResultBytes), keys, arguments);
            inFlight = reply;
            reply.whenComplete(this);
        } catch (RuntimeException e) {
            accept(null, e);
        }
    }

    /** The end of one send. */
    @Override
    public void accept(@Nullable List<Object> reply, @Nullable Throwable failure) {
        if (failure != null) {
            failed(Failures.cause(failure));
        } else {
            replied(Objects.requireNonNull(reply, "reply"), Objects.requireNonNull(link, "link"));
        }
    }

    private void replied(List<Object> reply, RedisLink answering) {
        if (script.isReplyTo(keys[0], arguments, reply, records)) {
            answering.replied();
            complete(reply);
        } else {
            foreign(answering);
        }
    }

    /** Every reply on this connection goes to the wrong call from now on. */
    private void foreign(RedisLink answering) {
        runner.connector().replace(answering);
        failed(new ForeignReplyException(), answering);
    }

    private void failed(Throwable cause) {
        RedisLink answering = link;
        if (answering != null && whole && RedisFailure.isUnknownScript(cause)) {
            foreign(answering);
        } else {
            failed(cause, answering);
        }
    }

    /** @param answering null where no connection could be had */
    private void failed(Throwable cause, @Nullable RedisLink answering) {
        if (answering != null && RedisFailure.isAnswer(cause)) {
            answering.replied();
        }
        if (answering != null && RedisFailure.isUnknownScript(cause) && !whole) {
            // A restarted, flushed or failed-over server does not know it: not executed, so it is sent whole.
            whole = true;
            sendOn(answering);
            return;
        }
        if (answering != null && hasFailedNote() && RedisFailure.wantsOneKey(cause)) {
            // Not executed: the slot is moving to another node, or a proxy places names by a rule of its own. Without
            // its
            // failed note the record is treated as one that is not shared.
            keys = new byte[][] {keys[0]};
            sendOn(answering);
            return;
        }
        whole = false;
        if (RedisFailure.refusal(cause) != null) {
            refusal = cause;
        }
        if (answering != null && RedisFailure.needsAnotherServer(cause)) {
            lookForAnotherServer(answering);
        }
        boolean timeLeft = runner.platform().nanoTime() + RESEND_AFTER_NANOS - deadlineNanos < 0;
        if (!isDone() && timeLeft && answering != null && RedisFailure.passesSoon(cause)) {
            sendLater(cause);
        } else {
            if (answering != null && !answering.isCluster() && !answering.isOpen()) {
                // The client goes on trying in vain and does not say why; a new attempt does, and calls then fail with
                // its reason.
                runner.connector().replace(answering);
            }
            completeExceptionally(failure(cause));
        }
    }

    /** The connection comes back by itself; until then commands are rejected at once. */
    private void sendLater(Throwable cause) {
        try {
            runner.connector().later(this::send, RESEND_AFTER_NANOS);
        } catch (RuntimeException closedOrNoThread) {
            completeExceptionally(failure(cause));
        }
    }

    private void lookForAnotherServer(RedisLink answering) {
        if (answering.isCluster()) {
            runner.connector().refreshTopology();
        } else {
            runner.connector().replace(answering);
        }
    }

    /** Of one shared record: several have more keys. */
    private boolean hasFailedNote() {
        return id.scope() == null && keys.length == 2;
    }

    private IdempotencyStoreException failure(Throwable last) {
        Throwable cause = reason(last);
        String message = runner.describe(script, cause);
        if (RedisFailure.isMissingRight(cause)) {
            return new MissingRightException(message, id.tenant(), id.key(), null, cause);
        }
        return ScriptFailure.concernsOneRecord(cause)
                ? new RefusedStepException(message, id.tenant(), id.key(), null, cause)
                : new IdempotencyStoreException(message, id.tenant(), id.key(), null, cause);
    }

    /** The server's own words tell more than a connection that was replaced for them, or the time that was over meanwhile. */
    private Throwable reason(Throwable last) {
        Throwable refused = refusal;
        boolean saysNothing = RedisFailure.refusal(last) == null
                && RedisFailure.passesSoon(last)
                && !(last instanceof ForeignReplyException);
        return saysNothing && refused != null ? refused : last;
    }

    /**
     * Waits for the reply. An interrupt does not end the wait, which the command time-out bounds: a claim that was sent must be
     * answered, else its body would run twice. It is kept for the caller's next blocking step.
     *
     * @throws IdempotencyStoreException if there is none in time; then it is unknown whether the script ran
     */
    List<Object> await() {
        while (true) {
            try {
                return Waiting.uninterruptibly(
                        runner.platform(),
                        this,
                        Math.max(1, deadlineNanos - runner.platform().nanoTime()));
            } catch (TimeoutException e) {
                // The deadline moves when the connection is there.
                if (isLate(runner.platform().nanoTime())) {
                    timedOut(e);
                }
            } catch (ExecutionException e) {
                throw (IdempotencyStoreException) e.getCause();
            }
        }
    }

    /** This call, failing soon after its deadline by itself: for callers that do not wait. */
    ScriptCall withTimeout() {
        if (!isDone()) {
            runner.deadlines().watch(this);
        }
        return this;
    }

    /** Fails if it is late; whether it has ended. */
    boolean endsBy(long nanos) {
        if (!isDone() && isLate(nanos)) {
            timedOut(new TimeoutException());
        }
        return isDone();
    }

    /**
     * Whether the deadline is over. Where the process stood still until long after it, as for a garbage collection, whoever reads the replies
     * did so too: once, the call waits on for a moment, so that a reply that has come meanwhile counts.
     */
    private boolean isLate(long nanos) {
        synchronized (timing) {
            long late = nanos - deadlineNanos;
            if (late >= STOOD_STILL_NANOS && sent && !prolonged) {
                prolonged = true;
                deadlineNanos = nanos + READING_NANOS;
                return false;
            }
            return late >= 0;
        }
    }

    private void timedOut(TimeoutException cause) {
        if (!completeExceptionally(failure(cause))) {
            return;
        }
        CompletableFuture<List<Object>> sending = inFlight;
        if (sending == null) {
            return;
        }
        // One that is still queued is not sent; one that was sent may yet run.
        sending.cancel(true);
        RedisLink asked = link;
        if (asked != null) {
            runner.replaceIfSilent(asked, sentAtNanos);
        }
    }
}
