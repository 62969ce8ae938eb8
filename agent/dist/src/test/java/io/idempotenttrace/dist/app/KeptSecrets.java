package io.idempotenttrace.dist.app;

import io.idempotenttrace.DuplicateTraceException;
import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import java.util.List;
import java.util.Map;

/** Calls methods whose results and failures nobody is to read in the store, and prints what each call got. */
public final class KeptSecrets {

    private static int bodies;

    private KeptSecrets() {}

    /** @param keys of the calls */
    public static void main(String[] keys) {
        for (String key : keys) {
            print("result " + key, () -> emit(key));
            print("refusal " + key, () -> {
                refuse(key);
                return "nothing";
            });
        }
        System.out.println("bodies " + bodies);
    }

    private interface Call {

        Object make();
    }

    private static void print(String what, Call call) {
        String got;
        try {
            got = String.valueOf(call.make());
        } catch (DuplicateTraceException e) {
            got = e.getClass().getSimpleName()
                    + (e.getMessage().contains("failure is final") ? " of a failure" : "")
                    + (e.getMessage().contains("4111") ? " that tells 4111" : "");
        } catch (IllegalArgumentException e) {
            got = e.getClass().getSimpleName();
        }
        System.out.println(what + ": " + got);
    }

    @IdempotentTrace(scope = "results")
    static Map<String, List<String>> emit(@IdempotencyKey String key) {
        bodies++;
        return Map.of("card", List.of("4111", key));
    }

    @IdempotentTrace(scope = "failures", replayFailures = IllegalArgumentException.class)
    static void refuse(@IdempotencyKey String key) {
        bodies++;
        throw new IllegalArgumentException("card 4111");
    }
}
