package org.hibernate.proxy;

/** Of the name by which Hibernate's lazy proxies are known. */
public interface HibernateProxy {

    LazyInitializer getHibernateLazyInitializer();
}
