package io.idempotenttrace.core.canonical;

import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the hash sees of values of declared types, as far as the types say: their members with the types of these, and what of them can't be
 * hashed. It asks the rules by which values are mapped. No value is needed, and no code of the application's runs. Not for use by several
 * threads at once.
 */
public final class PayloadOutline {

    /**
     * A value that is hashed as one text, number or boolean, or whose members the types don't tell.
     *
     * @param pointer where it is in the document; {@code *} stands for each element and each key of a map
     * @param name of the member; that of the parameter, where the whole parameter is it
     */
    public record Leaf(String pointer, String name, Class<?> type) {}

    /**
     * A value that can't be hashed.
     *
     * @param unseen whether its class shows a part of its state only; else nothing of it can be hashed
     * @param reason names the class, why, and what to do
     */
    public record Refusal(String pointer, boolean unseen, String reason) {}

    private static final String ANY = "any";
    /** Stands for what other members an object may have. */
    private static final String MORE = "*";
    /** Members of members of members: what is below that is no longer of interest to a reader. */
    private static final int DEEPEST = 12;

    private static final int MOST_VALUES = 2_000;

    private final Exclusions exclusions;
    private final UnseenFieldPolicies policies;
    private final List<Leaf> leaves = new ArrayList<>();
    private final List<Refusal> refusals = new ArrayList<>();
    private int values;

    public PayloadOutline(Exclusions exclusions, UnseenFieldPolicies policies) {
        this.exclusions = exclusions;
        this.policies = policies;
    }

    /** What is hashed, in the order in which it was met. */
    public List<Leaf> leaves() {
        return leaves;
    }

    public List<Refusal> refusals() {
        return refusals;
    }

    /**
     * Of a document that is the value of one parameter.
     *
     * @return the name of a type; a Map of member to such an outline, whose key {@code *} stands for every other one; or a List of one
     *         outline, which counts for each element
     */
    public Object ofParameter(String name, Type type) {
        return node(new Place(type, "", name, exclusions.start(), Map.of(), Set.of(), 0));
    }

    /** As {@link #ofParameter}, of a document that is an object of several parameters. */
    public Object ofParameters(Map<String, Type> parameters) {
        Map<String, Object> outline = new LinkedHashMap<>();
        Place document = new Place(Object.class, "", "", exclusions.start(), Map.of(), Set.of(), 0);
        parameters.forEach((name, type) -> addMember(document, name, type, outline));
        return outline;
    }

    /** A value on the way through the types. */
    private record Place(
            Type type,
            String pointer,
            String name,
            Exclusions.@Nullable Level level,
            Map<TypeVariable<?>, Type> variables,
            Set<Class<?>> around,
            int depth) {

        Place member(String memberName, Type memberType, Exclusions.@Nullable Level below) {
            return new Place(
                    memberType,
                    pointer + '/' + Pointer.escape(memberName),
                    memberName,
                    below,
                    variables,
                    around,
                    depth + 1);
        }

        /** An element of it, or the value of a key. Its name is that of the container. */
        Place element(Type elementType) {
            Exclusions.Level below = level == null ? null : level.below(null);
            // A position that a pointer names is no position of the type.
            return new Place(
                    elementType,
                    pointer + "/*",
                    name,
                    Exclusions.Level.isLeftOut(below) ? null : below,
                    variables,
                    around,
                    depth + 1);
        }

        Place inside(Class<?> type, Map<TypeVariable<?>, Type> arguments) {
            Set<Class<?>> more = new HashSet<>(around);
            more.add(type);
            return new Place(type, pointer, name, level, arguments, more, depth);
        }
    }

    private void addMember(Place object, String name, Type type, Map<String, Object> outline) {
        Exclusions.Level below = object.level == null ? null : object.level.below(name);
        if (!Exclusions.Level.isLeftOut(below)) {
            outline.put(name, node(object.member(name, type, below)));
        }
    }

    private Object node(Place place) {
        Type type = resolved(place.type, place.variables);
        if (type instanceof GenericArrayType array) {
            return List.of(node(place.element(array.getGenericComponentType())));
        }
        Class<?> raw = raw(type);
        if (raw == Object.class || place.depth > DEEPEST || ++values > MOST_VALUES || place.around.contains(raw)) {
            return leaf(place, raw);
        }
        if (raw.isPrimitive() || isMappedByOthersCode(raw)) {
            return leaf(place, raw);
        }
        ValueMapping mapping = ValueMapping.ofClass(raw);
        if (mapping instanceof RefusedMapping refused) {
            if (!isOpen(raw)) {
                refusals.add(new Refusal(place.pointer, /* unseen= */ false, refused.reason()));
            }
            return leaf(place, raw);
        }
        Place inside = place.inside(raw, variables(type, raw, place.variables));
        if (mapping instanceof BeanMapping bean) {
            return object(inside, raw, bean);
        }
        String unseen = policies.refusal(raw);
        if (unseen != null) {
            refusals.add(new Refusal(place.pointer, /* unseen= */ true, unseen));
        }
        if (mapping instanceof MembersMapping members) {
            return message(inside, raw, members);
        }
        return contained(inside, raw, mapping);
    }

    /** A container of values, or one value. */
    private Object contained(Place place, Class<?> raw, ValueMapping mapping) {
        if (raw.isArray() && !(mapping instanceof ScalarMapping)) {
            return List.of(node(place.element(raw.getComponentType())));
        }
        if (mapping == ContainerMapping.MAP) {
            refuseKeys(place, argument(Map.class, 0, place.variables));
            return Map.of(MORE, node(place.element(argument(Map.class, 1, place.variables))));
        }
        if (mapping == ContainerMapping.ITERABLE
                || mapping == ContainerMapping.SET
                || mapping == UnorderedCollections.AS_IT_IS_MADE) {
            return List.of(node(place.element(argument(Iterable.class, 0, place.variables))));
        }
        boolean holder = mapping instanceof ScalarMapping.Holder
                && raw.getName().startsWith("java.")
                && raw.getTypeParameters().length == 1;
        if (!holder) {
            return leaf(place, raw);
        }
        Type held = argument(raw, 0, place.variables);
        return node(new Place(
                held, place.pointer, place.name, place.level, place.variables, place.around, place.depth + 1));
    }

    private Object object(Place place, Class<?> raw, BeanMapping bean) {
        boolean open = Modifier.isAbstract(raw.getModifiers());
        UnseenFields unseen = bean.unseen();
        if (!open
                && unseen != null
                && policies.of(raw) == UnseenFieldPolicy.REFUSE
                && !unseen.areAll(name -> isLeftOut(place, name))) {
            refusals.add(new Refusal(place.pointer, /* unseen= */ true, unseen.reason()));
        }
        Map<String, Object> outline = new LinkedHashMap<>();
        try {
            BeanProperties.of(raw).eachByName((name, member) -> addMember(place, name, type(member), outline));
        } catch (BeanProperties.NotABean | LinkageError | RuntimeException e) {
            // Its members can't be told, as where the class of one is missing.
            return leaf(place, raw);
        }
        JacksonTypeInfo types = JacksonTypeInfo.ofClass(raw);
        if (types != null
                && types.shape() == JacksonTypeInfo.Shape.PROPERTY
                && !outline.containsKey(types.property())) {
            addMember(place, types.property(), String.class, outline);
        }
        if (outline.isEmpty() && open) {
            return leaf(place, raw);
        }
        if (open || bean.hasMore()) {
            outline.put(MORE, ANY);
        }
        return outline;
    }

    private static boolean isLeftOut(Place place, String name) {
        return place.level != null && Exclusions.Level.isLeftOut(place.level.below(name));
    }

    /** A message of a library, of which the hash sees some members. */
    private Object message(Place place, Class<?> raw, MembersMapping mapping) {
        Map<String, Object> outline = new LinkedHashMap<>();
        for (String name : mapping.hashedNames()) {
            addMember(place, name, typeOfMember(raw, name), outline);
        }
        return outline;
    }

    private static Type typeOfMember(Class<?> raw, String name) {
        String getter = "get" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
        try {
            for (Method method : raw.getMethods()) {
                boolean accessor =
                        method.getName().equals(name) || method.getName().equals(getter);
                // Of what it promises only a parameter of the type is of interest: that is the payload's own.
                if (accessor
                        && method.getParameterCount() == 0
                        && method.getGenericReturnType() instanceof TypeVariable<?> variable) {
                    return variable;
                }
            }
        } catch (LinkageError e) {
            return Object.class;
        }
        return Object.class;
    }

    private void refuseKeys(Place place, Type key) {
        Class<?> raw = raw(key);
        if (raw == Object.class || isOpen(raw) || isMappedByOthersCode(raw)) {
            return;
        }
        ValueMapping mapping = ValueMapping.ofClass(raw);
        if (mapping instanceof BeanMapping
                || mapping instanceof MembersMapping
                || mapping instanceof RefusedMapping
                || raw.isArray() && !(mapping instanceof ScalarMapping)) {
            refusals.add(new Refusal(
                    place.pointer,
                    /* unseen= */ false,
                    "a map key of type " + raw.getName() + " has no text; use text, numbers, enums, UUIDs or dates"
                            + " as keys, or mark the parameter @Unhashed"));
        }
    }

    private Object leaf(Place place, Class<?> raw) {
        leaves.add(new Leaf(place.pointer, place.name, raw));
        return raw == Object.class ? ANY : name(raw);
    }

    /** As a reader knows it: a type of the JDK without its package. */
    public static String name(Class<?> type) {
        if (type.isArray()) {
            return name(type.getComponentType()) + "[]";
        }
        return type.getName().startsWith("java.") && type.getCanonicalName() != null
                ? type.getCanonicalName().substring(type.getPackageName().length() + 1)
                : type.getName();
    }

    /** Whether values of the type have other classes, of which it does not tell whether they can be hashed. */
    private static boolean isOpen(Class<?> raw) {
        return Modifier.isAbstract(raw.getModifiers())
                && !raw.isArray()
                && !raw.isPrimitive()
                && !MappingRules.isLive(raw)
                && !MappingRules.isCode(raw);
    }

    /** Mappings that would initialize classes of the application when they are made. */
    private static boolean isMappedByOthersCode(Class<?> raw) {
        return UserMappings.isNamed(raw)
                || MappingRules.implementsNamed(raw, "com.google.protobuf.MessageOrBuilder")
                || MappingRules.implementsNamed(raw, "com.google.protobuf.MessageLiteOrBuilder")
                || MappingRules.implementsNamed(raw, "org.apache.thrift.TBase");
    }

    // Generic types

    private static Type type(Member member) {
        return member instanceof Method method ? method.getGenericReturnType() : ((Field) member).getGenericType();
    }

    private static Type resolved(Type type, Map<TypeVariable<?>, Type> variables) {
        Type current = type;
        for (int i = 0; i < DEEPEST; i++) {
            if (current instanceof WildcardType wildcard) {
                current = wildcard.getUpperBounds()[0];
            } else if (current instanceof TypeVariable<?> variable) {
                Type known = variables.get(variable);
                current = known != null && known != variable ? known : variable.getBounds()[0];
            } else {
                return current;
            }
        }
        return Object.class;
    }

    /** Object for what may be anything. */
    static Class<?> raw(Type type) {
        if (type instanceof Class<?> plain) {
            return plain;
        }
        return type instanceof ParameterizedType parameterized && parameterized.getRawType() instanceof Class<?> plain
                ? plain
                : Object.class;
    }

    private static Map<TypeVariable<?>, Type> variables(Type type, Class<?> raw, Map<TypeVariable<?>, Type> outer) {
        Map<TypeVariable<?>, Type> variables = new HashMap<>();
        collect(type, raw, outer, variables, new HashSet<>());
        return variables;
    }

    /** What the type parameters of the class, and of all above it, stand for. */
    private static void collect(
            Type type,
            Class<?> raw,
            Map<TypeVariable<?>, Type> outer,
            Map<TypeVariable<?>, Type> variables,
            Set<Class<?>> seen) {
        if (!seen.add(raw)) {
            return;
        }
        if (type instanceof ParameterizedType parameterized) {
            Type[] arguments = parameterized.getActualTypeArguments();
            TypeVariable<?>[] parameters = raw.getTypeParameters();
            for (int i = 0; i < parameters.length && i < arguments.length; i++) {
                variables.put(parameters[i], resolved(arguments[i], outer));
            }
        }
        List<Type> above = new ArrayList<>(List.of(raw.getGenericInterfaces()));
        if (raw.getGenericSuperclass() != null) {
            above.add(raw.getGenericSuperclass());
        }
        for (Type each : above) {
            collect(each, raw(each), variables, variables, seen);
        }
    }

    /** What a parameter of that type stands for; Object where nothing says it. */
    private static Type argument(Class<?> generic, int index, Map<TypeVariable<?>, Type> variables) {
        return variables.getOrDefault(generic.getTypeParameters()[index], Object.class);
    }
}
