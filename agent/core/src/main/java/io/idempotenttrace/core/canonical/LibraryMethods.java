package io.idempotenttrace.core.canonical;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Methods of values that are met inside a library's value, such as of a message's headers. Kept with the class of the value at
 * hand, so that they go when its loader goes.
 */
final class LibraryMethods {

    private static final ClassValue<Map<String, LibraryMethod>> OF_CLASS = new ClassValue<>() {
        @Override
        protected Map<String, LibraryMethod> computeValue(Class<?> type) {
            return new ConcurrentHashMap<>();
        }
    };

    private LibraryMethods() {}

    /**
     * The method that {@code typeName}, a type of {@code value}, has. Of each name only one is asked for.
     *
     * @throws UnhashableException if there is no such method
     */
    static LibraryMethod of(Object value, String typeName, String method, Class<?>... parameters) {
        Map<String, LibraryMethod> known = OF_CLASS.get(value.getClass());
        LibraryMethod found = known.get(method);
        if (found == null) {
            try {
                Class<?> type = LibraryMappings.supertype(value.getClass(), typeName);
                found = LibraryMethod.of(type == null ? value.getClass() : type, method, parameters);
            } catch (NoSuchMethodException e) {
                throw new UnhashableException(
                        "",
                        value.getClass().getName() + " is of a version of its library that is not known (there is"
                                + " no " + e.getMessage()
                                + "); hand over its content as a map or text, or mark the parameter @Unhashed",
                        null);
            }
            known.put(method, found);
        }
        return found;
    }
}
