package io.idempotenttrace.core.canonical;

import io.idempotenttrace.core.classfile.CompiledClass;
import io.idempotenttrace.core.classfile.ReturnedValue;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a class whose whole value its properties show.
 *
 * <p>A property read from a field shows it. One read from a getter shows the field that the getter's code returns, as it is or in a
 * form that tells values apart as well: unmodifiable, boxed, copied. Where the code says less, the getter shows the field of its own
 * name if it returns that field's type, unless its code shows that it returns something else: another field, also where it returns
 * one of two, a constant, or what it makes of the field, such as a number's last four digits. What it returns where its own field is
 * null or empty does not count.
 */
final class HeldFields {

    private final Class<?> type;
    private final CompiledClass code;
    private final Set<String> held = new HashSet<>();
    private final Map<Member, Set<String>> bySource = new HashMap<>();
    /** Of fields that have a getter by name, which returns something else. */
    private final Set<String> misnamed = new HashSet<>();

    private HeldFields(Class<?> type, CompiledClass code) {
        this.type = type;
        this.code = code;
    }

    static HeldFields of(Class<?> type, CompiledClass code, BeanProperties properties) {
        HeldFields fields = new HeldFields(type, code);
        for (BeanProperties.Source shown : properties.shown()) {
            fields.show(shown);
        }
        for (BeanProperties.Source leftOut : properties.leftOut()) {
            fields.leaveOut(leftOut);
        }
        return fields;
    }

    boolean contains(Field field) {
        return held.contains(CompiledClass.name(field));
    }

    /** Whether a getter has the field's name, and returns something else. */
    boolean isMisnamed(Field field) {
        return misnamed.contains(CompiledClass.name(field));
    }

    /** The fields that the property shows. */
    private void show(BeanProperties.Source shown) {
        if (shown.member() instanceof Field field) {
            hold(shown, CompiledClass.name(field));
            return;
        }
        Method getter = (Method) shown.member();
        ReturnedValue returned = code.returnedBy(getter);
        if (returned != null && returned.fields().size() == 1) {
            String field = returned.fields().iterator().next();
            if (returned.isWhole(field) && keepsOrder(field, getter.getReturnType())) {
                hold(shown, field);
            }
        }
        Field named = fieldOf(shown.javaName(), getter);
        if (named == null) {
            return;
        }
        String name = CompiledClass.name(named);
        if (agree(named, getter) && !isOther(returned, named)) {
            hold(shown, name);
        } else {
            misnamed.add(name);
        }
    }

    private void hold(BeanProperties.Source shown, String field) {
        held.add(field);
        bySource.computeIfAbsent(shown.member(), member -> new HashSet<>()).add(field);
    }

    /** Whether a property that is read from that member shows one of the fields. */
    boolean showsAny(Member source, List<Field> fields) {
        Set<String> shown = bySource.getOrDefault(source, Set.of());
        for (Field field : fields) {
            if (shown.contains(CompiledClass.name(field))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a property that is read from that member shows a field. */
    boolean showsAny(Member source) {
        return bySource.containsKey(source);
    }

    /** The user has seen the property, and left it out: the field of its name, and the one that its getter returns. */
    private void leaveOut(BeanProperties.Source leftOut) {
        if (leftOut.member() instanceof Field field) {
            held.add(CompiledClass.name(field));
            return;
        }
        Method method = (Method) leftOut.member();
        ReturnedValue returned = method.getParameterCount() == 0 ? code.returnedBy(method) : null;
        if (returned != null && !returned.unknown() && returned.fields().size() == 1) {
            held.addAll(returned.fields());
        }
        Field named = fieldOf(leftOut.javaName(), method);
        if (named != null) {
            held.add(CompiledClass.name(named));
        }
    }

    /** The field of a property: of its name, or, of a flag, named as the getter. */
    private @Nullable Field fieldOf(String javaName, Method getter) {
        Field field = field(javaName);
        return field == null && getter.getName().startsWith("is") ? field(getter.getName()) : field;
    }

    private @Nullable Field field(String name) {
        for (Class<?> level = type; level != null && level != Object.class; level = level.getSuperclass()) {
            try {
                return level.getDeclaredField(name);
            } catch (NoSuchFieldException e) {
                // Perhaps of the superclass.
            }
        }
        return null;
    }

    /** Whether the getter's code is known, and returns something else than the field, at least for some objects. */
    static boolean isOther(@Nullable ReturnedValue returned, Field field) {
        if (returned == null) {
            return false;
        }
        boolean flag = field.getType() == boolean.class || field.getType() == Boolean.class;
        if (flag && returned.isDecidedBy(CompiledClass.name(field))) {
            // Code that turns a flag round returns constants.
            return false;
        }
        String name = CompiledClass.name(field);
        return returned.made()
                || !returned.unknown() && !returned.fields().contains(name)
                || returned.prefersAnotherTo(name);
    }

    /** Whether the getter may return what the field holds, as it is or wrapped: not a part of it, or of each of its elements. */
    static boolean agree(Field field, Method getter) {
        Type shown = getter.getGenericReturnType();
        List<Class<?>> wrapped = arguments(shown);
        if (getter.getReturnType() == Optional.class && field.getType() != Optional.class) {
            return wrapped.isEmpty() || agree(boxed(field.getType()), wrapped.get(0));
        }
        List<Class<?>> elements = arguments(field.getGenericType());
        boolean agree = agree(boxed(field.getType()), boxed(getter.getReturnType()));
        for (int i = 0; elements.size() == wrapped.size() && i < elements.size(); i++) {
            agree &= agree(elements.get(i), wrapped.get(i));
        }
        return agree;
    }

    /** The classes of the elements, as far as the declared type tells; none where it tells nothing of them. */
    private static List<Class<?>> arguments(Type declared) {
        List<Class<?>> arguments = new ArrayList<>();
        if (declared instanceof Class<?> array && array.isArray()) {
            arguments.add(boxed(array.getComponentType()));
        } else if (declared instanceof ParameterizedType parameterized) {
            for (Type argument : parameterized.getActualTypeArguments()) {
                Type bound = argument instanceof WildcardType wildcard ? wildcard.getUpperBounds()[0] : argument;
                arguments.add(PayloadOutline.raw(bound));
            }
        }
        return arguments;
    }

    private static boolean agree(Class<?> held, Class<?> shown) {
        return held.isAssignableFrom(shown)
                || shown.isAssignableFrom(held)
                || isContainer(held)
                        && isContainer(shown)
                        && Map.class.isAssignableFrom(held) == Map.class.isAssignableFrom(shown)
                        && !losesOrder(held, shown);
    }

    /** Whether a getter of this type may return all that the field of this name holds. */
    private boolean keepsOrder(String field, Class<?> returned) {
        for (Class<?> level = type; level != null && level != Object.class; level = level.getSuperclass()) {
            for (Field declared : level.getDeclaredFields()) {
                if (CompiledClass.name(declared).equals(field)) {
                    return !losesOrder(declared.getType(), returned);
                }
            }
        }
        return true;
    }

    /** A list's order, and how often an element is there, are lost in a set. */
    private static boolean losesOrder(Class<?> held, Class<?> shown) {
        return Set.class.isAssignableFrom(shown)
                && (held.isArray() || List.class.isAssignableFrom(held) || Queue.class.isAssignableFrom(held));
    }

    private static Class<?> boxed(Class<?> type) {
        return java.lang.invoke.MethodType.methodType(type).wrap().returnType();
    }

    static boolean isContainer(Class<?> type) {
        return type.isArray() || Iterable.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type);
    }
}
