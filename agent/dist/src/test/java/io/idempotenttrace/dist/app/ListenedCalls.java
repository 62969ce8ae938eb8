package io.idempotenttrace.dist.app;

import io.idempotenttrace.CallVerdict;
import io.idempotenttrace.CallVerdicts;
import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Listeners that hear, that fail, and that call guarded methods themselves. */
public final class ListenedCalls {

    private static final Map<String, Integer> HEARD = new ConcurrentHashMap<>();
    private static final ThreadLocal<Boolean> INSIDE = ThreadLocal.withInitial(() -> false);
    private static int bodiesOfListener;

    private ListenedCalls() {}

    @IdempotentTrace(scope = "listener")
    private static synchronized void inListener(@IdempotencyKey String key) {
        bodiesOfListener++;
    }

    private static void hear(CallVerdict call) {
        if (call.scope() == null || !call.scope().equals("listener")) {
            HEARD.merge(call.verdict(), 1, Integer::sum);
        } else {
            HEARD.merge("of the listener's own", 1, Integer::sum);
        }
    }

    private static void callAgain(CallVerdict call) {
        if (!INSIDE.get()) {
            INSIDE.set(true);
            inListener("same key");
            INSIDE.set(false);
        }
    }

    public static void main(String[] arguments) throws Exception {
        // Calls before anybody listens are told to nobody.
        ToldCalls.emit("early", ToldCalls.TRACE, "payload");
        CallVerdicts.onVerdict(call -> {
            throw new IllegalStateException("a listener's fault");
        });
        CallVerdicts.onVerdict(ListenedCalls::callAgain);
        CallVerdicts.onVerdict(call -> {
            throw new StackOverflowError("a listener's error");
        });
        CallVerdicts.onVerdict(ListenedCalls::hear);
        ToldCalls.all();
        System.out.println("heard: " + new TreeMap<>(HEARD));
        System.out.println("bodies of the listener: " + bodiesOfListener);
        // Nobody has claimed that key: the application's own first call runs, and is told as new.
        inListener("same key");
        System.out.println("bodies of the listener: " + bodiesOfListener);
        System.out.println("own: " + HEARD.get("of the listener's own"));
    }
}
