package io.idempotenttrace.core.canonical;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Spring's Message: payload and headers. Headers that each receiving makes anew ({@code id}, {@code timestamp}), that tell of the
 * delivery, or that hold a live object to acknowledge or answer with, are no part of the hash ({@link DeliveryHeaders#SPRING}); pointers
 * reach them.
 */
final class SpringMapping {

    private SpringMapping() {}

    static ValueMapping of(Class<?> known, Class<?> type) throws NoSuchMethodException {
        return switch (known.getName()) {
            case "org.springframework.messaging.Message" -> {
                LibraryMethod headers = LibraryMethod.of(known, "getHeaders");
                yield new MembersMapping()
                        .with("payload", LibraryMethod.of(known, "getPayload"))
                        .withPart(
                                "headers",
                                headers,
                                message -> DeliveryHeaders.SPRING.hashed((Map<?, ?>) headers.read(message)));
            }
            case "org.springframework.messaging.MessageHeaders" ->
                new PartlyHashedMapping(
                        headers -> new LinkedHashMap<>((Map<?, ?>) headers),
                        headers -> DeliveryHeaders.SPRING.hashed((Map<?, ?>) headers));
            // Since Spring 7 no map any more.
            default ->
                Map.class.isAssignableFrom(type)
                        ? ContainerMapping.MAP
                        : httpHeaders(LibraryMethod.of(known, "headerSet"));
        };
    }

    private static ValueMapping httpHeaders(LibraryMethod entries) {
        return new ScalarMapping.Holder(headers -> {
            Map<Object, Object> members = new LinkedHashMap<>();
            for (Object entry : (Iterable<?>) entries.read(headers)) {
                members.put(((Map.Entry<?, ?>) entry).getKey(), ((Map.Entry<?, ?>) entry).getValue());
            }
            return members;
        });
    }
}
