package io.idempotenttrace.weaver.transaction;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which libraries of transactions each class loader sees. Neither the loaders nor the libraries are kept from being collected: a library is
 * held by its own class alone. Safe for use by many threads, which wait for nobody; two that ask at once for a new loader may both look.
 */
final class LoaderLibraries {

    private final ConcurrentHashMap<Object, List<WeakReference<TransactionLibrary>>> ofLoader =
            new ConcurrentHashMap<>();
    private final ReferenceQueue<ClassLoader> collected = new ReferenceQueue<>();

    /** A loader in the map. */
    private static final class Key extends WeakReference<ClassLoader> {

        private final int hash;

        Key(ClassLoader loader, ReferenceQueue<ClassLoader> collected) {
            super(loader, collected);
            hash = System.identityHashCode(loader);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            return this == other || other instanceof Key key && key.get() != null && key.get() == get();
        }
    }

    /** A loader that is asked for: finds its {@link Key}, and leaves nothing to the garbage collector but itself. */
    private record Asked(ClassLoader loader) {

        @Override
        public int hashCode() {
            return System.identityHashCode(loader);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && key.get() == loader;
        }
    }

    /**
     * @param loader null for the boot loader
     * @param find looks for the libraries that a loader sees, where nobody has before; runs the application's code, under no lock
     */
    List<WeakReference<TransactionLibrary>> seenBy(
            @Nullable ClassLoader loader, Function<ClassLoader, List<TransactionLibrary>> find) {
        if (loader == null) {
            return List.of();
        }
        List<WeakReference<TransactionLibrary>> known = ofLoader.get(new Asked(loader));
        if (known != null) {
            return known;
        }
        List<WeakReference<TransactionLibrary>> found = new ArrayList<>();
        for (TransactionLibrary library : find.apply(loader)) {
            found.add(new WeakReference<>(library));
        }
        for (Reference<?> gone = collected.poll(); gone != null; gone = collected.poll()) {
            ofLoader.remove(gone);
        }
        ofLoader.put(new Key(loader, collected), found);
        return found;
    }

    /** How many loaders are in the map. */
    int size() {
        return ofLoader.size();
    }
}
