package io.idempotenttrace.core.canonical;

import io.idempotenttrace.core.classfile.CompiledClass;
import io.idempotenttrace.core.classfile.SuperTypes;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The fields that make up what an object of the application or of one of its libraries is: all of its class and superclasses, up to the
 * first class of the JDK, but those that hold no state ({@link StatelessFields}) and those that Jackson's annotations leave out of
 * its JSON. Whoever compares two objects of one class by them sees whether one is as the other.
 */
public final class StateFields {

    /** Held by the class itself: it must go when the class goes. */
    private static final ClassValue<List<Field>> KNOWN = new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
            return find(type);
        }
    };

    private StateFields() {}

    /** Each of them can be read; those of a module that does not open its package are not among them. */
    public static List<Field> of(Class<?> type) {
        return KNOWN.get(type);
    }

    private static List<Field> find(Class<?> type) {
        CompiledClass code = CompiledClass.of(type);
        List<Field> state = new ArrayList<>();
        for (Class<?> level = type; level != null && !SuperTypes.isPlatform(level); level = level.getSuperclass()) {
            StatelessFields.addState(level, code, state);
        }
        Set<Field> leftOut = leftOut(type);
        state.removeIf(field -> leftOut.contains(field) || !isReadable(field));
        return List.copyOf(state);
    }

    private static Set<Field> leftOut(Class<?> type) {
        Set<Field> fields = new HashSet<>();
        try {
            for (BeanProperties.Source source : BeanProperties.of(type).leftOut()) {
                if (source.member() instanceof Field field) {
                    fields.add(field);
                }
            }
        } catch (BeanProperties.NotABean e) {
            // No annotation is understood, so no field is left out.
        }
        return fields;
    }

    private static boolean isReadable(Field field) {
        try {
            field.setAccessible(true);
            return true;
        } catch (InaccessibleObjectException | SecurityException e) {
            return false;
        }
    }
}
