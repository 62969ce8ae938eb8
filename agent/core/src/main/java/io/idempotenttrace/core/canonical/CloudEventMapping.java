package io.idempotenttrace.core.canonical;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A CloudEvent in the JSON format of its specification: the attributes and extensions that are set, and {@code data}. Data of a JSON
 * content type is the JSON that it is; any other is base64 in {@code data_base64}, which a pointer reaches as {@code /data} too.
 */
final class CloudEventMapping extends ValueMapping {

    private final LibraryMethod attributeNames;
    private final LibraryMethod attribute;
    private final LibraryMethod extensionNames;
    private final LibraryMethod extension;
    private final LibraryMethod contentType;
    private final LibraryMethod data;

    private CloudEventMapping(Class<?> known) throws NoSuchMethodException {
        attributeNames = LibraryMethod.of(known, "getAttributeNames");
        attribute = LibraryMethod.of(known, "getAttribute", String.class);
        extensionNames = LibraryMethod.of(known, "getExtensionNames");
        extension = LibraryMethod.of(known, "getExtension", String.class);
        contentType = LibraryMethod.of(known, "getDataContentType");
        data = LibraryMethod.of(known, "getData");
    }

    static ValueMapping of(Class<?> known) throws NoSuchMethodException {
        if (known.getSimpleName().equals("CloudEvent")) {
            return new CloudEventMapping(known);
        }
        LibraryMethod bytes = LibraryMethod.of(known, "toBytes");
        return new ScalarMapping.Bytes(value -> ByteBuffer.wrap((byte[]) bytes.read(value)));
    }

    @Override
    void write(CanonicalWriter writer, Object event) {
        int from = writer.beginMembers(event);
        for (Object name : (Set<?>) attributeNames.read(event)) {
            add(writer, (String) name, attribute(event, (String) name));
        }
        for (Object name : (Set<?>) extensionNames.read(event)) {
            add(writer, (String) name, extension.call(event, name));
        }
        byte[] bytes = bytes(event);
        if (bytes != null && (!writer.excludes("data") || writer.includes("data_base64"))) {
            writer.reading("data");
            Object json = json(event, bytes);
            // Data that is no JSON is a member of another name, which an included place seldom has.
            boolean asData = json != bytes || writer.includes("data") && !writer.includes("data_base64");
            writer.addMember(asData ? "data" : "data_base64", json);
        }
        writer.endMembers(from);
    }

    private static void add(CanonicalWriter writer, String name, Object value) {
        if (value != null) {
            writer.addMember(name, value);
        }
    }

    @Override
    @Nullable
    Object child(Object event, String segment) {
        boolean ofData = segment.equals("data") || segment.equals("data_base64");
        if (ofData) {
            byte[] bytes = bytes(event);
            return bytes == null || segment.equals("data_base64") ? bytes : json(event, bytes);
        }
        return ((Set<?>) attributeNames.read(event)).contains(segment)
                ? attribute(event, segment)
                : extension.call(event, segment);
    }

    /** The version is a constant whose text is the version itself. */
    private Object attribute(Object event, String name) {
        Object value = attribute.call(event, name);
        return value instanceof Enum<?> ? value.toString() : value;
    }

    private byte @Nullable [] bytes(Object event) {
        Object content = data.read(event);
        return content == null
                ? null
                : (byte[]) LibraryMethods.of(content, "io.cloudevents.CloudEventData", "toBytes")
                        .read(content);
    }

    /** The JSON that the bytes are; the bytes themselves where they are to be something else, or are no JSON. */
    private @Nullable Object json(Object event, byte[] bytes) {
        if (!isJson((String) contentType.read(event))) {
            return bytes;
        }
        try {
            return JsonReader.read(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException | JsonReader.MalformedJsonException e) {
            return bytes;
        }
    }

    /** An event that says nothing has JSON (CloudEvents 1.0, 3.1). */
    private static boolean isJson(String contentType) {
        if (contentType == null) {
            return true;
        }
        int parameters = contentType.indexOf(';');
        String type = (parameters < 0 ? contentType : contentType.substring(0, parameters))
                .strip()
                .toLowerCase(Locale.ROOT);
        return type.endsWith("/json") || type.endsWith("+json");
    }
}
