package io.idempotenttrace.core.background;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WaitingTest {

    @AfterEach
    void clear() {
        Thread.interrupted();
    }

    @Test
    void anInterruptDoesNotEndAWaitAndIsKept() {
        CompletableFuture<String> future = new CompletableFuture<>();
        Thread.currentThread().interrupt();
        new Thread(() -> future.complete("value")).start();
        assertEquals("value", Waiting.uninterruptibly(Platform.JVM, future));
        assertTrue(Thread.interrupted());
    }

    @Test
    void aFailureIsThrownAsItIs() {
        IllegalStateException failure = new IllegalStateException("gone");
        assertSame(
                failure,
                assertThrows(
                        IllegalStateException.class,
                        () -> Waiting.uninterruptibly(Platform.JVM, CompletableFuture.failedFuture(failure))));
    }

    @Test
    void aLimitEndsAWait() {
        Thread.currentThread().interrupt();
        assertThrows(
                TimeoutException.class,
                () -> Waiting.uninterruptibly(new CompletableFuture<>(), 1, TimeUnit.MILLISECONDS));
        assertTrue(Thread.interrupted());
    }
}
