package io.idempotenttrace.core.canonical;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/**
 * A public method of a library that the application carries, found by its name: nothing here is compiled against the library. It
 * is looked up on the library's own public type, not on the class of the value at hand, which need not be public.
 */
final class LibraryMethod implements MembersMapping.Reader {

    private final Method method;
    private final MethodHandle handle;

    private LibraryMethod(Method method, MethodHandle handle) {
        this.method = method;
        this.handle = handle;
    }

    /** @throws NoSuchMethodException if this version of the library has no such public method */
    static LibraryMethod of(Class<?> type, String name, Class<?>... parameters) throws NoSuchMethodException {
        return of(type.getMethod(name, parameters));
    }

    /** The first of several names that the type has: libraries rename their methods. */
    static LibraryMethod firstOf(Class<?> type, String... names) throws NoSuchMethodException {
        LibraryMethod found = null;
        for (int i = 0; found == null && i < names.length; i++) {
            found = ifThere(type, names[i]);
        }
        if (found == null) {
            throw new NoSuchMethodException(type.getName() + "." + names[0] + "()");
        }
        return found;
    }

    /** The method without parameters; null if this version of the library has none of that name. */
    static @Nullable LibraryMethod ifThere(Class<?> type, String name) {
        try {
            return of(type, name);
        } catch (NoSuchMethodException e) {
            return null;
        }
    }

    /** The one method of that name with one parameter of whatever type: a type of the library's own has no literal here. */
    static LibraryMethod withOneParameter(Class<?> type, String name) throws NoSuchMethodException {
        for (Method method : type.getMethods()) {
            if (method.getName().equals(name) && method.getParameterCount() == 1 && !method.isBridge()) {
                return of(method);
            }
        }
        throw new NoSuchMethodException(type.getName() + "." + name + "(_)");
    }

    /** A method of a class that was generated into the application's own package, public or not; null if its module hides it. */
    static @Nullable LibraryMethod ofOwn(Method method) {
        try {
            method.setAccessible(true);
            return of(method);
        } catch (NoSuchMethodException | InaccessibleObjectException e) {
            return null;
        }
    }

    private static LibraryMethod of(Method method) throws NoSuchMethodException {
        int parameters = method.getParameterCount() + (Modifier.isStatic(method.getModifiers()) ? 0 : 1);
        try {
            return new LibraryMethod(method, handle(method).asType(MethodType.genericMethodType(parameters)));
        } catch (IllegalAccessException | InaccessibleObjectException e) {
            throw new NoSuchMethodException(method.getDeclaringClass().getName() + "." + method.getName()
                    + ", which its module does not export");
        }
    }

    private static MethodHandle handle(Method method) throws IllegalAccessException {
        try {
            return MethodHandles.publicLookup().unreflect(method);
        } catch (IllegalAccessException e) {
            // A public method that the library's public class inherits from one of its own that is not public.
            method.setAccessible(true);
            return MethodHandles.lookup().unreflect(method);
        }
    }

    /** What the method returns; void as null. */
    @Override
    public Object read(Object target) {
        try {
            return (Object) handle.invokeExact(target);
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    Object call(Object target, Object argument) {
        try {
            return (Object) handle.invokeExact(target, argument);
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    boolean isTrue(Object target) {
        return (Boolean) read(target);
    }

    /** The failure's own message stays out: it may quote the payload. */
    private UnhashableException failure(Throwable thrown) {
        return thrown instanceof UnhashableException known
                ? known
                : new UnhashableException(
                        "",
                        method.getName() + "() of "
                                + method.getDeclaringClass().getName() + " threw "
                                + thrown.getClass().getName()
                                + "; mend it, exclude the field, or mark the parameter @Unhashed",
                        thrown);
    }
}
