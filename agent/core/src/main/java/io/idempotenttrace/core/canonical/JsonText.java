package io.idempotenttrace.core.canonical;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * JSON that a payload carries as text, or as bytes in UTF-8: {@link JsonReader}'s rules count for it, and its numbers are exact, since two
 * texts that differ in a far digit are two payloads.
 */
final class JsonText {

    private JsonText() {}

    /**
     * What the text holds: maps, lists, texts, numbers, booleans or null.
     *
     * @param textOrBytes what {@link ValueMapping#textOrBytes} gave for the value
     * @throws UnhashableException if it is no JSON; its reason tells where it ends to be JSON, and nothing of the content
     */
    static @Nullable Object read(@Nullable Object textOrBytes, Object value) {
        if (textOrBytes == null) {
            throw new UnhashableException(
                    "",
                    value.getClass().getName() + " is neither text nor bytes, so |json can't read it; leave"
                            + " |json out of the pointer",
                    null);
        }
        try {
            return parse(textOrBytes);
        } catch (JsonReader.MalformedJsonException e) {
            throw new UnhashableException(
                    "",
                    "it is read as JSON, for |json in a pointer, and is none from line " + e.line() + ", column "
                            + e.column() + " on; send JSON there, or leave |json out of the pointer",
                    null);
        } catch (CharacterCodingException e) {
            throw new UnhashableException(
                    "",
                    "it is read as JSON in UTF-8, for |json in a pointer, and its bytes are no UTF-8; send JSON"
                            + " there, or leave |json out of the pointer",
                    null);
        }
    }

    /** As {@link #read}; the text or bytes themselves if they are no JSON. */
    static @Nullable Object readOrKeep(Object textOrBytes) {
        try {
            return parse(textOrBytes);
        } catch (JsonReader.MalformedJsonException | CharacterCodingException e) {
            return textOrBytes;
        }
    }

    private static @Nullable Object parse(Object textOrBytes) throws CharacterCodingException {
        return JsonReader.readExact(
                textOrBytes instanceof ByteBuffer bytes
                        ? StandardCharsets.UTF_8
                                .newDecoder()
                                .decode(bytes.duplicate())
                                .toString()
                        : (String) textOrBytes);
    }
}
