package io.idempotenttrace.async;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Begins one call of each asynchronous type on the given keys, and says when its body runs. Ends no body of its own; with
 * {@code end} it ends each as soon as it runs.
 */
public final class HoldingWorker {

    private HoldingWorker() {
    }

    /** @param arguments the keys' prefix, and {@code hold} or {@code end} */
    public static void main(String[] arguments) throws Exception {
        Emitters emitters = new Emitters();
        Map<AsyncKind, Body> bodies = new EnumMap<>(AsyncKind.class);
        Map<AsyncKind, Call> calls = new EnumMap<>(AsyncKind.class);
        for (AsyncKind kind : AsyncKind.values()) {
            Body body = new Body();
            bodies.put(kind, body);
            calls.put(kind, kind.begin(emitters, arguments[0] + kind, "p", body, AsyncKind.LONG));
        }
        System.out.println("begun");
        List<AsyncKind> waiting = new java.util.ArrayList<>(Arrays.asList(AsyncKind.values()));
        while (!waiting.isEmpty()) {
            for (AsyncKind kind : List.copyOf(waiting)) {
                if (bodies.get(kind).runs() > 0) {
                    System.out.println("runs " + kind);
                    waiting.remove(kind);
                    if (arguments[1].equals("end")) {
                        bodies.get(kind).last().complete("v");
                        Object value = calls.get(kind).outcome().get(20, TimeUnit.SECONDS);
                        System.out.println("value " + kind + " " + value);
                    }
                } else if (calls.get(kind).outcome().isDone()) {
                    System.out.println("ended " + kind + " " + calls.get(kind).outcome());
                    waiting.remove(kind);
                }
            }
            Thread.sleep(5);
        }
        System.out.println("all");
        if (arguments[1].equals("hold")) {
            Thread.currentThread().join();
        }
        System.exit(0);
    }
}
