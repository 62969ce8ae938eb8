package io.idempotenttrace.weaver.transaction;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityTransaction;
import java.lang.reflect.Proxy;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Which transaction an entity manager is asked for. */
class EntityManagersTest {

    private static EntityManager manager(Supplier<EntityTransaction> transaction) {
        return (EntityManager) Proxy.newProxyInstance(
                EntityManager.class.getClassLoader(),
                new Class<?>[] {EntityManager.class},
                (proxy, method, arguments) -> transaction.get());
    }

    private static EntityTransaction transaction(boolean active) {
        return (EntityTransaction) Proxy.newProxyInstance(
                EntityTransaction.class.getClassLoader(),
                new Class<?>[] {EntityTransaction.class},
                (proxy, method, arguments) -> active);
    }

    @Test
    void theActiveTransactionIsFound() throws Throwable {
        EntityTransaction active = transaction(true);
        assertSame(active, EntityManagers.activeTransaction(manager(() -> active)));
        assertNull(EntityManagers.activeTransaction(manager(() -> transaction(false))));
        assertNull(EntityManagers.activeTransaction(manager(() -> null)));
    }

    @Test
    void aManagerOfJakartaTransactionsHasNoneOfItsOwn() throws Throwable {
        assertNull(EntityManagers.activeTransaction(manager(() -> {
            throw new IllegalStateException("a JTA EntityManager");
        })));
    }

    @Test
    void whatIsNoEntityManagerIsNotAsked() throws Throwable {
        assertNull(EntityManagers.activeTransaction("a repository"));
    }
}
