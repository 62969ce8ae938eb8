package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.Duration;
import com.google.protobuf.FloatValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Messages, where the application carries protobuf-java-util and where it does not. */
class ProtobufMappingTest {

    private static final PayloadHasher PYTHON = new PayloadHasher(CanonicalForm.PYTHON);
    private static final FieldDescriptorProto FIELD = FieldDescriptorProto.newBuilder()
            .setName("n")
            .setNumber(7)
            .setType(FieldDescriptorProto.Type.TYPE_INT64)
            .setJsonName("jn")
            .build();

    private static String python(Object value) {
        return new String(PYTHON.canonical(value, Exclusions.NONE), StandardCharsets.US_ASCII);
    }

    @Test
    void withTheLibraryAMessageIsItsJsonMapping() {
        assertEquals("{\"jsonName\":\"jn\",\"name\":\"n\",\"number\":7,\"type\":\"TYPE_INT64\"}", python(FIELD));
        assertEquals(
                "\"1.500s\"",
                python(Duration.newBuilder().setSeconds(1).setNanos(500_000_000).build()));
        assertEquals(
                "{\"a\":1.5}",
                python(Struct.newBuilder()
                        .putFields("a", Value.newBuilder().setNumberValue(1.5).build())));
        assertEquals("7", Pointer.parse("/number").textAt(FIELD));
        assertEquals(
                "{\"jsonName\":\"jn\",\"number\":7}",
                new String(PYTHON.canonical(FIELD, Exclusions.parse("/name", "/type")), StandardCharsets.US_ASCII));
    }

    @Test
    void aFloatHasItsOwnDigitsOnEveryJdk() {
        // JDK 17 prints 8.4099998E10.
        assertEquals("84100000000.0", python(FloatValue.of(8.41e10f)));
    }

    @Test
    void withoutItAMessageIsItsFieldsThatAreSet() throws IOException, ReflectiveOperationException {
        URL protobuf =
                FieldDescriptorProto.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader application =
                new URLClassLoader(new URL[] {protobuf}, ClassLoader.getPlatformClassLoader())) {
            Object field = application
                    .loadClass(FieldDescriptorProto.class.getName())
                    .getMethod("parseFrom", byte[].class)
                    .invoke(null, (Object) FIELD.toByteArray());
            assertEquals("{\"jsonName\":\"jn\",\"name\":\"n\",\"number\":7,\"type\":\"TYPE_INT64\"}", python(field));
            Object duration = application
                    .loadClass(Duration.class.getName())
                    .getMethod("parseFrom", byte[].class)
                    .invoke(null, (Object) Duration.newBuilder()
                            .setSeconds(1)
                            .setNanos(2)
                            .build()
                            .toByteArray());
            assertEquals("{\"nanos\":2,\"seconds\":1}", python(duration));
        }
    }
}
