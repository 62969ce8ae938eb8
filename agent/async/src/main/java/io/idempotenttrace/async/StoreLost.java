package io.idempotenttrace.async;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Begins a call of each asynchronous type, and ends the bodies when a file appears: some after their methods have returned, on two kinds
 * of threads, some before that. Prints what each caller gets.
 */
public final class StoreLost {

    private static final List<Caller> CALLERS = List.of(Caller.MAIN, Caller.NETTY);

    private final Emitters emitters = new Emitters();
    private final Map<String, CompletableFuture<Object>> outcomes = new LinkedHashMap<>();
    private final Map<String, Body> bodies = new LinkedHashMap<>();
    private final CompletableFuture<Void> gate = new CompletableFuture<>();

    private StoreLost() {}

    /** @param arguments the file */
    public static void main(String[] arguments) throws Exception {
        StoreLost calls = new StoreLost();
        calls.begin();
        System.out.println("begun");
        Waits.until(() -> Files.exists(Path.of(arguments[0])));
        calls.end();
        System.exit(0);
    }

    private void begin() throws InterruptedException {
        for (AsyncKind kind : AsyncKind.values()) {
            for (Caller caller : CALLERS) {
                Body body = new Body();
                begun(
                        caller + " " + kind,
                        body,
                        caller.call(() -> begin(caller + "-" + kind, kind, body))
                                .outcome());
            }
            Body body = new EndedBody();
            // It fails also with what a method throws in the place of whose future no other can be given.
            CompletableFuture<Object> outcome = CompletableFuture.supplyAsync(
                            () -> begin("ended-" + kind, kind, body), task -> new Thread(task).start())
                    .thenCompose(Call::outcome);
            begun("ENDED " + kind, body, outcome);
        }
    }

    private Call begin(String key, AsyncKind kind, Body body) {
        return kind.begin(emitters, key, "p", body, AsyncKind.LONG);
    }

    private void begun(String name, Body body, CompletableFuture<Object> outcome) throws InterruptedException {
        bodies.put(name, body);
        outcomes.put(name, outcome);
        Waits.until(() -> body.runs() > 0 || outcome.isDone());
    }

    private void end() throws Exception {
        gate.complete(null);
        bodies.values().forEach(body -> body.last().complete("v"));
        for (Map.Entry<String, CompletableFuture<Object>> call : outcomes.entrySet()) {
            String outcome;
            try {
                outcome = "value " + call.getValue().get(60, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                outcome = e.getCause().getClass().getSimpleName();
            }
            System.out.println(call.getKey() + " " + outcome);
        }
    }

    /** What it returns has ended when it returns. */
    private final class EndedBody extends Body {

        @Override
        CompletableFuture<String> begin() {
            CompletableFuture<String> begun = super.begin();
            gate.join();
            begun.complete("v");
            return begun;
        }
    }
}
