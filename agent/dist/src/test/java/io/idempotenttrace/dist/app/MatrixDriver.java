package io.idempotenttrace.dist.app;

import io.idempotenttrace.DuplicateTraceException;
import io.idempotenttrace.IdempotencyException;
import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.TraceConflictException;
import io.idempotenttrace.TraceInProgressException;
import io.idempotenttrace.dist.app.MatrixCases.Body;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Calls every method of the generated matrix, in every situation, and prints which did not do what its policies say. */
public final class MatrixDriver {

    private static final int PAYLOAD = 1;
    private static final int OTHER_PAYLOAD = 2;
    private static final int MOST_PRINTED = 40;

    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    });
    private final List<String> failures = new ArrayList<>();
    private int checks;

    private MatrixDriver() {}

    /** @param arguments the situation: {@code guarded}, {@code observed}, {@code off} or {@code store-down} */
    public static void main(String[] arguments) throws Exception {
        MatrixDriver driver = new MatrixDriver();
        MatrixCases[] all =
                (MatrixCases[]) Class.forName("matrix.Matrix").getMethod("all").invoke(null);
        int methods = 0;
        for (String situation : arguments) {
            if (situation.equals("observed") || situation.equals("off")) {
                AgentMBeanClient.setMode(situation.equals("off") ? "off" : "observe");
            }
            for (MatrixCases cases : all) {
                for (int n = 0; n < cases.count(); n++) {
                    driver.run(situation, cases, n);
                    methods++;
                }
            }
        }
        driver.failures.stream().limit(MOST_PRINTED).forEach(System.out::println);
        System.out.println("methods=" + methods + " checks=" + driver.checks + " failures=" + driver.failures.size());
    }

    private void run(String situation, MatrixCases cases, int n) throws Exception {
        String label = situation + " " + cases.label(n);
        try {
            switch (situation) {
                case "guarded" -> guarded(label, cases, n);
                case "store-down" -> storeDown(label, cases, n);
                default -> everyBodyRuns(label, cases, n);
            }
        } catch (IdempotencyException | IllegalStateException | LinkageError e) {
            failures.add(label + " threw " + e);
        } finally {
            Body.failure = null;
            Body.gate = null;
        }
    }

    private void guarded(String label, MatrixCases cases, int n) throws Exception {
        boolean throwing = label.contains("/THROWING/");
        boolean lenient = label.contains("/LENIENT/");
        boolean isVoid = label.endsWith("/void");
        String key = label + " key";
        Object value = cases.value(n, PAYLOAD);
        expect(label + " new", 1, value, () -> cases.call(n, key, PAYLOAD));
        if (throwing) {
            refused(label + " duplicate", DuplicateTraceException.class, () -> cases.call(n, key, PAYLOAD));
        } else {
            expect(label + " duplicate", 0, value, () -> cases.call(n, key, PAYLOAD));
        }
        if (lenient) {
            expect(label + " conflict", 1, cases.value(n, OTHER_PAYLOAD), () -> cases.call(n, key, OTHER_PAYLOAD));
        } else if (throwing && isVoid) {
            expect(label + " conflict", 0, null, () -> cases.call(n, key, OTHER_PAYLOAD));
        } else {
            refused(label + " conflict", TraceConflictException.class, () -> cases.call(n, key, OTHER_PAYLOAD));
        }
        failing(label, cases, n);
        for (int i = 0; i < 2; i++) {
            expect(label + " without key", 1, value, () -> cases.call(n, null, PAYLOAD));
        }
        inProgress(label, cases, n, throwing, lenient && isVoid);
    }

    /** The failure goes through unchanged, and the next call runs the body again. */
    private void failing(String label, MatrixCases cases, int n) {
        RuntimeException failure = n % 2 == 0
                ? new IllegalStateException("body")
                : new UncheckedIOException(new java.io.IOException("io"));
        Body.failure = failure;
        int before = Body.RAN.get();
        try {
            cases.call(n, label + " failing", PAYLOAD);
            check(label + " failing", false, "returned");
        } catch (RuntimeException e) {
            check(label + " failing", e == failure && Body.RAN.get() == before + 1, e);
            boolean framesOfOurs = Arrays.stream(e.getStackTrace())
                    .anyMatch(frame -> frame.getClassName().contains("idempotenttrace.weaver")
                            || frame.getClassName().contains("idempotenttrace.bridge"));
            check(label + " frames", !framesOfOurs, Arrays.toString(e.getStackTrace()));
        }
        expect(label + " after failure", 1, cases.value(n, PAYLOAD), () -> cases.call(n, label + " failing", PAYLOAD));
    }

    private void inProgress(String label, MatrixCases cases, int n, boolean throwing, boolean skips) throws Exception {
        // A method that locks keeps the second call out by itself.
        boolean locks = label.contains("Synchronized");
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        Body.inside = inside;
        Body.gate = gate;
        int before = Body.RAN.get();
        String key = label + " slow";
        Future<Object> owner = threads.submit(() -> cases.call(n, key, PAYLOAD));
        inside.await();
        Future<Object> second = threads.submit(() -> cases.call(n, key, PAYLOAD));
        boolean waits = label.contains("/DEFAULTS/") || locks;
        if (waits) {
            gate.countDown();
        }
        Object answer;
        try {
            answer = second.get();
        } catch (ExecutionException e) {
            answer = e.getCause();
        }
        gate.countDown();
        check(label + " owner", same(cases.value(n, PAYLOAD), owner.get()), "owner");
        if (throwing && locks) {
            // The second one may be early or late.
            check(
                    label + " in progress",
                    answer instanceof DuplicateTraceException || answer instanceof TraceInProgressException,
                    answer);
        } else if (!waits && !skips) {
            check(label + " in progress", answer instanceof TraceInProgressException, answer);
        } else if (!locks || answer == null || !(answer instanceof TraceInProgressException)) {
            check(label + " in progress", same(skips ? null : cases.value(n, PAYLOAD), answer), answer);
        }
        check(label + " bodies in progress", Body.RAN.get() == before + 1, Body.RAN.get() - before);
    }

    private void storeDown(String label, MatrixCases cases, int n) {
        Object value = cases.value(n, PAYLOAD);
        if (label.contains("/THROWING/")) {
            refused(label, IdempotencyStoreException.class, () -> cases.call(n, label, PAYLOAD));
        } else {
            expect(label, 1, value, () -> cases.call(n, label, PAYLOAD));
            expect(label + " duplicate in this process", 0, value, () -> cases.call(n, label, PAYLOAD));
        }
    }

    private void everyBodyRuns(String label, MatrixCases cases, int n) {
        for (int payload : new int[] {PAYLOAD, PAYLOAD, OTHER_PAYLOAD}) {
            expect(label, 1, cases.value(n, payload), () -> cases.call(n, label, payload));
        }
    }

    private interface Call {

        Object make();
    }

    private void expect(String what, int bodies, Object value, Call call) {
        int before = Body.RAN.get();
        Object answer;
        try {
            answer = call.make();
        } catch (RuntimeException | Error e) {
            check(what, false, e);
            return;
        }
        check(what, same(value, answer), render(answer) + " is not " + render(value));
        check(what + " bodies", Body.RAN.get() - before == bodies, Body.RAN.get() - before);
    }

    private void refused(String what, Class<?> type, Call call) {
        int before = Body.RAN.get();
        try {
            check(what, false, call.make());
        } catch (RuntimeException | Error e) {
            check(what, e.getClass() == type, e);
        }
        check(what + " bodies", Body.RAN.get() == before, Body.RAN.get() - before);
    }

    private synchronized void check(String what, boolean right, Object seen) {
        checks++;
        if (!right) {
            failures.add(what + ": " + seen);
        }
    }

    private static boolean same(Object expected, Object answer) {
        boolean sameKind = expected == null
                || answer == null
                || !expected.getClass().getName().startsWith("java.lang.")
                || expected.getClass() == answer.getClass();
        return sameKind && Objects.deepEquals(expected, answer);
    }

    private static String render(Object value) {
        return value == null
                ? "null"
                : value.getClass().getSimpleName() + " " + Arrays.deepToString(new Object[] {value});
    }
}
