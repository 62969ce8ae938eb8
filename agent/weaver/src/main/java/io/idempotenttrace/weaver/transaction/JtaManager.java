package io.idempotenttrace.weaver.transaction;

import io.idempotenttrace.core.guard.OpenTransaction;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** Transactions of a manager of Jakarta Transactions (or Java's, as it was called) that a static method of its own gives. */
final class JtaManager extends TransactionLibrary {

    static final String NARAYANA = "com.arjuna.ats.jta.TransactionManager";
    static final String ATOMIKOS = "com.atomikos.icatch.jta.TransactionManagerImp";

    private final String holder;
    /** Gives null where the application has not started its manager yet. */
    private final MethodHandle manager;

    private final MethodHandle getTransaction;
    private final MethodHandle getStatus;
    private final MethodHandle registerSynchronization;
    private final Class<?> synchronization;

    /** @param accessor the static method that gives the manager */
    JtaManager(Class<?> holder, String accessor) {
        this.holder = holder.getName();
        Class<?> type = managerType(holder, accessor);
        String api = type.getPackageName();
        Class<?> transaction = Found.beside(type, api + ".Transaction");
        synchronization = Found.beside(type, api + ".Synchronization");
        MethodHandle found = Found.staticMethod(holder, accessor, returned(holder, accessor));
        manager = found.asType(MethodType.methodType(Object.class));
        getTransaction = Found.method(type, "getTransaction", transaction);
        getStatus = Found.method(transaction, "getStatus", int.class);
        registerSynchronization = Found.method(transaction, "registerSynchronization", void.class, synchronization);
    }

    private static Class<?> returned(Class<?> holder, String accessor) {
        for (Method method : holder.getMethods()) {
            if (method.getName().equals(accessor) && method.getParameterCount() == 0) {
                return method.getReturnType();
            }
        }
        throw new IllegalStateException(holder.getName() + " has no method " + accessor);
    }

    /** The interface of Jakarta Transactions, or of Java's, that the manager implements. */
    private static Class<?> managerType(Class<?> holder, String accessor) {
        for (Class<?> type = returned(holder, accessor); type != null; type = type.getSuperclass()) {
            Class<?> found = named(type);
            if (found != null) {
                return found;
            }
        }
        throw new IllegalStateException("the manager of " + holder.getName() + " is none of Jakarta Transactions");
    }

    private static @Nullable Class<?> named(Class<?> type) {
        if (type.getName().endsWith(".transaction.TransactionManager") && type.isInterface()) {
            return type;
        }
        for (Class<?> implemented : type.getInterfaces()) {
            Class<?> found = named(implemented);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    @Override
    String name() {
        return holder;
    }

    @Override
    @Nullable
    Object active() throws Throwable {
        Object transaction = current();
        return transaction != null && JtaSynchronization.isOpen((int) getStatus.invokeExact(transaction))
                ? transaction
                : null;
    }

    @Override
    OpenTransaction join(Object transaction, TransactionEnd end) throws Throwable {
        if ((int) getStatus.invokeExact(transaction) == JtaSynchronization.STATUS_MARKED_ROLLBACK) {
            return JtaSynchronization.markedForRollback(end);
        }
        WeakReference<Object> joined = new WeakReference<>(transaction);
        JtaSynchronization ours = new JtaSynchronization(end, () -> isCurrent(joined.get()));
        registerSynchronization.invokeExact(transaction, ours.asProxyOf(synchronization));
        return ours;
    }

    private @Nullable Object current() throws Throwable {
        Object known = (Object) manager.invokeExact();
        return known == null ? null : (Object) getTransaction.invokeExact(known);
    }

    private boolean isCurrent(@Nullable Object transaction) {
        try {
            return transaction != null && transaction.equals(current());
        } catch (Throwable failure) {
            return false;
        }
    }
}
