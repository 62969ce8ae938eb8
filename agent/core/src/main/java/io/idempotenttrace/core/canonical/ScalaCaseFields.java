package io.idempotenttrace.core.canonical;

import io.idempotenttrace.core.classfile.CompiledClass;
import io.idempotenttrace.core.classfile.SuperTypes;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The fields of a Scala case class that are state beside its elements: a {@code val} of a second list of parameters, a private
 * {@code var} of the body or of a superclass, what a trait sets.
 *
 * <p>Where the constructors take the elements alone, what is set once, such as {@code val length = id.length}, is made of them, and
 * two objects with the same elements are equal to Scala. That does not hold for a collection that grows.
 */
final class ScalaCaseFields {

    /** What the compilers add, known by how the names begin. */
    private static final List<String> ADDED = List.of("$outer", "evidence$");

    private static final Set<String> ELEMENTS =
            Set.of("productElement(I)Ljava/lang/Object;", "productPrefix()Ljava/lang/String;");

    private final Class<?> type;
    private final CompiledClass code;
    private final List<Field> fields = new ArrayList<>();

    private ScalaCaseFields(Class<?> type, CompiledClass code) {
        this.type = type;
        this.code = code;
        for (Class<?> level = type; !SuperTypes.isPlatform(level); level = level.getSuperclass()) {
            if (!LibraryContainers.isLibrarys(level)) {
                StatelessFields.addState(level, code, fields);
            }
        }
    }

    /**
     * The state beside the elements; empty also where code is not known.
     *
     * @param variables the names of those that are members beside the elements
     */
    static List<Field> beside(Class<?> type, CompiledClass code, Set<String> variables) {
        ScalaCaseFields all = new ScalaCaseFields(type, code);
        // Most have no more than their elements: of them no code needs to be read twice.
        return all.fields.isEmpty() ? List.of() : all.beside(variables);
    }

    private Set<String> getters(Set<String> names) {
        Set<String> getters = new HashSet<>();
        for (Method method : type.getMethods()) {
            if (names.contains(method.getName()) && method.getParameterCount() == 0) {
                getters.add(CompiledClass.signature(method));
            }
        }
        return getters;
    }

    private List<Field> beside(Set<String> variables) {
        // The name is all that one without elements is hashed as.
        Set<String> elements = code.readFrom(ELEMENTS);
        Set<String> shown = variables.isEmpty() ? Set.of() : code.readFrom(getters(variables));
        if (elements == null || shown == null) {
            return List.of();
        }
        List<Field> state = new ArrayList<>(fields);
        state.removeIf(field -> elements.contains(CompiledClass.name(field)));
        boolean ofElements = !state.isEmpty() && takesOnly(fields.size() - state.size());
        state.removeIf(field -> shown.contains(CompiledClass.name(field))
                || isAdded(field.getName())
                || ofElements && Modifier.isFinal(field.getModifiers()) && !grows(field.getType()));
        return state;
    }

    /** Whether no constructor takes more than the elements, but for what the compilers add. */
    private boolean takesOnly(int elements) {
        int most = elements;
        for (Field field : type.getDeclaredFields()) {
            most += isAdded(field.getName()) ? 1 : 0;
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (constructor.getParameterCount() > most) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAdded(String name) {
        for (String added : ADDED) {
            if (name.startsWith(added)) {
                return true;
            }
        }
        // Scala 3: lazy values, which the object's other fields give, and whether they have been computed.
        return name.contains("$lzy") || name.contains("bitmap$");
    }

    private static boolean grows(Class<?> held) {
        for (Class<?> supertype : LibraryMappings.supertypes(held)) {
            String name = supertype.getName();
            if (name.equals("java.util.Collection")
                    || name.equals("java.util.Map")
                    || name.startsWith("java.util.concurrent.atomic.")
                    || name.startsWith("scala.collection.mutable.")) {
                return true;
            }
        }
        return false;
    }

    /** Whether a method of that name sets a {@code val} of a trait, which is no variable for that. */
    static boolean setsValueOfTrait(String setter) {
        return setter.contains("$_setter_$");
    }
}
