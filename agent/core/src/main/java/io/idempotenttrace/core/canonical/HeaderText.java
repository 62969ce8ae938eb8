package io.idempotenttrace.core.canonical;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bytes that are text more often than not, such as the value of a message's header. */
final class HeaderText {

    private HeaderText() {}

    /**
     * The text that UTF-8 bytes are; other bytes as an object whose one member is their base64, which no text equals.
     *
     * @param bytes may be null
     */
    static @Nullable Object of(byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        try {
            // A decoder of its own reports bytes that are no UTF-8; the constructor of String would replace them.
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return Map.of("base64", bytes);
        }
    }
}
