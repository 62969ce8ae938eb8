package io.idempotenttrace.core.store.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.core.redisclient.RedisLink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** [P42] Found by the simulator: what waited for the connection was sent in the reverse order, a claim before its key's completion. */
class UnsentCallsTest {

    private final List<String> seen = new ArrayList<>();
    private final UnsentCalls calls = new UnsentCalls();

    /** What is sent on no connection at all: the order is what counts. */
    private class Named implements UnsentCalls.Call {

        private final String name;

        private Named(String name) {
            this.name = name;
        }

        @Override
        public void sendOn(RedisLink link) {
            seen.add(name);
        }

        @Override
        public void notSent(Throwable failure) {
            seen.add(name + " failed: " + failure.getMessage());
        }
    }

    @Test
    void areSentInTheOrderInWhichTheyCame() {
        CompletableFuture<RedisLink> opening = new CompletableFuture<>();
        calls.add(new Named("completion"), opening);
        calls.add(new Named("claim"), opening);
        calls.add(new Named("another"), opening);
        assertFalse(calls.isEmpty());

        opening.complete(null);

        assertEquals(List.of("completion", "claim", "another"), seen);
        assertTrue(calls.isEmpty());
    }

    @Test
    void oneThatComesWhileOthersAreSentIsTheLast() {
        CompletableFuture<RedisLink> opening = new CompletableFuture<>();
        calls.add(
                new Named("first") {
                    @Override
                    public void sendOn(RedisLink link) {
                        assertFalse(calls.isEmpty(), "a call that came now would overtake the second");
                        calls.add(new Named("third"), opening);
                        super.sendOn(link);
                    }
                },
                opening);
        calls.add(new Named("second"), opening);

        opening.complete(null);

        assertEquals(List.of("first", "second", "third"), seen);
        assertTrue(calls.isEmpty());
    }

    @Test
    void failWhereThereIsNoConnectionAndHoldNoneUpThatWaitForTheNext() {
        CompletableFuture<RedisLink> first = new CompletableFuture<>();
        CompletableFuture<RedisLink> next = new CompletableFuture<>();
        calls.add(new Named("a"), first);
        calls.add(new Named("b"), next);
        first.completeExceptionally(new IllegalStateException("refused"));
        assertEquals(List.of("a failed: refused"), seen);

        next.complete(null);

        assertEquals(List.of("a failed: refused", "b"), seen);
        assertTrue(calls.isEmpty());
    }

    @Test
    void aFaultOfOneHoldsUpNoOther() {
        CompletableFuture<RedisLink> opening = new CompletableFuture<>();
        calls.add(
                new Named("a") {
                    @Override
                    public void sendOn(RedisLink link) {
                        throw new StackOverflowError("of a test");
                    }
                },
                opening);
        calls.add(new Named("b"), opening);

        opening.complete(null);

        assertEquals(List.of("b", "a failed: of a test"), seen);
        assertTrue(calls.isEmpty());
    }
}
