package io.idempotenttrace.core.canonical;

import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the mapping of a class from a static method that a user named for it: what the method gives stands in place of the value. Text
 * is read as JSON. The method is looked up through the class's own loader, and kept with the class.
 */
final class UserMapping {

    private final Method method;
    /** The method, for whom it stands and who named it, for people. */
    private final String description;

    private UserMapping(Method method, String description) {
        this.method = method;
        this.description = description;
    }

    /**
     * @param type the class of the values
     * @param named the class that the user named: the type or a supertype of it
     * @param target {@code class#method}
     * @param source who names it, for people
     */
    static ValueMapping of(Class<?> type, Class<?> named, String target, @Nullable String source) {
        int separator = target.indexOf('#');
        String owner = target.substring(0, separator);
        String name = target.substring(separator + 1);
        String description = owner + '.' + name + ", the mapping of " + named.getName() + " (" + source + "),";
        try {
            Method method = find(load(owner, type.getClassLoader()), name, named);
            method.setAccessible(true);
            return new ScalarMapping.Holder(new UserMapping(method, description)::content);
        } catch (NotUsable | InaccessibleObjectException | LinkageError e) {
            return new RefusedMapping(type.getName() + " can't be hashed: " + description + " can't be used: "
                    + (e instanceof NotUsable ? e.getMessage() : e.toString()) + ". Mend it, or take the mapping away");
        }
    }

    private static Class<?> load(String owner, ClassLoader loader) throws NotUsable {
        // A nested class may be named as in the source.
        for (String name = owner; ; ) {
            try {
                return Class.forName(name, true, loader);
            } catch (ClassNotFoundException e) {
                int dot = name.lastIndexOf('.');
                if (dot < 0) {
                    throw new NotUsable("there is no class " + owner + " for its class loader (" + loader + ")");
                }
                name = name.substring(0, dot) + '$' + name.substring(dot + 1);
            }
        }
    }

    private static Method find(Class<?> owner, String name, Class<?> named) throws NotUsable {
        List<Method> fitting = new ArrayList<>();
        String problem = "there is no method of that name";
        for (Method method : owner.getDeclaredMethods()) {
            if (!method.getName().equals(name) || method.isSynthetic()) {
                continue;
            }
            if (!Modifier.isStatic(method.getModifiers())) {
                problem = "the method is not static";
            } else if (method.getReturnType() == void.class) {
                problem = "the method returns nothing; let it return a Map, or JSON text";
            } else if (method.getParameterCount() != 1 || !method.getParameterTypes()[0].isAssignableFrom(named)) {
                problem = "the method does not take one " + named.getName();
            } else {
                fitting.add(method);
            }
        }
        if (fitting.isEmpty()) {
            throw new NotUsable(problem);
        }
        for (Method method : fitting) {
            if (method.getParameterTypes()[0] == named || fitting.size() == 1) {
                return method;
            }
        }
        throw new NotUsable("several methods of that name take it; give the one that is meant a name of its own");
    }

    private @Nullable Object content(Object value) {
        Object content;
        try {
            content = method.invoke(null, value);
        } catch (InvocationTargetException e) {
            Throwable thrown = e.getTargetException();
            if (thrown instanceof VirtualMachineError error && !(error instanceof StackOverflowError)) {
                throw error;
            }
            // Its message stays out: it may quote the payload.
            throw new UnhashableException(
                    "",
                    description + " threw " + thrown.getClass().getName() + "; mend it, or take the mapping away",
                    thrown);
        } catch (IllegalAccessException e) {
            throw new UnhashableException(
                    "", description + " can't be called (" + e.getMessage() + "); make it public", e);
        }
        if (!(content instanceof CharSequence)) {
            return content;
        }
        try {
            return JsonReader.readExact(content.toString());
        } catch (JsonReader.MalformedJsonException e) {
            throw new UnhashableException(
                    "",
                    description + " gave text that is no JSON from line " + e.line() + ", column " + e.column()
                            + " on; let it return JSON text (a plain text in double quotes), or a Map",
                    null);
        }
    }

    /** Why a method can't be used, for people. */
    private static final class NotUsable extends Exception {

        private static final long serialVersionUID = 1L;

        NotUsable(String message) {
            super(message);
        }
    }
}
