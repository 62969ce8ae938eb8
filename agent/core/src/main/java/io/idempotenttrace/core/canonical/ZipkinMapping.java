package io.idempotenttrace.core.canonical;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Zipkin's spans, of zipkin2 and of brave, under the names of Zipkin's JSON; members that its JSON leaves out are left out here.
 */
final class ZipkinMapping {

    private ZipkinMapping() {}

    static @Nullable ValueMapping of(Class<?> known) throws NoSuchMethodException {
        return switch (known.getSimpleName()) {
            case "Span" ->
                present(
                                known,
                                "traceId",
                                "parentId",
                                "id",
                                "kind",
                                "name",
                                "timestamp",
                                "duration",
                                "localEndpoint",
                                "remoteEndpoint",
                                "debug",
                                "shared")
                        .withPresent("annotations", filled(LibraryMethod.of(known, "annotations")))
                        .withPresent("tags", filled(LibraryMethod.of(known, "tags")));
            case "Endpoint" -> present(known, "serviceName", "ipv4", "ipv6", "port");
            case "DependencyLink" -> present(known, "parent", "child", "callCount", "errorCount");
            case "Annotation" -> present(known, "timestamp", "value");
            case "MutableSpan" -> mutableSpan(known);
            default -> null;
        };
    }

    private static MembersMapping present(Class<?> known, String... names) throws NoSuchMethodException {
        MembersMapping members = new MembersMapping();
        for (String name : names) {
            members.withPresent(name, LibraryMethod.of(known, name));
        }
        return members;
    }

    private static ValueMapping mutableSpan(Class<?> known) throws NoSuchMethodException {
        LibraryMethod annotations = LibraryMethod.of(known, "annotations");
        MembersMapping span = present(known, "traceId", "localRootId", "parentId", "id", "kind", "name", "error")
                .withPresent("annotations", value -> annotations((Collection<?>) annotations.read(value)))
                .withPresent("tags", filled(LibraryMethod.of(known, "tags")));
        for (String name : new String[] {"startTimestamp", "finishTimestamp", "localPort", "remotePort"}) {
            span.withPresent(name, filled(LibraryMethod.of(known, name)));
        }
        for (String name : new String[] {"localServiceName", "localIp", "remoteServiceName", "remoteIp"}) {
            span.withPresent(name, LibraryMethod.of(known, name));
        }
        return span.withPresent("debug", filled(LibraryMethod.of(known, "debug")))
                .withPresent("shared", filled(LibraryMethod.of(known, "shared")));
    }

    /** A member that is left out where it is empty, 0 or false, by which brave says that it is not set. */
    private static MembersMapping.Reader filled(LibraryMethod method) {
        return value -> {
            Object content = method.read(value);
            boolean empty = content instanceof Map<?, ?> map && map.isEmpty()
                    || content instanceof Collection<?> collection && collection.isEmpty()
                    || content instanceof Number number && number.longValue() == 0
                    || Boolean.FALSE.equals(content);
            return empty ? null : content;
        };
    }

    private static @Nullable List<Object> annotations(Collection<?> entries) {
        List<Object> annotations = new ArrayList<>();
        for (Object entry : entries) {
            Map<String, Object> annotation = new LinkedHashMap<>();
            annotation.put("timestamp", ((Map.Entry<?, ?>) entry).getKey());
            annotation.put("value", ((Map.Entry<?, ?>) entry).getValue());
            annotations.add(annotation);
        }
        return annotations.isEmpty() ? null : annotations;
    }
}
