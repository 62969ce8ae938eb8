package io.idempotenttrace.weaver.transaction;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which libraries of transactions each class loader sees. Neither the loaders nor the libraries are kept from being collected: a library is
 * held by its own class alone. Safe for use by many threads, which wait for nobody; two that ask at once for a new loader may both look.
 */
final class LoaderLibraries {

    private final WeakIdentityMap<ClassLoader, List<WeakReference<TransactionLibrary>>> ofLoader =
            new WeakIdentityMap<>();

    /**
     * @param loader null for the boot loader
     * @param find looks for the libraries that a loader sees, where nobody has before; runs the application's code, under no lock
     */
    List<WeakReference<TransactionLibrary>> seenBy(
            @Nullable ClassLoader loader, Function<ClassLoader, List<TransactionLibrary>> find) {
        if (loader == null) {
            return List.of();
        }
        List<WeakReference<TransactionLibrary>> known = ofLoader.get(loader);
        if (known != null) {
            return known;
        }
        List<WeakReference<TransactionLibrary>> found = new ArrayList<>();
        for (TransactionLibrary library : find.apply(loader)) {
            found.add(new WeakReference<>(library));
        }
        ofLoader.putIfAbsent(loader, found);
        return found;
    }

    /** How many loaders are in the map. */
    int size() {
        return ofLoader.size();
    }
}
