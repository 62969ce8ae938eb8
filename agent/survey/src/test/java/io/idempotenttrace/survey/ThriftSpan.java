package io.idempotenttrace.survey;

import java.util.EnumMap;
import java.util.Map;
import org.apache.thrift.TBase;
import org.apache.thrift.TFieldIdEnum;
import org.apache.thrift.meta_data.FieldMetaData;
import org.apache.thrift.meta_data.FieldValueMetaData;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TType;

/** A struct as Thrift's compiler writes it: whether a field of a primitive type is set is a bit of a mask. */
public class ThriftSpan implements TBase<ThriftSpan, ThriftSpan._Fields> {

    private static final long serialVersionUID = 1L;

    public static final Map<_Fields, FieldMetaData> metaDataMap = metaData();

    private long id;
    private String name;
    private byte __isset_bitfield;

    public ThriftSpan() {}

    public ThriftSpan(long id, String name) {
        this.id = id;
        this.name = name;
        __isset_bitfield = 1;
    }

    /** The fields, as the compiler writes them. */
    public enum _Fields implements TFieldIdEnum {
        ID((short) 1, "id"),
        NAME((short) 2, "name");

        private final short number;
        private final String fieldName;

        _Fields(short number, String fieldName) {
            this.number = number;
            this.fieldName = fieldName;
        }

        @Override
        public short getThriftFieldId() {
            return number;
        }

        @Override
        public String getFieldName() {
            return fieldName;
        }
    }

    private static Map<_Fields, FieldMetaData> metaData() {
        Map<_Fields, FieldMetaData> map = new EnumMap<>(_Fields.class);
        map.put(_Fields.ID, new FieldMetaData("id", (byte) 3, new FieldValueMetaData(TType.I64)));
        map.put(_Fields.NAME, new FieldMetaData("name", (byte) 3, new FieldValueMetaData(TType.STRING)));
        FieldMetaData.addStructMetaDataMap(ThriftSpan.class, map);
        return map;
    }

    public long getId() {
        return id;
    }

    public boolean isSetId() {
        return (__isset_bitfield & 1) != 0;
    }

    public String getName() {
        return name;
    }

    public boolean isSetName() {
        return name != null;
    }

    @Override
    public _Fields fieldForId(int number) {
        return number == 1 ? _Fields.ID : number == 2 ? _Fields.NAME : null;
    }

    @Override
    public boolean isSet(_Fields field) {
        return field == _Fields.ID ? isSetId() : isSetName();
    }

    @Override
    public Object getFieldValue(_Fields field) {
        return field == _Fields.ID ? (Object) id : name;
    }

    @Override
    public void setFieldValue(_Fields field, Object value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ThriftSpan deepCopy() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void clear() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int compareTo(ThriftSpan other) {
        return Long.compare(id, other.id);
    }

    @Override
    public void read(TProtocol protocol) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void write(TProtocol protocol) {
        throw new UnsupportedOperationException();
    }
}
