package io.idempotenttrace.weaver;

import io.idempotenttrace.weaver.async.AsyncTypes;
import io.idempotenttrace.weaver.async.ReturnedClass;
import io.idempotenttrace.weaver.async.UnendedTypes;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import org.jspecify.annotations.Nullable;

/**
 * Which methods return what has not ended when they return, so that nobody can say when their work is done: the type itself, or a
 * part of it that its type arguments tell, such as a list of futures. And the words for it.
 */
final class UnendedReturn {

    static final String INSIDE = "whose end is not seen inside another value";
    private static final String WAY_OUT =
            "Return the value, or declare a CompletionStage or a publisher, or move the annotation to the"
                    + " method that does the work";

    private UnendedReturn() {}

    /** What is returned and why its end can't be seen, for people; null if it can. */
    static @Nullable String of(Class<?> returned, Type generic) {
        if (returned.isArray()) {
            return part(returned.getComponentType(), 0);
        }
        boolean observed = returned.isPrimitive() || AsyncTypes.isObserved(returned);
        String reason = observed ? null : UnendedTypes.declared(returned);
        return reason != null ? described(returned.getName(), reason) : ofArguments(generic, 0);
    }

    /** As {@link #of}, of what a suspend function gives: its own end is seen, but not that of a future or flow which it gives. */
    static @Nullable String ofSuspendFunction(Type result) {
        Type raw = result instanceof ParameterizedType parametrized ? parametrized.getRawType() : result;
        return raw instanceof Class<?> type && !type.isPrimitive() && !type.isArray() && AsyncTypes.isObserved(type)
                ? described(type.getName(), "which goes on after the suspend function has returned it")
                : part(result, 0);
    }

    private static @Nullable String ofArguments(Type generic, int depth) {
        // A type of a class is not one of its instances.
        if (!(generic instanceof ParameterizedType parametrized)
                || parametrized.getRawType() == Class.class
                || depth > 8) {
            return null;
        }
        for (Type argument : parametrized.getActualTypeArguments()) {
            String found = part(argument, depth + 1);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable String part(Type type, int depth) {
        if (depth > 8) {
            return null;
        }
        if (type instanceof Class<?> part) {
            return part(part);
        }
        if (type instanceof ParameterizedType parametrized && parametrized.getRawType() instanceof Class<?> raw) {
            String found = part(raw);
            return found != null ? found : ofArguments(type, depth);
        }
        Type bound = type instanceof WildcardType wildcard
                ? wildcard.getUpperBounds()[0]
                : type instanceof TypeVariable<?> variable
                        ? variable.getBounds()[0]
                        : type instanceof GenericArrayType array ? array.getGenericComponentType() : null;
        return bound == null ? null : part(bound, depth + 1);
    }

    private static @Nullable String part(Class<?> part) {
        if (part.isArray()) {
            return part(part.getComponentType());
        }
        if (part.isPrimitive()) {
            return null;
        }
        if (AsyncTypes.isObserved(part)) {
            return described(part.getName(), INSIDE);
        }
        String reason = UnendedTypes.declared(part);
        return reason == null ? null : described(part.getName(), reason);
    }

    /** Of a value that was returned, or of a part of one. */
    static String described(Class<?> type, ReturnedClass known) {
        String reason = known.unended() != null ? known.unended() : INSIDE;
        return described(type.isHidden() ? "lambda" : type.getName(), reason);
    }

    static String described(String type, String reason) {
        return type + ", " + reason;
    }

    /** What a method does that has no end to be seen, after its name. */
    static String returns(String what) {
        return "returns " + what;
    }

    /** Of a method whose declared types say it: when it is woven, or linked. */
    static String report(MethodSpecification method, String does, boolean throwing) {
        return method.qualifiedName() + ' ' + problem(does, throwing);
    }

    /** The same, without the method's name. */
    static String problem(String does, boolean throwing) {
        return does + ". So nobody can tell when its work is done: "
                + (throwing
                        ? "its calls are refused (on-unobservable=throw). "
                        : "its body runs on every call, unguarded (on-unobservable=proceed). ")
                + WAY_OUT;
    }

    /** Of a method whose value told it, after its body. */
    static String atRunTime(MethodSpecification method, String what) {
        return method.qualifiedName() + " returned " + what
                + ". So nobody can tell when its work is done: its key is free again, and the"
                + " next call runs the body (on-unobservable). " + WAY_OUT;
    }
}
