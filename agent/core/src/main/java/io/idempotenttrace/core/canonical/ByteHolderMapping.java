package io.idempotenttrace.core.canonical;

import java.nio.ByteBuffer;

/** Bytes in the classes of libraries, as base64. Nothing is used up: what has a position keeps it. */
final class ByteHolderMapping {

    private ByteHolderMapping() {}

    static ValueMapping of(Class<?> known) throws NoSuchMethodException {
        return switch (known.getName()) {
            case "io.netty.buffer.ByteBuf" -> byteBuf(known);
            case "com.azure.core.util.BinaryData" -> binaryData(known);
            case "io.vertx.core.buffer.Buffer" -> bytes(LibraryMethod.of(known, "getBytes"));
            // okio.ByteString, com.google.protobuf.ByteString.
            default -> bytes(LibraryMethod.of(known, "toByteArray"));
        };
    }

    private static ValueMapping bytes(LibraryMethod method) {
        return new ScalarMapping.Bytes(value -> ByteBuffer.wrap((byte[]) method.read(value)));
    }

    /** The bytes between the indices, which stay where they are. */
    private static ValueMapping byteBuf(Class<?> known) throws NoSuchMethodException {
        LibraryMethod buffer = LibraryMethod.of(known, "nioBuffer");
        return new ScalarMapping.Bytes(value -> ((ByteBuffer) buffer.read(value)).duplicate());
    }

    private static ValueMapping binaryData(Class<?> known) throws NoSuchMethodException {
        LibraryMethod isReplayable = LibraryMethod.of(known, "isReplayable");
        LibraryMethod toBytes = LibraryMethod.of(known, "toBytes");
        return new ScalarMapping.Bytes(value -> {
            if (!isReplayable.isTrue(value)) {
                throw new UnhashableException(
                        "",
                        value.getClass().getName() + " is read from a stream that can be read once; hand over"
                                + " toReplayableBinaryData(), or mark the parameter @Unhashed",
                        null);
            }
            return ByteBuffer.wrap((byte[]) toBytes.read(value));
        });
    }
}
