package io.idempotenttrace.core.canonical;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A Scala case class: an object of its elements by name, and of the {@code var}s in its body. Without elements, as a case object and a
 * simple case of an enum are, it is its name. A case of a Scala 3 enum that has elements is an object of one member: the case's name,
 * with the elements in it, since two cases may have the same elements; pointers reach the elements without that name too. A tuple is
 * a list.
 */
final class ScalaProduct extends ValueMapping {

    private final Class<?> type;
    private final boolean enumCase;
    private final LibraryMethod prefix;
    private final LibraryMethod arity;
    private final LibraryMethod element;
    /** Null in Scala 2.12, which does not know the names. */
    private final @Nullable LibraryMethod elementName;

    private volatile @Nullable List<String> names;
    private final Map<String, LibraryMethod> variables = new LinkedHashMap<>();

    private ScalaProduct(Class<?> product, Class<?> type, boolean enumCase) throws NoSuchMethodException {
        this.type = type;
        this.enumCase = enumCase;
        prefix = LibraryMethod.of(product, "productPrefix");
        arity = LibraryMethod.of(product, "productArity");
        element = LibraryMethod.of(product, "productElement", int.class);
        LibraryMethod found = null;
        try {
            found = LibraryMethod.of(product, "productElementName", int.class);
        } catch (NoSuchMethodException e) {
            // Scala 2.12: by the constructor, once a value is at hand.
        }
        elementName = found;
        for (Method method : type.getMethods()) {
            String name = method.getName();
            if (name.endsWith("_$eq") && method.getParameterCount() == 1 && !ScalaCaseFields.setsValueOfTrait(name)) {
                String variable = name.substring(0, name.length() - "_$eq".length());
                variables.put(variable, LibraryMethod.of(type, variable));
            }
        }
    }

    /** Of a type that is known to be one. */
    static Class<?> product(Class<?> type) {
        return Objects.requireNonNull(LibraryMappings.supertype(type, "scala.Product"));
    }

    static ValueMapping of(Class<?> known, Class<?> type) throws NoSuchMethodException {
        Class<?> product = product(type);
        if (type.getName().startsWith("scala.Tuple")) {
            LibraryMethod arity = LibraryMethod.of(product, "productArity");
            LibraryMethod element = LibraryMethod.of(product, "productElement", int.class);
            return new ScalarMapping.Holder(tuple -> {
                Object[] elements = new Object[(Integer) arity.read(tuple)];
                Arrays.setAll(elements, i -> element.call(tuple, i));
                return elements;
            });
        }
        ScalaProduct mapping = new ScalaProduct(product, type, known.getName().equals("scala.reflect.Enum"));
        boolean isObject = ScalaMapping.ofShape(type) != null;
        return mapping.enumCase || isObject
                ? mapping
                : OwnState.beside(
                        type, known, mapping, code -> ScalaCaseFields.beside(type, code, mapping.variables.keySet()));
    }

    @Override
    void write(CanonicalWriter writer, Object value) {
        if (isName(value)) {
            writer.string((String) prefix.read(value));
        } else if (enumCase) {
            int from = writer.beginMembers(value);
            writer.addMember((String) prefix.read(value), members(value));
            writer.endMembers(from);
        } else {
            int from = writer.beginMembers(value);
            for (Map.Entry<String, Object> member : members(value).entrySet()) {
                writer.addMember(member.getKey(), member.getValue());
            }
            writer.endDeclared();
            writer.endMembers(from);
        }
    }

    @Override
    boolean isObject(Object value) {
        return !isName(value);
    }

    @Override
    boolean isConstant(Object value) {
        return isName(value);
    }

    @Override
    @Nullable
    Object child(Object value, String segment) {
        Map<String, Object> members = members(value);
        boolean ofCase = enumCase && !members.containsKey(segment) && segment.equals(prefix.read(value));
        return ofCase ? members : members.get(segment);
    }

    @Override
    @Nullable
    String memberName(Object value) {
        return isName(value) ? (String) prefix.read(value) : null;
    }

    @Override
    @Nullable
    String keyText(Object value) {
        return isName(value) ? (String) prefix.read(value) : super.keyText(value);
    }

    private boolean isName(Object value) {
        return (Integer) arity.read(value) == 0 && variables.isEmpty();
    }

    private Map<String, Object> members(Object value) {
        List<String> known = names(value);
        Map<String, Object> members = new LinkedHashMap<>();
        for (int i = 0; i < known.size(); i++) {
            members.put(known.get(i), element.call(value, i));
        }
        variables.forEach((name, variable) -> {
            if (!members.containsKey(name)) {
                members.put(name, variable.read(value));
            }
        });
        return members;
    }

    private List<String> names(Object value) {
        List<String> known = names;
        if (known == null) {
            int count = (Integer) arity.read(value);
            known = new ArrayList<>();
            for (int i = 0; elementName != null && i < count; i++) {
                known.add((String) elementName.call(value, i));
            }
            known = elementName == null ? namesOfConstructor(count) : known;
            names = known;
        }
        return known;
    }

    /** Scala 2.12 writes the names of parameters into its classes; those of a case class are its elements. */
    private List<String> namesOfConstructor(int count) {
        for (Constructor<?> constructor : type.getConstructors()) {
            Parameter[] parameters = constructor.getParameters();
            List<String> found = new ArrayList<>();
            for (Parameter parameter : parameters) {
                boolean element =
                        parameter.isNamePresent() && !parameter.getName().equals("$outer");
                if (element && LibraryMethod.ifThere(type, parameter.getName()) != null) {
                    found.add(parameter.getName());
                }
            }
            boolean outer =
                    parameters.length == count + 1 && parameters[0].getName().equals("$outer");
            if (found.size() == count && (parameters.length == count || outer)) {
                return found;
            }
        }
        throw new UnhashableException(
                "",
                type.getName() + " does not tell the names of its elements, as case classes of Scala 2.13 do;"
                        + " hand over a map of them, or mark the parameter @Unhashed",
                null);
    }
}
