package io.idempotenttrace.weaver.transaction;

import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Spring's {@code TransactionSynchronization}. Methods that a version of Spring lacks are not called: before 6.2 nobody tells of a
 * rollback to a savepoint.
 */
final class SpringSynchronization extends JoinedTransaction {

    private static final int STATUS_COMMITTED = 0;
    private static final int STATUS_ROLLED_BACK = 1;

    private final Supplier<Collection<?>> current;
    /** The savepoints that were made after the call's body returned: a rollback to one of these leaves the body's work as it is. */
    private Set<Object> laterSavepoints = Collections.emptySet();

    /** @param current the synchronizations of the transaction that the thread runs in now; none where it runs in none */
    SpringSynchronization(TransactionEnd end, Supplier<Collection<?>> current) {
        super(end);
        this.current = current;
    }

    @Override
    public boolean isCurrent() {
        for (Object synchronization : current.get()) {
            if (isProxy(synchronization)) {
                return true;
            }
        }
        return false;
    }

    @Override
    @Nullable
    Object called(String method, Object[] arguments) {
        switch (method) {
            case "savepoint" -> {
                if (laterSavepoints.isEmpty()) {
                    laterSavepoints = Collections.newSetFromMap(new IdentityHashMap<>());
                }
                laterSavepoints.add(arguments[0]);
            }
            case "savepointRollback" -> {
                if (!laterSavepoints.contains(arguments[0])) {
                    rolledBack("its transaction was rolled back to a savepoint before it");
                }
            }
            case "afterCompletion" -> completed((Integer) arguments[0]);
            // Before the application's own: one that calls the same method must find this call ended.
            case "getOrder" -> {
                return Integer.MIN_VALUE;
            }
            default -> {
                // Of no interest.
            }
        }
        return null;
    }

    private void completed(int status) {
        if (status == STATUS_COMMITTED) {
            committed();
        } else {
            rolledBack(
                    status == STATUS_ROLLED_BACK
                            ? "its transaction was rolled back"
                            : "its transaction failed to commit, or ended in a way that Spring does not know");
        }
    }
}
