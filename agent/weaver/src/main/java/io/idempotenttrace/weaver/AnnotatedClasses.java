package io.idempotenttrace.weaver;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/** The classes with annotated methods that were met, for whoever asks what is guarded. Loaders may go. Safe for use by many threads. */
final class AnnotatedClasses {

    /** More would come from classes that are generated without end. */
    private static final int MOST = 10_000;

    private record Met(WeakReference<ClassLoader> loader, String internalName) {}

    private final List<Met> classes = new ArrayList<>();

    synchronized void add(ClassLoader loader, String internalName) {
        for (Iterator<Met> each = classes.iterator(); each.hasNext(); ) {
            Met met = each.next();
            ClassLoader of = met.loader.get();
            if (of == null || of == loader && met.internalName.equals(internalName)) {
                each.remove();
            }
        }
        if (classes.size() < MOST) {
            classes.add(new Met(new WeakReference<>(loader), internalName));
        }
    }

    synchronized Set<ClassLoader> loaders() {
        Set<ClassLoader> loaders = new HashSet<>();
        for (Met met : classes) {
            ClassLoader loader = met.loader.get();
            if (loader != null) {
                loaders.add(loader);
            }
        }
        return loaders;
    }

    /** Reads each class file once more, by the loader that shows it, which may be code of the application's. */
    void forEach(BiConsumer<ClassLoader, byte[]> each) {
        List<Met> known;
        synchronized (this) {
            known = List.copyOf(classes);
        }
        for (Met met : known) {
            ClassLoader loader = met.loader.get();
            if (loader != null) {
                // Null of a loader that does not show its files, as of generated classes.
                byte[] classFile = ClassFiles.shownBy(loader, met.internalName);
                if (classFile != null) {
                    each.accept(loader, classFile);
                }
            }
        }
    }
}
