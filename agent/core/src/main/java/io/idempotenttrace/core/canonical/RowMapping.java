package io.idempotenttrace.core.canonical;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Rows whose fields are asked for by place or name: those and the tuples of Flink, and the value beside a schema of Kafka Connect. */
final class RowMapping {

    private RowMapping() {}

    static ValueMapping of(Class<?> known) throws NoSuchMethodException {
        return switch (known.getName()) {
            case "org.apache.kafka.connect.data.SchemaAndValue" ->
                new ScalarMapping.Holder(LibraryMethod.of(known, "value")::read);
            case "org.apache.flink.types.Row" -> row(known);
            // org.apache.flink.api.java.tuple.Tuple.
            default -> new ScalarMapping.Holder(elements(known)::read);
        };
    }

    /** The kind of change and the fields, by their names where they have some. */
    private static ValueMapping row(Class<?> known) throws NoSuchMethodException {
        LibraryMethod names = LibraryMethod.of(known, "getFieldNames", boolean.class);
        LibraryMethod byName = LibraryMethod.of(known, "getField", String.class);
        MembersMapping.Reader byPlace = elements(known);
        return new MembersMapping()
                .with("kind", LibraryMethod.of(known, "getKind"))
                .with("fields", row -> {
                    Set<?> all = (Set<?>) names.call(row, true);
                    if (all == null) {
                        return byPlace.read(row);
                    }
                    Map<String, Object> members = new LinkedHashMap<>();
                    for (Object name : all) {
                        members.put((String) name, byName.call(row, name));
                    }
                    return members;
                });
    }

    private static MembersMapping.Reader elements(Class<?> known) throws NoSuchMethodException {
        LibraryMethod arity = LibraryMethod.of(known, "getArity");
        LibraryMethod get = LibraryMethod.of(known, "getField", int.class);
        return row -> {
            Object[] elements = new Object[(Integer) arity.read(row)];
            for (int i = 0; i < elements.length; i++) {
                elements[i] = get.call(row, i);
            }
            return elements;
        };
    }
}
