package io.idempotenttrace.weaver.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.SettableFuture;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import java.lang.invoke.MethodHandles;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A caller may end what it was given, where its class lets everybody: then the body's own ends as well. */
class SettableFuturesTest {

    /** What a caller gets in the place of that one. */
    @SuppressWarnings("unchecked")
    private static <F> F given(Class<?> declared, F own) {
        FutureShape shape = AsyncTypes.future(declared, MethodHandles.lookup());
        assertNotNull(shape);
        Object given = shape.incomplete(own);
        assertNotNull(given);
        shape.onEnd(given, (value, failure) -> shape.pass(given, value, failure, own));
        return (F) given;
    }

    private static void assertFailed(String message, Future<?> own) {
        ExecutionException failure = assertThrows(ExecutionException.class, own::get);
        assertEquals(message, failure.getCause().getMessage());
    }

    @Test
    void anEndOfGuavasFutureIsPassedOn() throws Exception {
        SettableFuture<String> own = SettableFuture.create();
        given(SettableFuture.class, own).set("r");
        assertTrue(own.isDone());
        assertEquals("r", own.get());
        SettableFuture<String> failing = SettableFuture.create();
        given(SettableFuture.class, failing).setException(new IllegalStateException("sink down"));
        assertTrue(failing.isDone());
        assertFailed("sink down", failing);
        SettableFuture<String> cancelled = SettableFuture.create();
        given(SettableFuture.class, cancelled).cancel(true);
        assertTrue(cancelled.isCancelled());
    }

    @Test
    void anEndOfNettysPromiseIsPassedOn() throws Exception {
        Promise<String> own = ImmediateEventExecutor.INSTANCE.newPromise();
        given(Promise.class, own).setSuccess("r");
        assertTrue(own.isDone());
        assertEquals("r", own.getNow());
        Promise<String> failing = ImmediateEventExecutor.INSTANCE.newPromise();
        given(Promise.class, failing).setFailure(new IllegalStateException("sink down"));
        assertTrue(failing.isDone());
        assertFailed("sink down", failing);
        Promise<String> cancelled = ImmediateEventExecutor.INSTANCE.newPromise();
        given(Promise.class, cancelled).cancel(true);
        assertTrue(cancelled.isCancelled());
    }
}
