package io.idempotenttrace.core.canonical;

import java.lang.reflect.Field;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Thrift's structs and unions: the fields that are set, by the names in their description. */
final class ThriftMapping extends ValueMapping {

    private final LibraryMethod isSet;
    private final LibraryMethod get;
    /** The struct's own constant for each field, by the field's name. */
    private final Map<String, Object> fields = new LinkedHashMap<>();

    private ThriftMapping(Class<?> known, Class<?> type) throws NoSuchMethodException {
        isSet = LibraryMethod.withOneParameter(known, "isSet");
        get = LibraryMethod.withOneParameter(known, "getFieldValue");
        try {
            Class<?> description =
                    Class.forName("org.apache.thrift.meta_data.FieldMetaData", true, known.getClassLoader());
            Field name = description.getField("fieldName");
            Map<?, ?> all = (Map<?, ?>) LibraryMethod.of(description, "getStructMetaDataMap", Class.class)
                    .read(type);
            for (Map.Entry<?, ?> field : all.entrySet()) {
                fields.put((String) name.get(field.getValue()), field.getKey());
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new NoSuchMethodException(
                    "description of its fields: " + e.getClass().getName());
        }
    }

    static ValueMapping of(Class<?> known, Class<?> type) throws NoSuchMethodException {
        return new ThriftMapping(known, type);
    }

    @Override
    void write(CanonicalWriter writer, Object struct) {
        int from = writer.beginMembers(struct);
        for (Map.Entry<String, Object> field : fields.entrySet()) {
            if (!writer.excludes(field.getKey()) && (Boolean) isSet.call(struct, field.getValue())) {
                writer.addMember(field.getKey(), get.call(struct, field.getValue()));
            }
        }
        writer.endMembers(from);
    }

    /** Each field that the struct declares is there, be it set or not. */
    @Override
    boolean hasChild(Object struct, String segment) {
        return fields.containsKey(segment);
    }

    @Override
    @Nullable
    Object child(Object struct, String segment) {
        Object field = fields.get(segment);
        return field == null || !(Boolean) isSet.call(struct, field) ? null : get.call(struct, field);
    }
}
