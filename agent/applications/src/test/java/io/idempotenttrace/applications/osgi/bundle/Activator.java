package io.idempotenttrace.applications.osgi.bundle;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.TraceConflictException;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Emits a span twice, and then another one with the same key. */
public final class Activator implements BundleActivator {

    /** Of a type that only the bundle's own loader knows. */
    public record Span(String id, String name) {}

    public record Receipt(String id, int position) {}

    private int bodies;

    @Override
    public void start(BundleContext context) {
        String id = "span-" + context.getBundle().getBundleId();
        Receipt first = emit(id, new Span(id, "a"));
        Receipt second = emit(id, new Span(id, "a"));
        System.out.println(first.equals(second) + " bodies " + bodies + " " + conflict(id));
    }

    @Override
    public void stop(BundleContext context) {
        // Nothing was begun.
    }

    private String conflict(String id) {
        try {
            emit(id, new Span(id, "b"));
            return "no conflict";
        } catch (TraceConflictException e) {
            return "conflict, exception of "
                    + (e.getClass().getClassLoader() == getClass().getClassLoader() ? "own" : "another") + " loader";
        }
    }

    @IdempotentTrace
    private Receipt emit(@IdempotencyKey String id, Span span) {
        bodies++;
        return new Receipt(id, bodies);
    }
}
