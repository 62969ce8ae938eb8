package io.idempotenttrace.weaver.transaction;

import io.idempotenttrace.core.classfile.SuperTypes;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * The entity managers of JPA, known by name. What a body has them persist may be sent when the transaction commits, long after the body has
 * returned, so that no statement of the body's tells of it. Safe for use by many threads.
 */
final class EntityManagers {

    private static final String[] NAMES = {"jakarta.persistence.EntityManager", "javax.persistence.EntityManager"};

    /** How the entity managers of a class are asked; null for a class of something else. */
    private static final ClassValue<@Nullable EntityManagers> OF_CLASS = new ClassValue<>() {
        @Override
        protected @Nullable EntityManagers computeValue(Class<?> type) {
            for (String name : NAMES) {
                Class<?> manager = SuperTypes.named(name, type);
                if (manager != null) {
                    return new EntityManagers(manager);
                }
            }
            return null;
        }
    };

    private final MethodHandle getTransaction;
    private final MethodHandle isActive;

    private EntityManagers(Class<?> manager) {
        Class<?> transaction = Found.beside(manager, manager.getPackageName() + ".EntityTransaction");
        getTransaction = Found.method(manager, "getTransaction", transaction);
        isActive = Found.method(transaction, "isActive", boolean.class);
    }

    /** The transaction that the application has begun on that entity manager; null if there is none, or the object is none. */
    static @Nullable Object activeTransaction(Object manager) throws Throwable {
        EntityManagers known = OF_CLASS.get(manager.getClass());
        if (known == null) {
            return null;
        }
        Object transaction;
        try {
            transaction = (Object) known.getTransaction.invokeExact(manager);
        } catch (IllegalStateException ofJta) {
            // Its transactions are not its own: they are seen as those of Jakarta Transactions, or not at all.
            return null;
        }
        return transaction != null && (boolean) known.isActive.invokeExact(transaction) ? transaction : null;
    }
}
