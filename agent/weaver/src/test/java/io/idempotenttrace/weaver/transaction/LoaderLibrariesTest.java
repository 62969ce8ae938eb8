package io.idempotenttrace.weaver.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.Await;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Which libraries a class loader sees is looked up once, and keeps no loader. */
class LoaderLibrariesTest {

    private final LoaderLibraries libraries = new LoaderLibraries();
    private final AtomicInteger looks = new AtomicInteger();

    private static final class Loader extends ClassLoader {

        Loader() {
            super(null);
        }
    }

    private List<TransactionLibrary> find(ClassLoader loader) {
        looks.incrementAndGet();
        return List.of();
    }

    @Test
    void aLoaderIsAskedOnce() {
        Loader loader = new Loader();
        List<?> first = libraries.seenBy(loader, this::find);
        assertSame(first, libraries.seenBy(loader, this::find));
        assertEquals(1, looks.get());
        libraries.seenBy(new Loader(), this::find);
        assertEquals(2, looks.get());
    }

    @Test
    void theBootLoaderSeesNone() {
        assertTrue(libraries.seenBy(null, this::find).isEmpty());
        assertEquals(0, looks.get());
    }

    /** A thread that looks for one loader, in code of that loader, must not keep the others waiting. */
    @Test
    void noLockIsHeldWhileALoaderIsAsked() throws InterruptedException {
        libraries.seenBy(new Loader(), outer -> {
            Thread other = new Thread(() -> libraries.seenBy(new Loader(), this::find));
            other.start();
            try {
                other.join(30_000);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            assertEquals(1, looks.get(), "the other thread waits for this one");
            return List.of();
        });
    }

    @Test
    void aLoaderThatIsGoneIsForgotten() {
        WeakReference<Loader> gone = new WeakReference<>(new Loader());
        ask(gone);
        Await.until("the loader is collected", () -> {
            System.gc();
            return gone.get() == null;
        });
        // The next loaders clear up after it.
        Await.until("its entry is gone", () -> {
            System.gc();
            libraries.seenBy(new Loader(), this::find);
            return libraries.size() < looks.get();
        });
    }

    private void ask(WeakReference<Loader> reference) {
        Loader loader = reference.get();
        if (loader != null) {
            libraries.seenBy(loader, this::find);
        }
    }
}
