package org.hibernate.proxy;

/** Of the name of what tells whether a proxy is loaded. */
public interface LazyInitializer {

    boolean isUninitialized();
}
