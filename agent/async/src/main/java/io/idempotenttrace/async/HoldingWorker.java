package io.idempotenttrace.async;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Begins one call of each asynchronous type on the given keys, and says when its body runs. With {@code end} it ends each as soon as
 * it runs; with {@code hold} it ends none, and cancels what can be cancelled when a file of the given name appears.
 */
public final class HoldingWorker {

    private HoldingWorker() {}

    /** @param arguments the keys' prefix, {@code hold} or {@code end}, and for {@code hold} a file */
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
        List<AsyncKind> waiting = new ArrayList<>(Arrays.asList(AsyncKind.values()));
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
            Waits.until(() -> Files.exists(Path.of(arguments[2])));
            calls.forEach((kind, call) -> {
                if (kind.cancellable) {
                    call.cancel().run();
                }
            });
            System.out.println("cancelled");
            Thread.currentThread().join();
        }
        System.exit(0);
    }
}
