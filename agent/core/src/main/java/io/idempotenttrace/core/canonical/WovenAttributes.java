package io.idempotenttrace.core.canonical;

import io.idempotenttrace.core.classfile.CompiledClass;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of an entity whose class EclipseLink has woven: its getters load what is lazy. A relation is held by a field
 * {@code _persistence_NAME_vh}, a ValueHolderInterface, which is null in an entity that was never stored; the fetch group says which
 * other attributes are loaded. A getter is asked for only after each attribute that its code reads is known to be loaded.
 */
final class WovenAttributes {

    private static final String ADDED = "_persistence_";
    private static final String HOLDER = "_vh";
    private static final String FETCH_GROUPS = "org.eclipse.persistence.queries.FetchGroupTracker";
    private static final String VALUE_HOLDER = "org.eclipse.persistence.indirection.ValueHolderInterface";

    /** Of each relation, by its name, the field that holds it. */
    private final Map<String, Field> holders = new HashMap<>();
    /** All attributes that the class file shows. */
    private final Set<String> names = new HashSet<>();
    /** Of each property the attributes that its getter reads. */
    private final Map<String, Set<String>> ofProperties = new LinkedHashMap<>();
    /** Tells whether an attribute is loaded that is no relation; null where all are. */
    private final @Nullable LibraryMethod isFetched;

    private WovenAttributes(@Nullable LibraryMethod isFetched) {
        this.isFetched = isFetched;
    }

    /** @throws NoSuchMethodException if the version of EclipseLink is not known */
    static WovenAttributes of(Class<?> type) throws NoSuchMethodException {
        Class<?> tracker = LibraryMappings.supertype(type, FETCH_GROUPS);
        WovenAttributes attributes = new WovenAttributes(
                tracker == null ? null : LibraryMethod.of(tracker, ADDED + "isAttributeFetched", String.class));
        for (Class<?> level = type; level != null && level != Object.class; level = level.getSuperclass()) {
            attributes.collect(level);
        }
        return attributes;
    }

    private void collect(Class<?> level) throws NoSuchMethodException {
        for (Field field : level.getDeclaredFields()) {
            String name = between(field.getName(), ADDED, HOLDER);
            if (name != null) {
                open(field);
                names.add(name);
                holders.putIfAbsent(name, field);
            }
        }
        for (Method method : level.getDeclaredMethods()) {
            String name = between(method.getName(), ADDED + "get_", "");
            if (name != null && !name.endsWith(HOLDER) && method.getParameterCount() == 0) {
                names.add(name);
            }
        }
    }

    private static void open(Field field) throws NoSuchMethodException {
        try {
            field.setAccessible(true);
        } catch (InaccessibleObjectException e) {
            throw new NoSuchMethodException(
                    field.getDeclaringClass().getName() + "." + field.getName() + ", which its module does not open");
        }
    }

    private static @Nullable String between(String text, String start, String end) {
        return text.startsWith(start) && text.endsWith(end) && text.length() > start.length() + end.length()
                ? text.substring(start.length(), text.length() - end.length())
                : null;
    }

    /** Learns which attributes the getters read. */
    void learn(BeanProperties properties, Class<?> type) {
        CompiledClass code = CompiledClass.of(type);
        Map<Member, String> javaNames = new HashMap<>();
        for (BeanProperties.Source source : properties.shown()) {
            javaNames.put(source.member(), source.javaName());
        }
        properties.eachByName((name, member) ->
                ofProperties.put(name, read(code, member, javaNames.getOrDefault(member, member.getName()))));
        if (properties.anyGetter() != null) {
            ofProperties.put("", names);
        }
    }

    private Set<String> read(CompiledClass code, Member member, String javaName) {
        if (!(member instanceof Method method)) {
            // Read as it is, it would be null: only code that EclipseLink has woven loads it.
            return names.contains(member.getName()) ? Set.of(member.getName()) : Set.of();
        }
        Collection<@Nullable String> fields = code.readFrom(Set.of(CompiledClass.signature(method)));
        if (fields == null) {
            return names;
        }
        Set<String> read = new HashSet<>();
        boolean asksFetchGroup = false;
        for (String field : fields) {
            String name = field == null ? "" : field.substring(field.lastIndexOf('.') + 1);
            String held = between(name, ADDED, HOLDER);
            if (names.contains(held != null ? held : name)) {
                read.add(held != null ? held : name);
            }
            asksFetchGroup |= name.equals(ADDED + "fetchGroup");
        }
        if (names.contains(javaName) || asksFetchGroup && read.isEmpty()) {
            // Where annotations are on getters, the woven code asks for the property's name.
            read.add(javaName);
        }
        return read;
    }

    /** The name of an attribute that the getter of the property would load; null if there is none. */
    @Nullable
    String unloaded(Object entity, String property) {
        for (String name : ofProperties.getOrDefault(property, names)) {
            if (!isLoaded(entity, name)) {
                return name;
            }
        }
        return null;
    }

    /** Whether a field that is read as it is holds an attribute that is not loaded. */
    boolean isUnloadedField(Object entity, String field) {
        return names.contains(field) && !isLoaded(entity, field);
    }

    private boolean isLoaded(Object entity, String name) {
        if (isFetched != null && !Boolean.TRUE.equals(isFetched.call(entity, name))) {
            return false;
        }
        Object holder = holder(entity, name);
        return holder == null
                || LibraryMethods.of(holder, VALUE_HOLDER, "isInstantiated").isTrue(holder);
    }

    private @Nullable Object holder(Object entity, String name) {
        Field field = holders.get(name);
        try {
            return field == null ? null : field.get(entity);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field + " can't be read", e);
        }
    }
}
