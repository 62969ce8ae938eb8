package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;

/** Makes far more results than the heap holds, and prints what the agent holds of them and how a late call is guarded. */
public final class ManyResults {

    private static final int CALLS = 4_000;
    private static final String TEXT = "x".repeat(60_000);

    private static int bodies;

    private ManyResults() {}

    public static void main(String[] arguments) throws Exception {
        for (int i = 0; i < CALLS; i++) {
            emit("k" + i);
        }
        String last = emit("k" + (CALLS - 1));
        System.out.println("the last one again: " + last.substring(0, 4) + ", bodies " + bodies);
        System.out.println("the first one again: " + emit("k0").substring(0, 4) + ", bodies " + bodies);
        System.out.println("a new one: " + emit("new").equals(emit("new")) + ", bodies " + bodies);
        System.out.println("bytes " + AgentMBeanClient.get("RecordBytes"));
        System.out.println("dropped " + AgentMBeanClient.get("DroppedRecords"));
    }

    @IdempotentTrace
    static String emit(@IdempotencyKey String key) {
        return bodies++ + TEXT;
    }
}
