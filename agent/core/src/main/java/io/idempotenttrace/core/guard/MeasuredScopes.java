package io.idempotenttrace.core.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The scopes that are measured each by itself. A monitoring system keeps a series for each, so there is a most; what comes after it is
 * measured together. Safe for use by many threads.
 */
final class MeasuredScopes {

    /** How many scopes have figures of their own. */
    static final int MOST = 200;
    /** Stands for all scopes above the most. */
    static final String OTHER = "(other)";
    /** Stands for records without scope, whose keys are shared with every other writer. */
    static final String SHARED = "(shared)";
    /** Stands for calls that were counted where no scope was at hand. */
    static final String UNKNOWN = "(unknown)";

    private final ConcurrentHashMap<String, ScopeFigures> byName = new ConcurrentHashMap<>();
    private final AtomicInteger room = new AtomicInteger(MOST);
    private final ScopeFigures other = new ScopeFigures(OTHER);
    private final ScopeFigures unknown = new ScopeFigures(UNKNOWN);
    private volatile Consumer<String> sayOnce = unheard -> {};

    /** @param line is given, perhaps again and again, what people must know */
    void sayBy(Consumer<String> line) {
        sayOnce = line;
    }

    /** @param scope null for records without scope */
    ScopeFigures of(@Nullable String scope) {
        return named(scope == null ? SHARED : scope);
    }

    ScopeFigures unknown() {
        return unknown;
    }

    private ScopeFigures named(String name) {
        ScopeFigures known = byName.get(name);
        if (known != null) {
            return known;
        }
        boolean isRoom = room.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
        if (!isRoom) {
            sayOnce.accept("more than " + MOST
                    + " scopes are used; the calls of those after them are measured together, as scope '" + OTHER
                    + "'. A scope that is made of data, such as a tenant, belongs into the key");
            return other;
        }
        ScopeFigures made = new ScopeFigures(name);
        ScopeFigures first = byName.putIfAbsent(name, made);
        if (first != null) {
            room.incrementAndGet();
            return first;
        }
        return made;
    }

    /** Those that were met, in no order, and those that stand for others. */
    List<ScopeFigures> all() {
        List<ScopeFigures> met = new ArrayList<>(byName.values());
        met.add(other);
        met.add(unknown);
        return met;
    }
}
