package io.idempotenttrace.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.Unhashed;
import io.idempotenttrace.core.guard.CallCounters.Ending;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import kotlin.coroutines.Continuation;
import kotlin.coroutines.CoroutineContext;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlin.coroutines.intrinsics.IntrinsicsKt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Suspend functions as Kotlin's compiler calls them, here by hand. What the compiler itself makes is tested with its programs. */
@Timeout(60)
class SuspendMethodTest {

    static final class Program {

        private Program() {}

        @IdempotentTrace
        static Object emit(
                @IdempotencyKey String key,
                @Unhashed Function<Continuation<? super String>, Object> body,
                Continuation<? super String> continuation) {
            return body.apply(continuation);
        }
    }

    /** Waits for the end of a function that has suspended. */
    private static final class End implements Continuation<String> {

        private final CompletableFuture<Object> resumed = new CompletableFuture<>();

        @Override
        public CoroutineContext getContext() {
            return EmptyCoroutineContext.INSTANCE;
        }

        @Override
        public void resumeWith(Object result) {
            resumed.complete(result);
        }
    }

    private final WovenProgram program = new WovenProgram(Program.class);
    private final AtomicInteger bodies = new AtomicInteger();

    private Object emit(String key, Function<Continuation<? super String>, Object> body, End end) throws Exception {
        Object returned = program.call("emit", key, body, end);
        return returned == IntrinsicsKt.getCOROUTINE_SUSPENDED() ? end.resumed.get(30, TimeUnit.SECONDS) : returned;
    }

    private Function<Continuation<? super String>, Object> returning(Object value) {
        return continuation -> {
            bodies.incrementAndGet();
            return value;
        };
    }

    @Test
    void aFunctionThatReturnsAtOnceRunsOnce() throws Exception {
        assertEquals("r", emit("k", returning("r"), new End()));
        assertEquals("r", emit("k", returning("other"), new End()));
        assertEquals(1, bodies.get());
        assertEquals(1, program.count(Ending.NEW));
        assertEquals(1, program.count(Ending.DUPLICATE));
    }

    @Test
    void aFunctionThatSuspendsEndsWhenItsContinuationIsResumed() throws Exception {
        AtomicReference<Continuation<? super String>> inBody = new AtomicReference<>();
        End end = new End();
        Object returned = program.call(
                "emit",
                "k",
                (Function<Continuation<? super String>, Object>) continuation -> {
                    inBody.set(continuation);
                    return IntrinsicsKt.getCOROUTINE_SUSPENDED();
                },
                end);
        assertSame(IntrinsicsKt.getCOROUTINE_SUSPENDED(), returned);
        assertEquals(0, program.count(Ending.NEW));
        inBody.get().resumeWith("r");
        assertEquals("r", end.resumed.get(30, TimeUnit.SECONDS));
        assertEquals(1, program.count(Ending.NEW));
        assertEquals("r", emit("k", returning("other"), new End()));
        assertEquals(0, bodies.get());
    }

    @Test
    void aFunctionThatThrowsLeavesItsKeyFree() throws Exception {
        assertThrows(
                IllegalStateException.class,
                () -> emit(
                        "k",
                        continuation -> {
                            throw new IllegalStateException("sink down");
                        },
                        new End()));
        assertEquals("r", emit("k", returning("r"), new End()));
        assertEquals(1, program.count(Ending.FAILED));
        assertEquals(1, program.count(Ending.NEW));
    }
}
