package io.idempotenttrace.core.background;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.Await;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A thread of the library's own takes nothing over from the application's thread that happens to need it first. */
class BackgroundThreadTest {

    private static final InheritableThreadLocal<String> OF_THE_CALLER = new InheritableThreadLocal<>();

    /** Stands for a class of a web application. */
    public static final class Caller implements Function<Runnable, Thread> {

        @Override
        public Thread apply(Runnable work) {
            return BackgroundThread.of("called-by-an-application", work);
        }
    }

    /** Stands for a web application's loader: it defines the caller itself. */
    private static final class ApplicationLoader extends ClassLoader {

        ApplicationLoader() {
            super(BackgroundThreadTest.class.getClassLoader());
        }

        @SuppressWarnings("unchecked")
        Function<Runnable, Thread> caller() throws IOException, ReflectiveOperationException {
            String name = Caller.class.getName();
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                Class<?> defined = defineClass(name, bytes, 0, bytes.length);
                assertSame(this, defined.getClassLoader());
                return (Function<Runnable, Thread>) defined.getConstructor().newInstance();
            }
        }
    }

    @Test
    void itDoesNotKeepTheLoaderOfItsCaller() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        FutureTask<Void> work = new FutureTask<>(() -> {
            end.await();
            return null;
        });
        WeakReference<ClassLoader> loader = startFromAnApplication(work);
        try {
            Await.until("the application's loader is collected while the thread runs", () -> {
                System.gc();
                return loader.get() == null;
            });
            assertTrue(!work.isDone(), "the thread runs on");
        } finally {
            end.countDown();
        }
    }

    private static WeakReference<ClassLoader> startFromAnApplication(Runnable work) throws Exception {
        ApplicationLoader loader = new ApplicationLoader();
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        current.setContextClassLoader(loader);
        try {
            loader.caller().apply(work).start();
        } finally {
            current.setContextClassLoader(before);
        }
        return new WeakReference<>(loader);
    }

    @Test
    void itHasNoThreadLocalOfItsCallerAndEndsWithTheJvm() throws Exception {
        OF_THE_CALLER.set("a request");
        try {
            FutureTask<String> seen = new FutureTask<>(OF_THE_CALLER::get);
            Thread thread = BackgroundThread.of("called-by-a-request", seen);
            thread.start();
            assertNull(seen.get());
            assertTrue(thread.isDaemon());
            assertEquals("called-by-a-request", thread.getName());
        } finally {
            OF_THE_CALLER.remove();
        }
    }
}
