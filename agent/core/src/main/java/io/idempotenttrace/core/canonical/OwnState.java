package io.idempotenttrace.core.canonical;

import io.idempotenttrace.core.classfile.CompiledClass;
import io.idempotenttrace.core.classfile.SuperTypes;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a class of the application adds to a type that has a mapping of its own: a field beside the entries of a map, the elements of
 * a collection, the text of a CharSequence, the type and message of a Throwable. Those of the JDK are what their interface says they
 * are; a class below one of them may hold more, which that mapping does not show.
 *
 * <p>The first class that can be instantiated, from above, is the container or the value: what it holds, and what its superclasses
 * hold, is its content. Fields of the classes below it are state beside that content: {@code class Attributes extends HashMap} with a
 * field. Of a class that implements the interface from scratch a field counts as content if any method of the interface comes to read
 * it. Where fields are beside the content, the object is a bean with its content as one member.
 *
 * <p>The same holds for what extends or implements a type of a library that is known by name: there the interface is all that the
 * library's own types declare. Fields of the library's own classes are no state beside the content.
 */
final class OwnState extends ValueMapping {

    private static final Set<String> OF_OBJECTS = Set.of("equals", "hashCode", "toString");
    /** What tells the content of a Scala collection: all its methods are hundreds. */
    private static final Set<String> OF_SCALAS_COLLECTIONS =
            Set.of("iterator", "foreach", "get", "contains", "length", "size", "knownSize", "apply");

    private final ValueMapping contentOnly;
    private final BeanMapping whole;
    private final @Nullable UnseenFields unseen;
    /** Whether properties show some of it. */
    private final boolean shown;

    /** What a library's type holds, without what a class of the application adds to it. */
    record Content(ValueMapping mapping, Object value) {}

    static final ValueMapping CONTENT = new ValueMapping() {
        @Override
        void write(CanonicalWriter writer, Object value) {
            Content content = (Content) value;
            writer.content(content, content.mapping, content.value);
        }

        @Override
        @Nullable
        Object child(Object value, String segment) {
            return ((Content) value).mapping.child(((Content) value).value, segment);
        }
    };

    /**
     * What says which fields are content.
     *
     * @param type what the content is read by
     * @param librarys whether it is a library's that is known by name
     */
    private record Contract(Class<?> type, boolean librarys) {

        /** Whether the fields of the class are what the mapping of the contract knows. */
        boolean owns(Class<?> level) {
            return SuperTypes.isPlatform(level) || librarys && LibraryContainers.isOf(type, level);
        }

        /** Whether any field of a class that can be instantiated is content. */
        boolean ownsAllOfBase() {
            return !librarys && (type == Throwable.class || !type.isInterface());
        }

        /** The methods by which the content of the class is read, and of a container changed. */
        Set<String> methods(Class<?> of) {
            if (type == CharSequence.class) {
                return Set.of("length()I", "charAt(I)C");
            }
            boolean scalas = type.getName().startsWith("scala.collection.");
            Set<String> methods = new HashSet<>();
            for (Class<?> declaring : types(of)) {
                for (Method method : declaring.getMethods()) {
                    boolean tells = scalas
                            ? OF_SCALAS_COLLECTIONS.contains(method.getName())
                            : !OF_OBJECTS.contains(method.getName());
                    if (tells && !Modifier.isStatic(method.getModifiers())) {
                        methods.add(CompiledClass.signature(method));
                    }
                }
            }
            return methods;
        }

        private Collection<Class<?>> types(Class<?> of) {
            if (!librarys) {
                return type == Collection.class
                        ? Stream.of(type, List.class, Set.class, Deque.class)
                                .filter(each -> each.isAssignableFrom(of))
                                .toList()
                        : List.of(type);
            }
            List<Class<?>> types = new ArrayList<>();
            for (Class<?> supertype : LibraryMappings.supertypes(of)) {
                if (type.isAssignableFrom(supertype) && owns(supertype)) {
                    types.add(supertype);
                }
            }
            return types;
        }
    }

    private OwnState(ValueMapping contentOnly, BeanMapping whole, @Nullable UnseenFields unseen, boolean shown) {
        this.contentOnly = contentOnly;
        this.whole = whole;
        this.unseen = unseen;
        this.shown = shown;
    }

    /**
     * The mapping of a class whose content has one.
     *
     * @param content null where the class has none; then so is the answer
     */
    static @Nullable ValueMapping beside(Class<?> type, @Nullable ValueMapping content) {
        if (content == null
                || content instanceof RefusedMapping
                || type.isInterface()
                || SuperTypes.isPlatform(type)
                || type.isArray()
                || Enum.class.isAssignableFrom(type)
                || LibraryContainers.contains(type)) {
            return content;
        }
        Contract contract = new Contract(contract(type), /* librarys= */ false);
        return beside(type, content, contract, code -> state(type, contract, code));
    }

    /**
     * The mapping of a class that is, extends or implements a library's type.
     *
     * @param known the library's type
     * @param content null where there is no mapping of it; then so is the answer
     */
    static @Nullable ValueMapping besideLibrarys(Class<?> type, Class<?> known, @Nullable ValueMapping content) {
        Contract contract = new Contract(known, /* librarys= */ true);
        return content == null || content instanceof RefusedMapping
                ? content
                : beside(type, known, content, code -> state(type, contract, code));
    }

    /**
     * The same where another rule finds the state.
     *
     * @param state gives the fields that are beside the content; asked for classes outside the library
     */
    static ValueMapping beside(
            Class<?> type, Class<?> known, ValueMapping content, Function<CompiledClass, List<Field>> state) {
        Contract contract = new Contract(known, /* librarys= */ true);
        return type.isInterface() || contract.owns(type) ? content : beside(type, content, contract, state);
    }

    private static ValueMapping beside(
            Class<?> type, ValueMapping content, Contract contract, Function<CompiledClass, List<Field>> findState) {
        try {
            return of(type, content, contract, findState);
        } catch (BeanProperties.NotABean e) {
            return new RefusedMapping(e.reason());
        } catch (LinkageError e) {
            return new RefusedMapping(
                    type.getName() + " can't be read: " + e.getClass().getName() + " (" + e.getMessage() + "); add the"
                            + " class that it lacks, or mark the parameter @Unhashed");
        }
    }

    private static ValueMapping of(
            Class<?> type, ValueMapping content, Contract contract, Function<CompiledClass, List<Field>> findState)
            throws BeanProperties.NotABean {
        CompiledClass code = CompiledClass.of(type);
        List<Field> state = findState.apply(code);
        if (state.isEmpty()) {
            return content;
        }
        // Below the last class of the JDK or of the library: its getters tell of the content.
        BeanProperties properties = BeanProperties.below(above(type, contract), type);
        HeldFields held = HeldFields.of(type, code, properties);
        UnseenFields unseen = UnseenFields.of(type, state, held, properties);
        properties.retain(held, state);
        BeanMapping.Content member = contract.librarys
                ? new BeanMapping.Content(freeName("value", properties), value -> new Content(content, value))
                : content(type, content, properties);
        BeanMapping whole = new BeanMapping(type, properties, member, unseen, null);
        return new OwnState(content, whole, unseen, !properties.properties().isEmpty());
    }

    /** The type that says what the content is. */
    private static Class<?> contract(Class<?> type) {
        for (Class<?> contract : List.of(
                Throwable.class, Map.class, Map.Entry.class, Collection.class, Iterable.class, CharSequence.class)) {
            if (contract.isAssignableFrom(type)) {
                return contract;
            }
        }
        return above(type, new Contract(Object.class, /* librarys= */ false));
    }

    private static Class<?> above(Class<?> type, Contract contract) {
        Class<?> level = type;
        while (!contract.owns(level)) {
            level = level.getSuperclass();
        }
        return level;
    }

    /** The first class from above that is one and can be instantiated; of the JDK's classes the last. */
    private static Class<?> base(Class<?> type, Class<?> contract) {
        Class<?> base = type;
        Class<?> level = type;
        for (; !SuperTypes.isPlatform(level); level = level.getSuperclass()) {
            base = Modifier.isAbstract(level.getModifiers()) || !contract.isAssignableFrom(level) ? base : level;
        }
        for (Class<?> above = level; above != null && contract.isAssignableFrom(above); above = above.getSuperclass()) {
            base = Modifier.isAbstract(above.getModifiers()) ? base : level;
        }
        return base;
    }

    private static List<Field> state(Class<?> type, Contract contract, CompiledClass code) {
        Class<?> base = base(type, contract.type);
        List<Field> state = new ArrayList<>();
        Class<?> level = type;
        for (; level != base; level = level.getSuperclass()) {
            addState(level, contract, code, state);
        }
        List<Field> ofContent = new ArrayList<>();
        for (; !SuperTypes.isPlatform(level); level = level.getSuperclass()) {
            addState(level, contract, code, ofContent);
        }
        if (!ofContent.isEmpty()) {
            Set<String> read = contract.ownsAllOfBase() ? Set.of() : code.readFrom(contract.methods(type));
            if (read != null) {
                ofContent.removeIf(field -> read.contains(CompiledClass.name(field)));
                state.addAll(ofContent);
            }
        }
        return state;
    }

    private static void addState(Class<?> level, Contract contract, CompiledClass code, List<Field> state) {
        if (!contract.owns(level)) {
            StatelessFields.addState(level, code, state);
        }
    }

    private static BeanMapping.Content content(Class<?> type, ValueMapping content, BeanProperties properties) {
        if (Throwable.class.isAssignableFrom(type)) {
            return new BeanMapping.Content(freeName("value", properties), MappingRules::throwable);
        }
        if (Map.class.isAssignableFrom(type)) {
            return new BeanMapping.Content(freeName("entries", properties), MappingRules::entries);
        }
        if (Map.Entry.class.isAssignableFrom(type)) {
            return new BeanMapping.Content(
                    freeName("value", properties),
                    value -> Collections.singletonMap(
                            ((Map.Entry<?, ?>) value).getKey(), ((Map.Entry<?, ?>) value).getValue()));
        }
        if (Set.class.isAssignableFrom(type)) {
            return new BeanMapping.Content(
                    freeName("elements", properties), value -> Collections.unmodifiableSet((Set<?>) value));
        }
        if (content == ContainerMapping.SET) {
            return new BeanMapping.Content(
                    freeName("elements", properties), value -> new UnorderedCollections.View((Collection<?>) value));
        }
        if (Iterable.class.isAssignableFrom(type)) {
            return new BeanMapping.Content(freeName("elements", properties), BeanMapping::elements);
        }
        return new BeanMapping.Content(
                freeName("value", properties),
                Number.class.isAssignableFrom(type) ? OwnState::number : content::keyText);
    }

    /** The number alone. */
    private static Number number(Object value) {
        if (value instanceof BigDecimal decimal) {
            return new BigDecimal(decimal.unscaledValue(), decimal.scale());
        }
        if (value instanceof BigInteger integer) {
            return new BigInteger(integer.toByteArray());
        }
        Number number = (Number) value;
        return number instanceof DoubleAdder || number instanceof DoubleAccumulator
                ? (Number) number.doubleValue()
                : (Number) number.longValue();
    }

    private static String freeName(String wanted, BeanProperties properties) {
        for (BeanProperty property : properties.properties()) {
            if (property.name().equals(wanted)) {
                return freeName('$' + wanted, properties);
            }
        }
        return wanted;
    }

    /** What no property of its objects shows beside the content; null if there is nothing. */
    @Nullable
    UnseenFields unseen() {
        return unseen;
    }

    @Override
    void write(CanonicalWriter writer, Object value) {
        boolean ignored =
                unseen != null && !shown && writer.unseenFieldsOf(value.getClass()) == UnseenFieldPolicy.IGNORE;
        (ignored ? contentOnly : whole).write(writer, value);
    }

    @Override
    boolean isObject(Object value) {
        // Where the unseen fields are ignored, it may be its content alone, be that what it may.
        return (unseen == null || shown) && whole.isObject(value);
    }

    @Override
    @Nullable
    Object child(Object value, String segment) {
        Object ofContent = contentOnly.child(value, segment);
        return ofContent != null ? ofContent : whole.child(value, segment);
    }

    @Override
    boolean hasChild(Object value, String segment) {
        return contentOnly.hasChild(value, segment) || whole.hasChild(value, segment);
    }

    @Override
    List<String> childNames(Object value) {
        List<String> names = new ArrayList<>(contentOnly.childNames(value));
        names.addAll(whole.childNames(value));
        return names;
    }

    @Override
    @Nullable
    String memberName(Object value) {
        // As a key of a map it would be its text alone.
        return null;
    }
}
