package io.idempotenttrace.core.canonical;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Avro's records, generic and generated: the fields of their schema. A fixed as base64, a symbol of an enum as its name. */
final class AvroMapping {

    private AvroMapping() {}

    static ValueMapping of(Class<?> known) throws NoSuchMethodException {
        switch (known.getSimpleName()) {
            case "GenericFixed":
                LibraryMethod bytes = LibraryMethod.of(known, "bytes");
                return new ScalarMapping.Bytes(value -> ByteBuffer.wrap((byte[]) bytes.read(value)));
            case "GenericEnumSymbol":
                return new ScalarMapping.Text(Object::toString);
            default:
                return new AvroRecord(LibraryMethod.of(known, "getSchema"), LibraryMethod.of(known, "get", int.class));
        }
    }

    private static final class AvroRecord extends ValueMapping {

        private final LibraryMethod schema;
        private final LibraryMethod get;

        AvroRecord(LibraryMethod schema, LibraryMethod get) {
            this.schema = schema;
            this.get = get;
        }

        @Override
        void write(CanonicalWriter writer, Object record) {
            int from = writer.beginMembers(record);
            for (Object field : fields(record)) {
                String name = name(field);
                if (!writer.excludes(name)) {
                    writer.addMember(name, get.call(record, position(field)));
                }
            }
            writer.endMembers(from);
        }

        @Override
        @Nullable
        Object child(Object record, String segment) {
            for (Object field : fields(record)) {
                if (segment.equals(name(field))) {
                    return get.call(record, position(field));
                }
            }
            return null;
        }

        private List<?> fields(Object record) {
            Object found = schema.read(record);
            return (List<?>) LibraryMethods.of(found, "org.apache.avro.Schema", "getFields")
                    .read(found);
        }

        private static String name(Object field) {
            return (String) LibraryMethods.of(field, "org.apache.avro.Schema$Field", "name")
                    .read(field);
        }

        private static Object position(Object field) {
            return LibraryMethods.of(field, "org.apache.avro.Schema$Field", "pos")
                    .read(field);
        }
    }
}
