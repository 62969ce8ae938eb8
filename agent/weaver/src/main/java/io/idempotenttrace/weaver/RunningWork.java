package io.idempotenttrace.weaver;

import io.idempotenttrace.core.classfile.SuperTypes;
import io.idempotenttrace.weaver.async.ReturnedClass;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Whether what a handle keeps in a private field is work under way. Only kinds count that exist for one piece of work and can say that it
 * has not ended: many values keep an executor, a lock or a client, and are done all the same.
 */
final class RunningWork {

    /** The fields of threads and latches, which are no state of a payload. Held by the class itself. */
    private static final ClassValue<List<Field>> FIELDS = new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
            List<Field> fields = new ArrayList<>();
            for (Class<?> level = type; level != null && !SuperTypes.isPlatform(level); level = level.getSuperclass()) {
                for (Field field : level.getDeclaredFields()) {
                    if (isOfInterest(field)) {
                        fields.add(field);
                    }
                }
            }
            return List.copyOf(fields);
        }
    };

    private RunningWork() {}

    /** Work under way that a field of the object has, of a kind that no other fields are looked at for; null for none. */
    static @Nullable Object heldBy(Object part) {
        for (Field field : FIELDS.get(part.getClass())) {
            try {
                Object held = field.get(part);
                if (held != null && is(held)) {
                    return held;
                }
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(field + " can't be read", e);
            }
        }
        return null;
    }

    private static boolean isOfInterest(Field field) {
        boolean kind = Thread.class.isAssignableFrom(field.getType())
                || CountDownLatch.class.isAssignableFrom(field.getType());
        if (!kind || Modifier.isStatic(field.getModifiers()) || Modifier.isTransient(field.getModifiers())) {
            return false;
        }
        try {
            field.setAccessible(true);
            return true;
        } catch (InaccessibleObjectException | SecurityException e) {
            return false;
        }
    }

    /** Whether it is of a kind that can say that it has not ended, and says that it has. */
    static boolean hasEnded(Object part) {
        if (part instanceof ProcessHandle process) {
            return !process.isAlive();
        }
        boolean tells = part instanceof Thread || part instanceof CountDownLatch || part instanceof Process;
        return tells && !is(part);
    }

    static boolean is(Object part) {
        try {
            if (part instanceof Thread thread) {
                // Some values keep the thread that made them.
                return thread != Thread.currentThread() && thread.getState() != Thread.State.TERMINATED;
            }
            if (part instanceof CountDownLatch latch) {
                return latch.getCount() > 0;
            }
            if (part instanceof Process process) {
                return process.isAlive();
            }
            // A subscription says nothing of its end, and somebody keeps it while it goes on. What is known of a class
            // is
            // kept, while a walk through all types above it is not: most fields hold plain values.
            Class<?> type = part.getClass();
            return part instanceof Flow.Subscription
                    || !type.isArray()
                            && ReturnedClass.of(type) != null
                            && SuperTypes.named("org.reactivestreams.Subscription", type) != null;
        } catch (RuntimeException e) {
            // A class of the application, which can't say.
            return true;
        }
    }
}
