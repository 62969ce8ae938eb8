package io.idempotenttrace.core.canonical;

import java.nio.ByteBuffer;

/** Hadoop's writables: a text, a number, or the bytes up to the length, behind which the buffer has more. */
final class HadoopMapping {

    private HadoopMapping() {}

    static ValueMapping of(Class<?> known) throws NoSuchMethodException {
        switch (known.getSimpleName()) {
            case "Text":
                return new ScalarMapping.Text(Object::toString);
            case "NullWritable":
                return new ScalarMapping.Holder(value -> null);
            case "BinaryComparable":
                LibraryMethod bytes = LibraryMethod.of(known, "getBytes");
                LibraryMethod length = LibraryMethod.of(known, "getLength");
                return new ScalarMapping.Bytes(
                        value -> ByteBuffer.wrap((byte[]) bytes.read(value), 0, (Integer) length.read(value)));
            default:
                LibraryMethod content = LibraryMethod.of(known, "get");
                return new ScalarMapping.Holder(content::read);
        }
    }
}
