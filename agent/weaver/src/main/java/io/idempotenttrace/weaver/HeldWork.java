package io.idempotenttrace.weaver;

import io.idempotenttrace.core.canonical.LibraryContainers;
import io.idempotenttrace.core.canonical.StateFields;
import io.idempotenttrace.core.classfile.SuperTypes;
import io.idempotenttrace.weaver.async.FutureShape;
import io.idempotenttrace.weaver.async.ReturnedClass;
import io.idempotenttrace.weaver.async.UnendedTypes;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Looks for work that a result holds where neither its type nor its JSON shows it: a future in a private field of a handle, or a
 * container that computes its elements when it is read. To read such a container would do the work in the place of the caller, and would
 * leave the caller nothing of one that can be read once. So this looks at fields, and reads the elements of those
 * containers only that are known to hold them. It goes some levels deep. Made for one result.
 */
final class HeldWork {

    private static final int DEEPEST = 4;
    private static final int MOST_PARTS = 10_000;

    /** How many containers are looked through that stand one in the other, such as a reversed view of a transformed list. */
    private static final int DEEPEST_VIEW = 4;

    /** Containers of the JDK that hold their elements and are no public classes. */
    private static final List<String> HOLDING = List.of(
            "java.util.ImmutableCollections$List",
            "java.util.ImmutableCollections$Set",
            "java.util.ImmutableCollections$Map",
            "java.util.ImmutableCollections$SubList",
            "java.util.Arrays$ArrayList",
            "java.util.Collections$Empty",
            "java.util.Collections$Singleton");

    /** Containers whose functions are not called when they are read. */
    private static final List<String> CALLING_LATER =
            List.of("com.google.protobuf.", "io.netty.", "org.apache.commons.collections");

    private static final ClassValue<Boolean> COMPUTE = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return SuperTypes.isPlatform(type) ? !holdsElements(type) : readsByItsOwnCode(type);
        }
    };

    private final Set<Object> met = Collections.newSetFromMap(new IdentityHashMap<>());
    private List<Object> next = new ArrayList<>();

    private HeldWork() {}

    /** @throws UnendedWork if the value holds work that has not ended, or not begun */
    static void refuse(@Nullable Object value) {
        if (value != null && !isScalar(value)) {
            new HeldWork().lookInto(value);
        }
    }

    /** Whether reading the collection or map runs code that is not known to do nothing else. */
    static boolean isComputed(@Nullable Object value) {
        return (value instanceof Collection || value instanceof Map) && COMPUTE.get(value.getClass());
    }

    private void lookInto(Object value) {
        next.add(value);
        for (int depth = 0; depth < DEEPEST && !next.isEmpty(); depth++) {
            List<Object> parts = next;
            next = new ArrayList<>();
            for (Object part : parts) {
                lookAt(part);
            }
        }
    }

    private void lookAt(Object part) {
        if (part instanceof Object[] array) {
            for (Object element : array) {
                add(element);
            }
        } else if (part instanceof Optional<?> optional) {
            add(optional.orElse(null));
        } else if (part instanceof AtomicReference<?> reference) {
            add(reference.get());
        } else if (part instanceof Iterable || part instanceof Map) {
            lookAtContainer(part);
        } else if (!SuperTypes.isPlatform(part.getClass())) {
            addFields(part);
        }
    }

    private void lookAtContainer(Object container) {
        boolean holding = !COMPUTE.get(container.getClass());
        if (!holding && isLazy(container, 0)) {
            throw UnendedWork.whileRead(container);
        }
        if (holding && container instanceof Collection<?> collection) {
            collection.forEach(this::add);
        } else if (holding && container instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                add(key);
                add(value);
            });
        }
        if (!SuperTypes.isPlatform(container.getClass())) {
            addFields(container);
        }
    }

    private void addFields(Object part) {
        for (Field field : StateFields.of(part.getClass())) {
            if (!field.getType().isPrimitive()) {
                add(read(field, part));
            }
        }
    }

    private void add(@Nullable Object part) {
        if (part == null || isScalar(part) || met.size() >= MOST_PARTS || !met.add(part)) {
            return;
        }
        Class<?> type = part.getClass();
        ReturnedClass known = type.isArray() ? null : ReturnedClass.of(type);
        if (known != null && isWork(part, known)) {
            UnendedWork unended = hasEndedWell(part, known) ? null : UnendedWork.of(part);
            if (unended != null) {
                throw unended;
            }
        } else if (!type.isHidden() && !Proxy.isProxyClass(type)) {
            next.add(part);
        }
    }

    private static boolean isScalar(Object part) {
        return part instanceof CharSequence
                || part instanceof Number
                || part instanceof Boolean
                || part instanceof Character
                || part instanceof Enum
                || part instanceof Class;
    }

    private static boolean isWork(Object part, ReturnedClass known) {
        return known.future() != null
                || known.publisher() != null
                || part instanceof Future
                || part instanceof CompletionStage
                || part instanceof Flow.Publisher
                || SuperTypes.named("org.reactivestreams.Publisher", part.getClass()) != null;
    }

    /** Whether it is a future whose work is done. One that has failed is none: the next call has to do the work. */
    private static boolean hasEndedWell(Object part, ReturnedClass known) {
        FutureShape future = known.future();
        try {
            if (future == null || !future.isDone(part)) {
                return false;
            }
            boolean[] well = {false};
            future.onEnd(part, (value, failure) -> well[0] = failure == null);
            return well[0];
        } catch (RuntimeException e) {
            // Code of the application, which can't say.
            return false;
        }
    }

    private static boolean holdsElements(Class<?> type) {
        String name = type.getName();
        boolean container = Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type);
        boolean known = Modifier.isPublic(type.getModifiers()) && type.getEnclosingClass() == null
                || HOLDING.stream().anyMatch(name::startsWith);
        return container && known && name.startsWith("java.util.");
    }

    /** Of a class that is none of the JDK's: one below {@code ArrayList} holds its elements there, unless it overrides what reads them. */
    private static boolean readsByItsOwnCode(Class<?> type) {
        Class<?> level = type;
        while (level != null && !SuperTypes.isPlatform(level)) {
            level = level.getSuperclass();
        }
        if (level == null || !holdsElements(level) || Modifier.isAbstract(level.getModifiers())) {
            return true;
        }
        try {
            return Map.class.isAssignableFrom(type)
                    ? isOverridden(type, "entrySet") || isOverridden(type, "get", Object.class)
                    : isOverridden(type, "iterator")
                            || List.class.isAssignableFrom(type) && isOverridden(type, "get", int.class);
        } catch (NoSuchMethodException e) {
            return true;
        }
    }

    private static boolean isOverridden(Class<?> type, String name, Class<?>... parameters)
            throws NoSuchMethodException {
        return !SuperTypes.isPlatform(type.getMethod(name, parameters).getDeclaringClass());
    }

    /** Whether what the container holds beside its elements is code that makes them, as far as its fields tell. */
    private static boolean isLazy(Object container, int depth) {
        Class<?> type = container.getClass();
        if (depth > DEEPEST_VIEW || SuperTypes.isPlatform(type) || callsLater(type)) {
            return false;
        }
        if (type.isAnonymousClass() && !LibraryContainers.isLibrarys(type)) {
            // Written where it is returned, for the code of its get or its iterator.
            return true;
        }
        for (Field field : StateFields.of(type)) {
            Object part = field.getType().isPrimitive() ? null : read(field, container);
            if (part != null && !isOrder(field, part) && makesElements(part, depth, container)) {
                return true;
            }
        }
        return false;
    }

    private static boolean makesElements(Object part, int depth, Object container) {
        Class<?> type = part.getClass();
        if (type.isArray() || isScalar(part)) {
            return false;
        }
        if (UnendedTypes.of(type) != null) {
            return true;
        }
        if (part instanceof Iterable || part instanceof Map) {
            return COMPUTE.get(type) && isLazy(part, depth + 1);
        }
        return type.isAnonymousClass()
                || part instanceof AutoCloseable && !(container instanceof Collection || container instanceof Map);
    }

    /** What a container finds its elements by. */
    private static boolean isOrder(Field field, Object part) {
        return part instanceof Comparator || field.getType().getSimpleName().endsWith("Strategy");
    }

    private static boolean callsLater(Class<?> type) {
        boolean holding = Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type);
        return type.getName().contains("WithDefault")
                || holding && CALLING_LATER.stream().anyMatch(type.getName()::startsWith);
    }

    private static @Nullable Object read(Field field, Object part) {
        try {
            return field.get(part);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field + " can't be read", e);
        }
    }
}
