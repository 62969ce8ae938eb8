package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.Unhashed;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;

/**
 * Calls an annotated method in a hot loop, with the same key, until its body stops running: that is when an agent was attached. A
 * call that runs meanwhile ends as it began.
 */
public final class RunningProgram {

    /** Enough for the JIT's last tier. */
    private static final int WARM_UP = 200_000;

    private static final int CALLS_WITHOUT_BODY = 1000;

    private static int bodies;

    private RunningProgram() {}

    public static void main(String[] arguments) throws Exception {
        // JMX is in use before the agent comes.
        ManagementFactory.getPlatformMBeanServer();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch attached = new CountDownLatch(1);
        Thread caller = new Thread(() -> System.out.println(slow("k", begun, attached)));
        caller.start();
        begun.await();

        for (int i = 0; i < WARM_UP; i++) {
            emit("k");
        }
        System.out.println("ready");
        int withoutBody = 0;
        while (withoutBody < CALLS_WITHOUT_BODY) {
            int before = bodies;
            emit("k");
            withoutBody = bodies == before ? withoutBody + 1 : 0;
        }
        int before = bodies;
        emit("other");
        emit("other");
        System.out.println("bodies of another key: " + (bodies - before));
        attached.countDown();
        caller.join();
        System.out.println("counted by JMX: " + ((Long) AgentMBeanClient.get("Duplicate") > CALLS_WITHOUT_BODY));
    }

    @IdempotentTrace
    private static void emit(@IdempotencyKey String key) {
        bodies++;
    }

    @IdempotentTrace
    private static String slow(
            @IdempotencyKey String key, @Unhashed CountDownLatch begun, @Unhashed CountDownLatch attached) {
        begun.countDown();
        try {
            attached.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "the call that ran returned";
    }
}
