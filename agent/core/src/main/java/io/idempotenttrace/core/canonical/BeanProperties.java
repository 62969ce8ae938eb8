package io.idempotenttrace.core.canonical;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Finds a class's properties by Jackson's rules: public getters ({@code getX}, and {@code isX} of a boolean), record
 * components, public fields, and what Jackson's annotations add, rename or take away. An annotation counts as well where it
 * stands on the method that a method overrides, or on a supertype of the class. What depends on the order in which reflection
 * lists members is an error, since that order differs between JVMs.
 */
final class BeanProperties {

    /** The class can't be read; the message says why and what to do. */
    static final class NotABean extends Exception {

        private static final long serialVersionUID = 1L;

        private final String reason;

        NotABean(String reason) {
            super(reason);
            this.reason = reason;
        }

        String reason() {
            return reason;
        }
    }

    /**
     * A member that a property is read from, or would be if an annotation did not leave it out.
     *
     * @param javaName the property's name in Java, which its field has too where there is one
     */
    record Source(String javaName, Member member) {}

    private static final MethodType GETTER = MethodType.methodType(Object.class, Object.class);

    private final Class<?> type;
    /** Null, or a superclass whose own members do not count, nor those of its supertypes. */
    private final @Nullable Class<?> above;

    private final boolean kotlin;
    private final Map<String, List<PropertyAccessor>> accessors = new LinkedHashMap<>();
    private final Set<String> fieldNames = new HashSet<>();
    private final List<BeanProperty> properties = new ArrayList<>();
    /** Of each property the member that it is read from. */
    private final List<Member> propertySources = new ArrayList<>();

    private final List<Source> shown = new ArrayList<>();
    private final List<Source> leftOut = new ArrayList<>();
    private @Nullable BeanProperty anyGetter;
    /** Whether a field can hold more than a flag. */
    private boolean holdsMoreThanFlags;
    /** Whether a property is a collection, a map or an array that a field holds. */
    private boolean showsElements;

    private BeanProperties(Class<?> type, @Nullable Class<?> above) throws NotABean {
        this.type = type;
        this.above = above;
        this.kotlin = JacksonAnnotations.find(type, "kotlin.Metadata") != null;
        collectFields(type);
        collectComponents();
        collectMethods();
        choose();
    }

    static BeanProperties of(Class<?> type) throws NotABean {
        return new BeanProperties(type, null);
    }

    /** The properties that the class adds to one of its superclasses. */
    static BeanProperties below(Class<?> above, Class<?> type) throws NotABean {
        return new BeanProperties(type, above);
    }

    private boolean isAbove(Class<?> level) {
        return above != null && level.isAssignableFrom(above);
    }

    List<BeanProperty> properties() {
        return properties;
    }

    /** Tells each property, by the order of their names, with the member that it is read from. */
    void eachByName(BiConsumer<String, Member> each) {
        Map<String, Member> byName = new TreeMap<>();
        for (int i = 0; i < properties.size(); i++) {
            byName.put(properties.get(i).name(), propertySources.get(i));
        }
        byName.forEach(each);
    }

    /** Knows from now on which getters return a field of another name. */
    void learn(HeldFields held) {
        for (int i = 0; i < properties.size(); i++) {
            BeanProperty known = properties.get(i);
            if (held.showsAny(propertySources.get(i))) {
                properties.set(
                        i,
                        new BeanProperty(
                                known.name(),
                                known.source(),
                                known.getter(),
                                known.inclusion(),
                                BeanProperty.Kind.STATE,
                                known.types()));
            }
        }
    }

    /** Keeps only the properties that show one of the fields. */
    void retain(HeldFields held, List<Field> fields) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < properties.size(); i++) {
            if (held.showsAny(propertySources.get(i), fields)) {
                names.add(properties.get(i).name());
            }
        }
        properties.removeIf(property -> !names.contains(property.name()));
    }

    /** The map whose entries are members of the object itself (JsonAnyGetter); null if there is none. */
    @Nullable
    BeanProperty anyGetter() {
        return anyGetter;
    }

    /** What the properties are read from. */
    List<Source> shown() {
        return shown;
    }

    /** Members that annotations of the class keep out of it: whoever wrote them has seen them, and decided. */
    List<Source> leftOut() {
        return leftOut;
    }

    /** Whether a property tells what a field holds, and not only what is computed, as isEmpty and isPresent are. */
    boolean showsItsState() {
        for (BeanProperty property : properties) {
            if (property.kind() == BeanProperty.Kind.STATE) {
                return true;
            }
        }
        return anyGetter != null;
    }

    /** Whether such a property can be the elements of an object that is iterated over. */
    boolean showsElements() {
        return showsElements;
    }

    /** Whether nothing is known of an object but flags that are computed from what it holds. */
    boolean showsOnlyFlags() {
        if (!holdsMoreThanFlags || anyGetter != null) {
            return false;
        }
        for (BeanProperty property : properties) {
            if (property.kind() != BeanProperty.Kind.COMPUTED_FLAG) {
                return false;
            }
        }
        return !properties.isEmpty();
    }

    // What there is

    private void collectFields(Class<?> level) throws NotABean {
        if (level == null || level == Object.class || isAbove(level)) {
            return;
        }
        collectFields(level.getSuperclass());
        for (Field field : level.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) || field.isSynthetic()) {
                continue;
            }
            if (JacksonAnnotations.isAnyGetter(List.of(field))) {
                anyGetter(field);
                continue;
            }
            fieldNames.add(field.getName());
            holdsMoreThanFlags |= field.getType() != boolean.class && field.getType() != Boolean.class;
            List<PropertyAccessor> known = accessorsOf(field.getName());
            // A field hides its superclass's field of the same name.
            known.clear();
            known.add(PropertyAccessor.of(field));
        }
    }

    private void collectComponents() {
        if (type.isRecord()) {
            for (RecordComponent component : type.getRecordComponents()) {
                Method accessor = component.getAccessor();
                accessorsOf(component.getName()).add(PropertyAccessor.getter(accessor, declarations(accessor)));
            }
        }
    }

    private void collectMethods() throws NotABean {
        Set<String> seen = new HashSet<>();
        for (Class<?> level : levels()) {
            for (Method method : isAbove(level) ? new Method[0] : level.getDeclaredMethods()) {
                boolean accessor = method.getParameterCount() == 0
                        ? method.getReturnType() != void.class
                        : method.getParameterCount() == 1 && method.getName().startsWith("set");
                if (accessor
                        && !Modifier.isStatic(method.getModifiers())
                        && !method.isSynthetic()
                        && seen.add(method.getName()
                                + (method.getParameterCount() == 0 ? "" : method.getParameterTypes()[0].getName()))) {
                    collect(method);
                }
            }
        }
    }

    private void collect(Method method) throws NotABean {
        List<Method> declarations = declarations(method);
        if (method.getParameterCount() == 1) {
            String name = decapitalized(method.getName(), 3);
            if (name != null) {
                accessorsOf(name).add(PropertyAccessor.setter(method, declarations));
            }
        } else if (JacksonAnnotations.isAnyGetter(declarations)) {
            anyGetter(method);
        } else {
            PropertyAccessor getter = PropertyAccessor.getter(method, declarations);
            String name = propertyOf(method, getter.annotated());
            if (name != null) {
                accessorsOf(name).add(getter);
            }
        }
    }

    private void anyGetter(Member member) throws NotABean {
        if (anyGetter != null && !anyGetter.source().equals(source(member))) {
            throw new NotABean(type.getName() + " has two @JsonAnyGetter; keep one, or mark the parameter @Unhashed");
        }
        shown.add(new Source(member.getName(), member));
        anyGetter = new BeanProperty(
                "", source(member), handle(member), BeanProperty.Inclusion.ALWAYS, BeanProperty.Kind.STATE, null);
    }

    private List<PropertyAccessor> accessorsOf(String name) {
        List<PropertyAccessor> known = accessors.get(name);
        if (known == null) {
            known = new ArrayList<>();
            accessors.put(name, known);
        }
        return known;
    }

    /** The class and its supertypes, each before those that it overrides; not Object. */
    private Set<Class<?>> levels() {
        return JacksonAnnotations.supertypes(type);
    }

    /** The method and those that it overrides. */
    private List<Method> declarations(Method method) {
        List<Method> declarations = new ArrayList<>();
        declarations.add(method);
        for (Class<?> level : levels()) {
            if (level != method.getDeclaringClass()) {
                try {
                    Method overridden = level.getDeclaredMethod(method.getName(), method.getParameterTypes());
                    if (!overridden.isSynthetic() && !Modifier.isStatic(overridden.getModifiers())) {
                        declarations.add(overridden);
                    }
                } catch (NoSuchMethodException e) {
                    // Not declared at this level.
                }
            }
        }
        return declarations;
    }

    /** The property's name in Java; null if the method is no getter. */
    private @Nullable String propertyOf(Method method, boolean annotated) {
        String name = method.getName();
        if (type.isRecord() && fieldNames.contains(name)) {
            return null;
        }
        boolean known =
                name.equals("getClass") || name.equals("getMetaClass") || method.getDeclaringClass() == Object.class;
        if (name.startsWith("get") && !known) {
            return decapitalized(name, 3);
        }
        boolean flag = method.getReturnType() == boolean.class || method.getReturnType() == Boolean.class;
        if (name.startsWith("is") && flag) {
            // Kotlin calls the property isX too, and has a field of that name.
            return kotlin && fieldNames.contains(name) ? name : decapitalized(name, 2);
        }
        // A method of another name that an annotation makes a property.
        return annotated ? name : null;
    }

    /** As Jackson does it: all leading capitals become small; null where nothing follows the prefix. */
    private @Nullable String decapitalized(String method, int prefix) {
        if (method.length() == prefix) {
            return null;
        }
        // Behind a '-' is what Kotlin's compiler adds where a type is an inline class.
        int end = kotlin && method.indexOf('-') > prefix ? method.indexOf('-') : method.length();
        StringBuilder name = new StringBuilder(method.substring(prefix, end));
        for (int i = 0; i < name.length() && Character.toLowerCase(name.charAt(i)) != name.charAt(i); i++) {
            name.setCharAt(i, Character.toLowerCase(name.charAt(i)));
        }
        return name.toString();
    }

    // What counts

    private void choose() throws NotABean {
        UnaryOperator<String> naming = JacksonAnnotations.naming(type);
        Set<String> ignoredNames = JacksonAnnotations.ignoredProperties(type);
        String classInclusion = JacksonAnnotations.inclusion(List.copyOf(levels()));
        Set<String> names = new HashSet<>();
        for (Map.Entry<String, List<PropertyAccessor>> property : accessors.entrySet()) {
            List<PropertyAccessor> counting = counting(property.getValue());
            if (counting.isEmpty()) {
                leaveOut(property.getKey(), property.getValue());
            }
            for (String explicitName : explicitNames(counting)) {
                PropertyAccessor source = source(property.getKey(), counting, explicitName);
                String name = explicitName.isEmpty() ? naming.apply(property.getKey()) : explicitName;
                if (ignoredNames.contains(name)) {
                    leaveOut(property.getKey(), property.getValue());
                }
                if (source == null || ignoredNames.contains(name)) {
                    continue;
                }
                if (!names.add(name)) {
                    throw new NotABean(type.getName() + " has two properties '" + name
                            + "'; rename one with @JsonProperty, or mark the parameter @Unhashed");
                }
                shown.add(new Source(property.getKey(), source.member()));
                propertySources.add(source.member());
                properties.add(new BeanProperty(
                        name,
                        source(source.member()),
                        handle(source.member()),
                        BeanProperty.Inclusion.of(inclusion(counting, classInclusion)),
                        kind(property.getKey(), source),
                        types(counting)));
                showsElements |=
                        kind(property.getKey(), source) == BeanProperty.Kind.STATE && isContainer(source.member());
            }
        }
    }

    private void leaveOut(String javaName, List<PropertyAccessor> all) {
        for (PropertyAccessor accessor : all) {
            leftOut.add(new Source(javaName, accessor.member()));
        }
    }

    private static @Nullable String inclusion(List<PropertyAccessor> counting, @Nullable String ofClass) {
        for (PropertyAccessor accessor : counting) {
            if (accessor.inclusion() != null) {
                return accessor.inclusion();
            }
        }
        return ofClass;
    }

    private static @Nullable TypedProperty types(List<PropertyAccessor> counting) {
        TypedProperty types = null;
        for (PropertyAccessor accessor : counting) {
            types = types == null ? accessor.types() : types.or(accessor.types());
        }
        return types;
    }

    /** Those that JsonIgnore leaves: none, unless another accessor of the property is annotated as one. */
    private static List<PropertyAccessor> counting(List<PropertyAccessor> all) {
        List<PropertyAccessor> left = new ArrayList<>(all.size());
        boolean kept = false;
        for (PropertyAccessor accessor : all) {
            if (accessor.writeOnly()) {
                return List.of();
            }
            if (!accessor.ignored()) {
                left.add(accessor);
                kept |= accessor.annotated();
            }
        }
        if (left.size() < all.size() && !kept) {
            return List.of();
        }
        left.sort(PropertyAccessor.PREFERRED_FIRST);
        return left;
    }

    /** One name in JSON for each property that the accessors are; empty for the one that Java's name gives. */
    private Set<String> explicitNames(List<PropertyAccessor> counting) throws NotABean {
        Set<String> names = new LinkedHashSet<>();
        boolean readByJavaName = false;
        for (PropertyAccessor accessor : counting) {
            if (!accessor.explicitName().isEmpty()) {
                names.add(accessor.explicitName());
            }
            readByJavaName |= accessor.readable() && accessor.explicitName().isEmpty();
        }
        if (names.size() > 1 && readByJavaName) {
            throw new NotABean(type.getName() + " names one property differently: " + names
                    + "; give it one name with @JsonProperty, or mark the parameter @Unhashed");
        }
        return names.isEmpty() ? Set.of("") : names;
    }

    /** What the property is read from; null if it can't be read. */
    private @Nullable PropertyAccessor source(String javaName, List<PropertyAccessor> counting, String explicitName)
            throws NotABean {
        PropertyAccessor best = null;
        for (PropertyAccessor accessor : counting) {
            boolean other = !accessor.explicitName().isEmpty()
                    && !accessor.explicitName().equals(explicitName);
            if (!accessor.readable() || other) {
                continue;
            }
            if (best == null) {
                best = accessor;
            } else if (PropertyAccessor.PREFERRED_FIRST.compare(best, accessor) == 0) {
                throw new NotABean(type.getName() + " has two getters of one property '" + javaName + "', "
                        + best.member().getName() + " and " + accessor.member().getName()
                        + "; mark one with @JsonIgnore, or mark the parameter @Unhashed");
            }
        }
        return best;
    }

    private BeanProperty.Kind kind(String javaName, PropertyAccessor source) {
        if (source.member() instanceof Field || source.annotated() || fieldNames.contains(javaName)) {
            return BeanProperty.Kind.STATE;
        }
        return source.member().getName().startsWith("is")
                ? BeanProperty.Kind.COMPUTED_FLAG
                : BeanProperty.Kind.COMPUTED;
    }

    private static boolean isContainer(Member member) {
        Class<?> held = member instanceof Method method ? method.getReturnType() : ((Field) member).getType();
        return held.isArray() || Iterable.class.isAssignableFrom(held) || Map.class.isAssignableFrom(held);
    }

    private static String source(Member member) {
        return (member instanceof Method ? "getter " : "field ") + member.getName();
    }

    private MethodHandle handle(Member source) throws NotABean {
        try {
            ((AccessibleObject) source).setAccessible(true);
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            MethodHandle handle =
                    source instanceof Method method ? lookup.unreflect(method) : lookup.unreflectGetter((Field) source);
            return handle.asType(GETTER);
        } catch (IllegalAccessException | InaccessibleObjectException e) {
            throw new NotABean(source.getName() + " of " + type.getName() + " can't be read: its module "
                    + type.getModule().getName() + " does not open package " + type.getPackageName()
                    + "; open it, or mark the parameter @Unhashed");
        }
    }
}
