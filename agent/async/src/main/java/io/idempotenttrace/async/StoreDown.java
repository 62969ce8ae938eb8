package io.idempotenttrace.async;

import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Calls each asynchronous type, on each kind of thread, while the store does not answer; prints what each caller gets. */
public final class StoreDown {

    private StoreDown() {}

    public static void main(String[] arguments) throws Exception {
        Emitters emitters = new Emitters();
        for (Caller caller : Caller.values()) {
            for (AsyncKind kind : AsyncKind.values()) {
                Body body = new Body();
                Call call = caller.call(() -> kind.begin(emitters, caller + "-" + kind, "p", body, AsyncKind.LONG));
                Waits.until(() -> body.runs() > 0 || call.outcome().isDone());
                body.last().complete("v");
                String outcome;
                try {
                    outcome = Objects.equals(call.outcome().get(20, TimeUnit.SECONDS), kind.seen("v"))
                            ? "value"
                            : "another value";
                } catch (ExecutionException e) {
                    outcome = e.getCause().getClass().getSimpleName();
                }
                System.out.println(caller + " " + kind + " " + outcome + " " + body.runs());
            }
        }
        System.exit(0);
    }
}
