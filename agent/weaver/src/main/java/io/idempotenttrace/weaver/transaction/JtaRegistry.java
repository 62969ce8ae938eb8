package io.idempotenttrace.weaver.transaction;

import io.idempotenttrace.core.guard.OpenTransaction;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.TimeUnit;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.naming.NoInitialContextException;
import org.jspecify.annotations.Nullable;

/**
 * Transactions of an application server, which gives its registry by name. Where the application has the interface but no server, there
 * is no naming service either, which is found once. A server's may know the name on some threads only, so it is asked again: at each of
 * the first calls, then once a second.
 */
final class JtaRegistry extends TransactionLibrary {

    static final String JAKARTA = "jakarta.transaction.TransactionSynchronizationRegistry";
    static final String JAVAX = "javax.transaction.TransactionSynchronizationRegistry";

    private static final String[] NAMES = {
        "java:comp/TransactionSynchronizationRegistry", "java:jboss/TransactionSynchronizationRegistry"
    };
    private static final int ASKED_AT_EACH_CALL = 100;
    private static final long ASKED_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Class<?> type;
    private final MethodHandle getTransactionKey;
    private final MethodHandle getTransactionStatus;
    private final MethodHandle registerInterposedSynchronization;
    private final Class<?> synchronization;

    private volatile @Nullable Object registry;
    private volatile boolean absent;
    private volatile int misses;
    private volatile long missedAtNanos;

    JtaRegistry(Class<?> type) {
        this.type = type;
        synchronization = Found.beside(type, type.getPackageName() + ".Synchronization");
        getTransactionKey = Found.method(type, "getTransactionKey", Object.class);
        getTransactionStatus = Found.method(type, "getTransactionStatus", int.class);
        registerInterposedSynchronization =
                Found.method(type, "registerInterposedSynchronization", void.class, synchronization);
    }

    @Override
    String name() {
        return type.getName();
    }

    @Override
    @Nullable
    Object active() throws Throwable {
        Object found = registry();
        Object key = found == null ? null : (Object) getTransactionKey.invokeExact(found);
        return key != null && JtaSynchronization.isOpen((int) getTransactionStatus.invokeExact(found)) ? key : null;
    }

    @Override
    OpenTransaction join(Object key, TransactionEnd end) throws Throwable {
        Object found = registry;
        if ((int) getTransactionStatus.invokeExact(found) == JtaSynchronization.STATUS_MARKED_ROLLBACK) {
            return JtaSynchronization.markedForRollback(end);
        }
        JtaSynchronization ours = new JtaSynchronization(end, () -> isCurrent(found, key));
        registerInterposedSynchronization.invokeExact(found, ours.asProxyOf(synchronization));
        return ours;
    }

    private boolean isCurrent(@Nullable Object found, Object key) {
        try {
            return key.equals((Object) getTransactionKey.invokeExact(found));
        } catch (Throwable failure) {
            return false;
        }
    }

    /** Null where nobody gives one. */
    // A miss that is lost between two threads delays by one call the time from which the registry is asked for once a
    // second.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private @Nullable Object registry() {
        Object known = registry;
        if (known != null
                || absent
                || misses >= ASKED_AT_EACH_CALL && System.nanoTime() - missedAtNanos < ASKED_EVERY_NANOS) {
            return known;
        }
        try {
            registry = lookUp();
        } catch (NoInitialContextException | LinkageError noNaming) {
            absent = true;
        } catch (NamingException | RuntimeException notHere) {
            missedAtNanos = System.nanoTime();
            misses++;
        }
        return registry;
    }

    // The names are constants of the specification, of the application's own naming; no input chooses what is looked
    // up.
    @SuppressWarnings("BanJNDI")
    private Object lookUp() throws NamingException {
        InitialContext naming = new InitialContext();
        try {
            NamingException last = null;
            for (String name : NAMES) {
                try {
                    Object found = naming.lookup(name);
                    if (type.isInstance(found)) {
                        return found;
                    }
                } catch (NoInitialContextException e) {
                    throw e;
                } catch (NamingException e) {
                    last = e;
                }
            }
            throw last != null ? last : new NamingException("no " + type.getName());
        } finally {
            naming.close();
        }
    }
}
