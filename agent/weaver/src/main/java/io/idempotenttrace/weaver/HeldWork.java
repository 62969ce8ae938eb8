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
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicMarkableReference;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.AtomicStampedReference;
import org.jspecify.annotations.Nullable;

/**
 * Looks for work that a result holds where neither its type nor its JSON shows it: a future in a private field of a handle, or a
 * container that computes its elements when it is read. To read such a container would do the work in the place of the caller, and would
 * leave the caller nothing of one that can be read once. So this looks at fields, and reads the elements of those
 * containers only that are known to hold them, and of the JDK's views, which do nothing but hand on what they are views of. It goes some
 * levels deep. Made for one result.
 */
final class HeldWork {

    private static final int DEEPEST = 4;
    private static final int MOST_PARTS = 10_000;

    /** How many elements of views are looked at: {@code Collections.nCopies} has two thousand million of one object. */
    private static final int MOST_OF_VIEWS = 1_000_000;

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
    /** Those of the met parts that the result shows by containers and records alone: the handles that the caller gets. */
    private final Set<Object> shown = Collections.newSetFromMap(new IdentityHashMap<>());

    private List<Object> next = new ArrayList<>();
    private int readOfViews;

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

    /** Whether it is a collection or map of the JDK's that hands on the elements of another one. */
    static boolean isView(@Nullable Object value) {
        return value != null
                && isComputed(value)
                && value.getClass().getModule() == Object.class.getModule()
                && value.getClass().getName().startsWith("java.util.");
    }

    private void lookInto(Object value) {
        next.add(value);
        shown.add(value);
        for (int depth = 0; depth < DEEPEST && !next.isEmpty(); depth++) {
            List<Object> parts = next;
            next = new ArrayList<>();
            for (Object part : parts) {
                lookAt(part);
            }
        }
    }

    private void lookAt(Object part) {
        boolean byShown = shown.contains(part);
        if (part instanceof Object[] array) {
            for (Object element : array) {
                add(element, byShown);
            }
        } else if (part instanceof Optional<?> optional) {
            add(optional.orElse(null), byShown);
        } else if (part instanceof Iterable || part instanceof Map) {
            lookAtContainer(part, byShown);
        } else if (!SuperTypes.isPlatform(part.getClass())) {
            addFields(part, byShown);
        } else {
            lookAtHolder(part, byShown);
        }
    }

    /** Of the JDK's classes that hold a few other objects, whose fields no module opens. */
    private void lookAtHolder(Object part, boolean byShown) {
        if (part instanceof Map.Entry<?, ?> entry) {
            add(entry.getKey(), byShown);
            add(entry.getValue(), byShown);
        } else if (part instanceof AtomicReference<?> reference) {
            add(reference.get(), byShown);
        } else if (part instanceof AtomicReferenceArray<?> array) {
            for (int i = 0; i < array.length(); i++) {
                add(array.get(i), byShown);
            }
        } else if (part instanceof AtomicMarkableReference<?> reference) {
            add(reference.getReference(), byShown);
        } else if (part instanceof AtomicStampedReference<?> reference) {
            add(reference.getReference(), byShown);
        }
    }

    private void lookAtContainer(Object container, boolean byShown) {
        boolean holding = !COMPUTE.get(container.getClass());
        if (!holding && isLazy(container, 0)) {
            throw UnendedWork.whileRead(container);
        }
        try {
            if (holding && container instanceof Collection<?> collection) {
                collection.forEach(element -> add(element, byShown));
            } else if (holding && container instanceof Map<?, ?> map) {
                map.forEach((key, value) -> {
                    add(key, byShown);
                    add(value, byShown);
                });
            } else if (isView(container)) {
                addElements(container instanceof Map<?, ?> map ? map.entrySet() : (Collection<?>) container, byShown);
            }
        } catch (UnendedWork found) {
            throw found;
        } catch (RuntimeException e) {
            // Nothing may ever read it, as a view of a lazy collection whose session is closed. Who reads it will be
            // told,
            // and work that stands elsewhere in the result has to be found all the same.
        }
        if (!SuperTypes.isPlatform(container.getClass())) {
            addFields(container, byShown);
        }
    }

    /** A view of the JDK's, of whatever it may be a view of: one of a container of the application runs that one's code. */
    private void addElements(Collection<?> view, boolean byShown) {
        Iterator<?> elements = view.iterator();
        while (readOfViews < MOST_OF_VIEWS && met.size() < MOST_PARTS) {
            if (!elements.hasNext()) {
                return;
            }
            Object element = elements.next();
            readOfViews++;
            if (element instanceof Map.Entry<?, ?> entry) {
                // An entry of a view may be made anew each time.
                add(entry.getKey(), byShown);
                add(entry.getValue(), byShown);
            } else {
                add(element, byShown);
            }
        }
    }

    private void addFields(Object part, boolean byShown) {
        boolean shows = byShown && part instanceof Record;
        Object running = byShown ? RunningWork.heldBy(part) : null;
        if (running != null) {
            refuseWork(running);
        }
        for (Field field : StateFields.of(part.getClass())) {
            if (!field.getType().isPrimitive()) {
                Object held = read(field, part);
                if (held != null && byShown && RunningWork.is(held)) {
                    refuseWork(held);
                }
                add(held, shows);
            }
        }
    }

    private void add(@Nullable Object part, boolean isShown) {
        if (part == null || isScalar(part) || met.size() >= MOST_PARTS || !met.add(part)) {
            return;
        }
        Class<?> type = part.getClass();
        ReturnedClass known = type.isArray() ? null : ReturnedClass.of(type);
        if (known != null && isWork(part, known)) {
            if (!hasEndedWell(part, known)) {
                refuseWork(part);
            }
        } else if (!type.isHidden() && !Proxy.isProxyClass(type)) {
            next.add(part);
            if (isShown) {
                shown.add(part);
            }
        }
    }

    private static void refuseWork(Object part) {
        UnendedWork unended = UnendedWork.of(part);
        if (unended != null) {
            throw unended;
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

    /** Whether it is one of the JDK's containers of given elements, such as what {@code List.of} makes. */
    static boolean isHolding(Class<?> type) {
        return HOLDING.stream().anyMatch(type.getName()::startsWith);
    }

    private static boolean holdsElements(Class<?> type) {
        String name = type.getName();
        boolean container = Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type);
        boolean known = Modifier.isPublic(type.getModifiers()) && type.getEnclosingClass() == null || isHolding(type);
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
