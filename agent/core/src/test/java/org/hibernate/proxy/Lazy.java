package org.hibernate.proxy;

/** Stands for an entity that is not loaded: touching it fails the test. */
public final class Lazy implements HibernateProxy {

    public int getId() {
        throw new AssertionError("the proxy was loaded");
    }

    @Override
    public LazyInitializer getHibernateLazyInitializer() {
        return () -> true;
    }
}
