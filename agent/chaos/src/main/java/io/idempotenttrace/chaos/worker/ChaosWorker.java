package io.idempotenttrace.chaos.worker;

import io.idempotenttrace.DuplicateTraceException;
import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.TraceConflictException;
import io.idempotenttrace.TraceInProgressException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A worker: takes deliveries line by line on stdin, calls a guarded method for each, and tells on stdout what happened. Its argument is the
 * number of its threads.
 */
public final class ChaosWorker {

    private final Wire wire = new Wire();
    private final Emitter emitter = new Emitter(wire, new GuardProbe());
    private final ResourceFaults faults = new ResourceFaults(wire);
    private final ExecutorService threads;
    private volatile boolean stopping;

    private ChaosWorker(int threads) {
        this.threads = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "chaos-worker");
            thread.setDaemon(true);
            return thread;
        });
    }

    public static void main(String[] arguments) throws IOException {
        new ChaosWorker(Integer.parseInt(arguments[0])).work();
    }

    private void work() throws IOException {
        // Starts the agent's engine before the first delivery, as an application does whose methods are called at once.
        wire.say("R", "");
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                take(line.split("\t", -1));
            }
        }
        System.exit(0);
    }

    private void take(String[] words) {
        switch (words[0]) {
            case "call" -> {
                CurrentCall call = new CurrentCall(
                        Long.parseLong(words[1]), words[3], Long.parseLong(words[5]), words[6].equals("throw"));
                threads.execute(() -> deliver(call, words[2], words[4], /* deep= */ false));
            }
            case "deep-call" -> {
                CurrentCall call = new CurrentCall(Long.parseLong(words[1]), words[3], 0, /* throwing= */ false);
                threads.execute(() -> deliver(call, words[2], words[4], /* deep= */ true));
            }
            case "heap" -> faults.fillHeap(Long.parseLong(words[1]));
            case "threads" -> faults.startThreads(Long.parseLong(words[1]));
            case "stop" -> {
                // From now on nothing begins here: what runs is drained when the process is asked to end.
                stopping = true;
                wire.say("S", "");
            }
            default -> throw new IllegalArgumentException("the harness said '" + String.join(" ", words) + "'");
        }
    }

    private void deliver(CurrentCall call, String scope, String payload, boolean deep) {
        if (stopping) {
            return;
        }
        call.enter();
        try {
            String value = deep
                    ? faults.atTheEndOfTheStack(() -> emitter.emit(scope, call.key, payload))
                    : emitter.emit(scope, call.key, payload);
            answer(call, call.ran ? "ran" : "duplicate", value);
        } catch (DuplicateTraceException e) {
            answer(call, "duplicate", "");
        } catch (TraceConflictException e) {
            answer(call, "conflict", "");
        } catch (TraceInProgressException e) {
            answer(call, "in-progress", "");
        } catch (IdempotencyStoreException e) {
            answer(call, "store", "");
        } catch (BodyFailure e) {
            answer(call, "threw", "");
        } catch (Throwable e) {
            answer(call, "error", "");
        } finally {
            CurrentCall.leave();
        }
    }

    /** Tried again where no memory is left for the line: the harness would wait for it. */
    private void answer(CurrentCall call, String answer, String value) {
        while (true) {
            try {
                if (call.ran && !call.ended) {
                    // An Error has ended the body.
                    wire.say("T", call.id, "");
                    call.ended = true;
                }
                if (call.tries > 1) {
                    wire.say("X", call.id, Integer.toString(call.tries - 1));
                    call.tries = 0;
                }
                wire.say("A", call.id, answer + "\t" + (value == null ? "" : value));
                return;
            } catch (OutOfMemoryError e) {
                Thread.onSpinWait();
            }
        }
    }
}
