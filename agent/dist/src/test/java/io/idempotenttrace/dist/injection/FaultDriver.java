package io.idempotenttrace.dist.injection;

import io.idempotenttrace.CallVerdicts;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Calls guarded methods while one method of the engine after the other throws. What a call gives must be what it gives without
 * the agent, or with an agent that works; after each fault, the agent must work again.
 *
 * <p>Prints each difference, and last how many seams, faults and calls there were.
 */
public final class FaultDriver {

    /** Before the outcome of a call whose key was called before. */
    private static final String AGAIN = "again: ";

    private static final long MOST_NANOS_TO_RECOVER = 30_000_000_000L;

    /** Defines {@link GuardedEmitter} anew, so that it is woven and linked again. */
    private static final class EmitterLoader extends ClassLoader {

        private static final byte[] CLASS_FILE = read();

        EmitterLoader() {
            super(FaultDriver.class.getClassLoader());
        }

        private static byte[] read() {
            try (InputStream in = FaultDriver.class.getResourceAsStream("GuardedEmitter.class")) {
                return in.readAllBytes();
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        /** @param annotated false for a class that names another annotation, which no JVM knows */
        Emitter emitter(boolean annotated) throws ReflectiveOperationException {
            byte[] bytes = annotated
                    ? CLASS_FILE
                    : new String(CLASS_FILE, StandardCharsets.ISO_8859_1)
                            .replace("Lio/idempotenttrace/IdempotentTrace;", "Lio/idempotenttrace/IdempotentNoise;")
                            .getBytes(StandardCharsets.ISO_8859_1);
            return (Emitter) defineClass(GuardedEmitter.class.getName(), bytes, 0, bytes.length)
                    .getConstructor()
                    .newInstance();
        }
    }

    private final ExecutorService other = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "other");
        thread.setDaemon(true);
        return thread;
    });
    private int round;
    private int calls;
    private int faults;
    private int wrong;

    private FaultDriver() {}

    public static void main(String[] arguments) throws Exception {
        // So that each call is told, and faults come in what tells it as well.
        CallVerdicts.onVerdict(call -> {});
        FaultDriver driver = new FaultDriver();
        if (arguments[0].equals("once")) {
            List<String> faulty = driver.outcomes(true);
            // What could not start is tried again, so that later calls may be guarded.
            driver.compare("at the start", faulty, driver.outcomes(false), driver.outcomes(true));
            System.out.println("wrong=" + driver.wrong + " calls=" + driver.calls);
        } else {
            driver.everySeam();
        }
    }

    private void everySeam() throws Exception {
        List<String> plain = outcomes(false);
        outcomes(true);
        List<String> guarded = outcomes(true);
        // What a pause of the machine has changed, with these short times, is not there twice.
        for (List<String> again = outcomes(true); !again.equals(guarded); again = outcomes(true)) {
            guarded = again;
        }
        int seams = 0;
        // Faults show methods that nothing called before: they come at the end of the list.
        for (int seam = 0; seam < FaultAgent.seams().size(); seam++) {
            if (FaultSeam.timesPassed(seam) == 0) {
                continue;
            }
            int before = FaultSeam.timesPassed(seam);
            for (int times : new int[] {1, Integer.MAX_VALUE}) {
                boolean error = (seam + times) % 2 == 0;
                FaultSeam.arm(seam, times, error);
                List<String> faulty = outcomes(true);
                FaultSeam.disarm();
                compare(FaultAgent.seams().get(seam) + (times == 1 ? " once" : " always"), faulty, plain, guarded);
                faults++;
                awaitRecovery(FaultAgent.seams().get(seam), guarded);
            }
            seams += FaultSeam.timesPassed(seam) > before ? 1 : 0;
        }
        System.out.println("seams=" + seams + " faults=" + faults + " calls=" + calls + " wrong=" + wrong);
    }

    /** A duplicate whose result was lost by the fault, or that was refused for it, may be told so: its body must not run again. */
    private void compare(String where, List<String> faulty, List<String> plain, List<String> guarded) {
        for (int i = 0; i < plain.size(); i++) {
            String outcome = faulty.get(i);
            boolean right = outcome.equals(plain.get(i))
                    || outcome.equals(guarded.get(i))
                    || outcome.equals(AGAIN + "DuplicateTraceException")
                    || isRefusedForItsKey(outcome, plain.get(i))
                    || isOfInnerCall(outcome, plain.get(i));
            if (!right) {
                wrong++;
                System.out.println("wrong: " + where + ": " + outcome + "; without the agent " + plain.get(i));
            }
        }
    }

    /**
     * A call that meets a fault once it has learnt that its key is taken is refused, whatever the policy: by a call with the same payload, or
     * another one, before it. So is the second one of two with one key in a body, where the first met a fault after its grant.
     */
    private static boolean isRefusedForItsKey(String outcome, String plain) {
        return outcome.endsWith(": IdempotencyStoreException")
                && (!outcome.startsWith("first: ") || plain.equals("first: again combined"));
    }

    /**
     * Of two calls with one scope and key, one inside of the other, the outer one met a fault before its grant and ran without the agent.
     * The inner one then claimed the key for itself, and a redelivery gets what that left.
     */
    private static boolean isOfInnerCall(String outcome, String plain) {
        return plain.equals(AGAIN + "again combined") && outcome.equals(AGAIN + "again ");
    }

    /** The store may be taken for away for a moment; then everything is as before the fault. */
    private void awaitRecovery(String where, List<String> guarded) throws Exception {
        long end = System.nanoTime() + MOST_NANOS_TO_RECOVER;
        List<String> after = outcomes(true);
        while (!after.equals(guarded) && System.nanoTime() < end) {
            Thread.sleep(20);
            after = outcomes(true);
        }
        if (!after.equals(guarded)) {
            wrong++;
            System.out.println("wrong: after " + where + ": " + after);
        }
    }

    /** One round on keys of its own. */
    private List<String> outcomes(boolean annotated) throws Exception {
        Emitter emitter = new EmitterLoader().emitter(annotated);
        String key = "round-" + round++;
        List<String> outcomes = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            String call = i == 0 ? "first: " : AGAIN;
            outcomes.add(call + outcome(() -> emitter.value(key, "one")));
            outcomes.add(call + outcome(() -> emitter.traced(key)));
            outcomes.add(call + outcome(() -> emitter.primitive(key, 21)));
            outcomes.add(call + outcome(() -> emitter.refusing(key)));
            outcomes.add(call + outcome(() -> emitter.failing(key)));
            outcomes.add(call + outcome(() -> emitter.failingForGood(key)));
            outcomes.add(call + outcome(() -> emitter.outer(key)));
        }
        outcomes.add("other payload: " + outcome(() -> emitter.value(key, "two")));
        outcomes.add("void: "
                + outcome(() -> {
                    emitter.nothing(key, "one");
                    emitter.nothing(key, "one");
                    return "nothing";
                }));
        atTheSameTime(emitter, key, outcomes);
        calls += outcomes.size() + 2;
        return outcomes;
    }

    /** Two calls with one key; the second begins while the body of the first one runs. */
    private void atTheSameTime(Emitter emitter, String key, List<String> outcomes) throws Exception {
        CountDownLatch inBody = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Future<String> first = other.submit(() -> outcome(() -> emitter.slow(key, () -> {
            inBody.countDown();
            await(release);
        })));
        while (!inBody.await(1, TimeUnit.MILLISECONDS) && !first.isDone()) {
            // Until its body runs, or is known not to.
        }
        Thread releasing = new Thread(release::countDown);
        outcomes.add("first: " + outcome(() -> emitter.slow("other-" + key, releasing::start)));
        outcomes.add(AGAIN + outcome(() -> emitter.slow(key, () -> {})));
        outcomes.add("first: " + first.get());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String outcome(Callable<Object> call) {
        try {
            return String.valueOf(call.call());
        } catch (Throwable thrown) {
            // The messages of the agent's exceptions name the key, which is another one in each round.
            boolean ours = thrown.getClass().getName().startsWith("io.idempotenttrace.");
            return thrown.getClass().getSimpleName() + (ours ? "" : ": " + thrown.getMessage());
        }
    }
}
