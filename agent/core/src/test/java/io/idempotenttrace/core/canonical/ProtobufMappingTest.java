package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.DescriptorProto.ExtensionRange;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.FieldMask;
import com.google.protobuf.FloatValue;
import com.google.protobuf.Int64Value;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.NullValue;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.UInt64Value;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.Value;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages, where the application carries protobuf-java-util and where it does not. */
class ProtobufMappingTest {

    private static final PayloadHasher PYTHON = new PayloadHasher(CanonicalForm.PYTHON);
    private static final FieldDescriptorProto FIELD = field("n", 7, FieldDescriptorProto.Type.TYPE_INT64)
            .setJsonName("jn")
            .clearLabel()
            .build();

    private static final Descriptor ORDER;
    private static final FieldDescriptor NOTE_OF_A;
    private static final FieldDescriptor NOTE_OF_B;

    static {
        try {
            FileDescriptor file = FileDescriptor.buildFrom(file(), new FileDescriptor[0]);
            ORDER = file.findMessageTypeByName("Order");
            NOTE_OF_A = file.findMessageTypeByName("A").getExtensions().get(0);
            NOTE_OF_B = file.findMessageTypeByName("B").getExtensions().get(0);
        } catch (com.google.protobuf.Descriptors.DescriptorValidationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Messages of proto2, of which no class was generated. */
    private static FileDescriptorProto file() {
        DescriptorProto kinds = DescriptorProto.newBuilder()
                .setName("KindsEntry")
                .setOptions(MessageOptions.newBuilder().setMapEntry(true))
                .addField(field("key", 1, FieldDescriptorProto.Type.TYPE_STRING))
                .addField(field("value", 2, FieldDescriptorProto.Type.TYPE_ENUM).setTypeName(".t.Kind"))
                .build();
        DescriptorProto order = DescriptorProto.newBuilder()
                .setName("Order")
                .addNestedType(kinds)
                .addField(field("Foo", 1, FieldDescriptorProto.Type.TYPE_STRING))
                .addField(field("_foo", 2, FieldDescriptorProto.Type.TYPE_STRING))
                .addField(field("kinds", 3, FieldDescriptorProto.Type.TYPE_MESSAGE)
                        .setLabel(FieldDescriptorProto.Label.LABEL_REPEATED)
                        .setTypeName(".t.Order.KindsEntry"))
                .addExtensionRange(ExtensionRange.newBuilder().setStart(100).setEnd(200))
                .build();
        return FileDescriptorProto.newBuilder()
                .setName("t.proto")
                .setPackage("t")
                .addEnumType(EnumDescriptorProto.newBuilder()
                        .setName("Kind")
                        .addValue(EnumValueDescriptorProto.newBuilder()
                                .setName("SMALL")
                                .setNumber(0))
                        .addValue(EnumValueDescriptorProto.newBuilder()
                                .setName("LARGE")
                                .setNumber(1)))
                .addMessageType(order)
                .addMessageType(holder("A", 100))
                .addMessageType(holder("B", 101))
                .build();
    }

    private static DescriptorProto holder(String name, int number) {
        return DescriptorProto.newBuilder()
                .setName(name)
                .addExtension(field("note", number, FieldDescriptorProto.Type.TYPE_STRING)
                        .setExtendee(".t.Order"))
                .build();
    }

    private static FieldDescriptorProto.Builder field(String name, int number, FieldDescriptorProto.Type type) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setType(type)
                .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL);
    }

    private static DynamicMessage order(FieldDescriptor field, Object value) {
        return DynamicMessage.newBuilder(ORDER).setField(field, value).build();
    }

    private static String python(Object value) {
        return new String(PYTHON.canonical(value, Exclusions.NONE), StandardCharsets.US_ASCII);
    }

    @Test
    void aMessageIsItsFieldsThatAreSet() {
        assertEquals("{\"jsonName\":\"jn\",\"name\":\"n\",\"number\":7,\"type\":\"TYPE_INT64\"}", python(FIELD));
        assertEquals("7", Pointer.parse("/number").textAt(FIELD));
        assertEquals(
                "{\"jsonName\":\"jn\",\"number\":7}",
                new String(PYTHON.canonical(FIELD, Exclusions.parse("/name", "/type")), StandardCharsets.US_ASCII));
        assertEquals(
                "{\"nanos\":500000000,\"seconds\":1}",
                python(Duration.newBuilder().setSeconds(1).setNanos(500_000_000)));
        // Protobuf's JSON ends with the year 9999.
        assertEquals(
                "{\"seconds\":253402300800}",
                python(Timestamp.newBuilder().setSeconds(253_402_300_800L).build()));
        assertEquals(
                "{\"typeUrl\":\"type.googleapis.com/google.protobuf.StringValue\",\"value\":\"CgFh\"}",
                python(Any.pack(StringValue.of("a"))));
    }

    @Test
    void theJsonThatAMessageStandsForIsThatJson() {
        Struct struct = Struct.newBuilder()
                .putFields("a", Value.newBuilder().setNumberValue(1.5).build())
                .putFields(
                        "l",
                        Value.newBuilder()
                                .setListValue(ListValue.newBuilder()
                                        .addValues(Value.newBuilder().setNullValue(NullValue.NULL_VALUE)))
                                .build())
                .putFields("n", Value.newBuilder().setNumberValue(Double.NaN).build())
                .build();
        assertEquals("{\"a\":1.5,\"l\":[null],\"n\":NaN}", python(struct));
        assertEquals("1.5", Pointer.parse("/a").textAt(struct));
        assertEquals("\"\"", python(StringValue.getDefaultInstance()));
        assertEquals("5", python(Int64Value.of(5)));
        assertEquals("\"AQ==\"", python(BytesValue.of(ByteString.copyFrom(new byte[] {1}))));
        // JDK 17 prints 8.4099998E10.
        assertEquals("84100000000.0", python(FloatValue.of(8.41e10f)));
    }

    /** A Value may be no JSON at all, and a member of a Struct may have any name. */
    @Test
    void whatIsNoJsonIsToldFromAllThatIs() {
        Value none = Value.getDefaultInstance();
        Value empty =
                Value.newBuilder().setStructValue(Struct.getDefaultInstance()).build();
        Value named = Value.newBuilder()
                .setStructValue(Struct.newBuilder().putFields("@unknownFields", empty))
                .build();
        Value namedTwice = Value.newBuilder()
                .setStructValue(Struct.newBuilder().putFields("@@unknownFields", empty))
                .build();
        assertEquals("{\"@unknownFields\":{}}", python(none));
        assertEquals("{}", python(empty));
        assertEquals("{\"@@unknownFields\":{}}", python(named));
        assertEquals("{\"@@@unknownFields\":{}}", python(namedTwice));
        assertEquals(
                "{\"@unknownFields\":{\"\":\"6AQF\"},\"@value\":\"x\"}",
                python(Value.newBuilder()
                        .setStringValue("x")
                        .setUnknownFields(unknown())
                        .build()));
    }

    @Test
    void aMemberOfAStructIsNotTakenForAValueWithUnknownFields() {
        Value text = Value.newBuilder()
                .setStringValue("x")
                .setUnknownFields(unknown())
                .build();
        Struct struct = Struct.newBuilder()
                .putFields("@value", Value.newBuilder().setStringValue("x").build())
                .setUnknownFields(unknown())
                .build();
        assertNotEquals(python(text), python(struct));
        assertEquals("{\"@@value\":\"x\",\"@unknownFields\":{\"\":\"6AQF\"}}", python(struct));
    }

    private static UnknownFieldSet unknown() {
        return UnknownFieldSet.newBuilder()
                .addField(77, UnknownFieldSet.Field.newBuilder().addVarint(5).build())
                .build();
    }

    @Test
    void theOrderOfAMapSaysNothingOfUnknownFieldsInIt() {
        Value known = Value.newBuilder().setStringValue("b").build();
        Value newer = known.toBuilder().setUnknownFields(unknown()).build();
        Struct one =
                Struct.newBuilder().putFields("a", newer).putFields("b", known).build();
        Struct other =
                Struct.newBuilder().putFields("b", known).putFields("a", newer).build();
        assertEquals(one, other);
        assertEquals(python(one), python(other));
        assertNotEquals(
                python(one),
                python(Struct.newBuilder()
                        .putFields("a", known)
                        .putFields("b", newer)
                        .build()));
    }

    @Test
    void anUnsignedIntegerIsPositive() throws Exception {
        assertEquals("18446744073709551615", python(UInt64Value.of(-1)));
        assertEquals("18446744073709551615", Pointer.parse("").textAt(UInt64Value.of(-1)));
        assertEquals("7", python(UInt64Value.of(7)));
        assertEquals("4294967295", python(UInt32Value.of(-1)));
        assertEquals("-1", python(Int64Value.of(-1)));
        FileDescriptorProto file = FileDescriptorProto.newBuilder()
                .setName("u.proto")
                .addMessageType(DescriptorProto.newBuilder()
                        .setName("Counts")
                        .addNestedType(DescriptorProto.newBuilder()
                                .setName("MEntry")
                                .setOptions(MessageOptions.newBuilder().setMapEntry(true))
                                .addField(field("key", 1, FieldDescriptorProto.Type.TYPE_UINT32))
                                .addField(field("value", 2, FieldDescriptorProto.Type.TYPE_FIXED64)))
                        .addField(field("f", 1, FieldDescriptorProto.Type.TYPE_FIXED32)
                                .setLabel(FieldDescriptorProto.Label.LABEL_REPEATED))
                        .addField(field("m", 2, FieldDescriptorProto.Type.TYPE_MESSAGE)
                                .setLabel(FieldDescriptorProto.Label.LABEL_REPEATED)
                                .setTypeName(".Counts.MEntry"))
                        .addField(field("s", 3, FieldDescriptorProto.Type.TYPE_SFIXED64)))
                .build();
        Descriptor counts =
                FileDescriptor.buildFrom(file, new FileDescriptor[0]).findMessageTypeByName("Counts");
        Descriptor entry = counts.findFieldByName("m").getMessageType();
        assertEquals(
                "{\"f\":[1,4294967294],\"m\":{\"4294967295\":18446744073709551615},\"s\":-1}",
                python(DynamicMessage.newBuilder(counts)
                        .setField(counts.findFieldByName("f"), List.of(1, -2))
                        .addRepeatedField(
                                counts.findFieldByName("m"),
                                DynamicMessage.newBuilder(entry)
                                        .setField(entry.findFieldByNumber(1), -1)
                                        .setField(entry.findFieldByNumber(2), -1L)
                                        .build())
                        .setField(counts.findFieldByName("s"), -1L)
                        .build()));
    }

    @Test
    void thePathsOfAMaskAreAList() {
        assertEquals(
                "{\"paths\":[\"fooBar\"]}",
                python(FieldMask.newBuilder().addPaths("fooBar").build()));
        assertNotEquals(
                python(FieldMask.newBuilder().addPaths("foo_bar").build()),
                python(FieldMask.newBuilder().addPaths("foo__bar").build()));
        assertNotEquals(
                python(FieldMask.newBuilder().addPaths("a").addPaths("b").build()),
                python(FieldMask.newBuilder().addPaths("a,b").build()));
    }

    @Test
    void noTwoFieldsHaveOneName() {
        DynamicMessage both = DynamicMessage.newBuilder(ORDER)
                .setField(NOTE_OF_A, "x")
                .setField(NOTE_OF_B, "y")
                .setField(ORDER.findFieldByName("Foo"), "1")
                .setField(ORDER.findFieldByName("_foo"), "2")
                .build();
        assertEquals("{\"Foo\":\"1\",\"[t.A.note]\":\"x\",\"[t.B.note]\":\"y\",\"_foo\":\"2\"}", python(both));
        assertEquals("x", Pointer.parse("/[t.A.note]").textAt(both));
        assertEquals("2", Pointer.parse("/_foo").textAt(both));
        assertNotEquals(python(order(NOTE_OF_A, "x")), python(order(NOTE_OF_B, "x")));
        assertNotEquals(
                python(order(ORDER.findFieldByName("Foo"), "x")), python(order(ORDER.findFieldByName("_foo"), "x")));
    }

    @Test
    void aMessageWithoutAGeneratedClassIsReadAlike() throws Exception {
        Struct struct = Struct.newBuilder()
                .putFields("a", Value.newBuilder().setNumberValue(1).build())
                .putFields("b", Value.newBuilder().setBoolValue(true).build())
                .build();
        assertEquals(python(struct), python(DynamicMessage.parseFrom(Struct.getDescriptor(), struct.toByteArray())));
        FieldDescriptor kinds = ORDER.findFieldByName("kinds");
        Descriptor entry = kinds.getMessageType();
        Message large = DynamicMessage.newBuilder(entry)
                .setField(entry.findFieldByNumber(1), "k")
                .setField(
                        entry.findFieldByNumber(2),
                        entry.findFieldByNumber(2).getEnumType().findValueByNumber(1))
                .build();
        Message unset = DynamicMessage.newBuilder(entry)
                .setField(entry.findFieldByNumber(1), "s")
                .build();
        assertEquals("{\"kinds\":{\"k\":\"LARGE\",\"s\":\"SMALL\"}}", python(order(kinds, List.of(large, unset))));
    }

    @Test
    void whetherTheApplicationCarriesTheLibraryForJsonMakesNoDifference() throws Exception {
        URL protobuf =
                FieldDescriptorProto.class.getProtectionDomain().getCodeSource().getLocation();
        Message[] messages = {
            FIELD,
            Duration.newBuilder().setSeconds(1).setNanos(2).build(),
            Int64Value.of(1L << 60),
            FloatValue.of(0.1f),
            FieldMask.newBuilder().addPaths("a_b").build(),
            Struct.newBuilder()
                    .putFields("a", Value.newBuilder().setNumberValue(1).build())
                    .build()
        };
        try (URLClassLoader application =
                new URLClassLoader(new URL[] {protobuf}, ClassLoader.getPlatformClassLoader())) {
            for (Message message : messages) {
                Object same = application
                        .loadClass(message.getClass().getName())
                        .getMethod("parseFrom", byte[].class)
                        .invoke(null, (Object) message.toByteArray());
                assertEquals(python(message), python(same));
            }
        }
    }
}
