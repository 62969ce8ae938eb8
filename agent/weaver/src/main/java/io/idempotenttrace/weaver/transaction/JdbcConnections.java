package io.idempotenttrace.weaver.transaction;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** The connections that have a transaction in which a guarded body works, each by its identity and held weakly. For many threads. */
final class JdbcConnections {

    private final WeakIdentityMap<Object, JdbcConnection> known = new WeakIdentityMap<>();

    boolean isEmpty() {
        return known.isEmpty();
    }

    @Nullable
    JdbcConnection get(Object connection) {
        return known.get(connection);
    }

    Collection<JdbcConnection> all() {
        return known.values();
    }

    /** The open transaction of the connection; it begins here if there is none. */
    JdbcTransaction transaction(Object connection) {
        while (true) {
            JdbcConnection state = get(connection);
            if (state == null) {
                JdbcConnection added = new JdbcConnection();
                JdbcConnection other = known.putIfAbsent(connection, added);
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
            known.remove(connection, state);
        }
    }

    int size() {
        return known.size();
    }
}
