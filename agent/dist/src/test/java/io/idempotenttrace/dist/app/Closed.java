package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.OnStoreFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Methods of several shapes, called where the agent can't guard them; prints how many bodies ran, and what the callers got. */
public final class Closed {

    private static int bodies;
    private static int reached;

    private Closed() {}

    @IdempotentTrace
    static String emit(@IdempotencyKey String key) {
        bodies++;
        return key;
    }

    /** A switch whose table is padded, a handler, and an object that is not initialized where two ways meet. */
    @IdempotentTrace
    static long shaped(@IdempotencyKey long key, boolean first) {
        bodies++;
        long sum = 0;
        for (int i = 0; i < 4; i++) {
            try {
                switch (i) {
                    case 0 -> sum += key;
                    case 1 -> sum += new StringBuilder(first ? "a" : "bc").length();
                    case 2 -> throw new IllegalStateException();
                    default -> sum += 100;
                }
            } catch (IllegalStateException e) {
                sum += 10;
            }
        }
        return sum;
    }

    @IdempotentTrace(scope = "closed", onStoreFailure = OnStoreFailure.THROW)
    static void closed(@IdempotencyKey String key) {
        bodies++;
    }

    private static int deep(int left, String key) {
        reached++;
        return left <= 0 ? emit(key).length() : deep(left - 1, key) + 1;
    }

    private static String outcome(Runnable call) {
        try {
            call.run();
            return "returned";
        } catch (Throwable e) {
            return e.getClass().getSimpleName();
        }
    }

    /** Calls on one key, which was done before, near the end of the stack. */
    private static void deepCalls() {
        Random random = new Random(7);
        for (int i = 0; i < 150; i++) {
            reached = 0;
            outcome(() -> deep(Integer.MAX_VALUE, ""));
            int depth = reached - random.nextInt(300);
            outcome(() -> deep(depth, "known"));
        }
    }

    public static void main(String[] args) throws InterruptedException {
        if (args[0].equals("deep")) {
            emit("known");
            Thread thread = new Thread(null, Closed::deepCalls, "deep", 512 * 1024);
            thread.start();
            thread.join();
            System.out.println("bodies=" + bodies);
            return;
        }
        List<String> outcomes = new ArrayList<>();
        outcomes.add(outcome(() -> emit("a")));
        outcomes.add(outcome(() -> closed("a")));
        outcomes.add(outcome(() -> {
            if (shaped(1, true) != 112 || shaped(2, false) != 114) {
                throw new AssertionError();
            }
        }));
        System.out.println(outcomes + " bodies=" + bodies);
    }
}
