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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.concurrent.atomic.DoubleAdder;
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
 */
final class OwnState extends ValueMapping {

    private final ValueMapping contentOnly;
    private final BeanMapping whole;
    private final @Nullable UnseenFields unseen;
    /** Whether properties show some of it. */
    private final boolean shown;

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
                || SuperTypes.isPlatform(type)
                || type.isArray()
                || Enum.class.isAssignableFrom(type)
                || LibraryContainers.contains(type)) {
            return content;
        }
        try {
            return of(type, content);
        } catch (BeanProperties.NotABean e) {
            return new RefusedMapping(e.reason());
        } catch (LinkageError e) {
            return new RefusedMapping(
                    type.getName() + " can't be read: " + e.getClass().getName() + " (" + e.getMessage() + "); add the"
                            + " class that it lacks, or mark the parameter @Unhashed");
        }
    }

    private static ValueMapping of(Class<?> type, ValueMapping content) throws BeanProperties.NotABean {
        CompiledClass code = CompiledClass.of(type);
        Class<?> contract = contract(type);
        Class<?> base = base(type, contract);
        List<Field> state = state(type, contract, base, code);
        if (state.isEmpty()) {
            return content;
        }
        // Below the last class of the JDK: its getters tell of the content.
        BeanProperties properties = BeanProperties.below(platformAbove(type), type);
        HeldFields held = HeldFields.of(type, code, properties);
        UnseenFields unseen = UnseenFields.of(type, state, held, properties);
        properties.retain(held, state);
        BeanMapping whole = new BeanMapping(type, properties, content(type, content, properties), unseen, null);
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
        return platformAbove(type);
    }

    private static Class<?> platformAbove(Class<?> type) {
        Class<?> level = type;
        while (!SuperTypes.isPlatform(level)) {
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

    private static List<Field> state(Class<?> type, Class<?> contract, Class<?> base, CompiledClass code) {
        List<Field> state = new ArrayList<>();
        Class<?> level = type;
        for (; level != base; level = level.getSuperclass()) {
            StatelessFields.addState(level, code, state);
        }
        List<Field> ofContent = new ArrayList<>();
        for (; !SuperTypes.isPlatform(level); level = level.getSuperclass()) {
            StatelessFields.addState(level, code, ofContent);
        }
        if (!ofContent.isEmpty()) {
            boolean all = contract == Throwable.class || !contract.isInterface();
            Set<String> read = all ? Set.of() : code.readFrom(methods(type, contract));
            if (read != null) {
                ofContent.removeIf(field -> read.contains(CompiledClass.name(field)));
                state.addAll(ofContent);
            }
        }
        return state;
    }

    /** The methods by which the content is read, and of a container changed. */
    private static Set<String> methods(Class<?> type, Class<?> contract) {
        if (contract == CharSequence.class) {
            return Set.of("length()I", "charAt(I)C");
        }
        Set<String> methods = new HashSet<>();
        for (Class<?> all : contract == Collection.class
                ? List.of(contract, List.class, Set.class, java.util.Deque.class)
                : List.<Class<?>>of(contract)) {
            for (Method method : all.isAssignableFrom(type) ? all.getMethods() : new Method[0]) {
                if (!Modifier.isStatic(method.getModifiers())
                        && !Set.of("equals", "hashCode", "toString").contains(method.getName())) {
                    methods.add(CompiledClass.signature(method));
                }
            }
        }
        return methods;
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
