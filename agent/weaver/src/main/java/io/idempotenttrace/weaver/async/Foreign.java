package io.idempotenttrace.weaver.async;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Calls a library that the engine does not see: the application's. Its classes are found from one of its own, its methods by name and
 * the names of their parameters' types, and its functional interfaces are implemented by proxies.
 */
final class Foreign {

    private final Class<?> type;

    /** @param type a public class or interface of the library */
    Foreign(Class<?> type) {
        this.type = type;
    }

    Class<?> type() {
        return type;
    }

    /** Another public class of the library. */
    Foreign type(String name) {
        try {
            return new Foreign(Class.forName(name, true, type.getClassLoader()));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    name + " is not beside " + type.getName() + "; use a newer version of its library", e);
        }
    }

    /** A public method; its parameters' types by their full names. */
    Call method(String name, String... parameters) {
        Call found = find(name, parameters);
        if (found == null) {
            throw new IllegalStateException(type.getName() + " has no method " + name + Arrays.toString(parameters)
                    + "; use a newer version of its library");
        }
        return found;
    }

    /** As {@link #method}; null where a version of the library has none. */
    @Nullable
    Call find(String name, String... parameters) {
        for (Method method : type.getMethods()) {
            if (method.getName().equals(name)
                    && !method.isBridge()
                    && Arrays.stream(method.getParameterTypes())
                            .map(Class::getName)
                            .toList()
                            .equals(Arrays.asList(parameters))) {
                return new Call(method);
            }
        }
        return null;
    }

    /** The value of a public static field. */
    Object constant(String name) {
        try {
            return type.getField(name).get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    type.getName() + " has no constant " + name + "; use a newer version of its library", e);
        }
    }

    /** A new instance by the public constructor without parameters. */
    Object create() {
        try {
            return type.getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    type.getName() + " can't be made without parameters; use a newer version of its library", e);
        }
    }

    /** An instance of this type, a functional interface. */
    Object implement(Function<Object[], Object> body) {
        return implementAll((method, arguments) -> body.apply(arguments));
    }

    /** An instance of this type, an interface: a function of the method's name and arguments. Default methods do what they say. */
    Object implementAll(BiFunction<String, Object[], Object> body) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            if (method.isDefault()) {
                return InvocationHandler.invokeDefault(proxy, method, arguments);
            }
            if (method.getDeclaringClass() != Object.class) {
                return body.apply(method.getName(), arguments);
            }
            return switch (method.getName()) {
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "idempotent-trace function of " + type.getName();
            };
        });
    }

    /** A method of the library. */
    static final class Call {

        private final Method method;

        private Call(Method method) {
            this.method = method;
        }

        /** What the method throws is thrown, and nothing around it. */
        Object on(@Nullable Object target, @Nullable Object... arguments) {
            try {
                return method.invoke(target, arguments);
            } catch (InvocationTargetException e) {
                throw Foreign.<RuntimeException>sneaky(e.getTargetException());
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(method + " can't be called", e);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
