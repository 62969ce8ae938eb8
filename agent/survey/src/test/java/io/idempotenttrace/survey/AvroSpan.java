package io.idempotenttrace.survey;

import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;

/** A record as Avro's compiler writes it. */
public class AvroSpan extends SpecificRecordBase {

    private static final long serialVersionUID = 1L;
    public static final Schema SCHEMA$ = new Schema.Parser()
            .parse("{\"type\":\"record\",\"name\":\"AvroSpan\",\"namespace\":\"io.idempotenttrace.survey\","
                    + "\"fields\":[{\"name\":\"id\",\"type\":\"long\"},{\"name\":\"name\",\"type\":\"string\"}]}");

    private long id;
    private CharSequence name;

    public AvroSpan(long id, CharSequence name) {
        this.id = id;
        this.name = name;
    }

    @Override
    public Schema getSchema() {
        return SCHEMA$;
    }

    @Override
    public Object get(int field) {
        return field == 0 ? (Object) id : name;
    }

    @Override
    public void put(int field, Object value) {
        if (field == 0) {
            id = (Long) value;
        } else {
            name = (CharSequence) value;
        }
    }

    public long getId() {
        return id;
    }

    public CharSequence getName() {
        return name;
    }
}
