package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.core.failure.Failures;
import io.idempotenttrace.core.redisclient.RedisLink;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The calls that came while there was no connection. They are sent in the order in which they came, and no call that comes later overtakes
 * them: a claim must not overtake the completion of its own key. What depends on a {@link CompletableFuture} runs in the reverse order,
 * and the connection is there for others before that. Safe for use by many threads.
 */
final class UnsentCalls {

    /** What waits for the connection. */
    interface Call {

        /** The connection is there. */
        void sendOn(RedisLink link);

        /** There is none. */
        void notSent(Throwable failure);
    }

    private record Unsent(Call call, CompletableFuture<RedisLink> opening) {}

    private record Failed(Call call, Throwable failure) {}

    private final Queue<Unsent> unsent = new ConcurrentLinkedQueue<>();
    /** How often it was asked to send since a thread began to; 0 while none does. */
    private final AtomicInteger asked = new AtomicInteger();

    /** Whether a call may be sent at once. What is taken out to be sent is not sent yet, so the order of the two matters. */
    boolean isEmpty() {
        return unsent.isEmpty() && asked.get() == 0;
    }

    /** Sends it when that connection is there, after those that came before. */
    void add(Call call, CompletableFuture<RedisLink> opening) {
        Unsent added = new Unsent(call, opening);
        boolean waits = false;
        try {
            unsent.add(added);
            opening.whenComplete((link, failure) -> sendThoseOpened());
            waits = true;
        } finally {
            if (!waits) {
                unsent.remove(added);
            }
        }
    }

    /** One thread sends at a time; others leave it to that one. */
    private void sendThoseOpened() {
        if (asked.getAndIncrement() != 0) {
            return;
        }
        List<Failed> failed = new ArrayList<>();
        boolean ended = false;
        try {
            int seen = 1;
            do {
                sendThoseOpened(failed);
                seen = asked.addAndGet(-seen);
            } while (seen != 0);
            ended = true;
        } finally {
            if (!ended) {
                // By a fault: the next one that is added sends what is left.
                asked.set(0);
            }
        }
        // While others may send again: what depends on a call that failed may take its time.
        failed.forEach(each -> each.call.notSent(each.failure));
    }

    private void sendThoseOpened(List<Failed> failed) {
        for (Iterator<Unsent> all = unsent.iterator(); all.hasNext(); ) {
            Unsent each = all.next();
            if (!each.opening.isDone() || !unsent.remove(each)) {
                continue;
            }
            try {
                Throwable failure = Failures.of(each.opening);
                if (failure != null) {
                    failed.add(new Failed(each.call, failure));
                } else {
                    each.call.sendOn(each.opening.join());
                }
            } catch (RuntimeException | Error fault) {
                failed.add(new Failed(each.call, fault));
            }
        }
    }
}
