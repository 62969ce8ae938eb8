package io.idempotenttrace.async;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.blockhound.BlockHound;

/**
 * Calls each asynchronous type on threads that must not block, while BlockHound looks for blocking calls: on Reactor's, Netty's and
 * Vert.x's. First it shows that a blocking call is found.
 */
public final class BlockingFound {

    private static final int OTHERS = 2;
    private static final int CALLS_BESIDE_OTHERS = 2000;

    private static final Set<String> FOUND = ConcurrentHashMap.newKeySet();

    private BlockingFound() {
    }

    public static void main(String[] arguments) throws Exception {
        // Netty's default loop parks where it waits for work: that is what an event loop does.
        BlockHound.builder().loadIntegrations().allowBlockingCallsInside("io.netty.util.concurrent.SingleThreadEventExecutor", "takeTask")
                .nonBlockingThreadPredicate(known -> known.or(thread -> thread.getName().startsWith("defaultEventLoop-")
                || thread.getName().startsWith("vert.x-eventloop-"))).blockingMethodCallback(method ->
                        FOUND.add(method + " on " + Thread.currentThread().getName() + trace())).install();
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
                while (body.runs() == 0) {
                    Thread.sleep(1);
                }
                Call waiting = caller.call(() -> kind.begin(emitters, key, "p", body, AsyncKind.LONG));
                caller.call(() -> body.last().complete("v"));
                first.outcome().get(20, TimeUnit.SECONDS);
                waiting.outcome().get(20, TimeUnit.SECONDS);
                caller.call(() -> kind.begin(emitters, key, "p", body, AsyncKind.LONG)).outcome().get(20, TimeUnit.SECONDS);
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
            others.add(CompletableFuture.runAsync(() -> {
                for (int call = 0; !over.get(); call++) {
                    ended(emitters, prefix + call).outcome().join();
                }
            }, Emitters.POOL));
        }
        int calls = 0;
        for (Caller caller : Caller.EVENT_LOOPS) {
            for (int call = 0; call < CALLS_BESIDE_OTHERS; call++) {
                String key = "beside-" + caller + '-' + call;
                caller.call(() -> ended(emitters, key)).outcome().get(20, TimeUnit.SECONDS);
                caller.call(() -> ended(emitters, key)).outcome().get(20, TimeUnit.SECONDS);
                calls += 2;
            }
        }
        over.set(true);
        for (CompletableFuture<Void> other : others) {
            other.get(20, TimeUnit.SECONDS);
        }
        return calls;
    }

    private static Call ended(Emitters emitters, String key) {
        return AsyncKind.STAGE.begin(emitters, key, "p", Body.thatEndsAtOnce(), AsyncKind.LONG);
    }

    private static String trace() {
        StringBuilder text = new StringBuilder();
        for (StackTraceElement frame : new Throwable().getStackTrace()) {
            text.append("\n    ").append(frame);
        }
        return text.toString();
    }
}
