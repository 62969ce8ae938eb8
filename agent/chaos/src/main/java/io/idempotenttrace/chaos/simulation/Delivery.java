package io.idempotenttrace.chaos.simulation;

import io.idempotenttrace.DuplicateTraceException;
import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.OnConflict;
import io.idempotenttrace.OnDuplicate;
import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.TraceConflictException;
import io.idempotenttrace.TraceInProgressException;
import io.idempotenttrace.chaos.simulation.KeyState.Body;
import io.idempotenttrace.chaos.simulation.KeyState.Told;
import io.idempotenttrace.core.canonical.HashForm;
import io.idempotenttrace.core.canonical.PayloadDigest;
import io.idempotenttrace.core.guard.Admission;
import io.idempotenttrace.core.guard.CallPolicy;
import io.idempotenttrace.core.guard.KeyTakenError;
import io.idempotenttrace.core.guard.RunningCall;
import io.idempotenttrace.core.store.ClaimRequest;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordTimes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** One message, the calls that it makes each time it is delivered, and what becomes of them. */
final class Delivery {

    private static final long SECOND = 1_000_000_000L;

    private final World world;
    private final Message message;
    private final KeyState key;
    private final RecordId id;
    private final CallPolicy policy;
    /** The calls that have no answer yet, with the times when they began. */
    private final Map<SimThread, Long> waiting = new LinkedHashMap<>();

    private final Map<SimThread, Process> running = new LinkedHashMap<>();
    private int failuresLeft;
    private int expectedAgain;
    private boolean acknowledged;

    Delivery(World world, Message message) {
        this.world = world;
        this.message = message;
        this.key = world.key(message);
        this.id = world.id(message.key());
        this.failuresLeft = message.failures();
        this.policy = policy(message.onStoreFailure(), message.onInProgress(), message.asyncCompletion());
    }

    private static CallPolicy policy(
            OnStoreFailure onStoreFailure, OnInProgress onInProgress, boolean asyncCompletion) {
        return new CallPolicy(
                new RecordTimes(3_600_000, 60_000, World.LEASE_MILLIS),
                World.WAIT_MILLIS,
                OnDuplicate.RETURN_STORED,
                onInProgress,
                OnConflict.THROW,
                onStoreFailure,
                /* throwOnMissingKey= */ false,
                asyncCompletion,
                /* maxHoldMillis= */ 0);
    }

    Message message() {
        return message;
    }

    boolean isDone() {
        return acknowledged && expectedAgain == 0 && running.isEmpty();
    }

    /** How long the oldest call waits that has no answer yet, in nanoseconds. */
    long longestCall() {
        return waiting.values().stream()
                .mapToLong(begun -> world.scheduler.now() - begun)
                .max()
                .orElse(0);
    }

    void expectAgain() {
        expectedAgain++;
    }

    /** The queue delivers it a further time, whatever became of the first. */
    void deliverAgain() {
        expectedAgain--;
        deliverTo(world.anyProcess());
    }

    void deliver() {
        deliverTo(world.anyProcess());
    }

    private void deliverTo(Process process) {
        if (process == null) {
            redeliver();
            return;
        }
        world.calls++;
        SimThread thread = new SimThread(process, "call-" + message + "-" + world.calls, () -> call(process));
        running.put(thread, process);
        world.scheduler.start(thread);
    }

    /** What it was doing is gone: the queue sees that nobody acknowledged. */
    void processDied(Process process) {
        if (running.values().removeIf(process::equals)) {
            waiting.keySet().removeIf(thread -> thread.process == process);
            redeliver();
        }
    }

    private void redeliver() {
        if (!acknowledged) {
            world.scheduler.after(world.random.nextLong(200_000_000, 2 * SECOND), null, this::deliver);
        }
    }

    private void call(Process process) {
        SimThread self = world.scheduler.current();
        boolean done = false;
        try {
            done = told(process, self);
        } finally {
            waiting.remove(self);
            if (running.remove(self) != null && !process.isDead()) {
                acknowledged |= done;
                if (!done) {
                    redeliver();
                }
            }
        }
    }

    /** Whether the message is to be acknowledged. */
    private boolean told(Process process, SimThread self) {
        world.story.tell(
                process.name,
                "gets " + message + " for " + key.name + (message.payload() == 0 ? "" : " with another payload"));
        waiting.put(self, world.scheduler.now());
        Admission admission;
        try {
            admission = admitted(process);
        } catch (Killed gone) {
            throw gone;
        } catch (TraceConflictException conflict) {
            world.oracle.toldConflict(key, process, message.payload());
            return true;
        } catch (DuplicateTraceException failedForGood) {
            world.oracle.toldDuplicate(key, process, message.payload(), "", "");
            return true;
        } catch (TraceInProgressException held) {
            return refused(process, "told in progress", "is told that " + key.name + " is in progress");
        } catch (IdempotencyStoreException away) {
            return refused(process, "told refused", "is refused, since Redis can't be asked");
        } catch (KeyTakenError taken) {
            return refused(process, "told that the key is taken", "is refused by a fault, since the key is taken");
        } catch (SimulatedError | RuntimeException fault) {
            return onFault(process, fault);
        } finally {
            waiting.remove(self);
        }
        if (admission instanceof Admission.Stored stored) {
            if (stored.ownerRuns()) {
                return refused(process, "told that the owner runs", "is told that the owner of " + key.name + " runs");
            }
            world.oracle.toldDuplicate(key, process, message.payload(), stored.traceId(), stored.result());
            return true;
        }
        return runBody(process, admission instanceof RunningCall call ? call : null, /* byAFault= */ false);
    }

    private boolean refused(Process process, String counted, String told) {
        world.count(counted);
        world.story.tell(process.name, told);
        return false;
    }

    /** As the woven code does: a fault of the guard's own lets the body run, unless the policy is to refuse. */
    private boolean onFault(Process process, Throwable fault) {
        if (!(fault instanceof SimulatedError) && !(fault.getCause() instanceof SimulatedError) && !process.hadError) {
            throw new IllegalStateException("a call of the guard failed without an Error of the world", fault);
        }
        world.count("told by a fault");
        if (message.onStoreFailure() == OnStoreFailure.THROW) {
            return false;
        }
        return runBody(process, null, /* byAFault= */ true);
    }

    private Admission admitted(Process process) {
        // By the trace id of its claim the oracle knows when the call began.
        ClaimRequest request = new ClaimRequest(
                id,
                new PayloadDigest(HashForm.DEFAULT, World.hashOf(message.payload()), ""),
                world.oracle.traceIdOfCall(message.onInProgress() == OnInProgress.WAIT));
        if (!message.asyncCall()) {
            return process.guard.admit(request, policy);
        }
        return await(process, process.guard.claimAsync(request, policy, world.random.nextBoolean()));
    }

    private static <T> T await(Process process, CompletableFuture<T> future) {
        try {
            return process.platform.get(future, Long.MAX_VALUE);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param call null for a body whose end the guard does not want to know */
    private boolean runBody(Process process, RunningCall call, boolean byAFault) {
        Told told = byAFault
                ? Told.BY_A_FAULT
                : call == null ? Told.UNKNOWN : call.isUnguarded() ? Told.UNGUARDED : Told.GUARDED;
        if (told == Told.UNKNOWN) {
            process.endedUnguarded++;
        }
        if (told != Told.GUARDED && message.onStoreFailure() == OnStoreFailure.THROW) {
            world.oracle.violated(
                    Property.UNEXPLAINED,
                    "P26",
                    process + " runs the body of " + key.name + " without a claim, with on-store-failure=throw");
        }
        Body body = world.oracle.begins(
                key,
                process,
                message.payload(),
                told,
                call == null ? "" : call.claim().owner());
        boolean fails = failuresLeft > 0;
        failuresLeft -= fails ? 1 : 0;
        if (call != null) {
            process.guard.enterBody(call);
        }
        try {
            world.scheduler.sleep(fails ? message.bodyNanos() / 2 : message.bodyNanos());
        } finally {
            if (call != null) {
                process.guard.leaveBody(call);
            }
        }
        if (fails) {
            world.oracle.fails(body);
        } else {
            world.oracle.ends(body);
        }
        return call == null ? returned(body, !fails) : end(process, call, body, fails);
    }

    private boolean returned(Body body, boolean done) {
        world.oracle.returned(body);
        return done;
    }

    private boolean end(Process process, RunningCall call, Body body, boolean fails) {
        boolean unguarded = body.told == Told.UNGUARDED;
        try {
            if (fails) {
                process.guard.failed(call, "the body failed");
            } else if (message.failsForGood()) {
                body.failedForGood = true;
                process.guard.failedForGood(call, "!Refused: for good");
            } else {
                process.endedUnguarded += unguarded ? 1 : 0;
                Completion completion = new Completion(body.traceId(), body.result(), "");
                if (message.asyncCall()) {
                    await(process, process.guard.completedAsync(call, completion));
                } else {
                    process.guard.completed(call, completion);
                }
            }
        } catch (Killed gone) {
            throw gone;
        } catch (IdempotencyStoreException unacknowledged) {
            world.count("completion not acknowledged");
            return returned(body, false);
        } catch (SimulatedError | RuntimeException fault) {
            if (!process.hadError) {
                throw new IllegalStateException("the end of a call failed without an Error of the world", fault);
            }
            world.count("end of a call by a fault");
            process.guard.abandon(call);
            return returned(body, false);
        }
        return returned(body, !fails);
    }

    /** A call on a key of its own, in a world that is calm: it has to be guarded by the store. */
    static void probe(World world, Process process, Runnable done) {
        SimThread thread = new SimThread(process, "probe", () -> {
            RecordId id = new RecordId("t", "S", "probe-" + process.name.replace("'", "-"));
            ClaimRequest request =
                    new ClaimRequest(id, new PayloadDigest(HashForm.DEFAULT, World.hashOf(0), ""), "t-probe");
            String told;
            try {
                Admission admission = process.guard.admit(
                        request, policy(OnStoreFailure.THROW, OnInProgress.THROW, /* asyncCompletion= */ false));
                told = admission instanceof RunningCall call && !call.isUnguarded() ? "" : "to run without a claim";
                if (admission instanceof RunningCall call) {
                    process.guard.completed(call, new Completion("t-probe", "\"probe\"", ""));
                }
            } catch (RuntimeException refusal) {
                told = "'" + refusal.getMessage() + "'";
            }
            world.count("probe");
            if (!told.isEmpty()) {
                world.oracle.violated(
                        Property.STUCK,
                        "P31",
                        "Redis has answered for seconds, and a call of " + process + " is told " + told);
            }
            done.run();
        });
        world.scheduler.start(thread);
    }
}
