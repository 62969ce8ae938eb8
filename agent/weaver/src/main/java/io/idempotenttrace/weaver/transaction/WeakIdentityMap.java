package io.idempotenttrace.weaver.transaction;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds values by the identity of objects that it does not keep from being collected. What belongs to a collected one goes when the next
 * one is added. A value must not hold its object. Safe for use by many threads, which wait for nobody.
 */
final class WeakIdentityMap<K, V> {

    private final ConcurrentHashMap<Object, V> values = new ConcurrentHashMap<>();
    private final ReferenceQueue<K> collected = new ReferenceQueue<>();

    /** An object in the map. */
    private static final class Key<K> extends WeakReference<K> {

        private final int hash;

        Key(K object, ReferenceQueue<K> collected) {
            super(object, collected);
            hash = System.identityHashCode(object);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            return this == other || other instanceof Key<?> key && key.get() != null && key.get() == get();
        }
    }

    /** An object that is asked for: finds its {@link Key}, and leaves nothing to the garbage collector but itself. */
    private record Asked(Object object) {

        @Override
        public int hashCode() {
            return System.identityHashCode(object);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key<?> key && key.get() == object;
        }
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    @Nullable
    V get(K object) {
        return values.isEmpty() ? null : values.get(new Asked(object));
    }

    /** @return the value that is there already, which stays; null if there was none */
    @Nullable
    V putIfAbsent(K object, V value) {
        for (Reference<?> gone = collected.poll(); gone != null; gone = collected.poll()) {
            values.remove(gone);
        }
        return values.putIfAbsent(new Key<>(object, collected), value);
    }

    /** Takes the object out if that is its value. */
    void remove(K object, V value) {
        values.remove(new Asked(object), value);
    }

    Collection<V> values() {
        return values.values();
    }

    int size() {
        return values.size();
    }
}
