package io.idempotenttrace.cli;

import io.idempotenttrace.core.open.CheckResponse;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.core.open.IdempotentCalls;
import io.idempotenttrace.core.store.Update;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Lets two workers get the messages of a small story, and shows each verdict as it comes. The claims are real ones, in the memory of this
 * process; the workers take turns on one thread, so that the story is the same each time.
 */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Shows on a small story what becomes of a delivery: new, duplicate, in progress, conflict, a failure and a killed worker.",
            "It claims in the memory of this process. It needs no Redis, no agent and no application."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:all went as told", "1:something went otherwise", "2:wrong use, or a wrong setting"})
final class DemoCommand implements Callable<Integer> {

    /** Of the claim whose worker is killed. */
    private static final Duration LEASE = Duration.ofSeconds(3);

    private static final long POLL_MILLIS = 20;
    /** Far more than a lease takes, on a machine that is busy. */
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(60);

    @Option(
            names = "--pause",
            paramLabel = "MS",
            defaultValue = "500",
            description = "how long each line stands before the next one (default: ${DEFAULT-VALUE})")
    private long pauseMillis;

    private final Terminal terminal;
    private long begunNanos;
    private int deliveries;
    private int bodies;
    private boolean asTold = true;

    DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (IdempotentCalls calls = IdempotencyStores.open(Map.of("store", "memory"))) {
            tell(calls.withScope("demo"));
        } catch (IllegalArgumentException wrongSetting) {
            terminal.say(wrongSetting.getMessage());
            return 2;
        }
        terminal.print("");
        terminal.print(deliveries + " deliveries, " + bodies + " charges. Guard a method of yours: "
                + "java -jar idempotent-trace-agent.jar init maven");
        return asTold ? 0 : 1;
    }

    private void tell(IdempotentCalls calls) throws InterruptedException {
        terminal.print("Two workers charge orders. The broker delivers at least once.");
        terminal.print("");

        CheckResponse first = deliver(calls, 1, "order-17", 25, "new", "its body runs: 25 are charged");
        deliver(calls, 2, "order-17", 25, "in progress", "the same message again: it waits for worker 1");
        bodies++;
        expect(calls.markCompleted(first, "receipt-1") == Update.APPLIED);
        line(1, "order-17", 25, "", "completed, with receipt-1");
        CheckResponse duplicate = deliver(
                calls, 2, "order-17", 25, "duplicate", "its wait is over: it gets receipt-1, and charges nothing");
        expect("receipt-1".equals(duplicate.storedTraceId()));

        CheckResponse conflict =
                deliver(calls, 1, "order-17", 26, "conflict", "refused: another payload with this key");
        expect(!conflict.differingMembers().isEmpty());
        line(1, "order-17", 26, "", "differs in " + String.join(", ", conflict.differingMembers()));

        CheckResponse failing = deliver(calls, 1, "order-18", 40, "new", "its body throws: the bank does not answer");
        expect(calls.markFailed(failing, "the bank does not answer") == Update.APPLIED);
        CheckResponse again = deliver(calls, 2, "order-18", 40, "new", "redelivered: the key is free, its body runs");
        bodies++;
        expect(calls.markCompleted(again, "receipt-2") == Update.APPLIED);

        CheckResponse killed = deliver(
                calls.withLease(LEASE), 1, "order-19", 12, "new", "its body runs, and worker 1 stops answering");
        CheckResponse held = deliver(
                calls,
                2,
                "order-19",
                12,
                "in progress",
                "worker 1 has the key for a lease of " + LEASE.toSeconds() + " s, and renews it no more");
        CheckResponse taken = whenFree(calls, held);
        deliveries++;
        line(2, "order-19", 12, "new", "redelivered when the lease was over: its body runs");
        expect(taken.isNew());
        bodies++;
        expect(calls.markCompleted(taken, "receipt-3") == Update.APPLIED);
        expect(calls.markCompleted(killed, "receipt-0") == Update.REFUSED);
        line(1, "order-19", 12, "", "comes back: its completion is refused, worker 2 owns the key");
    }

    private static Map<String, Object> order(String key, int amount) {
        return Map.of("id", key, "amount", amount);
    }

    private CheckResponse deliver(
            IdempotentCalls calls, int worker, String key, int amount, String verdict, String what)
            throws InterruptedException {
        deliveries++;
        CheckResponse answer = calls.check(key, order(key, amount));
        String given = answer.isNew()
                ? "new"
                : answer.isDuplicate() ? "duplicate" : answer.isInProgress() ? "in progress" : "conflict";
        line(worker, key, amount, given, given.equals(verdict) ? what : "this should be: " + verdict);
        expect(given.equals(verdict));
        return answer;
    }

    private static CheckResponse whenFree(IdempotentCalls calls, CheckResponse held) throws InterruptedException {
        CheckResponse answer = held;
        long begun = System.nanoTime();
        while (!answer.isNew() && System.nanoTime() - begun < LONGEST_WAIT_NANOS) {
            Thread.sleep(POLL_MILLIS);
            answer = calls.check(held.key(), order(held.key(), 12));
        }
        return answer;
    }

    private void expect(boolean met) {
        asTold &= met;
    }

    private void line(int worker, String key, int amount, String verdict, String what) throws InterruptedException {
        String padded = String.format(Locale.ROOT, "%-11s", verdict);
        String shown = switch (verdict) {
            case "new" -> terminal.coloured(padded, Terminal.Colour.GOOD);
            case "in progress" -> terminal.coloured(padded, Terminal.Colour.DOUBTFUL);
            case "conflict" -> terminal.coloured(padded, Terminal.Colour.BAD);
            default -> padded;
        };
        begunNanos = begunNanos == 0 ? System.nanoTime() : begunNanos;
        double seconds = (System.nanoTime() - begunNanos) / 1e9;
        terminal.print(String.format(
                Locale.ROOT, "%5.1f s  worker %d  %s  %3d  %s  %s", seconds, worker, key, amount, shown, what));
        Thread.sleep(pauseMillis);
    }
}
