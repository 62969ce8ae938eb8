package io.idempotenttrace.weaver.transaction;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The connections that have a transaction in which a guarded body works, each by its identity and held weakly. For many threads. */
final class JdbcConnections {

    private final ConcurrentHashMap<Object, JdbcConnection> known = new ConcurrentHashMap<>();
    private final ReferenceQueue<Object> collected = new ReferenceQueue<>();

    /** A connection in the map: equals {@link Asked} for the same one. */
    private static final class Key extends WeakReference<Object> {

        private final int hash;

        Key(Object connection, ReferenceQueue<Object> collected) {
            super(connection, collected);
            hash = System.identityHashCode(connection);
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

    private record Asked(Object connection) {

        @Override
        public int hashCode() {
            return System.identityHashCode(connection);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && key.get() == connection;
        }
    }

    boolean isEmpty() {
        return known.isEmpty();
    }

    @Nullable
    JdbcConnection get(Object connection) {
        return known.isEmpty() ? null : known.get(new Asked(connection));
    }

    Collection<JdbcConnection> all() {
        return known.values();
    }

    /** The open transaction of the connection; it begins here if there is none. */
    JdbcTransaction transaction(Object connection) {
        while (true) {
            JdbcConnection state = get(connection);
            if (state == null) {
                forgetCollected();
                JdbcConnection added = new JdbcConnection();
                JdbcConnection other = known.putIfAbsent(new Key(connection, collected), added);
                state = other == null ? added : other;
            }
            JdbcTransaction transaction = state.transaction(connection);
            if (transaction != null) {
                return transaction;
            }
            // Another thread takes it out of the map at this moment.
            Thread.onSpinWait();
        }
    }

    /** Takes the connection out where nothing is left to know of it. */
    void tidy(Object connection, JdbcConnection state) {
        if (state.retire()) {
            known.remove(new Asked(connection), state);
        }
    }

    private void forgetCollected() {
        for (Reference<?> gone = collected.poll(); gone != null; gone = collected.poll()) {
            known.remove(gone);
        }
    }

    int size() {
        return known.size();
    }
}
