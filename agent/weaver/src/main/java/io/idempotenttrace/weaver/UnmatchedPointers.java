package io.idempotenttrace.weaver;

import io.idempotenttrace.config.NearestName;
import io.idempotenttrace.core.canonical.Pointer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;

/**
 * Tells, when a class is woven, which pointers for key, tenant and trace id, and which of include, can't match the declared type of their
 * parameter. Where the type leaves it open (a Map, a JSON tree, an interface, a class that shows a part of itself), nothing is told: the
 * first call does.
 */
final class UnmatchedPointers {

    private static final Set<String> SCALARS = Set.of(
            "java.lang.String",
            "java.lang.CharSequence",
            "java.lang.Boolean",
            "java.lang.Character",
            "java.lang.Byte",
            "java.lang.Short",
            "java.lang.Integer",
            "java.lang.Long",
            "java.lang.Float",
            "java.lang.Double",
            "java.math.BigDecimal",
            "java.math.BigInteger",
            "java.util.UUID",
            "java.net.URI",
            "java.util.Date",
            "byte[]",
            "char[]");
    /** Of these, a text or bytes may hold JSON. */
    private static final Set<String> TEXTS = Set.of("java.lang.String", "java.lang.CharSequence", "byte[]", "char[]");

    private static final Set<String> LISTS = Set.of(
            "java.util.List",
            "java.util.ArrayList",
            "java.util.Collection",
            "java.util.LinkedList",
            "java.util.Deque",
            "java.util.Queue",
            "java.util.ArrayDeque");
    private static final Set<String> SETS = Set.of(
            "java.util.Set",
            "java.util.HashSet",
            "java.util.LinkedHashSet",
            "java.util.TreeSet",
            "java.util.SortedSet");
    private static final int MOST_NAMES = 20;

    private final ClassLoader loader;
    private final DeclaredType.Woven woven;

    /** @param classFile of the class that declares the methods */
    UnmatchedPointers(ClassLoader loader, byte[] classFile) {
        this.loader = loader;
        this.woven = new DeclaredType.Woven(ClassFiles.reader(classFile).getClassName(), classFile);
    }

    /**
     * What is wrong with the method's pointers, for people; one text for each that can't match.
     *
     * @param included the places of the payload that alone are hashed, of which the annotation has a part
     */
    List<String> problems(MethodSpecification method, List<String> included) {
        List<String> problems = new ArrayList<>();
        Type[] types = Type.getArgumentTypes(method.descriptor());
        for (int i = 0; i < types.length && i < method.parameters().size(); i++) {
            MethodSpecification.Parameter parameter = method.parameters().get(i);
            if (parameter.keyPointers() != null) {
                for (String pointer : parameter.keyPointers()) {
                    add(
                            "IdempotencyKey",
                            pointer,
                            parameter,
                            types[i],
                            "its calls are without key (on-missing-key)",
                            problems);
                }
            }
            if (parameter.tenantPointer() != null) {
                add(
                        "TenantId",
                        parameter.tenantPointer(),
                        parameter,
                        types[i],
                        "its calls belong to the configured tenant",
                        problems);
            }
            if (parameter.traceIdPointer() != null) {
                add("TraceId", parameter.traceIdPointer(), parameter, types[i], "its calls have no trace id", problems);
            }
        }
        for (String pointer : included) {
            String problem = problemInDocument(pointer, method, types);
            if (problem != null) {
                problems.add("has the pointer '" + pointer + "' in include, which matches nothing in its payload: "
                        + problem + " Mend it, else nothing is hashed for it");
            }
        }
        return problems;
    }

    /**
     * As {@link #problems}, of places that are left out. Not told when a class is woven: a member may be excluded before its class has it.
     */
    List<String> problemsOfExcluded(MethodSpecification method, List<String> excluded) {
        List<String> problems = new ArrayList<>();
        for (String pointer : excluded) {
            String problem = problemInDocument(pointer, method, Type.getArgumentTypes(method.descriptor()));
            if (problem != null) {
                problems.add("has the pointer '" + pointer + "' in exclude, which matches nothing in its payload: "
                        + problem + " Mend it, else what it is meant for is hashed");
            }
        }
        return problems;
    }

    /** Of a pointer into the hashed document: the value of the one hashed parameter, or an object of all. */
    private @Nullable String problemInDocument(String text, MethodSpecification method, Type[] types) {
        List<Integer> hashed = new ArrayList<>();
        for (int i = 0; i < types.length && i < method.parameters().size(); i++) {
            if (method.parameters().get(i).hashed()) {
                hashed.add(i);
            }
        }
        Pointer pointer = Pointer.parsePlaces(text);
        String problem = null;
        if (hashed.size() == 1) {
            problem = problem(pointer.names(), pointer.stepsIntoText(), types[hashed.get(0)]);
        } else if (!pointer.names().isEmpty()) {
            String first = pointer.names().get(0);
            List<String> names = new ArrayList<>();
            Type type = null;
            for (int i : hashed) {
                String name = method.parameters().get(i).name();
                names.add(name);
                type = name.equals(first) ? types[i] : type;
            }
            List<String> rest = pointer.names().subList(1, pointer.names().size());
            problem = type == null
                    ? "the payload has the parameters " + String.join(", ", names)
                    : problem(rest, pointer.stepsIntoText(), type);
        }
        return problem == null ? null : problem + (problem.endsWith("?") ? "" : ".");
    }

    private void add(
            String annotation,
            String pointer,
            MethodSpecification.Parameter parameter,
            Type type,
            String consequence,
            List<String> problems) {
        Pointer parsed = Pointer.parse(pointer);
        String problem = problem(parsed.names(), parsed.stepsIntoText(), type);
        if (problem != null) {
            problems.add("has the pointer '" + pointer + "' in @" + annotation + " of parameter '" + parameter.name()
                    + "', which matches nothing in its type: " + problem + (problem.endsWith("?") ? "" : ".")
                    + " Mend it, else " + consequence);
        }
    }

    /** Null where the pointer may match. */
    private @Nullable String problem(List<String> path, boolean intoText, Type declared) {
        Type type = declared;
        String before = "";
        for (String name : path) {
            String typeName = type.getClassName();
            if (type.getSort() < Type.ARRAY || SCALARS.contains(typeName) || typeName.startsWith("java.time.")) {
                return typeName + " has no members";
            }
            if (type.getSort() == Type.ARRAY || LISTS.contains(typeName)) {
                if (!isIndex(name)) {
                    return "'" + name + "' is no index of a " + typeName;
                }
                if (type.getSort() != Type.ARRAY) {
                    return null;
                }
                type = Type.getType(type.getDescriptor().substring(1));
            } else if (SETS.contains(typeName)) {
                return "the elements of a " + typeName + " have no index";
            } else if (typeName.startsWith("java.")) {
                return null;
            } else {
                DeclaredType found = DeclaredType.of(type.getInternalName(), loader, woven);
                if (found.kind() == DeclaredType.Kind.ENUM) {
                    return found.complete() ? typeName + " is an enum, which has no members" : null;
                }
                if (!found.members().containsKey(name)) {
                    return found.complete() ? typeName + missing(before, name, found.members()) : null;
                }
                type = found.members().get(name);
            }
            before += "/" + name;
        }
        return intoText ? noText(type) : null;
    }

    private static String missing(String before, String name, Map<String, Type> members) {
        Set<String> names = new TreeSet<>(members.keySet());
        names.removeIf(each -> each.isEmpty()
                || each.equals("hashCode")
                || each.equals("toString")
                || each.equals("getClass")
                || each.startsWith("get") && each.length() > 3
                || each.matches("is[A-Z].*")
                || Character.isUpperCase(each.charAt(0)));
        StringBuilder text = new StringBuilder(" has ");
        int count = 0;
        for (String each : names) {
            if (count++ < MOST_NAMES) {
                text.append(count == 1 ? "" : ", ").append(before).append('/').append(each);
            }
        }
        String nearest = NearestName.of(name, names);
        return (nearest == null
                        ? text
                        : text.append("; did you mean '")
                                .append(before)
                                .append('/')
                                .append(nearest)
                                .append("'?"))
                .toString();
    }

    private static boolean isIndex(String name) {
        return !name.isEmpty()
                && name.chars().allMatch(c -> c >= '0' && c <= '9')
                && (name.length() == 1 || name.charAt(0) != '0');
    }

    private @Nullable String noText(Type type) {
        String name = type.getClassName();
        boolean scalar = type.getSort() < Type.ARRAY || SCALARS.contains(name) && !TEXTS.contains(name);
        boolean bean = type.getSort() == Type.OBJECT
                && !name.startsWith("java.")
                && DeclaredType.of(type.getInternalName(), loader, woven).complete();
        return scalar || bean ? name + " is neither text nor bytes, which |json reads" : null;
    }
}
