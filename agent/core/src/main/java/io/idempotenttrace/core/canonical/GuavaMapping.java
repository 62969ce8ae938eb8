package io.idempotenttrace.core.canonical;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Guava's own collections and values: a Multimap is a map of lists or sets, a Multiset its elements sorted, a Table a map of rows, a
 * Range its bounds.
 */
final class GuavaMapping {

    private GuavaMapping() {}

    static ValueMapping of(Class<?> known) throws NoSuchMethodException {
        return switch (known.getSimpleName()) {
            case "Multimap", "AtomicLongMap" -> holder(known, "asMap");
            case "Multiset" -> ContainerMapping.SET;
            case "Table" -> holder(known, "rowMap");
            case "Optional" -> holder(known, "orNull");
            case "Range" -> range(known);
            case "RangeSet" -> holder(known, "asRanges");
            case "UnsignedInteger", "UnsignedLong" -> holder(known, "bigIntegerValue");
            case "ImmutableIntArray", "ImmutableLongArray", "ImmutableDoubleArray" -> holder(known, "asList");
            default -> new ScalarMapping.Text(Object::toString);
        };
    }

    private static ValueMapping holder(Class<?> known, String method) throws NoSuchMethodException {
        return new ScalarMapping.Holder(LibraryMethod.of(known, method)::read);
    }

    private static ValueMapping range(Class<?> known) throws NoSuchMethodException {
        MembersMapping members = new MembersMapping();
        for (String end : new String[] {"lower", "upper"}) {
            String name = end.equals("lower") ? "Lower" : "Upper";
            LibraryMethod isBounded = LibraryMethod.of(known, "has" + name + "Bound");
            LibraryMethod endpoint = LibraryMethod.of(known, end + "Endpoint");
            LibraryMethod type = LibraryMethod.of(known, end + "BoundType");
            members.withPresent(end, range -> {
                if (!isBounded.isTrue(range)) {
                    return null;
                }
                Map<String, Object> bound = new LinkedHashMap<>();
                bound.put("endpoint", endpoint.read(range));
                bound.put("type", type.read(range));
                return bound;
            });
        }
        return members;
    }
}
