package io.idempotenttrace.async;

import io.opentelemetry.sdk.common.CompletableResultCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.web.context.request.async.DeferredResult;
import reactor.blockhound.BlockHound;

/**
 * Calls each asynchronous type on threads that must not block, while BlockHound looks for blocking calls: on Reactor's, Netty's and
 * Vert.x's. First it shows that a blocking call is found.
 */
public final class BlockingFound {

    private static final int OTHERS = 2;
    private static final int CALLS_BESIDE_OTHERS = 2000;

    private static final Set<String> FOUND = ConcurrentHashMap.newKeySet();

    private BlockingFound() {}

    public static void main(String[] arguments) throws Exception {
        // As they are made first, they look for the application's logging.
        new DeferredResult<String>();
        new CompletableResultCode();
        // Netty's default loop parks where it waits for work: that is what an event loop does.
        BlockHound.builder()
                .loadIntegrations()
                .allowBlockingCallsInside("io.netty.util.concurrent.SingleThreadEventExecutor", "takeTask")
                .nonBlockingThreadPredicate(
                        known -> known.or(thread -> thread.getName().startsWith("defaultEventLoop-")
                                || thread.getName().startsWith("vert.x-eventloop-")))
                .blockingMethodCallback(method ->
                        FOUND.add(method + " on " + Thread.currentThread().getName() + trace()))
                .install();
        for (Caller caller : Caller.EVENT_LOOPS) {
            FOUND.clear();
            caller.call(() -> {
                try {
                    Thread.sleep(1);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return null;
            });
            System.out.println("control " + caller + " " + !FOUND.isEmpty());
        }
        FOUND.clear();
        Emitters emitters = new Emitters();
        int calls = 0;
        for (Caller caller : Caller.EVENT_LOOPS) {
            for (AsyncKind kind : AsyncKind.values()) {
                Body body = new Body();
                String key = caller + "-" + kind;
                Call first = caller.call(() -> kind.begin(emitters, key, "p", body, AsyncKind.LONG));
                Waits.until(() -> body.runs() > 0);
                Call waiting = caller.call(() -> kind.begin(emitters, key, "p", body, AsyncKind.LONG));
                caller.call(() -> body.last().complete("v"));
                first.outcome().get(20, TimeUnit.SECONDS);
                waiting.outcome().get(20, TimeUnit.SECONDS);
                caller.call(() -> kind.begin(emitters, key, "p", body, AsyncKind.LONG))
                        .outcome()
                        .get(20, TimeUnit.SECONDS);
                calls += 3;
            }
        }
        int besideOthers = besideOthers(emitters);
        FOUND.forEach(System.out::println);
        System.out.println("calls=" + calls + " beside-others=" + besideOthers + " blocking=" + FOUND.size());
        System.exit(0);
    }

    /** While other threads call without pause, which share what leads to the store. */
    private static int besideOthers(Emitters emitters) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        List<CompletableFuture<Void>> others = new ArrayList<>();
        for (int other = 0; other < OTHERS; other++) {
            String prefix = "other-" + other + '-';
            others.add(CompletableFuture.runAsync(
                    () -> {
                        for (int call = 0; !over.get(); call++) {
                            twice(emitters, prefix + call).join();
                        }
                    },
                    Emitters.POOL));
        }
        int calls = 0;
        for (Caller caller : Caller.EVENT_LOOPS) {
            for (int call = 0; call < CALLS_BESIDE_OTHERS; call++) {
                String key = "beside-" + caller + '-' + call;
                caller.call(() -> twice(emitters, key)).get(20, TimeUnit.SECONDS);
                caller.call(() -> begin(emitters, key, new Body())).outcome().get(20, TimeUnit.SECONDS);
                calls += 3;
            }
        }
        over.set(true);
        for (CompletableFuture<Void> other : others) {
            other.get(20, TimeUnit.SECONDS);
        }
        return calls;
    }

    /** A call that owns its key and one that waits for its end. */
    private static CompletableFuture<Void> twice(Emitters emitters, String key) {
        CompletableFuture<String> end = new CompletableFuture<>();
        Body body = Body.thatEndsWith(end);
        Call owner = begin(emitters, key, body);
        Call waiting = begin(emitters, key, body);
        end.complete("v");
        return CompletableFuture.allOf(owner.outcome(), waiting.outcome());
    }

    private static Call begin(Emitters emitters, String key, Body body) {
        return AsyncKind.STAGE.begin(emitters, key, "p", body, AsyncKind.LONG);
    }

    private static String trace() {
        StringBuilder text = new StringBuilder();
        for (StackTraceElement frame : new Throwable().getStackTrace()) {
            text.append("\n    ").append(frame);
        }
        return text.toString();
    }
}
