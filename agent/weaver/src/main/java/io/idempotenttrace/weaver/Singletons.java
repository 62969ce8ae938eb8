package io.idempotenttrace.weaver;

import io.idempotenttrace.core.classfile.SuperTypes;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;

/**
 * Objects that the application knows by what they are, since a static final field of their own class holds them: a Kotlin {@code object}, a
 * Scala {@code case object}, a constant of a type-safe enum. Another object made of their JSON is none of them: {@code when}, {@code match}
 * and {@code ==} don't find it. Where the class has only that one object, it is what is read; else such a result is not stored.
 */
final class Singletons {

    /** Of the class and its superclasses, which are initialized where there is an object of the class. */
    private static final ClassValue<List<Field>> CONSTANTS = new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
            List<Field> found = new ArrayList<>();
            for (Class<?> level = type; level != null && !SuperTypes.isPlatform(level); level = level.getSuperclass()) {
                addConstants(level, type, found);
            }
            return List.copyOf(found);
        }
    };

    private static final ClassValue<List<Field>> ONLY = new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
            return findOnly(type);
        }
    };

    private Singletons() {}

    /** Whether a static final field of the value's own class, or of one above it, holds this very object. */
    @SuppressWarnings("ReferenceEquality") // It is about which object it is.
    static boolean isConstant(Object value) {
        for (Field constant : CONSTANTS.get(value.getClass())) {
            if (held(constant) == value) {
                return true;
            }
        }
        return false;
    }

    /** Whether the class has one object only. Neither initializes nor asks it. */
    static boolean is(Class<?> type) {
        return !ONLY.get(type).isEmpty();
    }

    /** Reads the only object of the class, whatever the JSON holds. */
    static ValueDeserializer<Object> reader(Class<?> type) {
        return new Reader(ONLY.get(type).get(0));
    }

    private static void addConstants(Class<?> level, Class<?> held, List<Field> found) {
        try {
            for (Field field : level.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers())
                        && Modifier.isFinal(field.getModifiers())
                        && field.getType().isAssignableFrom(held)
                        && !SuperTypes.isPlatform(field.getType())) {
                    field.setAccessible(true);
                    found.add(field);
                }
            }
        } catch (InaccessibleObjectException | SecurityException | LinkageError e) {
            // Its module does not open the package, or the class of another field is missing: nothing is known of it.
        }
    }

    private static List<Field> findOnly(Class<?> type) {
        if (SuperTypes.isPlatform(type) || type.isEnum() || Modifier.isAbstract(type.getModifiers())) {
            return List.of();
        }
        List<Field> constants = new ArrayList<>();
        addConstants(type, type, constants);
        constants.removeIf(field -> field.getType() != type);
        if (constants.size() != 1) {
            return List.of();
        }
        try {
            boolean scalas =
                    type.getName().endsWith("$") && constants.get(0).getName().equals("MODULE$");
            return scalas || !hasOtherObjects(type) ? List.copyOf(constants) : List.of();
        } catch (LinkageError e) {
            return List.of();
        }
    }

    /** Whether others than the class can make objects of it, or one of its objects holds what another does not. */
    private static boolean hasOtherObjects(Class<?> type) {
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            // The compiler of Java 8 and of Kotlin adds a synthetic one for those who are nested with the class.
            if (!Modifier.isPrivate(constructor.getModifiers()) && !constructor.isSynthetic()) {
                return true;
            }
        }
        for (Field field : type.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers()) && !field.isSynthetic()) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Object held(Field constant) {
        try {
            return constant.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(constant + " can't be read", e);
        }
    }

    private static final class Reader extends ValueDeserializer<Object> {

        private final Field only;

        Reader(Field only) {
            this.only = only;
        }

        @Override
        public @Nullable Object deserialize(JsonParser parser, DeserializationContext context) {
            // Behind the member that names the class, the parser is inside of the object.
            while (parser.currentToken() == JsonToken.PROPERTY_NAME) {
                parser.nextToken();
                parser.skipChildren();
                parser.nextToken();
            }
            parser.skipChildren();
            return held(only);
        }
    }
}
