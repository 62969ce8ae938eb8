package io.idempotenttrace.core.canonical;

import java.util.Iterator;
import java.util.function.Supplier;

/** What an object iterates over, without the object: the agent's own view of a bean's or a library type's elements. */
final class Elements implements Iterable<Object> {

    private final Supplier<Iterator<Object>> iterators;

    /** @param iterators gives another iterator each time */
    Elements(Supplier<Iterator<Object>> iterators) {
        this.iterators = iterators;
    }

    @Override
    public Iterator<Object> iterator() {
        return iterators.get();
    }
}
